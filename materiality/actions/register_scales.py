"""What the numbers of the register mean: a word for each, or money bands for financial effects."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zlib import crc32

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from materiality.actions.log import hold_open, record
from materiality.document import canonical
from materiality.errors import BadIro
from materiality.models import Assessment, Criterion, Horizon, IroScale, IroScore, Verb
from materiality.models.register import MARKS
from surveys.errors import Conflict
from surveys.languages import LANGUAGE_NAMES, Text, missing_languages

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LONGEST_WORD = 200
Place = tuple[str, str]
"""A criterion and a horizon; "" as the horizon: whatever the horizon is."""


@dataclass(frozen=True)
class Meaning:
    """What the numbers from 1 to the top mean; nothing at all takes the meaning away.

    :param words: a text a number, the lowest first. :param currency: of the bands, as “CNY”.
    :param limits: where one money band ends and the next begins, ascending, one fewer than numbers:
        2 is from the first limit to under the second, and so on.
    """

    words: Sequence[Text] = ()
    currency: str = ""
    limits: Sequence[float] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.currency or self.limits)

    @property
    def log_values(self) -> dict[str, Any]:
        words = [dict(text) for text in self.words]
        return {"words": words, "currency": self.currency, "limits": list(self.limits)}


def scales_version(rows: Iterable[IroScale]) -> int:
    """Return a number that is another once a meaning is, to notice two who change it at once."""
    meanings = sorted([row.criterion, row.horizon, meaning_of(row).log_values] for row in rows)
    return crc32(canonical(meanings).encode())


def meaning_of(row: IroScale) -> Meaning:
    return Meaning(row.words, row.currency, row.limits)


@transaction.atomic
def set_iro_scales(
    *,
    assessment: Assessment,
    meanings: Mapping[Place, Meaning],
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Say what the numbers mean that entries are scored by; places that are not named stay.

    Each says how many scores by its criterion there were when it was set: none, if it was fixed
    before any was known.

    :raises BadIro: a sentence for each place that is not whole, by `place_name`.
    :raises Conflict: somebody else changed a meaning since. :raises RoundLocked
    """
    current = hold_open(assessment)
    there = {(row.criterion, row.horizon): row for row in current.iro_scales.all()}
    if expected_version not in (None, scales_version(there.values())):
        raise Conflict(_("Somebody else changed the scale meanwhile. Look at it, then save again."))
    faults = {
        place_name(place): sentence
        for place, meaning in meanings.items()
        if (sentence := _fault(current, place, meaning))
    }
    if faults:
        raise BadIro(faults)
    before, after = {}, {}
    for place, meaning in meanings.items():
        row = there.get(place)
        old = meaning_of(row).log_values if row else Meaning().log_values
        if meaning.log_values == old:
            continue
        before[place_name(place)], after[place_name(place)] = old, meaning.log_values
        _keep(current, place, meaning, row, by)
    if after:
        record(current, Verb.SET_IRO_SCALES, by=by, before=before, after=after)


def place_name(place: Place) -> str:
    """Return what a place is called in refusals and in the log: “magnitude.short”."""
    return ".".join(part for part in place if part)


def _keep(
    assessment: Assessment, place: Place, meaning: Meaning, row: IroScale | None, by: "User | None"
) -> None:
    if meaning.is_empty:
        if row:
            row.delete()
        return
    criterion, horizon = place
    IroScale.objects.update_or_create(
        assessment=assessment,
        criterion=criterion,
        horizon=horizon,
        defaults={
            **meaning.log_values,
            "by": by,
            "at": timezone.now(),
            "scores_before": _scores_by(assessment, criterion),
        },
    )


def _scores_by(assessment: Assessment, criterion: str) -> int:
    """Return how many scores have a mark of this criterion."""
    marked = Q()
    for mark in MARKS:
        if mark.partition("_")[0] == criterion:
            marked |= Q(**{f"{mark}__isnull": False})
    count: int = IroScore.objects.filter(marked, iro__assessment=assessment).count()
    return count


def _fault(assessment: Assessment, place: Place, meaning: Meaning) -> str:
    """Say what is wrong with a meaning; "" if nothing is."""
    criterion, horizon = place
    if criterion not in Criterion.values or horizon not in ("", *Horizon.values):
        return _("There is no such criterion to score by.")
    if criterion != Criterion.MAGNITUDE and (horizon or meaning.limits or meaning.currency):
        return _("Only the financial magnitude has money bands and horizons of its own.")
    return _fault_of_words(assessment, meaning.words) or _fault_of_bands(assessment, meaning)


def _fault_of_words(assessment: Assessment, words: Sequence[Text]) -> str:
    if words and len(words) != assessment.points:
        values = {"points": assessment.points, "found": len(words)}
        return _("Write a line for each number from 1 to %(points)s; found %(found)s.") % values
    for at, text in enumerate(words, start=1):
        if missing := missing_languages(text, tuple(assessment.languages)):
            names = _(", ").join(LANGUAGE_NAMES[code] for code in missing)
            lacking = {"number": at, "languages": names}
            return _("Write what %(number)s means in: %(languages)s.") % lacking
        if any(len(word) > LONGEST_WORD for word in text.values()):
            long = {"number": at, "most": LONGEST_WORD}
            return _("What %(number)s means has at most %(most)d characters.") % long
    return ""


def _fault_of_bands(assessment: Assessment, meaning: Meaning) -> str:
    limits = list(meaning.limits)
    if bool(limits) != bool(meaning.currency):
        return _("Money bands need both: a currency, and the limits between the bands.")
    if not limits:
        return ""
    code = meaning.currency
    if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
        return _("Write the currency by its three letters, such as CNY or EUR; found “%s”.") % code
    if len(limits) != assessment.points - 1:
        values = {"points": assessment.points, "most": assessment.points - 1, "found": len(limits)}
        sentence = _("%(points)s numbers have %(most)s limits between them; found %(found)s.")
        return sentence % values
    if not all(math.isfinite(limit) and limit > 0 for limit in limits):
        return _("A limit is an amount of money above 0.")
    if any(one >= other for one, other in pairwise(limits)):
        return _("Each limit is above the one before it.")
    return ""


@transaction.atomic
def carry_iro_scales(*, assessment: Assessment, by: "User | None") -> int:
    """Take over what the numbers meant last round, where nothing is said yet; return how many.

    Only for a scale of as many numbers, and words in all the languages of this round.
    """
    current = hold_open(assessment)
    if current.previous is None or current.previous.points != current.points:
        return 0
    there = set(current.iro_scales.values_list("criterion", "horizon"))
    meanings: dict[Place, Meaning] = {}
    for row in current.previous.iro_scales.all():
        place = (row.criterion, row.horizon)
        words = [
            {code: text[code] for code in current.languages if code in text} for text in row.words
        ]
        meaning = Meaning(words, row.currency, row.limits)
        if place not in there and not _fault(current, place, meaning):
            meanings[place] = meaning
    set_iro_scales(assessment=current, meanings=meanings, by=by)
    return len(meanings)
