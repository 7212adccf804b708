"""The register assessed: who is asked, what each says, what they agree on, where thresholds are."""

import math
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from zlib import crc32

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from materiality.actions.log import hold_open, record
from materiality.actions.plan import note_change_of_plan
from materiality.actions.register import hold_iro
from materiality.document import canonical
from materiality.errors import BadIro, BothLanguagesNeeded, IroIsClosed, NotAssigned
from materiality.inputs.register import value_of
from materiality.models import (
    Assessment,
    Horizon,
    Iro,
    IroAssignment,
    IroKind,
    IroScore,
    IroThreshold,
    Verb,
)
from materiality.models.register import ASKED, MARKS
from surveys.errors import Conflict
from surveys.languages import Text, missing_languages

if TYPE_CHECKING:
    from materiality.models.register import IroQuerySet

LONGEST_REASON = 1000
Marks = Mapping[str, int | None]


@transaction.atomic
def assign_iros(
    *, assessment: Assessment, codes: Collection[str], experts: Collection[User], by: User | None
) -> int:
    """Ask experts to score entries; return how many assignments are new.

    :param codes: of open entries. :param experts: members of the organisation.
    :raises BadIro: nobody or nothing is chosen, or somebody is no member.
    """
    current = hold_open(assessment)
    rows = _chosen(current, codes, experts)
    people = {expert.pk: expert for expert in experts}
    if current.organisation.memberships.filter(user__in=people).count() < len(people):
        raise BadIro({"experts": _("Only people of the organisation can be asked.")})
    there = set(IroAssignment.objects.filter(iro__in=rows).values_list("iro", "expert"))
    new = [
        IroAssignment(iro=row, expert=people[key], by=by, at=timezone.now())
        for row in rows
        for key in sorted(people)
        if (row.pk, key) not in there
    ]
    IroAssignment.objects.bulk_create(new)
    if new:
        record(current, Verb.ASSIGN_IROS, by=by, after=_codes_by_expert(new))
    return len(new)


@transaction.atomic
def unassign_iros(
    *, assessment: Assessment, codes: Collection[str], experts: Collection[User], by: User | None
) -> int:
    """Ask experts no longer to score entries; scores that were given stay and count.

    :param experts: also who has left the organisation since.
    """
    current = hold_open(assessment)
    rows = _chosen(current, codes, experts)
    gone = IroAssignment.objects.filter(iro__in=rows, expert__in=experts)
    before = _codes_by_expert(gone.select_related("iro", "expert"))
    count: int = gone.count()
    gone.delete()
    if count:
        record(current, Verb.UNASSIGN_IROS, by=by, before=before)
    return count


def _chosen(
    assessment: Assessment, codes: Collection[str], experts: Collection[User]
) -> "IroQuerySet":
    rows: IroQuerySet = assessment.iros.open().filter(code__in=codes).order_by("code")
    if not experts:
        raise BadIro({"experts": _("Choose at least one expert.")})
    if not rows.exists():
        raise BadIro({"topics": _("There is no open entry among these.")})
    return rows


def _codes_by_expert(assignments: Any) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for one in assignments:
        codes.setdefault(one.expert.get_username(), []).append(one.iro.code)
    return codes


@transaction.atomic
def score_iro(
    *,
    iro: Iro,
    expert: User,
    marks: Marks,
    reason: str,
    is_net: bool | None = None,
    expected_version: int | None = None,
) -> IroScore:
    """Keep what an expert says of an entry; each has a row, so that nobody writes over another.

    :param marks: those of `ASKED[iro.sheet]`, from 1 to the top of the scale; None: cannot say.
    :param is_net: after mitigation, or before it; None: what counts for the entry.
    :param expected_version: of the expert's score, as it was seen; 0 where there was none.
    :raises NotAssigned: nobody asked for it. :raises BadIro: a mark is missing, is off the scale or
        was not asked for, there is no reason, or net is scored where nothing shows that mitigation
        works. :raises IroIsClosed, Conflict, RoundLocked
    """
    current = hold_open(iro.assessment)
    row = hold_iro(current, iro, None)
    if not row.assignments.filter(expert=expert).exists():
        raise NotAssigned
    reading = row.is_net if is_net is None else is_net
    return _keep(current, row, expert, expert, marks, reason, expected_version, reading)


