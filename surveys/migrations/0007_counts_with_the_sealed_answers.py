import io

import numpy as np
from django.conf import settings
from django.db import migrations, models


def count(apps, schema_editor):
    for sealed in apps.get_model("surveys", "SealedAnswers").objects.iterator(chunk_size=1):
        with np.load(io.BytesIO(bytes(sealed.block)), allow_pickle=False) as block:
            codes = block["audiences"].tolist()
            sizes = np.bincount(block["audience"], minlength=len(codes)).tolist()
        sealed.counts = dict(zip(codes, sizes, strict=True))
        sealed.save(update_fields=["counts"])


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0006_lists_of_people_and_planned_reminders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="exclusion",
            name="criterion_is_known",
        ),
        migrations.AddField(
            model_name="sealedanswers",
            name="counts",
            field=models.JSONField(default=dict, help_text="Answers per audience code."),
        ),
        migrations.AlterField(
            model_name="exclusion",
            name="criterion",
            field=models.CharField(
                choices=[
                    ("two_signs", "At least two signs agree"),
                    ("straight_lining", "The same rating throughout"),
                    ("long_string", "A long run of the same rating"),
                    ("midpoint", "Almost only middle ratings"),
                    ("fast", "Faster than anyone reads"),
                    ("outlying", "Far from everybody else"),
                    ("duplicate", "Equal to another answer of the open link"),
                    ("trapped", "Filled in a field that people do not see"),
                    ("open_link", "Came by the open link"),
                    ("staff", "Entered by staff"),
                    ("imported", "Imported from a table"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="source",
            field=models.CharField(
                choices=[
                    ("personal", "Personal link"),
                    ("open", "Open link"),
                    ("staff", "Entered by staff"),
                    ("imported", "Imported from a table"),
                    ("test", "Test, never counts"),
                ],
                default="personal",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "criterion__in",
                        [
                            "two_signs",
                            "straight_lining",
                            "long_string",
                            "midpoint",
                            "fast",
                            "outlying",
                            "duplicate",
                            "trapped",
                            "open_link",
                            "staff",
                            "imported",
                        ],
                    )
                ),
                name="criterion_is_known",
            ),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
