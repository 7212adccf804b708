from django.db import migrations, models


def forget_tables_that_were_not_imported(apps, schema_editor):
    """What was seen of them stands in plain: they are handed in again."""
    tables = apps.get_model("surveys", "AnswerTable").objects
    tables.exclude(state__in=("imported", "taken_back")).delete()


class Migration(migrations.Migration):
    dependencies = [("surveys", "0031_lists_of_people_keep_their_file")]

    operations = [
        migrations.RunPython(forget_tables_that_were_not_imported, migrations.RunPython.noop),
        migrations.RemoveField(model_name="answertable", name="look"),
        migrations.RemoveField(model_name="answertable", name="tally"),
        migrations.AddField(
            model_name="answertable",
            name="seen",
            field=models.BinaryField(
                default=b"",
                help_text="First rows, and how often each value stands there: encrypted, and "
                "erased.",
            ),
        ),
    ]
