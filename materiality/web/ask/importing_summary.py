"""What an import does or did, in words: the summary of a reading as its page shows it."""

from typing import Any

from django.utils.translation import gettext as _

from surveys.languages import in_language
from surveys.models import CANNOT_JUDGE, AnswerTable
from surveys.tables.questions import ENCODINGS

DELIMITERS = {",": ",", ";": ";", "\t": "Tab", "|": "|"}


def shown_summary(table: AnswerTable) -> dict[str, Any] | None:
    """Return the summary of a table in the words of its reader; None of one without."""
    if not (summary := table.summary):
        return None
    names = {one.code: str(one) for one in table.survey.audiences.all()}
    titles = _titles(table)
    earlier = {one.pk: one for one in table.survey.answer_tables.all()}
    return {
        "rows": summary["rows"],
        "file": _where(summary["file"]),
        "program": summary["program"],
        "groups": [(names.get(code, code), count) for code, count in summary["groups"].items()],
        "topics": [_topic(one, titles) for one in summary["topics"]],
        "scales": [one for one in summary["scales"].values() if one["is_mapped"]],
        "columns_left_out": summary["columns_left_out"],
        "rows_left_out": [
            (reason(name), count) for name, count in summary["rows_left_out"].items()
        ],
        "rows_left_out_first": [
            (row, reason(name)) for row, name in summary["rows_left_out_first"]
        ],
        "comments": summary["comments"],
        "comments_cut": summary["comments_cut"],
        "people": [
            one | {"table": earlier[one["import"]]}
            for one in summary["people"]
            if one["common"] and one["import"] in earlier
        ],
        "asks": earlier.get(summary["asks"]),
    }


def _titles(table: AnswerTable) -> dict[str, str]:
    questions = table.survey.questions.select_related("prompt")
    return {f"{one.prompt.code}:{one.item or one.pk}": in_language(one.title) for one in questions}


def _topic(row: dict[str, Any], titles: dict[str, str]) -> dict[str, Any]:
    meaning = f"{row['prompt']}:{row['topic']}"
    values = [
        (value or _("(blank)"), rating_in_words(rating), count)
        for value, rating, count in row["values"]
    ]
    return row | {"title": titles.get(meaning, row["title"]), "values": values}


def rating_in_words(rating: int) -> str:
    if rating == CANNOT_JUDGE:
        return _("cannot judge")
    return str(rating) if rating else _("blank")


def _where(place: dict[str, Any]) -> str:
    """Say where in the file the table stands."""
    headings = ", ".join(map(str, place["headings"])) or "–"
    if place["kind"] == "csv":
        where = f"{ENCODINGS.get(place['encoding'], place['encoding'])}"
        where = f"{where} · {DELIMITERS.get(place['delimiter'], place['delimiter'])}"
    else:
        where = _("sheet “%s”") % place["sheet"]
    return _("%(where)s · headings in row %(rows)s") % {"where": where, "rows": headings}


def reason(name: str) -> str:
    return {
        "unfinished": _("not finished, or not approved"),
        "total": _("a total or a mean, and nobody's answer"),
        "empty": _("no rating at all"),
        "group": _("group to be left out"),
        "by hand": _("left out by number"),
        "day": _("another day"),
        "hidden": _("hidden in the workbook"),
    }.get(name, name)
