"""The Identify page: the catalogue as it is browsed, and the list as it stands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from materiality import catalogue
from materiality.catalogue import Entry, Key
from materiality.models import Assessment, Category, Source, Succession, Topic
from materiality.templatetags.workspace import language
from surveys.languages import missing_languages

FEWEST, MOST = 8, 40
NO_TOPICS = ("disclosure", "universal standard", "sector standard")
EACH_ITS_OWN_EDITION = ("GRI",)
ALL = "*"
USUAL = "SZSE|2024"


def name_of(entry: Entry) -> str:
    return entry.name("en" if language() == "en" else "zh")


@dataclass(frozen=True)
class CatalogueOffer:
    """An entry that can be put on the list, and the topic that refers to it already."""

    entry: Entry
    name: str
    used_by: Topic | None
    is_withdrawn: bool

    @property
    def is_part(self) -> bool:
        return bool(self.entry.parent)


@dataclass(frozen=True)
class Shelf:
    """One list of a standard: all of an edition, or of GRI every topic standard there is."""

    key: str
    title: str
    entries: tuple[Entry, ...]

    @property
    def considered_from(self) -> tuple[Entry, ...]:
        """The entries that have to be considered: those in force that are part of no other."""
        today = timezone.localdate()
        return tuple(e for e in self.entries if not e.parent and not e.is_withdrawn(today))


def shelves() -> list[Shelf]:
    return list(_shelves())


def _shelves() -> Iterator[Shelf]:
    for standard in catalogue.standards():
        name = standard.standard
        if name in EACH_ITS_OWN_EDITION:
            yield Shelf(f"{name}|", name, _topics(catalogue.entries(name)))
            continue
        for edition in catalogue.editions(name):
            topics = _topics(catalogue.entries(name, edition))
            yield Shelf(f"{name}|{edition}", f"{name} {edition}", topics)


def _topics(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(e for e in entries if e.kind not in NO_TOPICS and e.category != "general")


class Catalogue:
    """What the left pane shows: one shelf or all of them, all of it or what a search finds."""

    def __init__(self, query: Mapping[str, str], topics: Sequence[Topic]) -> None:
        self.shelves, self.topics = shelves(), topics
        self.words = query.get("q", "").strip()
        usual = ALL if self.words else USUAL
        name = query.get("standard", usual)
        self.chosen = name if name in {ALL, *(shelf.key for shelf in self.shelves)} else usual

    @cached_property
    def _used(self) -> dict[Key, Topic]:
        return {
            (key[0], key[1], key[2]): topic
            for topic in reversed(self.topics)
            for key in topic.references
        }

    @property
    def shelf(self) -> Shelf | None:
        return next((shelf for shelf in self.shelves if shelf.key == self.chosen), None)

    @cached_property
    def sections(self) -> list[tuple[str, list[CatalogueOffer]]]:
        """Return what is shown by section, in the order of the standards."""
        sections: dict[str, list[CatalogueOffer]] = {}
        for shelf in [self.shelf] if self.shelf else self.shelves:
            for entry in filter(self._is_sought, shelf.entries):
                title = _section(entry, shelf)
                place = f"{shelf.title} · {title}" if title and self.shelf is None else title
                sections.setdefault(place or shelf.title, []).append(self._offer(entry))
        return list(sections.items()) if self.words or self.shelf else []

    @property
    def is_open(self) -> bool:
        """Whether sections are shown unfolded: what a search found, or a list that is short."""
        return bool(self.words) or sum(len(offers) for _name, offers in self.sections) <= 30

    def _is_sought(self, entry: Entry) -> bool:
        words = self.words.lower()
        texts = [entry.code, catalogue.spelling(entry.key), entry.name_zh, entry.name_en]
        if explained := catalogue.explanation_of(entry):
            texts += [*explained.definition.values(), *explained.example.values()]
        return any(words in text.lower() for text in texts)

    def _offer(self, entry: Entry) -> CatalogueOffer:
        withdrawn = entry.is_withdrawn(timezone.localdate())
        return CatalogueOffer(entry, name_of(entry), self._used.get(entry.key), withdrawn)

    @property
    def left(self) -> int:
        """How many topics of the shelf are neither on the list nor screened out of it."""
        return len(self.left_over)

    @property
    def left_over(self) -> list[Entry]:
        return [entry for entry in self._to_consider if not self._is_considered(entry)]

    @property
    def whole(self) -> int:
        return len(self._to_consider)

    @cached_property
    def _to_consider(self) -> tuple[Entry, ...]:
        return self.shelf.considered_from if self.shelf else ()

    def _is_considered(self, entry: Entry) -> bool:
        return entry.key in self._used or any(
            key[:2] == entry.key[:2] and _parent(key) == entry.code for key in self._used
        )


def _parent(key: Key) -> str:
    try:
        return catalogue.find(*key).parent
    except catalogue.UnknownEntry:
        return ""


def _section(entry: Entry, shelf: Shelf) -> str:
    """Return the section a standard prints, the topic an entry stands under, or its category."""
    if any(one.parent for one in shelf.entries):
        return name_of(_root(entry))
    if len({one.section_en for one in shelf.entries}) > 1:
        return entry.section_en if language() == "en" else entry.section_zh
    return str(Category(entry.category).label) if entry.category in Category.values else ""


def _root(entry: Entry) -> Entry:
    while entry.parent:
        entry = catalogue.find(entry.standard, entry.edition, entry.parent)
    return entry


@dataclass(frozen=True)
class Reference:
    """A reference as it is shown: as people write it, and its title if the catalogue has it."""

    key: Key
    name: str = ""
    withdrawn: date | None = None

    @property
    def written(self) -> str:
        return catalogue.spelling(self.key)


def references(topic: Topic) -> list[Reference]:
    return [_reference((key[0], key[1], key[2])) for key in topic.references]


def _reference(key: Key) -> Reference:
    try:
        entry = catalogue.find(*key)
    except catalogue.UnknownEntry:
        return Reference(key)
    old = entry.withdrawn if entry.is_withdrawn(timezone.localdate()) else None
    return Reference(key, name_of(entry), old)


@dataclass(frozen=True)
class Listed:
    """A topic of the list with what is said of it."""

    topic: Topic
    languages: tuple[str, ...]

    @property
    def references(self) -> list[Reference]:
        return references(self.topic)

    @property
    def sources(self) -> list[str]:
        return [str(Source(code).label) for code in self.topic.sources if code in Source.values]

    @property
    def untranslated(self) -> bool:
        return bool(missing_languages(self.topic.name, self.languages))

    @property
    def before(self) -> list[Succession]:
        return [line for line in self.topic.predecessors.all() if line.before]


class TopicList:
    """Every topic considered: those asked about, and those screened out."""

    def __init__(self, assessment: Assessment) -> None:
        topics = assessment.topics.select_related("screened_by")
        self.all: list[Topic] = list(topics.prefetch_related("predecessors__before"))
        self.languages = tuple(assessment.languages)

    @cached_property
    def short(self) -> list[Listed]:
        return [self._listed(topic) for topic in self.all if not topic.screened_out]

    @cached_property
    def screened(self) -> list[Listed]:
        return [self._listed(topic) for topic in self.all if topic.screened_out]

    def _listed(self, topic: Topic) -> Listed:
        return Listed(topic, self.languages)

    @property
    def is_few(self) -> bool:
        return 0 < len(self.short) < FEWEST

    @property
    def is_many(self) -> bool:
        return len(self.short) > MOST


def codes() -> Iterator[dict[str, Any]]:
    """Yield every code of the catalogue as people write it, with its title, for a field's list."""
    for entry in catalogue.load():
        yield {"written": catalogue.spelling(entry.key), "name": name_of(entry)}
