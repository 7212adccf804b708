from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0017_answers_are_encrypted_until_the_seal")]

    operations = [
        *(
            migrations.RemoveField("intake", name)
            for name in (
                "ratings",
                "comment",
                "picks",
                "remarks",
                "draw",
                "seconds",
                "trapped",
            )
        ),
        migrations.RemoveField("stagedanswer", "ratings"),
        migrations.RemoveField("stagedanswer", "comment"),
        migrations.AlterField(
            "intake",
            "ciphertext",
            models.BinaryField(
                help_text="The answers, readable as long as the survey's key is there."
            ),
        ),
        migrations.AlterField(
            "stagedanswer",
            "ciphertext",
            models.BinaryField(help_text="As in the intake it becomes."),
        ),
    ]
