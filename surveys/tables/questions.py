"""What is still to be said of a table, in sentences."""

from typing import Any

from django.utils.translation import gettext as _

from surveys.tables.plan import Plan, TableQuestion

ENCODINGS = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16", "gb18030": "GB18030 (GBK)", "big5hkscs": "Big5",
    "cp1252": "Windows-1252",
}  # fmt: skip


def sentence_of(question: TableQuestion, plan: Plan) -> str:
    """Say what is asked, what was found, and what to do."""
    sentences = {
        "encoding": _("The file does not tell its encoding. Choose the one that reads right."),
        "sheet": _("More than one sheet may hold the table. Choose the sheet."),
        "columns": _("“%(value)s”: say which topic this column holds, or leave it out."),
        "topics": _("Choose at least one column that holds ratings of a topic."),
        "long form": _(
            "The topics stand in the rows, one line an answer. Hand in a table with one row a "
            "person and one column a topic; a pivot table makes it."
        ),
        "long rows": _(
            "%(count)s rows have more cells than there are headings (rows %(value)s): a comma in "
            "a text may have cut it. Mend them, or leave these rows out by number."
        ),
        "short rows": _(
            "%(count)s rows have fewer cells than there are headings (rows %(value)s): a line "
            "break in a text may have cut them. Look at them; say that their last cells are blank, "
            "or leave them out."
        ),
        "hidden rows": _(
            "%(count)s rows are hidden in the workbook (rows %(value)s): a filter may be on. Say "
            "whether they count."
        ),
        "weights": _(
            "“%(value)s” seems to say how many people a row stands for. Hand in one row a person, "
            "or leave the column out: each row then counts once."
        ),
        "not ratings": _(
            "“%(value)s” holds too many different values for ratings. Leave the column out."
        ),
        "scale": _(
            "The numbers run from %(lowest)s to %(highest)s, or their direction is not clear. "
            "Say which scale they are on, and which end means most."
        ),
        "ratings": _("“%(value)s” stands there %(count)s times: say which rating it means."),
        "rows": _("“%(value)s” under “%(heading)s”: say whether such rows count."),
        "not finished": _("“%(value)s” holds too many different values. Leave the column out."),
        "group": _("Choose the group, or the column that names it."),
        "groups": _("“%(value)s” is no group of this survey. Choose one, or leave its rows out."),
        "not groups": _("“%(value)s” holds too many different values for groups."),
    }
    return sentences[question.step] % _facts(question, plan)


def _facts(question: TableQuestion, plan: Plan) -> dict[str, Any]:
    heading = ""
    if question.key.isdigit() and int(question.key) < len(plan.header):
        heading = plan.header[int(question.key)] or f"#{int(question.key) + 1}"
    ratings = plan.ratings.get(question.key)
    return {
        "value": question.value or heading,
        "count": question.count,
        "heading": heading,
        "lowest": ratings.scale.lowest if ratings else "",
        "highest": ratings.scale.highest if ratings else "",
    }


def asked_of(plan: Plan) -> list[dict[str, Any]]:
    """Return everything that must be said, for a program to read: where it belongs in the mapping,
    the value or heading, a proposal, and the sentence."""
    return [
        {
            "step": question.step,
            "key": question.key,
            "value": question.value,
            "count": question.count,
            "proposal": question.proposal,
            "is_remembered": question.is_remembered,
            "sentence": sentence_of(question, plan),
        }
        for question in plan.questions
    ]
