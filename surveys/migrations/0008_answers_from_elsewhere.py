import django.db.models.deletion
import surveys.models.imports
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0007_counts_with_the_sealed_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("name", models.CharField(max_length=200)),
                ("digest", models.CharField(help_text="SHA-256 of the content.", max_length=64)),
                (
                    "file",
                    models.FileField(
                        help_text="Erased by the import.",
                        upload_to=surveys.models.imports.stored_name,
                    ),
                ),
                ("header", models.JSONField(default=list)),
                (
                    "samples",
                    models.JSONField(default=list, help_text="Some values of each column."),
                ),
                ("meanings", models.JSONField(default=dict, help_text="Column → meaning.")),
                ("words", models.JSONField(default=dict, help_text="Word → rating.")),
                ("audiences", models.JSONField(default=dict, help_text="Value → audience code.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("mapping", "Columns to be named"),
                            ("checking", "Being read"),
                            ("checked", "Read"),
                            ("imported", "Imported"),
                        ],
                        default="mapping",
                        max_length=10,
                    ),
                ),
                ("read", models.PositiveIntegerField(default=0, help_text="Rows read so far.")),
                (
                    "known",
                    models.PositiveIntegerField(default=0, help_text="Rows imported before."),
                ),
                (
                    "unfinished",
                    models.PositiveIntegerField(default=0, help_text="Rows without an answer."),
                ),
                ("imported", models.PositiveIntegerField(default=0)),
                (
                    "problems",
                    models.JSONField(
                        default=list, help_text="The first of them: row, value, reason."
                    ),
                ),
                ("problem_count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="StagedAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="Tells the row again in another file.", max_length=64
                    ),
                ),
                ("ratings", models.JSONField()),
                ("comment", models.TextField(blank=True, max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name="TableMemory",
            fields=[
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="table_memory",
                        serialize=False,
                        to="surveys.organisation",
                    ),
                ),
                ("meanings", models.JSONField(default=dict, help_text="Heading → meaning.")),
                ("words", models.JSONField(default=dict, help_text="Word → rating.")),
                ("audiences", models.JSONField(default=dict, help_text="Value → audience code.")),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="intake",
            name="submitted_has_a_receipt",
        ),
        migrations.AlterField(
            model_name="intake",
            name="consent",
            field=models.CharField(
                blank=True,
                help_text="SHA-256 of the text agreed to here, if it was.",
                max_length=64,
            ),
        ),
        migrations.AddConstraint(
            model_name="intake",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submitted", False),
                    models.Q(
                        ("submission__isnull", False),
                        models.Q(
                            ("consent", ""),
                            models.Q(("receipt", ""), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="submitted_has_a_receipt",
            ),
        ),
        migrations.AddField(
            model_name="answertable",
            name="audience",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="surveys.audience",
            ),
        ),
        migrations.AddField(
            model_name="answertable",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="answertable",
            name="survey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answer_tables",
                to="surveys.survey",
            ),
        ),
        migrations.AddField(
            model_name="stagedanswer",
            name="audience",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="surveys.audience"
            ),
        ),
        migrations.AddField(
            model_name="stagedanswer",
            name="table",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="staged",
                to="surveys.answertable",
            ),
        ),
        migrations.AddConstraint(
            model_name="answertable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "imported"), _negated=True),
                    ("problem_count", 0),
                    _connector="OR",
                ),
                name="table_with_problems_is_not_imported",
            ),
        ),
        migrations.AddConstraint(
            model_name="stagedanswer",
            constraint=models.UniqueConstraint(
                fields=("table", "key"), name="one_staged_answer_per_key"
            ),
        ),
    ]
