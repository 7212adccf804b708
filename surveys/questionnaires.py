"""A published questionnaire in memory: which items an audience is asked, on which pages."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any

from surveys.languages import Text
from surveys.models import Audience, Question, Survey

SECONDS_PER_RATING = 8
SECONDS_AROUND = 30
LONGEST_PROMISE = 10


@dataclass(frozen=True, eq=False)
class Item:
    """What is rated, with every question one audience is asked about it."""

    key: str
    questions: tuple[Question, ...]

    @property
    def title(self) -> Text:
        return self.questions[0].title  # type: ignore[no-any-return]

    @property
    def help(self) -> Text:
        return self.questions[0].help  # type: ignore[no-any-return]

    def is_blank(self, ratings: Mapping[str, int]) -> bool:
        """Tell whether a question about it is unanswered."""
        return any(str(question.pk) not in ratings for question in self.questions)


Page = list[Item]


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """One audience's part of a survey. Questions are frozen once published."""

    survey: Survey
    audience: Audience
    items: tuple[Item, ...]
    asked: Mapping[str, Question]

    @property
    def minutes(self) -> int | None:
        """Whole minutes it takes, or None where the figure would deter more than inform."""
        minutes = -(-(len(self.asked) * SECONDS_PER_RATING + SECONDS_AROUND) // 60)
        return minutes if minutes <= LONGEST_PROMISE else None

    @property
    def page_count(self) -> int:
        return len(_equal_sizes(len(self.items), self._items_a_page()))

    def pages(self, token_hash: str) -> list[Page]:
        """Return the pages in this person's order: shuffled within blocks, the same every time."""
        items = self.order(token_hash)
        pages = []
        for size in _equal_sizes(len(items), self._items_a_page()):
            pages.append(items[:size])
            items = items[size:]
        return pages

    def order(self, token_hash: str) -> list[Item]:
        """Return the items in this person's order."""
        return [item for block in self._blocks for item in _shuffled(block, token_hash)]

    def _items_a_page(self) -> int:
        """Items with several questions are longer, so fewer fit."""
        most = max(len(item.questions) for item in self.items)
        return -(-self.survey.page_size // most)

    @cached_property
    def _blocks(self) -> list[list[Item]]:
        return [list(block) for _, block in groupby(self.items, lambda i: i.questions[0].block)]


def questionnaire(audience: Audience) -> Questionnaire:
    """Return what an audience of a published survey is asked."""
    survey = audience.survey
    assert survey.published_at is not None
    return current(audience.pk, survey.published_at, survey.opens_at, survey.closes_at)


def current(
    audience_id: int, published_at: datetime, opens_at: datetime, closes_at: datetime
) -> Questionnaire:
    """Return the same from memory: at most a minute old, and never with other dates."""
    return _remembered(audience_id, published_at, opens_at, closes_at, int(time.time() // 60))


@lru_cache(maxsize=256)
def _remembered(audience_id: int, published_at: datetime, *_freshness: Any) -> Questionnaire:
    audience = Audience.objects.select_related("survey__organisation").get(pk=audience_id)
    return _questionnaire(audience, _items(audience_id, published_at))


def draft_questionnaire(audience: Audience) -> Questionnaire:
    """Return what an audience will be asked, as it stands now; never from memory."""
    return _questionnaire(audience, _read_items(audience.pk))


def _questionnaire(audience: Audience, items: tuple[Item, ...]) -> Questionnaire:
    asked = {str(question.pk): question for item in items for question in item.questions}
    return Questionnaire(audience.survey, audience, items, asked)


@lru_cache(maxsize=256)
def _items(audience_id: int, published_at: datetime) -> tuple[Item, ...]:
    return _read_items(audience_id)


def _read_items(audience_id: int) -> tuple[Item, ...]:
    questions = Question.objects.filter(audiences=audience_id).select_related("prompt")
    grouped: dict[str, list[Question]] = {}
    for question in questions.order_by("position", "prompt__position", "pk"):
        grouped.setdefault(question.item or str(question.pk), []).append(question)
    return tuple(_block_by_block([Item(key, tuple(each)) for key, each in grouped.items()]))


def _block_by_block(items: list[Item]) -> list[Item]:
    """Return the items with those of a block together, blocks in the order they first appear."""
    blocks: dict[str, list[Item]] = {}
    for item in items:
        blocks.setdefault(item.questions[0].block, []).append(item)
    return [item for block in blocks.values() for item in block]


def _shuffled(items: list[Item], token_hash: str) -> list[Item]:
    seed = token_hash.encode()
    return sorted(items, key=lambda item: hashlib.sha256(seed + item.key.encode()).digest())


def _equal_sizes(count: int, most: int) -> list[int]:
    """Return page lengths that differ by at most one.

    >>> _equal_sizes(15, 7)
    [5, 5, 5]
    >>> _equal_sizes(8, 7)
    [4, 4]
    """
    pages = -(-count // most)
    return [count // pages + (page < count % pages) for page in range(pages)]
