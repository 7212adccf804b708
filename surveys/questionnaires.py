"""A published questionnaire in memory: which items an audience is asked, on which pages."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby

from surveys.languages import Text
from surveys.models import Question, Survey

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


Page = list[Item]


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """One audience's part of a survey. Questions are frozen once published."""

    items: tuple[Item, ...]
    asked: Mapping[str, Question]
    page_size: int

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
        items = [item for block in self._blocks() for item in _shuffled(block, token_hash)]
        pages = []
        for size in _equal_sizes(len(items), self._items_a_page()):
            pages.append(items[:size])
            items = items[size:]
        return pages

    def _items_a_page(self) -> int:
        """Items with several questions are longer, so fewer fit."""
        most = max(len(item.questions) for item in self.items)
        return -(-self.page_size // most)

    def _blocks(self) -> list[list[Item]]:
        return [list(block) for _, block in groupby(self.items, lambda i: i.questions[0].block)]


def questionnaire(survey: Survey, audience_id: int) -> Questionnaire:
    """Return what an audience is asked, from memory if the survey is published."""
    if survey.published_at is None:
        return _load(survey.pk, audience_id, survey.page_size)
    return _published(survey.pk, audience_id, survey.page_size, survey.published_at)


def _load(survey_id: int, audience_id: int, page_size: int) -> Questionnaire:
    questions = Question.objects.filter(survey_id=survey_id, audiences=audience_id)
    ordered = questions.select_related("prompt").order_by("position", "prompt__position", "pk")
    grouped: dict[str, list[Question]] = {}
    for question in ordered:
        grouped.setdefault(question.item or str(question.pk), []).append(question)
    items = [Item(key, tuple(members)) for key, members in grouped.items()]
    return Questionnaire(
        items=tuple(_block_by_block(items)),
        asked={str(question.pk): question for question in ordered},
        page_size=page_size,
    )


@lru_cache(maxsize=256)
def _published(
    survey_id: int, audience_id: int, page_size: int, published_at: datetime
) -> Questionnaire:
    return _load(survey_id, audience_id, page_size)


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
