"""What is kept of one person, as they may ask to be told."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from surveys.answers import named_answers
from surveys.models import Invitation, Message, Organisation


def person_data(organisation: Organisation, email: str) -> list[dict[str, Any]]:
    """Return everything that is kept under an address, a survey each, ready for JSON.

    Answers are in it where the survey is named. In an anonymous one, only the person's own link
    shows them, and after the seal nothing does; an editor reads this, so neither the state nor a
    reminder, which only who has not answered gets, is in it.
    """
    people = invitations_of(organisation, email).select_related("audience__survey", "intake")
    return [_record(person) for person in people.order_by("pk")]


def invitations_of(organisation: Organisation, email: str) -> QuerySet[Any]:
    """Return the invitations of an organisation to one address, of every survey."""
    address = email.strip().lower()
    own = Invitation.objects.filter(audience__survey__organisation=organisation)
    return own.filter(email=address) if address else own.none()


def _record(person: Invitation) -> dict[str, Any]:
    survey = person.audience.survey
    record = {
        "survey": survey.title,
        "mode": survey.mode,
        "kept_until": survey.keep_until.isoformat(),
        "audience": person.audience.name,
        "mails": list(_mails(person)),
    }
    for name in ("name", "email", "subgroup", "language", "source", "reach"):
        record[name] = getattr(person, name)
    return record if survey.is_anonymous else record | {"state": person.state} | _answers(person)


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
        contents = intake.contents if intake else None
        ratings = {int(key): rating for key, rating in contents.ratings.items()} if contents else {}
        comment = contents.comment if contents else None
    titles = dict(survey.questions.values_list("pk", "title"))
    rated = [{"question": titles[pk], "rating": rating} for pk, rating in ratings.items()]
    return {"answers": rated, "comment": comment}
