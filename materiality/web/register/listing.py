"""The register as it is looked through: what is sought, and the rows that are found."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from materiality.models import Assessment, Horizon, Iro, IroKind, Stage, Topic

OPEN, CLOSED, GAPS = "open", "closed", "gaps"
LINKED, ALONE = "linked", "alone"
CHOICES = {"kind": IroKind, "stage": Stage, "horizon": Horizon}


@dataclass(frozen=True)
class Row:
    """An entry with what its row says of it."""

    iro: Iro
    gaps: tuple[str, ...]
    before: tuple[str, ...]
    links: tuple[str, ...] = ()


class Listing:
    """What the page shows: all open entries, or those that the address asks for."""

    def __init__(self, assessment: Assessment, query: Mapping[str, str]) -> None:
        self.assessment, self.query = assessment, query
        self.words = query.get("q", "").strip()
        self.topic = query.get("topic", "")
        self.state = query.get("state", OPEN)

    @cached_property
    def entries(self) -> list[Iro]:
        """Every entry of the round, with its topic and where it comes from: two queries."""
        rows = self.assessment.iros.select_related("topic", "step")
        return list(rows.prefetch_related("predecessors__before"))

    @cached_property
    def topics(self) -> list[Topic]:
        return list(self.assessment.topics.short_list())

    @cached_property
    def rows(self) -> list[Row]:
        languages = tuple(self.assessment.languages)
        rows = [
            Row(
                iro,
                gaps=tuple(iro.gaps(languages)),
                before=tuple(_codes_before(iro)),
                links=tuple(self.links.get(iro.code, ())),
            )
            for iro in self.entries
            if self._is_sought(iro)
        ]
        return [row for row in rows if row.gaps] if self.state == GAPS else rows

    @cached_property
    def links(self) -> dict[str, list[str]]:
        """Return the codes of what each linked entry is linked to: one query."""
        by_code: dict[str, list[str]] = {}
        pairs = self.assessment.iro_links.values_list("impact__code", "effect__code")
        for impact, effect in pairs.order_by("impact__code", "effect__code"):
            by_code.setdefault(impact, []).append(effect)
            by_code.setdefault(effect, []).append(impact)
        return by_code

    @property
    def open(self) -> int:
        return sum(not iro.is_closed for iro in self.entries)

    @property
    def closed(self) -> int:
        return len(self.entries) - self.open

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Return how many open entries there are of each kind."""
        counts = Counter(iro.kind for iro in self.entries if not iro.is_closed)
        return [(str(kind.label), counts[kind.value]) for kind in IroKind]

    @cached_property
    def uncovered(self) -> list[Topic]:
        """Return the topics of the short list that no open entry stands under."""
        covered = {iro.topic_id for iro in self.entries if not iro.is_closed}
        return [topic for topic in self.topics if topic.pk not in covered]

    @property
    def is_filtered(self) -> bool:
        return bool(self.words) or self.is_narrowed

    @property
    def is_narrowed(self) -> bool:
        """Whether more than words narrow the list."""
        narrowed = any(self.query.get(name) for name in ("topic", "links", *CHOICES))
        return narrowed or self.state != OPEN

    @property
    def filters(self) -> list[dict[str, Any]]:
        """Return the fields that narrow the list: name, label and choices, the chosen marked."""
        topics = [(topic.code, str(topic)) for topic in self.topics]
        states = [
            (OPEN, _("Open entries")),
            (GAPS, _("Open entries with gaps")),
            (CLOSED, _("Closed entries")),
            ("all", _("All entries")),
        ]
        links = [
            ("", _("Linked or not")),
            (LINKED, _("Linked to an impact or effect")),
            (ALONE, _("Linked to nothing")),
        ]
        return [
            self._filter("topic", _("Topic"), [("", _("All topics")), *topics]),
            self._filter("kind", _("Kind"), [("", _("All kinds")), *IroKind.choices]),
            self._filter("stage", _("Value-chain stage"), [("", _("All stages")), *Stage.choices]),
            self._filter("horizon", _("Horizon"), [("", _("All horizons")), *Horizon.choices]),
            self._filter("links", _("Links"), links),
            self._filter("state", _("State"), states),
        ]

    def _filter(self, name: str, label: str, choices: list[tuple[str, Any]]) -> dict[str, Any]:
        chosen = self.query.get(name, OPEN if name == "state" else "")
        return {"name": name, "label": label, "choices": choices, "chosen": chosen}

    def _is_sought(self, iro: Iro) -> bool:
        if self.state in (OPEN, GAPS, CLOSED) and iro.is_closed != (self.state == CLOSED):
            return False
        if self.topic and iro.topic.code != self.topic:
            return False
        for name, choices in CHOICES.items():
            wanted = self.query.get(name, "")
            if wanted in choices.values and getattr(iro, name) != wanted:
                return False
        wanted = self.query.get("links", "")
        if wanted in (LINKED, ALONE) and (iro.code in self.links) != (wanted == LINKED):
            return False
        return not self.words or self._is_found(iro)

    def _is_found(self, iro: Iro) -> bool:
        """Tell whether every word that is sought stands somewhere in the entry, in any language."""
        texts = [iro.title, iro.description, iro.affected, iro.mitigation, iro.dependency]
        spoken = [part for text in (*texts, iro.topic.name) for part in text.values()]
        whole = " ".join([iro.code, iro.place, *spoken]).casefold()
        return all(word in whole for word in self.words.casefold().split())


def _codes_before(iro: Iro) -> list[str]:
    return sorted(line.before.code for line in iro.predecessors.all())
