"""The weights of a round as they were saved."""

from dataclasses import dataclass
from datetime import datetime

from materiality.models import Assessment, Verb


@dataclass(frozen=True)
class WeightSet:
    """Weights as somebody saved them: {(group code, dimension code): value}."""

    number: int
    weights: dict[tuple[str, str], float]
    name: str
    at: datetime
    reason: str


def weight_sets(assessment: Assessment) -> list[WeightSet]:
    """Return the weights as they were saved, oldest first; the last are those that hold."""
    return [
        WeightSet(event.number, _by_pair(event.after["set"]), event.name, event.at, event.reason)
        for event in assessment.events.filter(verb=Verb.WEIGH)
    ]


def _by_pair(table: dict[str, dict[str, float]]) -> dict[tuple[str, str], float]:
    return {
        (group, dimension): value
        for dimension, row in table.items()
        for group, value in row.items()
    }