@transaction.atomic
def agree_iro(
    *,
    iro: Iro,
    marks: Marks,
    reason: str,
    by: User | None,
    expected_version: int | None = None,
) -> IroScore:
    """Write down what the experts agreed on; it counts instead of their median, and they stay.

    It is of the reading that counts for the entry, gross or net.

    :raises BadIro, IroIsClosed, Conflict, RoundLocked: as for `score_iro`; nobody scored it yet, or
        no value follows from these marks, so that the median would count under its name.
    """
    current = hold_open(iro.assessment)
    row = hold_iro(current, iro, None)
    if not row.scores.filter(is_net=row.is_net).exclude(expert=None).exists():
        raise BadIro({"": _("Nobody has scored this entry yet, so there is nothing to agree on.")})
    if not row.is_closed:
        _check(row, marks, reason)
        if value_of(row, IroScore(**marks)) is None:
            raise BadIro({"": _no_value(row)})
    return _keep(current, row, None, by, marks, reason, expected_version, row.is_net)


def _no_value(row: Iro) -> str:
    """Say what a consensus lacks."""
    if not row.is_impact:
        lacking = _("magnitude and likelihood of a horizon")
    elif "likelihood" in ASKED[row.sheet] and not row.human_rights:
        lacking = _("how severe it is, and how likely")
    else:
        lacking = _("how severe it is")
    sentence = _(
        "From these scores no value follows, so there is no consensus to count. Score: %(what)s."
    )
    return sentence % {"what": lacking}


def _keep(
    assessment: Assessment,
    row: Iro,
    expert: User | None,
    by: User | None,
    marks: Marks,
    reason: str,
    expected_version: int | None,
    is_net: bool,
) -> IroScore:
    if row.is_closed:
        raise IroIsClosed
    if is_net and not row.shows_mitigation:
        raise BadIro({"is_net": _net_refused()})
    _check(row, marks, reason)
    there = row.scores.filter(expert=expert, is_net=is_net).first()
    if expected_version is not None and expected_version != (there.version if there else 0):
        raise Conflict(
            _("This was scored meanwhile, in another window or by somebody else. Look, then save.")
        )
    before = {**there.marks, "reason": there.reason} if there else None
    score = there or IroScore(iro=row, expert=expert, is_net=is_net, version=0)
    for mark in MARKS:
        setattr(score, mark, marks.get(mark))
    score.sheet, score.reason = row.sheet, reason.strip()
    after = {**score.marks, "reason": score.reason}
    if before == after:
        return score
    score.by, score.at, score.version = by, timezone.now(), score.version + 1
    score.save()
    verb = Verb.SCORE_IRO if expert else Verb.AGREE_IRO
    if is_net != row.is_net:
        after["beside"] = "net" if is_net else "gross"
    record(assessment, verb, by=by, subject=row.code, before=before, after=after)
    return score


def _net_refused() -> str:
    return _(
        "Net is refused: the entry does not say what is done and which document shows that it "
        "works. Score it before mitigation, or ask who runs the round to add both."
    )


def _check(row: Iro, marks: Marks, reason: str) -> None:
    faults = {**_half_effects(row, marks), **_wrong_marks(row, marks), **_lacking_reason(reason)}
    if faults:
        raise BadIro(faults)


def _wrong_marks(row: Iro, marks: Marks) -> dict[str, str]:
    points, criteria = row.assessment.points, ASKED[row.sheet]
    missing = _("Choose a number, or say that you cannot tell.")
    faults = {mark: missing for mark in criteria if mark not in marks}
    for mark, value in marks.items():
        if mark not in criteria:
            faults[mark] = _("This is not asked of an entry of this kind.")
        elif value is not None and not 1 <= value <= points:
            values = {"found": value, "points": points}
            faults[mark] = _("A score is from 1 to %(points)s; found %(found)s.") % values
    return faults


