"""What is missing before a report is complete: each problem one sentence, for page and files."""

from collections.abc import Iterable, Mapping
from typing import Any

from materiality.document.schema import topics_before
from materiality.report.edition import Edition
from materiality.report.text import name_in, plain
from materiality.report.words import say
from materiality.results import Results, Text


def problems(edition: Edition) -> list[str]:
    """Return what keeps the files in this language from being complete."""
    return [
        *open_questions(edition),
        *missing_translations(edition),
        *missing_reasons(edition),
    ]


def missing_reasons(edition: Edition) -> list[str]:
    """Return whose decision says why in another language only."""
    lacking = [
        topic
        for topic in edition.results.topics
        if topic.reasons and not topic.reason_in(edition.language)
    ]
    return [
        edition.say("missing_reason", topic=name_in(topic.name, edition.language, topic.code))
        for topic in lacking
    ]


def open_questions(edition: Edition) -> list[str]:
    """Return why the change table is not printed."""
    return [_question(edition, row) for row in edition.results.open_questions]


def _question(edition: Edition, row: Mapping[str, Any]) -> str:
    if row["kind"] == "unplaced":
        topic = _names(edition.results, [row["topic"]], row["side"], edition.language)
        went_into = _went_into(edition.results, row["topic"]) if row["side"] == "after" else []
        if went_into:
            names = _names(edition.results, went_into, "after", edition.language)
            return edition.say("open_still_listed", topic=topic, others=names)
        return edition.say(f"open_unplaced_{row['side']}", topic=topic)
    topic = _names(edition.results, row["after"], "after", edition.language) or _names(
        edition.results, row["before"], "before", edition.language
    )
    other = edition.say(f"language_{row['language']}")
    return edition.say("open_no_reason", topic=topic, spoken=other)


def _went_into(results: Results, code: str) -> list[str]:
    """Return what last year's topic of this code became, if not itself: it is listed still."""
    lines = results.inputs.get("successions", [])
    return [line["after"] for line in lines if line["before"] == code and line["after"]]


def _names(results: Results, codes: Iterable[str], side: str, language: str) -> str:
    inputs = results.inputs
    rows = inputs["topics"] if side == "after" else topics_before(inputs)
    names = {row["code"]: name_in(row.get("name") or {}, language, row["code"]) for row in rows}
    return say(language, "comma").join(names.get(code, plain(code)) for code in codes)


def missing_translations(edition: Edition, *, of: str = "") -> list[str]:
    """Return what has no name in this language; the other language is never used instead.

    :param of: the language of the names, where it is not that of the sentences.
    """
    lacking = of or edition.language
    named_things: list[tuple[str, Text]] = [
        (topic.code, topic.name) for topic in edition.results.topics
    ]
    named_things += [(group.code, group.name) for group in edition.results.groups]
    named_things += [(row["code"], row.get("name") or {}) for row in edition.results.axes.values()]
    return [
        edition.say(
            "missing_translation",
            topic=_some_name(name) or plain(code),
            spoken=edition.say(f"language_{lacking}"),
        )
        for code, name in named_things
        if not name_in(name, lacking)
    ]


def _some_name(name: Text) -> str:
    return next((text for text in map(plain, name.values()) if text), "")
