from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery

from materiality.models.closing import open_locked_rounds

MARKS_OF_IMPACTS = ("scale", "scope", "irremediability", "likelihood")
SHEETS = [
    ("actual_negative", "Negative impact, actual"),
    ("potential_negative", "Negative impact, potential"),
    ("actual_positive", "Positive impact, actual"),
    ("potential_positive", "Positive impact, potential"),
    ("risk", "Risk"),
    ("opportunity", "Opportunity"),
]


def open_for_a_change(apps, editor):
    """Remove the triggers: a score in a locked round keeps what it says, under another name.

    `migrate` puts them back when it ends.
    """
    open_locked_rounds(editor.connection)


def name_the_kind(apps, editor):
    """Take a score of a risk or opportunity to be of the kind that its entry is of now."""
    scores = apps.get_model("materiality", "IroScore").objects.filter(sheet="financial")
    entries = apps.get_model("materiality", "Iro").objects.filter(pk=OuterRef("iro"))
    money = scores.filter(iro__kind__in=("risk", "opportunity"))
    money.update(sheet=Subquery(entries.values("kind")[:1]))
    scores.update(sheet="risk")  # their entry is an impact by now: they do not count


def forget_the_kind(apps, editor):
    scores = apps.get_model("materiality", "IroScore").objects
    scores.filter(sheet__in=("risk", "opportunity")).update(sheet="financial")


def only_marks_of_money(sheet):
    empty = Q(**{f"{mark}__isnull": True for mark in MARKS_OF_IMPACTS})
    return models.CheckConstraint(
        condition=~Q(sheet=sheet) | empty, name=f"{sheet}_has_no_other_marks"
    )


class Migration(migrations.Migration):
    dependencies = [("materiality", "0035_entries_of_the_register_are_scored")]

    operations = [
        migrations.RunPython(open_for_a_change, open_for_a_change),
        migrations.RemoveConstraint("iroscore", "sheet_is_known"),
        migrations.RemoveConstraint("iroscore", "financial_has_no_other_marks"),
        migrations.RunPython(name_the_kind, forget_the_kind),
        migrations.AlterField("iroscore", "sheet", models.CharField(choices=SHEETS, max_length=20)),
        migrations.AddConstraint(
            "iroscore",
            models.CheckConstraint(
                condition=Q(sheet__in=[sheet for sheet, _label in SHEETS]), name="sheet_is_known"
            ),
        ),
        migrations.AddConstraint("iroscore", only_marks_of_money("risk")),
        migrations.AddConstraint("iroscore", only_marks_of_money("opportunity")),
    ]
