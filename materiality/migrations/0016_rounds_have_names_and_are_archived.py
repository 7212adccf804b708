import surveys.languages
from django.db import migrations, models

from materiality.models.closing import open_locked_rounds


def open_for_a_change(apps, editor):
    """Remove the triggers: SQLite stumbles over them. `migrate` puts them back when it ends."""
    open_locked_rounds(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("materiality", "0015_groups_are_asked_chosen_topics")]

    operations = [
        migrations.RunPython(open_for_a_change, migrations.RunPython.noop),
        migrations.AddField(
            model_name="assessment",
            name="archived_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="assessment",
            name="deleted_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="A draft was deleted; its log stays.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="name",
            field=surveys.languages.TextField(
                blank=True, default=dict, help_text="For those who work on it; not printed."
            ),
        ),
    ]
