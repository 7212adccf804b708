"""How firm the tiers are, and who decides them: one sentence, then a line for each topic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.report.sentences.board import FIRM, MOST_NAMED
from materiality.results import Results, TopicResult
from materiality.templatetags.workspace import listed, percent
from materiality.web.score.axes import SHORT
from surveys.languages import in_language

WIDE = 100  # of the bar that stands for all draws


@dataclass(frozen=True)
class Voice:
    """A unit that may be left out on an axis: `key` is (dimension, unit).

    :ivar begins: whether it is the first of its axis.
    """

    key: tuple[str, str]
    name: str
    begins: bool


@dataclass(frozen=True)
class Standing:
    """A topic in the picture.

    :ivar share: of the draws, in the tier that the rule suggests; None where it is not known.
    :ivar voices: each voice, and whether the tier would be another one without it.
    """

    topic: TopicResult
    share: float | None
    voices: Sequence[tuple[Voice, bool]]

    @property
    def deciders(self) -> list[str]:
        """The names of the voices that decide; one that weighs on both axes once."""
        return list(dict.fromkeys(voice.name for voice, decides in self.voices if decides))

    @property
    def stands(self) -> bool:
        """Whether neither chance nor the leaving out of any one group moves the tier."""
        return self.share is not None and self.share >= FIRM and not self.deciders

    @property
    def bar(self) -> float:
        """The share as the length of a bar, of 100."""
        return round(WIDE * (self.share or 0.0), 1)

    @property
    def is_loose(self) -> bool:
        return self.share is not None and self.share < FIRM


class Firmness:
    """What the page “Robustness” opens with."""

    limit = round(WIDE * FIRM)

    def __init__(self, results: Results) -> None:
        insights = results.insights
        about = {row["code"]: row for row in insights["topics"]}
        self._results = results
        self.voices = self._voices([row for row in insights["sensitivity"] if row["unit"]])
        self.rows = [self._standing(topic, about[topic.code]) for topic in results.topics]

    @property
    def axes(self) -> list[tuple[str, int]]:
        """The axes on which the voices weigh, each with how many of them there are."""
        named: dict[str, int] = {}
        for voice in self.voices:
            axis = str(SHORT.get(voice.key[0].split(".")[0], ""))
            named[axis] = named.get(axis, 0) + 1
        return list(named.items())

    @property
    def answer(self) -> str:
        """How many tiers stand, and which to look at again, in one or two sentences."""
        known = [row for row in self.rows if row.share is not None]
        if not known:
            return _("How firm the tiers are cannot be told from these answers.")
        standing = sum(row.stands for row in known)
        fields = {"k": standing, "n": len(known), "share": percent(FIRM)}
        if standing == len(known):
            return (
                ngettext(
                    "%(n)d tier stands: it holds in at least %(share)s of the draws, whichever "
                    "single group is left out.",
                    "All %(n)d tiers stand: each holds in at least %(share)s of the draws, "
                    "whichever single group is left out.",
                    len(known),
                )
                % fields
            )
        again = [in_language(row.topic.name) for row in known if not row.stands]
        sentence = _(
            "%(k)d of %(n)d tiers stand: they hold in at least %(share)s of the draws, whichever "
            "single group is left out. Look again at %(names)s."
        )
        return sentence % {**fields, "names": _first(again)}

    def _voices(self, rows: Sequence[Mapping[str, Any]]) -> list[Voice]:
        before = [None, *(row["dimension"] for row in rows)]
        return [
            Voice((row["dimension"], row["unit"]), self._name(row), row["dimension"] != last)
            for row, last in zip(rows, before, strict=False)
        ]

    def _name(self, row: Mapping[str, Any]) -> str:
        units = self._results.units[row["dimension"]]
        return next(in_language(unit.name) for unit in units if unit.code == row["unit"])

    def _standing(self, topic: TopicResult, about: Mapping[str, Any]) -> Standing:
        deciding = {(row["dimension"], row["unit"]) for row in about["deciding_units"]}
        voices = [(voice, voice.key in deciding) for voice in self.voices]
        share = topic.suggested_probability if topic.stability is not None else None
        return Standing(topic, share, voices)


def _first(names: Sequence[str]) -> str:
    """Return the names in a list; of very many the first, and how many more there are."""
    if len(names) <= MOST_NAMED:
        return listed(names)
    more = ngettext("%(k)d more", "%(k)d more", len(names) - MOST_NAMED)
    return listed([*names[:MOST_NAMED], more % {"k": len(names) - MOST_NAMED}])
