"""Topics of which the tier and the register say different things: each has boundaries of its own.

The tiers are cut at values of the method; entries of the register are judged by its thresholds.
"""

from collections.abc import Iterator
from typing import NamedTuple

from materiality.document.tiers import NONE, words_of
from materiality.results.records import TopicResult
from materiality.results.results import Results


class Apart(NamedTuple):
    """A topic, and whether it is material by the register; its tier says the reverse."""

    topic: TopicResult
    by_register: bool


def apart(results: Results) -> Iterator[Apart]:
    """Yield the topics whose decided tier and verdict of the register differ.

    None where the register does not feed the axes, or where tiers tell of no verdict: the classic
    matrix has only material ones, and a round may name its own.
    """
    register = results.register
    is_double = results.about.get("preset") == "double"
    if register is None or not (register.is_fed and is_double) or results.inputs.get("tier_names"):
        return
    words = words_of(len(results.tiers), is_double=is_double)
    verdicts = {row.code: row.is_material for row in register.topics}
    for topic in results.topics:
        verdict = verdicts.get(topic.code)
        if topic.tier is None or verdict is None:
            continue
        if verdict != (words[topic.tier - 1] != NONE):
            yield Apart(topic, verdict)
