from django.db import migrations, models


def name_operators(apps, schema_editor):
    """Until now nobody's account stood for the operator."""
    rows = apps.get_model("materiality", "Deletion").objects
    rows.filter(asked_by=None, ended_at=None).update(by_operator=True)


class Migration(migrations.Migration):
    dependencies = [
        ("materiality", "0043_rounds_have_sources"),
    ]

    operations = [
        migrations.AddField(
            model_name="deletion",
            name="by_operator",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Nobody’s account asked; one that did may be deleted by now.",
            ),
        ),
        migrations.RunPython(name_operators, migrations.RunPython.noop),
    ]
