"""Who is asked to score which entries of the register, and what they still have to say."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from materiality.models import Assessment, Iro, IroScore
from surveys.models.organisations import MAY_EDIT

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Task:
    """An entry that somebody is asked to score, and whether they did, as it is now."""

    iro: Iro
    is_done: bool
    is_stale: bool


def tasks_of(assessment: Assessment, expert: "User") -> list[Task]:
    """Return the open entries this person is asked to score, in the order of the list."""
    rows = assessment.iros.open().filter(assignments__expert=expert).select_related("topic")
    sheets = dict(
        IroScore.objects.filter(iro__assessment=assessment, expert=expert).values_list(
            "iro", "sheet"
        )
    )
    return [
        Task(iro, sheets.get(iro.pk) == iro.sheet, sheets.get(iro.pk) not in (None, iro.sheet))
        for iro in rows
    ]


def still_to_score(assessment: Any, expert: "User") -> int:
    """Return how many entries they must score before they see what others say.

    None for who edits the round: they see everything.

    :param assessment: with the person's `role` in it.
    """
    if assessment.role in MAY_EDIT:
        return 0
    return sum(not task.is_done for task in tasks_of(assessment, expert))
