"""Fix rule, weights, tiers and tests before the answers are known, and keep account of changes."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from materiality import inputs
from materiality.actions.log import hold_open, record
from materiality.document import digest, timestamps
from materiality.errors import AnswersKnown, NothingFixed, NoTimeStamp
from materiality.models import Assessment, Event, Verb
from surveys.errors import Conflict

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def fix_plan(
    *, assessment: Assessment, by: "User | None", expected_version: int | None = None
) -> Event:
    """Put the plan as it is into the log, with its digest, before anybody knows the answers.

    Fixing the same plan again adds nothing.

    :raises AnswersKnown: answers were sealed or imported, or experts scored and the register feeds
        the axes. :raises Conflict: somebody saved since.
    """
    current = hold_open(assessment)
    if expected_version is not None and expected_version != current.version:
        raise Conflict(_("Somebody else changed the method. Look at it, then fix it."))
    if _answers_are_known(current):
        raise AnswersKnown
    plan = inputs.plan_in_force(current)
    fixed = _fixed_plan(current)
    if fixed is not None and fixed.after["plan"] == plan and _last_plan(current) == fixed:
        return fixed
    after = {"digest": digest(plan), "plan": plan}
    return record(current, Verb.FIX_PLAN, by=by, after=after)


def _answers_are_known(assessment: Assessment) -> bool:
    knowing = inputs.knowing_verbs(assessment.register_feeds)
    return (
        assessment.events.filter(verb__in=knowing).exists()
        or assessment.surveys.filter(sealed_at__isnull=False).exists()
    )


def _fixed_plan(assessment: Assessment) -> Event | None:
    """Return the entry by which the plan was fixed last."""
    return assessment.events.filter(verb=Verb.FIX_PLAN).order_by("number").last()


def _last_plan(assessment: Assessment) -> Event | None:
    verbs = (Verb.FIX_PLAN, Verb.CHANGE_PLAN)
    return assessment.events.filter(verb__in=verbs).order_by("number").last()


def note_change_of_plan(assessment: Assessment, *, by: "User | None", reason: str = "") -> None:
    """Log that what was fixed is otherwise now. The caller holds the round and made the change."""
    last = _last_plan(assessment)
    if last is None:
        return
    plan = inputs.plan_in_force(assessment)
    if plan != last.after["plan"]:
        before, after = ({"digest": digest(one), "plan": one} for one in (last.after["plan"], plan))
        record(assessment, Verb.CHANGE_PLAN, by=by, before=before, after=after, reason=reason)


def stamp_plan(*, assessment: Assessment, by: "User | None") -> Event:
    """Have the fixed plan time-stamped by the service of `TIMESTAMP_URL` (RFC 3161).

    What is stamped is the hash of its entry, which covers all entries before it. The service is
    asked outside of any transaction.

    :raises NothingFixed: no plan was fixed. :raises NoTimeStamp: no service, or it failed.
    """
    fixed = _fixed_plan(assessment)
    if fixed is None:
        raise NothingFixed
    if not settings.TIMESTAMP_URL:
        raise NoTimeStamp
    try:
        stamp = timestamps.stamp_from(settings.TIMESTAMP_URL, fixed.hash)
    except timestamps.StampError as error:
        raise NoTimeStamp(str(error)) from error
    with transaction.atomic():
        current = hold_open(assessment)
        return record(current, Verb.STAMP_PLAN, by=by, after={"entry": fixed.number, **stamp})
