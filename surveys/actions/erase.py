"""Erase contacts when their time is over, or when a person asks; tell a person what is kept."""

import logging
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from surveys.actions.answer_tables import forget_old_tables
from surveys.actions.lists import forget_old_lists, take_out_of_lists
from surveys.answers import named_answers
from surveys.models import Intake, Invitation, Message, Organisation, PeopleList, Survey
from surveys.sql.vacuum import vacuum

logger = logging.getLogger("surveys.erase")

NOBODY = {"name": "", "email": "", "subgroup": "", "seed": ""}
ERASED = "erased-"
HOLDING = (Invitation, Intake, Message, PeopleList)
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
    asked = Invitation.objects.filter(audience__survey=survey)
    survey.messages.all().delete()
    if survey.is_sealed:
        return leave_tally_marks(asked)
    return asked.exclude(**NOBODY).update(**NOBODY)


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
    people = _invitations(organisation, email)
    surveys = people.count()
    sealed = people.filter(audience__survey__sealed_at__isnull=False)
    Message.objects.filter(invitation__in=sealed).delete()
    leave_tally_marks(sealed)
    people.delete()
    logger.info("Erased one person from %s surveys, as asked.", surveys)
    transaction.on_commit(partial(vacuum, *HOLDING))
    return surveys


def person_data(organisation: Organisation, email: str) -> list[dict[str, Any]]:
    """Return everything that is kept under an address, a survey each, ready for JSON.

    Answers are in it where the survey is named. In an anonymous one, only the person's own link
    shows them, and after the seal nothing does; an editor reads this, so neither the state nor a
    reminder, which only who has not answered gets, is in it.
    """
    people = _invitations(organisation, email).select_related("audience__survey", "intake")
    return [_kept(person) for person in people.order_by("pk")]


def _invitations(organisation: Organisation, email: str) -> QuerySet[Any]:
    address = email.strip().lower()
    own = Invitation.objects.filter(audience__survey__organisation=organisation)
    return own.filter(email=address) if address else own.none()


def _kept(person: Invitation) -> dict[str, Any]:
    survey = person.audience.survey
    kept = {
        "survey": survey.title,
        "mode": survey.mode,
        "kept_until": survey.keep_until.isoformat(),
        "audience": person.audience.name,
        "mails": list(_mails(person)),
    }
    for name in ("name", "email", "subgroup", "language", "source", "reach"):
        kept[name] = getattr(person, name)
    return kept if survey.is_anonymous else kept | {"state": person.state} | _answers(person)


def _mails(person: Invitation) -> Iterator[dict[str, Any]]:
    messages = person.messages.order_by("pk")
    if person.audience.survey.is_anonymous:
        messages = messages.filter(kind=Message.Kind.INVITATION)
    for message in messages:
        sent = message.sent_at and message.sent_at.isoformat()
        yield {"kind": message.kind, "state": message.state, "sent_at": sent}


def _answers(person: Invitation) -> dict[str, Any]:
    survey = person.audience.survey
    if survey.is_sealed:
        ratings, comment = named_answers(survey, person.pk), None
    else:
        intake = getattr(person, "intake", None)
        ratings = {int(key): given for key, given in intake.ratings.items()} if intake else {}
        comment = intake.comment if intake else None
    titles = dict(survey.questions.values_list("pk", "title"))
    rated = [{"question": titles[pk], "rating": given} for pk, given in ratings.items()]
    return {"answers": rated, "comment": comment}
