"""Is the register scored, where nothing else feeds the axes? Until then there are no results.

Who scores shall not see first what others made of the topics: results appear to all at once, when
everybody who was asked has scored.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.errors import NoResultsYet
from materiality.models import Assessment, Iro, IroAssignment, IroScore

MOST_NAMED = 12


def require_scores(assessment: Assessment) -> None:
    """Check that each open entry was scored by everybody who was asked, and by somebody.

    :raises NoResultsYet: one was not, or there is none; the sentence names them.
    """
    entries = list(assessment.iros.open())
    if not entries:
        raise NoResultsYet(
            _(
                "The axes rest on the register alone, and it has no open entry yet. Results appear "
                "once its entries are scored."
            )
        )
    scored = _scored(assessment)
    waiting = _waiting(assessment, entries, scored)
    if waiting:
        sentence = ngettext(
            "An entry of the register waits for a score of who was asked: %(codes)s. Results "
            "appear once it is given, or no longer asked for.",
            "Entries of the register wait for scores of who was asked: %(codes)s. Results "
            "appear once they are given, or no longer asked for.",
            len(waiting),
        )
        raise NoResultsYet(sentence % {"codes": named(waiting)})
    by_somebody = {(iro, sheet, is_net) for iro, _expert, sheet, is_net in scored}
    silent = [row for row in entries if (row.pk, row.sheet.value, row.is_net) not in by_somebody]
    if silent:
        sentence = ngettext(
            "Nobody has scored an entry of the register: %(codes)s. Ask somebody to score it, or "
            "close it with a reason.",
            "Nobody has scored some entries of the register: %(codes)s. Ask somebody to score "
            "them, or close them with a reason.",
            len(silent),
        )
        raise NoResultsYet(sentence % {"codes": named(silent)})


def is_scored(assessment: Assessment) -> bool:
    """Return whether nothing of the register is still to be scored."""
    try:
        require_scores(assessment)
    except NoResultsYet:
        return False
    return True


def _scored(assessment: Assessment) -> set[tuple[int, int, str, bool]]:
    scores = IroScore.objects.filter(iro__assessment=assessment).exclude(expert=None)
    return set(scores.values_list("iro", "expert", "sheet", "is_net"))


def _waiting(
    assessment: Assessment, entries: Iterable[Iro], scored: set[tuple[int, int, str, bool]]
) -> list[Iro]:
    """Return the entries that somebody who was asked has not scored, as they are now."""
    assigned = IroAssignment.objects.filter(iro__assessment=assessment)
    experts: dict[int, list[int]] = {}
    for iro, expert in assigned.values_list("iro", "expert"):
        experts.setdefault(iro, []).append(expert)
    waiting = []
    for row in entries:
        now = (row.sheet.value, row.is_net)
        if any((row.pk, expert, *now) not in scored for expert in experts.get(row.pk, [])):
            waiting.append(row)
    return waiting


def named(entries: Iterable[Iro]) -> str:
    """Return the codes of entries in a sentence, the first ones where they are many."""
    codes = sorted(row.code for row in entries)
    sentence = _(", ").join(codes[:MOST_NAMED])
    return sentence + "…" if len(codes) > MOST_NAMED else sentence
