from django.db import migrations, models

from materiality.models.closing import open_locked_rounds


def open_for_a_change(apps, editor):
    """Remove the triggers: SQLite stumbles over them. `migrate` puts them back when it ends."""
    open_locked_rounds(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("materiality", "0014_locked_rounds_tell_of_erasures")]

    operations = [
        migrations.RunPython(open_for_a_change, migrations.RunPython.noop),
        migrations.AddField(
            model_name="stakeholdergroup",
            name="chosen_topics",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Codes of the topics it is asked about; empty: all.",
            ),
        ),
    ]
