"""Many answers by open link within a short time: a script, or a message that reached many.

An alarm while they come in, told by the day and in steps of five; at the seal a sign of each.
Nothing here knows an address.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from surveys.models import ANSWERED, COUNTING_STEP, Intake, Invitation, Survey
from surveys.visit.rates import JOINED


@dataclass(frozen=True)
class Burst:
    """How many answers of a day came in bursts, rounded down."""

    day: date
    at_least: int


def bursts(survey: Survey) -> list[Burst]:
    """Return the days on which answers by open link came in bursts; none once it is sealed."""
    if survey.is_sealed or survey.simulated:
        return []
    opened = Intake.objects.filter(survey=survey, invitation__source=Invitation.Source.OPEN)
    begun = np.array(opened.filter(ANSWERED).values_list("begun", flat=True), dtype=np.int64)
    days = Counter(_day(second) for second in begun[in_bursts(begun)].tolist())
    return [
        Burst(day, count // COUNTING_STEP * COUNTING_STEP) for day, count in sorted(days.items())
    ]


def in_bursts(
    begun: NDArray[np.int64], many: int = JOINED.free, window: int = JOINED.window
) -> NDArray[np.bool_]:
    """Tell of each whether it began among `many` or more within `window` seconds.

    More than one network may begin without a sum, however many networks they came from.

    >>> in_bursts(np.array([0, 5, 9, 500]), many=3, window=10)
    array([ True,  True,  True, False])
    """
    order = np.argsort(begun, kind="stable")
    times = begun[order]
    first = np.arange(len(times))
    end = np.searchsorted(times, times + window, side="left")
    crowded = end - first >= many
    edges = np.zeros(len(times) + 1, dtype=np.int64)
    np.add.at(edges, first[crowded], 1)
    np.add.at(edges, end[crowded], -1)
    burst = np.zeros(len(times), dtype=bool)
    burst[order] = np.cumsum(edges[:-1]) > 0
    return burst


def _day(second: int) -> date:
    return datetime.fromtimestamp(second, timezone.get_current_timezone()).date()
