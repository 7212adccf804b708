import django.db.models.manager
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0008_answers_from_elsewhere"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="sealedanswers",
            options={"base_manager_name": "without_block"},
        ),
        migrations.AlterModelManagers(
            name="sealedanswers",
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("without_block", django.db.models.manager.Manager()),
            ],
        ),
    ]
