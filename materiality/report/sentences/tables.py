"""By what rule the values of imported tables became ratings, in sentences."""

from collections.abc import Iterator, Mapping

from materiality.document.schema import ReadingRule, SurveyFacts, TableFacts
from materiality.report.edition import Edition
from materiality.report.sentences import note
from materiality.report.text import name_in, plain

BLANK, CANNOT_JUDGE = 0, 255


def reading_rules(edition: Edition, survey: SurveyFacts, dimension: str = "") -> Iterator[str]:
    """Yield a sentence a rule of a survey's imported tables: each value, and the rating it became.

    :param dimension: only of this one and its parts.
    """
    for tables in survey.get("imports", []):
        for rule in tables["rules"]:
            if not dimension or rule["dimension"].split(".")[0] == dimension:
                yield edition.say(
                    "fact_reading",
                    tables=_tables(edition, tables),
                    name=_name(edition, rule["dimension"]),
                    by=edition.say(f"reading_{rule['by']}"),
                    rule=_scale(edition, rule) + _pairs(edition, rule["ratings"]),
                )


def _tables(edition: Edition, tables: TableFacts) -> str:
    key = "reading_tables_of" if tables["program"] else "reading_tables"
    return edition.say(key, n=tables["tables"], program=plain(tables["program"]))


def _name(edition: Edition, code: str) -> str:
    rows = (row for row in edition.results.inputs["dimensions"] if row["code"] == code)
    row = next(rows, None)
    text = (row.get("name") or row.get("question")) if row else None
    return name_in(text or {}, edition.language, code)


def _scale(edition: Edition, rule: ReadingRule) -> str:
    """Return which scale numbers were on, where it was not the round's own."""
    is_own = (rule["lowest"], rule["most"]) == (1, edition.results.points)
    if is_own or rule["by"] in ("own", "known"):
        return ""
    return edition.say(
        "reading_scale", lowest=rule["lowest"], highest=rule["highest"], most=rule["most"]
    )


def _pairs(edition: Edition, ratings: Mapping[str, int]) -> str:
    """Return each value with its rating, the highest first; blank ones say nothing."""
    pairs = sorted(
        ((value, rating) for value, rating in ratings.items() if value),
        key=lambda pair: (pair[1] in (BLANK, CANNOT_JUDGE), -pair[1], pair[0]),
    )
    rows = [
        edition.say("reading_pair", value=plain(value), rating=_rating(edition, rating))
        for value, rating in pairs
    ]
    return note.enumeration(rows, edition.language)


def _rating(edition: Edition, rating: int) -> str:
    if rating == CANNOT_JUDGE:
        return edition.say("reading_cannot_judge")
    return str(rating) if rating else edition.say("reading_blank")
