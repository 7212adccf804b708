"""The register as rows: who scores what, how far they are, what became of last round's."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from materiality.method.feeding import FED
from materiality.models import Assessment, Iro, IroAssignment, IroScale, IroScore
from materiality.models.register import MARKS
from surveys.languages import in_language
from surveys.models.organisations import MAY_EDIT

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User


@dataclass(frozen=True)
class Task:
    """An entry that somebody is asked to score, and whether they did, as it is now."""

    iro: Iro
    is_done: bool
    is_stale: bool


def tasks_of(assessment: Assessment, expert: "User | int") -> list[Task]:
    """Return the open entries this person, or who has this number, is asked to score, in order."""
    rows = assessment.iros.open().filter(assignments__expert=expert).select_related("topic")
    mine = IroScore.objects.filter(iro__assessment=assessment, expert=expert)
    sheets = set(mine.values_list("iro", "sheet", "is_net"))
    ever = {iro for iro, _sheet, _is_net in sheets}
    tasks = []
    for iro in rows:
        is_done = (iro.pk, iro.sheet.value, iro.is_net) in sheets
        tasks.append(Task(iro, is_done, iro.pk in ever and not is_done))
    return tasks


def rounds_that_wait_for(expert: "User", rounds: Sequence[Assessment]) -> set[int]:
    """Return the rounds, by number, with entries this person was asked to score and has not."""
    assignments = IroAssignment.objects.filter(
        expert=expert, iro__assessment__in=rounds, iro__closed_at=None
    )
    entries = [row.iro for row in assignments.select_related("iro")]
    mine = IroScore.objects.filter(iro__assessment__in=rounds, expert=expert)
    sheets = set(mine.values_list("iro", "sheet", "is_net"))
    return {
        iro.assessment_id for iro in entries if (iro.pk, iro.sheet.value, iro.is_net) not in sheets
    }


def still_to_score(assessment: Any, expert: "User | int") -> int:
    """Return how many entries they must score before they see what others say.

    None for who edits the round: they see everything. None in a locked round: nobody scores
    any more.

    :param assessment: with the person's `role` in it.
    """
    if assessment.role in MAY_EDIT or assessment.is_locked:
        return 0
    return sum(not task.is_done for task in tasks_of(assessment, expert))


def scores_before_results(assessment: Any) -> int:
    """Return how many entries whoever reads a round must score before they see its results.

    None where the register feeds no axis: then results say nothing of it. None for a program,
    which reads the round for nobody.

    :param assessment: with the `reader` and their `role`, where it is read for a person.
    """
    reader = getattr(assessment, "reader", None)
    if reader is None or assessment.register_feeds not in FED:
        return 0
    return still_to_score(assessment, reader)


def sees_scores(assessment: Any, iro: Iro, expert: "User") -> bool:
    """Tell whether this person may see what others say of an entry: not before their own score.

    :param assessment: with the person's `role` in it; who edits the round sees all.
    """
    return _sees(assessment, iro, expert, [iro.is_net])


def sees_beside(assessment: Any, iro: Iro, expert: "User") -> bool:
    """Tell the same of the reading that does not count: not before both of their own scores.

    Where nobody can score that reading, what was said of it before is no secret.
    """
    is_read_twice = iro.is_net or iro.shows_mitigation
    readings = [iro.is_net, not iro.is_net] if is_read_twice else [iro.is_net]
    return _sees(assessment, iro, expert, readings)


def _sees(assessment: Any, iro: Iro, expert: "User", readings: Sequence[bool]) -> bool:
    if assessment.role in MAY_EDIT or assessment.is_locked:
        return True
    if not iro.assignments.filter(expert=expert).exists():
        return True
    own = iro.scores.filter(expert=expert, sheet=iro.sheet.value, is_net__in=readings)
    return bool(own.count() == len(readings))


def meanings_of(assessment: Assessment) -> dict[str, list[str]]:
    """Return by mark what its numbers mean, the lowest first, in the reader's language.

    A mark of which nobody said anything is not in it.
    """
    rows = {(row.criterion, row.horizon): row for row in assessment.iro_scales.all()}
    meanings: dict[str, list[str]] = {}
    for mark in MARKS:
        criterion, _line, horizon = mark.partition("_")
        own, general = rows.get((criterion, horizon)), rows.get((criterion, ""))
        if texts := meaning_texts(own, general):
            meanings[mark] = texts
    return meanings


def meaning_texts(own: IroScale | None, general: IroScale | None) -> list[str]:
    """Return a text a number: the words, and the money band of the horizon or of all."""
    words = [in_language(text) for text in (own and own.words) or (general and general.words) or ()]
    banded = next((row for row in (own, general) if row and row.limits), None)
    bands = band_texts(banded.limits, banded.currency) if banded else []
    if words and bands:
        return [
            _("%(word)s (%(band)s)") % {"word": a, "band": b}
            for a, b in zip(words, bands, strict=True)
        ]
    return words or bands


def band_texts(limits: Sequence[float], currency: str) -> list[str]:
    """Return a text a money band; each reaches to under the limit where the next begins.

    >>> band_texts([1, 5], "CNY")[1]
    '1 to under 5 CNY'
    """
    amounts = [f"{limit:,.15g}" for limit in limits]
    money = {"currency": currency}
    texts = [_("under %(limit)s %(currency)s") % {**money, "limit": amounts[0]}]
    for low, high in pairwise(amounts):
        between = {**money, "low": low, "high": high}
        texts.append(_("%(low)s to under %(high)s %(currency)s") % between)
    texts.append(_("%(limit)s %(currency)s and more") % {**money, "limit": amounts[-1]})
    return texts


@dataclass
class Progress:
    """How many open entries an expert is asked about, and has scored as they are now."""

    expert: "User"
    assigned: int = 0
    scored: int = 0
    reminded_at: "datetime | None" = None

    @property
    def waits(self) -> int:
        return self.assigned - self.scored


def progress_of(assessment: Assessment) -> list[Progress]:
    """Return how far each expert is who is asked about open entries."""
    rows = IroAssignment.objects.filter(iro__assessment=assessment, iro__closed_at=None)
    scores = IroScore.objects.filter(iro__assessment=assessment).exclude(expert=None)
    done = set(scores.values_list("iro", "expert", "sheet", "is_net"))
    by_expert: dict[int, Progress] = {}
    for row in rows.select_related("iro", "expert").order_by("expert"):
        progress = by_expert.setdefault(row.expert_id, Progress(row.expert))
        progress.assigned += 1
        now = (row.iro_id, row.expert_id, row.iro.sheet.value, row.iro.is_net)
        progress.scored += now in done
        if row.reminded_at and (
            progress.reminded_at is None or row.reminded_at > progress.reminded_at
        ):
            progress.reminded_at = row.reminded_at
    return list(by_expert.values())


@dataclass(frozen=True)
class Fate:
    """An entry of last round's register and what became of it in this one."""

    iro: Iro
    goes_on_in: tuple[str, ...]
    reason: Mapping[str, str] | None
    kinds: tuple[str, ...]
    topic_goes_on: bool

    @property
    def is_open(self) -> bool:
        return not self.goes_on_in and self.reason is None

    @property
    def kind(self) -> str:
        """Say in a word what became of it."""
        if self.reason is not None:
            return _("Closed")
        if not self.goes_on_in:
            return _("Nothing said yet")
        names = {"split": _("Split"), "merged": _("Merged")}
        return _(", ").join(names[one] for one in self.kinds) or _("Goes on")


def fates(assessment: Assessment, topics_going_on: Mapping[int, int]) -> list[Fate]:
    """Return what became of each entry of last round's register that was open at its end."""
    if assessment.previous_id is None:
        return []
    rows = Iro.objects.filter(assessment=assessment.previous_id).open()
    lines = list(assessment.iro_lines.select_related("after"))
    merged = Counter(line.after.pk for line in lines if line.after)
    result = []
    for iro in rows.select_related("topic"):
        own = [line for line in lines if line.before_id == iro.pk]
        after = [line for line in own if line.after is not None]
        ended = next((line for line in own if line.after is None), None)
        kinds = ["split"] if len(after) > 1 else []
        kinds += (
            ["merged"] if any(merged[line.after.pk] > 1 for line in after if line.after) else []
        )
        codes = tuple(sorted(line.after.code for line in after if line.after))
        reason = ended.reason if ended else None
        result.append(Fate(iro, codes, reason, tuple(kinds), iro.topic_id in topics_going_on))
    return result
