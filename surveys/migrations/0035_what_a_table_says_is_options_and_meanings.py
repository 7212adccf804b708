"""Two fields are named after what they hold; their columns stay, so nothing of the tables changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0034_members_have_a_language")]

    operations = [
        migrations.AlterField(
            model_name="answertable",
            name="said",
            field=models.JSONField(
                db_column="said", default=dict, help_text="What somebody said of the table."
            ),
        ),
        migrations.RenameField(model_name="answertable", old_name="said", new_name="options"),
        migrations.AlterField(
            model_name="peoplelist",
            name="said",
            field=models.JSONField(
                db_column="said", default=dict, help_text="What values mean, as somebody said."
            ),
        ),
        migrations.RenameField(model_name="peoplelist", old_name="said", new_name="meanings"),
    ]
