"""What an assessment rests on: sources by kind, how far coders agree, what rests on one alone.

Sentences come without their full stop.
"""

from collections import Counter
from collections.abc import Iterator

from materiality.document.schema import SOURCE_KINDS, RestsOn
from materiality.method.coding import FEWEST_PASSAGES
from materiality.report.edition import Edition
from materiality.report.sentences import note
from materiality.report.text import name_in, number


def sentences(edition: Edition) -> Iterator[str]:
    """Yield what is told of the sources; nothing where the round has none."""
    inputs = edition.results.inputs.get("sources")
    coding = edition.results.document["results"].get("coding")
    if inputs is None or coding is None:
        return
    counts = Counter(row["kind"] for row in inputs["records"])
    kinds = [
        edition.say("sources_kind_count", kind=edition.say(f"source_kind_{kind}"), n=counts[kind])
        for kind in SOURCE_KINDS
        if counts[kind]
    ]
    if kinds:
        listed = note.enumeration(kinds, edition.language)
        yield edition.say("sources_used", n=len(inputs["records"]), kinds=listed)
    if not coding["passages"]:
        return
    numbers = {"n": coding["passages"], "coders": coding["coders"], "twice": coding["coded_twice"]}
    yield edition.say("sources_coded", **numbers)
    if coding["alpha"] is None:
        yield edition.say("sources_no_alpha", least=FEWEST_PASSAGES)
    else:
        yield edition.say("sources_alpha", alpha=number(coding["alpha"]))
    names = {topic.code: name_in(topic.name, edition.language) for topic in edition.results.topics}
    for key, rows in (("topic", coding["topics"]), ("entry", coding["entries"])):
        if alone := _alone(rows, names):
            listed = note.enumeration(alone, edition.language)
            yield edition.say(f"sources_one_{key}", names=listed)


def _alone(rows: list[RestsOn], names: dict[str, str]) -> list[str]:
    """Return what rests on one source, topics by name and entries by code."""
    return [names.get(row["code"], row["code"]) for row in rows if len(row["sources"]) == 1]
