"""What a published questionnaire is frozen against, in the database.

Its set of questions and its scale stand from the first version on. Its words change only while the
survey's version number is ahead of the versions kept: within `revise_wording`, and not after it.
A further audience gets its questions while `asked_from` is empty: within `extend`, not after it.
"""

from collections.abc import Iterator, Mapping

from materiality.models.immutability import Trigger
from materiality.models.warrants import unwarranted_survey

MESSAGE = "a published questionnaire is frozen: a change of words is a new version"
VERSIONS = "surveys_questionnaireversion"
OF_QUESTION = "(SELECT q.survey_id FROM surveys_question AS q WHERE q.id = {row}.question_id)"

FROZEN: Mapping[str, str] = {
    "surveys_question": "{row}.survey_id",
    "surveys_prompt": "{row}.survey_id",
    "surveys_question_audiences": OF_QUESTION,
    "surveys_audience": "{row}.survey_id",
}
"""Tables of a questionnaire, each with how its row leads to its survey."""

STANDS = {
    "surveys_question_audiences": (
        "EXISTS (SELECT 1 FROM surveys_audience AS a"
        " WHERE a.id = NEW.audience_id AND a.asked_from IS NOT NULL)"
    ),
    "surveys_audience": (
        "(NEW.asked_from IS NOT NULL OR EXISTS (SELECT 1 FROM surveys_survey AS s"
        " WHERE s.id = NEW.survey_id AND s.sealed_at IS NOT NULL))"
    ),
}
"""Which new rows a published questionnaire refuses; without an entry, every one."""

MOVES: Mapping[str, tuple[str, ...]] = {
    "surveys_audience": ("name", "you_are", "position", "target", "open_link", "asked_from"),
}
"""Columns that stay open: of an audience, all but whose it is and its code."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "surveys_question": ("title", "help", "example"),
    "surveys_prompt": ("text", "hint"),
}
"""Columns that a new version may change."""


def freezing_triggers(vendor: str, table: str, *, gives_way: bool) -> Iterator[Trigger]:
    """Yield the triggers of a table; `gives_way`: to a warrant, where there are such."""
    old, new = (_published(FROZEN[table].format(row=row)) for row in ("OLD", "NEW"))
    replaced = _replaces(table) if vendor == "sqlite" else "FALSE"
    words = WORDS.get(table, ())
    added = f"({new} AND {STANDS[table]})" if table in STANDS else new
    of_old = FROZEN[table].format(row="OLD")
    deleted = f"{old} AND {unwarranted_survey(of_old)}" if gives_way else old
    for verb, condition in (
        ("insert", f"{added} OR {replaced}"),
        ("update", f"{old} OR {new} OR {replaced}"),
        ("delete", deleted),
    ):
        but = words + MOVES.get(table, ()) if verb == "update" else ()
        yield Trigger(table, f"{table}_frozen_{verb}", verb, condition, but, message=MESSAGE)
    if words:
        condition_of_words = _kept(FROZEN[table].format(row="OLD"))
        yield Trigger(
            table,
            f"{table}_frozen_words",
            "update",
            condition_of_words,
            columns=words,
            message=MESSAGE,
        )
    if table == "surveys_audience":
        yield Trigger(
            table,
            f"{table}_frozen_from",
            "update",
            f"OLD.asked_from IS NOT NULL AND {old}",
            columns=("asked_from",),
            message=MESSAGE,
        )


def _published(survey: str) -> str:
    return f"EXISTS (SELECT 1 FROM {VERSIONS} AS v WHERE v.survey_id = {survey})"  # noqa: S608


def _kept(survey: str) -> str:
    """Whether the words of the survey's current version are kept already."""
    return (
        f"EXISTS (SELECT 1 FROM {VERSIONS} AS v JOIN surveys_survey AS s ON s.id = v.survey_id"  # noqa: S608
        f" WHERE s.id = {survey} AND v.number >= s.version)"
    )


def _replaces(table: str) -> str:
    """Whether OR REPLACE would push a row of a published questionnaire out of the way."""
    frozen = _published(FROZEN[table].format(row="o"))
    return f"EXISTS (SELECT 1 FROM {table} AS o WHERE o.id = NEW.id AND {frozen})"  # noqa: S608
