"""Erase contacts when their time is over, or when a person asks; tell a person what is kept."""

import logging
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from surveys.actions.answer_tables import forget_old_tables
from surveys.actions.lists import forget_old_lists, take_out_of_lists
from surveys.models import (
    FeedbackRequest,
    Intake,
    Invitation,
    Message,
    Organisation,
    PeopleList,
    Survey,
)
from surveys.people.records import invitations_of
from surveys.sql.vacuum import vacuum

logger = logging.getLogger("surveys.erase")

NOBODY = {"name": "", "email": "", "subgroup": "", "seed": ""}
ERASED = "erased-"
HOLDING = (Invitation, Intake, Message, PeopleList, FeedbackRequest)
"""Where something of a person is, and the database is to overwrite it."""


@transaction.atomic
def erase_expired(today: date | None = None) -> dict[Survey, int]:
    """Erase who was asked, in surveys whose `keep_until` is over; return how many people of each.

    Sealed answers stay as evidence, and of an invitation its number: a tally mark without a name.
    Answers that were never sealed keep their link until they are, without name and address.
    """
    expired = Survey.objects.filter(keep_until__lt=today or timezone.localdate())
    people: dict[Survey, int] = {}
    for survey in expired.order_by("pk"):
        if erased := _erase_contacts(survey):
            people[survey] = erased
            logger.info("Erased the contacts of %s people of survey %s.", erased, survey.pk)
    forget_old_lists()
    forget_old_tables()
    transaction.on_commit(partial(vacuum, *HOLDING))
    return people


def _erase_contacts(survey: Survey) -> int:
    invitations = Invitation.objects.filter(audience__survey=survey)
    survey.messages.all().delete()
    survey.feedback_requests.all().delete()
    if survey.is_sealed:
        return leave_tally_marks(invitations)
    return invitations.exclude(**NOBODY).update(**NOBODY)


def leave_tally_marks(people: QuerySet[Any]) -> int:
    """Erase all of invitations but their number, which response rates are computed from."""
    erased = Concat(Value(ERASED), Cast("pk", CharField()))
    links = people.exclude(token_hash__startswith=ERASED)
    return links.update(**NOBODY, token_hash=erased)


@transaction.atomic
def erase_person(organisation: Organisation, email: str) -> int:
    """Erase a person's invitations with drafts and mails; return in how many surveys.

    What is sealed cannot be found any more in an anonymous survey, and has no name in a named one.
    """
    take_out_of_lists(organisation, email)
    wishes = FeedbackRequest.objects.filter(survey__organisation=organisation)
    wishes.filter(email=email.strip().lower()).delete()
    people = invitations_of(organisation, email)
    surveys = people.count()
    sealed = people.filter(audience__survey__sealed_at__isnull=False)
    Message.objects.filter(invitation__in=sealed).delete()
    leave_tally_marks(sealed)
    people.delete()
    logger.info("Erased one person from %s surveys, as asked.", surveys)
    transaction.on_commit(partial(vacuum, *HOLDING))
    return surveys