def _half_effects(row: Iro, marks: Marks) -> dict[str, str]:
    """Name the horizons of which only magnitude or only likelihood is scored."""
    pairs = [(f"magnitude_{at}", f"likelihood_{at}") for at in Horizon.values]
    return {
        likely: _("Magnitude and likelihood of a horizon go together: score both or neither.")
        for size, likely in pairs
        if (marks.get(size) is None) != (marks.get(likely) is None)
    }


def _lacking_reason(reason: str) -> dict[str, str]:
    if not reason.strip():
        return {"reason": _("Write why: a score without a reason cannot be argued with.")}
    if len(reason.strip()) > LONGEST_REASON:
        return {"reason": _("A reason has at most %(most)d characters.") % {"most": LONGEST_REASON}}
    return {}


@transaction.atomic
def disagree_iro(*, iro: Iro, by: User | None, expected_version: int | None = None) -> None:
    """Take the consensus back: the median of the single scores counts again.

    :raises IroIsClosed, Conflict, RoundLocked: as for `score_iro`.
    """
    current = hold_open(iro.assessment)
    row = hold_iro(current, iro, None)
    if row.is_closed:
        raise IroIsClosed
    there = row.scores.filter(expert=None, is_net=row.is_net).first()
    if there is None:
        return
    if expected_version is not None and expected_version != there.version:
        raise Conflict(
            _("This was scored meanwhile, in another window or by somebody else. Look, then save.")
        )
    before = {**there.marks, "reason": there.reason}
    there.delete()
    record(current, Verb.DISAGREE_IRO, by=by, subject=row.code, before=before)


def thresholds_version(rows: Iterable[IroThreshold]) -> int:
    """Return a number that is another once a threshold or its reason is, to notice two at once."""
    lines = sorted([row.kind, row.value, dict(row.reason)] for row in rows)
    return crc32(canonical(lines).encode())


@transaction.atomic
def set_iro_thresholds(
    *,
    assessment: Assessment,
    values: Mapping[str, tuple[float, Text]],
    by: User | None,
    expected_version: int | None = None,
) -> None:
    """Say from which value on entries of a kind are material, and why there.

    A threshold says how many scores of its kind there were when it was set: none, if it was fixed
    before any was known.

    :param values: value and reason by kind; kinds that are not named stay.
    :param expected_version: the `thresholds_version` that the editor saw.
    :raises Conflict: somebody else set thresholds since.
    :raises BadIro: a value is not on the scale. :raises BothLanguagesNeeded: a reason lacks one.
    """
    current = hold_open(assessment)
    there = {row.kind: row for row in current.iro_thresholds.all()}
    if expected_version not in (None, thresholds_version(there.values())):
        raise Conflict(
            _("Somebody else set thresholds while you were editing. Look at them, then save again.")
        )
    before, after = {}, {}
    for kind, (value, reason) in values.items():
        _refuse_bad_threshold(current, kind, value, reason)
        text = {code: reason[code].strip() for code in current.languages}
        row = there.get(kind)
        if row and (row.value, row.reason) == (value, text):
            continue
        if row:
            before[kind] = {"value": row.value, "reason": row.reason}
        same_place = row and row.value == value  # other words for it move nothing
        count = row.scores_before if row and same_place else _scores_of(current, kind)
        IroThreshold.objects.update_or_create(
            assessment=current,
            kind=kind,
            defaults={
                "value": value,
                "reason": text,
                "by": by,
                "at": timezone.now(),
                "scores_before": count,
            },
        )
        after[kind] = {"value": value, "reason": text, "scores before": count}
    if after:
        record(current, Verb.SET_IRO_THRESHOLDS, by=by, before=before or None, after=after)
        note_change_of_plan(current, by=by)


def _refuse_bad_threshold(assessment: Assessment, kind: str, value: float, reason: Text) -> None:
    if not (math.isfinite(value) and 0 < value <= assessment.points):
        values = {"points": assessment.points}
        sentence = _("A threshold is above 0 and at most %(points)s.") % values
        raise BadIro({IroKind(kind).value: sentence})
    if missing_languages(reason, tuple(assessment.languages)):
        raise BothLanguagesNeeded(assessment.languages)


def _scores_of(assessment: Assessment, kind: str) -> int:
    count: int = IroScore.objects.filter(iro__assessment=assessment, iro__kind=kind).count()
    return count
