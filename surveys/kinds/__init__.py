"""Kinds of question asked beside the ratings, of the same topics: a folder each.

A new kind is its folder (`__init__.py`: how it is answered, sealed and counted; `page.html`), a
line in `KINDS` here, and its switch in `surveys.models.Survey` with a migration. Pages, autosave,
seal, preview, API and results ask this list, and nothing else.
"""

from collections.abc import Mapping
from typing import Any

from surveys.kinds.best_worst import BestWorst
from surveys.kinds.kind import Balance, Count, Kind, Measure, Share
from surveys.kinds.sort_three import SortThree
from surveys.kinds.top_three import TopThree
from surveys.models import Survey
from surveys.questionnaire.questionnaires import Questionnaire
from surveys.visit.visits import Draft

KINDS: tuple[Kind, ...] = (TopThree(), BestWorst(), SortThree())
"""In the order of their pages."""

BITS = {name: bit for kind in KINDS for name, bit in kind.bits.items()}
KIND_LABELS = {kind.code: kind.label for kind in KINDS}
LETTERS = "".join(kind.letters for kind in KINDS)

__all__ = [
    "BITS",
    "KINDS",
    "KIND_LABELS",
    "LETTERS",
    "Balance",
    "Count",
    "Kind",
    "Measure",
    "Share",
    "choices_of",
    "kinds_of",
    "sealed_choices",
]


def kinds_of(survey: Survey) -> list[Kind]:
    """Return the kinds a survey asks beside the ratings, in the order of their pages."""
    return [kind for kind in KINDS if kind.code in survey.kinds]


def choices_of(form: Questionnaire, draft: Draft, fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the choices of a draft with these put in; the last one wins.

    :param fields: of any kinds, by the names their pages give them.
    :raises InvalidAnswers: a field is of no kind, or its kind refuses it.
    """
    choices: dict[str, Any] = {}
    for kind in KINDS:
        own = {name: value for name, value in fields.items() if name[0] in kind.letters}
        choices |= kind.choose(form, draft, own)
    return choices


def sealed_choices(
    form: Questionnaire, draw: int | None, choices: Mapping[str, Any], ratings: Mapping[str, int]
) -> dict[str, int]:
    """Return item → bits of `BITS`, as sealed: what one person chose, in whatever way."""
    bits: dict[int, int] = {}
    for kind in KINDS:
        for item, bit in kind.seal(form, draw, choices, ratings).items():
            bits[item] = bits.get(item, 0) | bit
    keys = {item.first: item.key for item in form.items}
    return {keys[first]: bit for first, bit in bits.items()}
