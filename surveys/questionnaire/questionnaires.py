"""A published questionnaire in memory: which items an audience is asked, on which pages."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any

from surveys.languages import Text
from surveys.models import Audience, Question, QuestionnaireVersion, Survey

SECONDS_PER_RATING = 8
SECONDS_AROUND = 30
LONGEST_PROMISE = 10


@dataclass(frozen=True, eq=False)
class Item:
    """What is rated, with every question one audience is asked about it."""

    key: str
    questions: tuple[Question, ...]

    @property
    def first(self) -> int:
        """The id of its first question, which names it in forms."""
        return self.questions[0].pk

    @property
    def title(self) -> Text:
        return self.questions[0].title  # type: ignore[no-any-return]

    @property
    def help(self) -> Text:
        return self.questions[0].help  # type: ignore[no-any-return]

    @property
    def example(self) -> Text:
        return self.questions[0].example  # type: ignore[no-any-return]

    def is_blank(self, ratings: Mapping[str, int]) -> bool:
        """Tell whether a question about it is unanswered."""
        return any(str(question.pk) not in ratings for question in self.questions)


Page = list[Item]


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """One audience's questions, or the part of them one person is asked.

    Questions are frozen once published, in the words of one version.

    :param whole: of a part, the questionnaire it was drawn from.
    """

    survey: Survey
    audience: Audience
    items: tuple[Item, ...]
    questions: Mapping[str, Question]
    whole: "Questionnaire | None" = None

    @property
    def minutes(self) -> int | None:
        """Whole minutes it takes, or None where the figure would deter more than inform."""
        ratings = self.topics * self._most_questions
        minutes = -(-(ratings * SECONDS_PER_RATING + SECONDS_AROUND) // 60)
        return minutes if minutes <= LONGEST_PROMISE else None

    @property
    def topics(self) -> int:
        """How many items one person rates: in a named survey all, few as its people may be."""
        all_ratings = len(self.items) * self._most_questions
        most = self.survey.asked_of_one(all_ratings) // self._most_questions
        return min(len(self.items), max(1, most))

    @property
    def page_count(self) -> int:
        return len(equal_sizes(self.topics, self._items_a_page()))

    def part(self, draw: int | None) -> "Questionnaire":
        """Return what the person with this random number is asked: at most `most_ratings`.

        Every item is as likely (m of n), and blocks keep their proportions: items are shuffled
        within their blocks, and every (n / m)-th is taken from a random start (systematic sampling,
        Madow & Madow 1944). Means over those asked are therefore unbiased.

        :param draw: None for everything.
        """
        if draw is None or self.topics == len(self.items):
            return self
        row = [item for block in self._blocks for item in shuffle(block, f"part{draw}")]
        start = _fraction(f"start{draw}")
        step = len(row) / self.topics
        drawn = {row[int((start + at) * step)].key for at in range(self.topics)}
        items = tuple(item for item in self.items if item.key in drawn)
        return replace(self, items=items, questions=_questions(items), whole=self)

    def pages(self, token_hash: str) -> list[Page]:
        """Return the pages in this person's order: shuffled within blocks, the same every time."""
        items = self.order(token_hash)
        pages = []
        for size in equal_sizes(len(items), self._items_a_page()):
            pages.append(items[:size])
            items = items[size:]
        return pages

    def order(self, token_hash: str) -> list[Item]:
        """Return the items in this person's order."""
        return [item for block in self._blocks for item in shuffle(block, token_hash)]

    def _items_a_page(self) -> int:
        """Items with several questions are longer, so fewer fit."""
        return -(-self.survey.page_size // self._most_questions)

    @cached_property
    def _most_questions(self) -> int:
        return max((len(item.questions) for item in self.items), default=1)

    @cached_property
    def _blocks(self) -> list[list[Item]]:
        return [list(block) for _, block in groupby(self.items, lambda i: i.questions[0].block)]


def questionnaire(audience: Audience) -> Questionnaire:
    """Return what an audience of a published survey is asked, as whoever begins now reads it."""
    survey = audience.survey
    assert survey.published_at is not None
    dates = survey.published_at, survey.opens_at, survey.closes_at
    return current(audience.pk, *dates, survey.version)


def current(
    audience_id: int, published_at: datetime, opens_at: datetime, closes_at: datetime, version: int
) -> Questionnaire:
    """Return the same from memory: at most a minute old, and never with other dates or words."""
    minute = int(time.time() // 60)
    return _cached(audience_id, published_at, version, opens_at, closes_at, minute)


@lru_cache(maxsize=256)
def _cached(
    audience_id: int, published_at: datetime, version: int, *_freshness: Any
) -> Questionnaire:
    audience = Audience.objects.select_related("survey__organisation").get(pk=audience_id)
    return _questionnaire(audience, _items(audience_id, published_at, version))


def draft_questionnaire(audience: Audience) -> Questionnaire:
    """Return what an audience will be asked, as it stands now; never from memory."""
    return _questionnaire(audience, _read_items(audience.pk))


def _questionnaire(audience: Audience, items: tuple[Item, ...]) -> Questionnaire:
    return Questionnaire(audience.survey, audience, items, _questions(items))


def _questions(items: tuple[Item, ...]) -> dict[str, Question]:
    return {str(question.pk): question for item in items for question in item.questions}


@lru_cache(maxsize=256)
def _items(audience_id: int, published_at: datetime, version: int) -> tuple[Item, ...]:
    versions = QuestionnaireVersion.objects.filter(survey__audiences=audience_id)
    return _read_items(audience_id, versions.get(number=version))


def _read_items(audience_id: int, version: QuestionnaireVersion | None = None) -> tuple[Item, ...]:
    questions = Question.objects.filter(audiences=audience_id).select_related("prompt")
    grouped: dict[str, list[Question]] = {}
    for question in questions.order_by("position", "prompt__position", "pk"):
        if version:
            version.word(question)
        grouped.setdefault(question.item or str(question.pk), []).append(question)
    return tuple(_block_by_block([Item(key, tuple(each)) for key, each in grouped.items()]))


def _block_by_block(items: list[Item]) -> list[Item]:
    """Return the items with those of a block together, blocks in the order they first appear."""
    blocks: dict[str, list[Item]] = {}
    for item in items:
        blocks.setdefault(item.questions[0].block, []).append(item)
    return [item for block in blocks.values() for item in block]


def shuffle(items: list[Item], seed: str) -> list[Item]:
    """Return the items in an order that the seed alone decides."""
    start = seed.encode()
    return sorted(items, key=lambda item: hashlib.sha256(start + item.key.encode()).digest())


def _fraction(seed: str) -> float:
    """Return a number from 0 up to, but not, 1."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6]) / 2**48


def equal_sizes(count: int, most: int) -> list[int]:
    """Return page lengths that differ by at most one.

    >>> equal_sizes(15, 7)
    [5, 5, 5]
    >>> equal_sizes(8, 7)
    [4, 4]
    """
    pages = -(-count // most)
    return [count // pages + (page < count % pages) for page in range(pages)]
