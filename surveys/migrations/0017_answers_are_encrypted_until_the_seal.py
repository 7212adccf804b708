from django.db import migrations, models

from surveys.encryption import keys
from surveys.encryption.contents import NAMES, Contents, encrypt

ROWS_AT_ONCE = 2000


def encrypt_answers(apps, schema_editor):
    """Give every survey that holds answers a key, and put the answers under it."""
    surveys = apps.get_model("surveys", "Survey").objects.filter(sealed_at=None)
    for survey in surveys.exclude(published_at=None):
        survey.key = keys.create()
        survey.save(update_fields=["key"])
        intakes = apps.get_model("surveys", "Intake").objects.filter(survey=survey)
        for intake in intakes.iterator(chunk_size=ROWS_AT_ONCE):
            contents = Contents(**{name: getattr(intake, name) for name in NAMES})
            intake.ciphertext = encrypt(survey.key, contents)
            intake.answered = bool(contents.ratings)
            intake.save(update_fields=["ciphertext", "answered"])
        staged = apps.get_model("surveys", "StagedAnswer").objects.filter(table__survey=survey)
        for row in staged.iterator(chunk_size=ROWS_AT_ONCE):
            contents = Contents(ratings=row.ratings, comment=row.comment)
            row.ciphertext = encrypt(survey.key, contents)
            row.save(update_fields=["ciphertext"])


class Migration(migrations.Migration):
    dependencies = [("surveys", "0016_comments_are_read_and_bursts_are_told")]

    operations = [
        migrations.AddField(
            "survey",
            "key",
            models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="Name of the key of its answers; the key itself is outside the database.",
                max_length=16,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "intake",
            "answered",
            models.BooleanField(default=False, help_text="Holds a rating."),
        ),
        migrations.AddField("intake", "ciphertext", models.BinaryField(null=True)),
        migrations.AddField("stagedanswer", "ciphertext", models.BinaryField(null=True)),
        migrations.RunPython(encrypt_answers),
    ]
