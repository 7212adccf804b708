"""What a table is read against: the topics, scales and groups of one survey, as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from surveys.models import Question, Survey
from surveys.questionnaire.wording import plain
from surveys.tables.scales import ROUND, Scale
from surveys.tables.words import SCALES, squash


@dataclass(frozen=True)
class TargetPrompt:
    """A question asked of many topics; `labels` are its words, lowest first, per language."""

    code: str
    texts: tuple[str, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()
    cannot_judge: tuple[str, ...] = ()


@dataclass(frozen=True)
class TargetTopic:
    """One topic under one prompt. `meaning` is “prompt:topic”."""

    meaning: str
    prompt: str
    key: str
    titles: tuple[str, ...] = ()

    @cached_property
    def names(self) -> frozenset[str]:
        item = self.meaning.partition(":")[2]
        return frozenset(filter(None, map(squash, (item, *self.titles))))

    @property
    def title(self) -> str:
        return self.titles[0] if self.titles else self.meaning


@dataclass(frozen=True)
class TargetGroup:
    """A stakeholder group, and the `meaning` of each topic it is asked about."""

    code: str
    titles: tuple[str, ...] = ()
    topics: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(filter(None, map(squash, (self.code, *self.titles))))


@dataclass(frozen=True)
class Target:
    prompts: tuple[TargetPrompt, ...]
    topics: tuple[TargetTopic, ...]
    groups: tuple[TargetGroup, ...]
    scale: Scale = ROUND

    @cached_property
    def by_meaning(self) -> dict[str, TargetTopic]:
        return {topic.meaning: topic for topic in self.topics}

    @cached_property
    def topic_names(self) -> frozenset[str]:
        return frozenset().union(*(topic.names for topic in self.topics))

    @cached_property
    def group_of(self) -> dict[str, str]:
        """Name of a group, squashed → its code; a name that two groups bear is left out, and a code
        is its own group's."""
        groups: dict[str, str] = {}
        twice = set()
        for group in self.groups:
            for name in group.names:
                if groups.setdefault(name, group.code) != group.code:
                    twice.add(name)
        sure = {name: code for name, code in groups.items() if name not in twice}
        return sure | {squash(group.code): group.code for group in self.groups}

    @cached_property
    def data_words(self) -> frozenset[str]:
        """Names of groups and words of ratings, squashed: no heading is one of them alone."""
        labels = {squash(word) for prompt in self.prompts for one in prompt.labels for word in one}
        known = {squash(word) for scale in SCALES for word in scale}
        return frozenset((labels | known | set(self.group_of)) - self.topic_names - {""})

    def prompt(self, code: str) -> TargetPrompt:
        return next(prompt for prompt in self.prompts if prompt.code == code)

    def own_words(self, code: str) -> dict[str, int]:
        """Return word → rating of a prompt's own scale, in every language it has one in."""
        words: dict[str, int] = {}
        for labels in self.prompt(code).labels:
            for rating, word in enumerate(labels, start=1):
                if word:
                    words[plain(word)] = rating
        return words


def questionnaire_of(survey: Survey) -> Target:
    """Return what a survey asks, and of whom."""
    topics_of: dict[int, set[int]] = {}
    groups = list(survey.audiences.all())
    heard = Question.audiences.through.objects.filter(question__survey=survey)
    for audience, topic in heard.values_list("audience", "question"):
        topics_of.setdefault(audience, set()).add(topic)
    questions = survey.questions.select_related("prompt").order_by("prompt__position", "position")
    topics = {}
    for question in questions:
        meaning = f"{question.prompt.code}:{question.item or question.pk}"
        titles = _texts(question.title)
        topics[question.pk] = TargetTopic(meaning, question.prompt.code, str(question.pk), titles)
    prompts = []
    for prompt in survey.prompts.all():
        labels = tuple(tuple(words) for words in (prompt.labels or {}).values())
        prompts.append(
            TargetPrompt(prompt.code, _texts(prompt.text), labels, _texts(prompt.cannot_judge))
        )
    rated_by = []
    for group in groups:
        meanings = frozenset(topics[pk].meaning for pk in topics_of.get(group.pk, ()))
        rated_by.append(TargetGroup(group.code, _texts(group.name), meanings))
    scale = _scale_of(prompts)
    return Target(tuple(prompts), tuple(topics.values()), tuple(rated_by), scale)


def _scale_of(prompts: Iterable[TargetPrompt]) -> Scale:
    """Return the scale that a survey asks on: it is as long as its words."""
    lengths = {len(words) for prompt in prompts for words in prompt.labels}
    longest = max(lengths, default=ROUND.highest)
    return Scale(1, longest, longest)


def _texts(text: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(words) for words in (text or {}).values() if words)
