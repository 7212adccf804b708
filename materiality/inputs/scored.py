"""Is the register scored, where nothing else feeds the axes? Until then there are no results.

Who scores shall not see first what others made of the topics: results appear to all at once, when
everybody who was asked has scored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.errors import NoResultsYet
from materiality.models import Assessment, Iro, IroAssignment, IroScore

MOST_NAMED = 12


def require_scores(assessment: Assessment) -> None:
    """Check that each open entry was scored by everybody who was asked, and by somebody.

    :raises NoResultsYet: one was not, or there is none; the sentence names them.
    """
    standing = _standings([assessment])[assessment.pk]
    if not standing.entries:
        raise NoResultsYet(
            _(
                "The axes rest on the register alone, and it has no open entry yet. Results appear "
                "once its entries are scored."
            )
        )
    waiting, silent = standing.waiting, standing.silent
    if waiting:
        sentence = ngettext(
            "An entry of the register waits for a score of who was asked: %(codes)s. Results "
            "appear once it is given, or no longer asked for.",
            "Entries of the register wait for scores of who was asked: %(codes)s. Results "
            "appear once they are given, or no longer asked for.",
            len(waiting),
        )
        raise NoResultsYet(sentence % {"codes": named(waiting)})
    if silent:
        sentence = ngettext(
            "Nobody has scored an entry of the register: %(codes)s. Ask somebody to score it, or "
            "close it with a reason.",
            "Nobody has scored some entries of the register: %(codes)s. Ask somebody to score "
            "them, or close them with a reason.",
            len(silent),
        )
        raise NoResultsYet(sentence % {"codes": named(silent)})


def scored_rounds(assessments: Iterable[Assessment]) -> set[int]:
    """Return the keys of the rounds of whose register nothing is still to be scored.

    Three queries, however many rounds.
    """
    standings = _standings(assessments)
    return {key for key, standing in standings.items() if standing.is_complete}


@dataclass
class _Standing:
    """The open entries of a round, and who of those asked has scored them as they are now."""

    entries: list[Iro] = field(default_factory=list)
    scored: set[tuple[int, int, str, bool]] = field(default_factory=set)
    experts: dict[int, list[int]] = field(default_factory=dict)
    """Who is asked and still of the organisation, by entry."""

    @property
    def waiting(self) -> list[Iro]:
        """The entries that somebody who was asked has not scored."""
        rows = []
        for row in self.entries:
            now = (row.sheet.value, row.is_net)
            experts = self.experts.get(row.pk, [])
            if any((row.pk, expert, *now) not in self.scored for expert in experts):
                rows.append(row)
        return rows

    @property
    def silent(self) -> list[Iro]:
        """The entries that nobody has scored."""
        by_somebody = {(iro, sheet, is_net) for iro, _expert, sheet, is_net in self.scored}
        return [
            row for row in self.entries if (row.pk, row.sheet.value, row.is_net) not in by_somebody
        ]

    @property
    def is_complete(self) -> bool:
        return bool(self.entries) and not self.waiting and not self.silent


def _standings(assessments: Iterable[Assessment]) -> dict[int, _Standing]:
    """Return how far each of these rounds is, by its key; nothing is read where there are none."""
    standings = {row.pk: _Standing() for row in assessments}
    if not standings:
        return standings
    for iro in Iro.objects.filter(assessment__in=standings).open():
        standings[iro.assessment_id].entries.append(iro)
    scores = IroScore.objects.filter(iro__assessment__in=standings).exclude(expert=None)
    fields = ("iro__assessment", "iro", "expert", "sheet", "is_net")
    for key, iro_key, expert, sheet, is_net in scores.values_list(*fields):
        standings[key].scored.add((iro_key, expert, sheet, is_net))
    assigned = IroAssignment.objects.filter(
        iro__assessment__in=standings,
        expert__memberships__organisation=F("iro__assessment__organisation"),
    )
    for key, iro_key, expert in assigned.values_list("iro__assessment", "iro", "expert"):
        standings[key].experts.setdefault(iro_key, []).append(expert)
    return standings


def named(entries: Iterable[Iro]) -> str:
    """Return the codes of entries in a sentence, the first ones where they are many."""
    codes = sorted(row.code for row in entries)
    sentence = _(", ").join(codes[:MOST_NAMED])
    return sentence + "…" if len(codes) > MOST_NAMED else sentence
