"""What those who answered are told: how many took part, what was rated highest, what was decided.

Nothing here is not in the printed report: what a group rated highest is what the list of
stakeholders prints, so small groups speak with those they are pooled with, or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from materiality.report.edition import Edition
from materiality.report.sentences import note
from materiality.report.text import name_in
from materiality.results import Results, TopicResult, Unit

HIGHEST = 5


@dataclass(frozen=True)
class Favourites:
    """The topics rated highest, highest first, and by whom."""

    heading: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class FeedbackText:
    """Everything the page says, in one language.

    `group` is None where nobody's link was used. `topics` are in the order of the numbers in the
    figure; `exceptions` explain its stars.
    """

    took_part: str
    group: Favourites | None
    everybody: Favourites
    decided: str
    first_tier: tuple[str, ...]
    topics: tuple[str, ...]
    exceptions: tuple[str, ...]
    stamp: str
    simulated: str


def feedback_text(edition: Edition, group: str = "") -> FeedbackText:
    """Return what is told.

    :param group: the code of the group whose link was opened; what is unknown is nobody's.
    """
    results = edition.results
    first = results.tier(1)
    return FeedbackText(
        took_part=_took_part(edition),
        group=_of_group(edition, group),
        everybody=Favourites(edition.say("feedback_everybody"), _names(edition, _highest(results))),
        decided=edition.wording("feedback_decided", k=len(first), n=len(results.topics)),
        first_tier=_names(edition, first),
        topics=_names(edition, results.topics),
        exceptions=tuple(note.exceptions(edition)),
        stamp=note.stamp(edition),
        simulated=edition.say("simulated_long") if results.simulated else "",
    )


def _took_part(edition: Edition) -> str:
    groups = [group for group in edition.results.groups if group.responses]
    people = sum(group.responses or 0 for group in groups)
    return edition.wording("feedback_took_part", n=people, groups=len(groups))


def _of_group(edition: Edition, code: str) -> Favourites | None:
    """Return what a group rated highest; None where it is no group, or what it said is not told."""
    dimension, unit = _unit_of(edition.results, code)
    topics = edition.results.raised_by(code, dimension) if unit else ()
    if unit is None or not topics:
        return None
    name = note.unit_name(unit, edition.language)
    return Favourites(edition.say("feedback_group", name=name), _names(edition, topics[:HIGHEST]))


def _unit_of(results: Results, code: str) -> tuple[str, Unit | None]:
    """Return what a group was asked about, and the unit it speaks in: importance before others."""
    importance = results.axes["y"]["code"]
    dimensions = sorted(results.units, key=lambda dimension: dimension != importance)
    for dimension in dimensions:
        for unit in results.units[dimension]:
            if code in unit.groups:
                return dimension, unit
    return "", None


def _highest(results: Results) -> Sequence[TopicResult]:
    """Return the topics that all together gave the highest scores; of equals the higher ranked."""
    scored = [topic for topic in results.topics if topic.y is not None]
    scored.sort(key=lambda topic: topic.y or 0.0, reverse=True)
    return scored[:HIGHEST]


def _names(edition: Edition, topics: Sequence[TopicResult]) -> tuple[str, ...]:
    return tuple(name_in(topic.name, edition.language, topic.code) for topic in topics)
