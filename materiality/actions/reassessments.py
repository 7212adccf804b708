"""A locked round is looked at again in a later year, and nothing material has changed."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from materiality.actions.log import hold, record
from materiality.errors import BadReassessment, FourEyes, NotLocked
from materiality.models import Assessment, Confirmation, Reassessment, Verb
from surveys.errors import Conflict
from surveys.languages import LANGUAGE_NAMES, Text, missing_languages

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LONGEST = {"looked_at": 1500, "reason": 1500, "people": 300, "year": 20}


@transaction.atomic
def reassess(
    *,
    assessment: Assessment,
    year: str,
    looked_at: Text,
    reason: Text,
    people: str,
    concluded_on: date,
    by: "User | None",
) -> Reassessment:
    """Record that nothing material has changed since a locked round, instead of a new round.

    ESRS 1 (2026) and GRI 3 let a company keep its assessment where it concludes so, and ask it to
    say when it was last looked at. It is recorded of the last locked round alone.

    :param looked_at: and `reason`: in each language of the round. :param people: who looked at it.
    :raises NotLocked: the round is open: change it instead.
    :raises BadReassessment: a sentence a field: the year is not a later one, has a round of its
        own, a text is missing, or the day lies ahead.
    """
    current = hold(assessment)
    if not current.is_locked:
        raise NotLocked
    row = Reassessment(
        assessment=current,
        year=year.strip(),
        looked_at=_spoken(current, looked_at),
        reason=_spoken(current, reason),
        people=people.strip(),
        concluded_on=concluded_on,
        by=by,
        at=timezone.now(),
    )
    faults = {**_wrong_year(current, row.year), **_lacks(current, row)}
    if faults:
        raise BadReassessment(faults)
    row.save()
    after, why = conclusion(row), reason_in_log(row)
    record(current, Verb.REASSESS, by=by, subject=row.year, after=after, reason=why)
    return row


def conclusion(row: Reassessment) -> dict[str, object]:
    """Return what the log keeps of a conclusion beside its year and its reason."""
    return {
        "looked at": row.looked_at,
        "people": row.people,
        "concluded on": row.concluded_on.isoformat(),
    }


def reason_in_log(row: Reassessment) -> str:
    """Return the reason as the log keeps it: in the order of the round's languages.

    Not in that of the mapping: PostgreSQL gives its keys back in an order of its own.
    """
    return " / ".join(row.reason[code] for code in row.assessment.languages)


def _spoken(assessment: Assessment, text: Text) -> dict[str, str]:
    return {code: text.get(code, "").strip() for code in assessment.languages}


def _wrong_year(assessment: Assessment, year: str) -> dict[str, str]:
    if not year:
        return {"year": _("Write the year that the conclusion is for.")}
    values = {"year": year, "own": assessment.year}
    later = Assessment(year=year).is_after(assessment.year)
    if not later:
        sentence = _("%(year)s is no later year than %(own)s, the year of the round.")
        return {"year": sentence % values}
    following: Assessment | None = getattr(assessment, "next", None)
    if following is None:
        return {}
    if following.is_after(year) and not following.is_locked:
        return {}  # it is being made, and about a year after this one
    if following.is_locked:
        sentence = _("%(next)s succeeds this round and is locked. Record it of that one.")
    else:
        sentence = _("%(next)s has a round of its own. Finish it, or delete it first.")
    return {"year": sentence % {"next": following.year}}


def _lacks(assessment: Assessment, row: Reassessment) -> dict[str, str]:
    faults = {}
    for name in ("looked_at", "reason"):
        text = getattr(row, name)
        if missing := missing_languages(text, tuple(assessment.languages)):
            names = _(", ").join(LANGUAGE_NAMES[code] for code in missing)
            faults[name] = _("Write this in: %(languages)s.") % {"languages": names}
        elif any(len(part) > LONGEST[name] for part in text.values()):
            faults[name] = _("At most %(most)d characters a language.") % {"most": LONGEST[name]}
    if not row.people:
        faults["people"] = _("Write who looked at it: names or bodies.")
    elif len(row.people) > LONGEST["people"]:
        faults["people"] = _("At most %(most)d characters.") % {"most": LONGEST["people"]}
    if len(row.year) > LONGEST["year"]:
        faults["year"] = _("At most %(most)d characters.") % {"most": LONGEST["year"]}
    if row.concluded_on > timezone.localdate():
        faults["concluded_on"] = _("This day lies ahead. Write the day on which it was concluded.")
    return faults


@transaction.atomic
def confirm_reassessment(*, reassessment: Reassessment, by: "User") -> Confirmation:
    """Stand for a conclusion that somebody else recorded; a second time changes nothing.

    :raises FourEyes: who recorded it does not confirm it.
    :raises Conflict: a later record of the year has taken its place.
    """
    current = hold(reassessment.assessment)
    later = current.reassessments.filter(year=reassessment.year, pk__gt=reassessment.pk)
    if later.exists():
        raise Conflict(_("A later record of this year has taken its place. Confirm that one."))
    if reassessment.by == by:
        raise FourEyes
    row, is_new = Confirmation.objects.get_or_create(
        reassessment=reassessment,
        defaults={"assessment": current, "by": by, "at": timezone.now()},
    )
    if is_new:
        record(current, Verb.CONFIRM_REASSESSMENT, by=by, subject=reassessment.year)
    confirmation: Confirmation = row
    return confirmation
