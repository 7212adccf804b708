"""What a kind of question says of itself."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _

from surveys.errors import InvalidAnswers
from surveys.models import CANNOT_JUDGE
from surveys.questionnaire.questionnaires import Item, Questionnaire
from surveys.visit.visits import Draft

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Choices = Mapping[str, Any]
"""What a draft keeps of all kinds, each under names of its own."""

Fields = Mapping[str, str]
"""As a page sends them: a letter and a number → a value."""


@dataclass(frozen=True)
class Measure:
    """A figure of each topic in the results: its name in the API, its heading on the page.

    :param headline: the words before the topics that have most of it; "" where it is no headline.
    :param help: how it is computed, one sentence for the page and the API.
    """

    name: str
    heading: "str | _StrPromise"
    headline: "str | _StrPromise" = ""
    help: "str | _StrPromise" = ""


@dataclass(frozen=True)
class Count(Measure):
    """How many chose it, by one of the kind's bits."""

    bit: str = ""


@dataclass(frozen=True)
class Share(Measure):
    """The same out of everybody who was asked; from 0 to 1."""

    bit: str = ""


@dataclass(frozen=True)
class Balance(Measure):
    """(plus - minus) / of, each by bits; from -1 to 1."""

    plus: str = ""
    minus: str = ""
    of: tuple[str, ...] = ()


class Kind(ABC):
    """A kind of question: its switch, its pages, its choices in a draft, in the seal and counted.

    :cvar code: its switch, a field of `Survey`, and the folder of its page.
    :cvar step: its pages stand at /r/<token>/<step>/<number>/.
    :cvar letters: what the names of its fields begin with; no other kind has them.
    :cvar bits: name → bit of a sealed choice; one byte a topic holds all kinds.
    :cvar base: the bits that tell who answered of a topic; where in an anonymous survey these are
        fewer than the minimum group, nothing of the topic is told. Empty: everybody did.
    :cvar label: the switch, as whoever builds a survey reads it.
    """

    code: ClassVar[str]
    step: ClassVar[str]
    letters: ClassVar[str]
    bits: ClassVar[Mapping[str, int]]
    base: ClassVar[tuple[str, ...]] = ()
    label: ClassVar["str | _StrPromise"]
    measures: ClassVar[tuple[Measure, ...]]

    @abstractmethod
    def pages(self, form: Questionnaire, draft: Draft) -> int:
        """Return how many pages it takes this person; 0 if there is nothing to choose."""

    @abstractmethod
    def page(
        self, form: Questionnaire, draft: Draft, number: int, fields: Fields
    ) -> dict[str, Any]:
        """Return what its template shows. `fields`: what is chosen so far."""

    @abstractmethod
    def fields(self, choices: Choices) -> dict[str, str]:
        """Return a draft's choices as its page names them."""

    @abstractmethod
    def choose(self, form: Questionnaire, draft: Draft, fields: Fields) -> dict[str, Any]:
        """Return its choices with these fields put in.

        :raises InvalidAnswers: nobody offered this, or it contradicts itself.
        """

    @abstractmethod
    def seal(
        self,
        form: Questionnaire,
        draw: int | None,
        choices: Choices,
        ratings: Mapping[str, int],
    ) -> dict[int, int]:
        """Return item → bits, of what is complete and still makes sense."""

    def unsent(self, form: Questionnaire, draft: Draft) -> dict[str, str]:
        """Return the fields that a browser leaves out where nothing is chosen, as empty."""
        return {}

    def lack(self, topics: int) -> str | None:
        """Return why a survey of so many topics cannot ask this, or None."""
        return None


def rated_items(form: Questionnaire, ratings: Mapping[str, int]) -> list[Item]:
    """Return the items this person rated, the highest rated first."""
    highest = {item: _highest(item, ratings) for item in form.items}
    rated = [item for item in form.items if highest[item]]
    return sorted(rated, key=lambda item: -highest[item])


def _highest(item: Item, ratings: Mapping[str, int]) -> int:
    values = [ratings.get(str(question.pk), CANNOT_JUDGE) for question in item.questions]
    return max([rating for rating in values if rating != CANNOT_JUDGE], default=0)


def not_asked(names: Iterable[str]) -> InvalidAnswers:
    """Return the refusal of a field that this person was not asked."""
    return InvalidAnswers(
        _("Question %(found)s is not one you are asked here. Nothing was saved.")
        % {"found": repr(min(names))[:40]}
    )
