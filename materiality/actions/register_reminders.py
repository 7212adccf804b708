"""Experts who have not scored yet are asked again by mail, none of them twice within days."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from materiality.actions.letters import send_letter
from materiality.actions.log import hold_open, record
from materiality.errors import BadIro
from materiality.models import Assessment, IroAssignment, Verb
from materiality.selectors.members import language_of, written_name
from materiality.selectors.register import Progress, progress_of
from surveys.people.links import absolute

if TYPE_CHECKING:
    from datetime import datetime

REMINDER_GAP = timedelta(days=3)


@dataclass(frozen=True)
class Reminders:
    """Experts whom a mail reached, and those whose mail the server did not take."""

    sent: Sequence[User]
    unsent: Sequence[User]


def write_to_iro_experts(
    *, assessment: Assessment, experts: Collection[User], by: User
) -> Reminders:
    """Remind experts by mail, each in their own language; what did not go out is not noted.

    Not in one transaction: a mail that is out cannot be taken back.

    :raises BadIro, RoundLocked: as for `remind_iro_experts`.
    """
    waiting = remind_iro_experts(assessment=assessment, experts=experts, by=by)
    unsent = [row for row in waiting if not _write(row, assessment, by)]
    if unsent:
        note_unsent_reminders(assessment=assessment, unsent=unsent, by=by)
    return Reminders(
        sent=[row.expert for row in waiting if row not in unsent],
        unsent=[row.expert for row in unsent],
    )


def _write(row: Progress, assessment: Assessment, by: User) -> bool:
    """Ask an expert again for scores, in the language of the expert; the link opens in it."""
    language = language_of(row.expert, assessment)
    path = reverse("materiality:register_assess", args=[assessment.pk])
    with override(language):
        facts = {
            "name": written_name(row.expert),
            "by": written_name(by),
            "company": str(assessment.organisation),
            "year": assessment.year,
            "link": f"{absolute(path)}?lang={language}",
            "count": row.waits,
        }
        subject = _("Your scores are asked for: %(company)s, %(year)s") % facts
        body = ngettext(
            "Hello %(name)s,\n\n%(by)s asks you to score %(count)d impact, risk or opportunity "
            "of %(company)s that still waits for you:\n\n%(link)s\n",
            "Hello %(name)s,\n\n%(by)s asks you to score %(count)d impacts, risks and "
            "opportunities of %(company)s that still wait for you:\n\n%(link)s\n",
            row.waits,
        )
        return send_letter(row.expert, subject, body % facts)


@transaction.atomic
def remind_iro_experts(
    *, assessment: Assessment, experts: Collection[User], by: User | None
) -> list[Progress]:
    """Note that experts are asked again for what they have not scored; return whom to write to.

    The round is held, so of two who click at once only one writes. Who was reminded within
    `REMINDER_GAP`, has scored all, or has left the organisation is left out.

    :raises BadIro: nobody is left to write to. :raises RoundLocked
    """
    current = hold_open(assessment)
    now = timezone.now()
    wanted = {expert.pk for expert in experts}
    members = set(current.organisation.memberships.values_list("user", flat=True))
    waiting = [
        row
        for row in progress_of(current)
        if row.expert.pk in wanted & members and row.waits and not _is_recent(row, now)
    ]
    if not waiting:
        days = REMINDER_GAP.days
        sentence = _(
            "Nobody was written to: those chosen have scored all, have left, or were reminded "
            "within %(days)d days."
        )
        raise BadIro({"experts": sentence % {"days": days}})
    assignments = IroAssignment.objects.filter(iro__assessment=current, iro__closed_at=None)
    assignments.filter(expert__in=[row.expert for row in waiting]).update(reminded_at=now)
    counts = {row.expert.get_username(): row.waits for row in waiting}
    record(current, Verb.REMIND_IRO_EXPERTS, by=by, after=counts)
    return waiting


@transaction.atomic
def note_unsent_reminders(
    *, assessment: Assessment, unsent: Collection[Progress], by: User | None
) -> None:
    """Take back the note of reminders that no mail went out for, so that they can be sent again.

    :param unsent: of what `remind_iro_experts` returned. :raises RoundLocked
    """
    current = hold_open(assessment)
    assignments = IroAssignment.objects.filter(iro__assessment=current, iro__closed_at=None)
    for row in unsent:
        assignments.filter(expert=row.expert).update(reminded_at=row.reminded_at)
    counts = {row.expert.get_username(): row.waits for row in unsent}
    reason = _("The mail could not be sent.")
    record(current, Verb.REMIND_IRO_EXPERTS, by=by, before=counts, reason=reason)


def _is_recent(row: Progress, now: "datetime") -> bool:
    return row.reminded_at is not None and now - row.reminded_at < REMINDER_GAP
