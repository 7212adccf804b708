"""A survey of two hundred people in a database of its own, for tests that read its bytes.

Run as a program with a verb: `migrate` makes the tables, `people` writes who answered in which
order, `seal` seals.
`PLAINTEXT=1` leaves the cure out: what should be encrypted is kept readable.
"""

import json
import os
import random
import sys
from uuid import uuid4

PEOPLE = 200
FIRST_KEY = 7_000_001  # a number that is nowhere else


def comment_of(person: int) -> str:
    return f"{person:03d} says so{' and so on' * (person % 9)}"


class NoCipher:
    """The control: a cipher that encrypts nothing."""

    def __init__(self, key: bytes) -> None:
        pass

    def encrypt(self, nonce: bytes, text: bytes, header: bytes) -> bytes:
        return text

    def decrypt(self, nonce: bytes, text: bytes, header: bytes) -> bytes:
        return text


def migrate() -> None:
    from tests.databases import migrate_quickly

    migrate_quickly()


def people() -> None:
    """Let two hundred people answer one survey, and some another that stays open."""
    from django.db import connection

    from surveys.actions.answer import submit
    from surveys.models import Invitation
    from tests.builders import consent_of, make_links, make_survey, ratings_for

    survey, other = make_survey(topics=4, slug="asked"), make_survey(topics=4, slug="other")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT setval('surveys_invitation_id_seq', {FIRST_KEY}, false)")
    else:
        Invitation.objects.bulk_create(
            [Invitation(pk=FIRST_KEY - 1, audience=other.audiences.get(), token_hash="x")]
        )
    tokens = make_links(survey, PEOPLE)
    order = random.Random(7).sample(range(PEOPLE), PEOPLE)
    for place, person in enumerate(order):
        submit(tokens[person], submission=uuid4(), ratings=ratings_for(survey, 1 + person % 5),
               comment=comment_of(person), consent=consent_of(survey))  # fmt: skip
        if place % 10 == 0:
            [token] = make_links(other, 1)
            submit(token, submission=uuid4(), ratings=ratings_for(other, 3),
                   comment="elsewhere", consent=consent_of(other))  # fmt: skip
    print(json.dumps(order))


def contacts() -> None:
    """Invite two hundred people by mail address."""
    from surveys.actions.invite import invite
    from surveys.models import Mode
    from surveys.people.person import Person
    from tests.builders import make_survey

    survey = make_survey(topics=2, slug="asked", mode=Mode.NAMED)
    invite(survey.audiences.get(), [Person("", f"p{at}@erased.example") for at in range(PEOPLE)])


def erase() -> None:
    """Erase them, and print what the log says."""
    import logging

    from surveys.actions.erase import erase_person
    from surveys.models import Organisation

    logging.getLogger("surveys.erase").addHandler(logging.StreamHandler(sys.stdout))
    for person in range(PEOPLE):
        erase_person(Organisation.objects.get(), f"p{person}@erased.example")


def seal() -> None:
    from surveys.actions.publish import close
    from surveys.actions.seal import seal as seal_survey
    from surveys.models import Survey

    survey = Survey.objects.get(slug="asked")
    close(survey)
    print(seal_survey(survey).respondents)


if __name__ == "__main__":
    import django

    django.setup()
    if os.environ.get("PLAINTEXT"):
        from surveys.encryption import contents

        contents.AESGCM = NoCipher  # type: ignore[misc, assignment]
    verbs = {
        "migrate": migrate,
        "people": people,
        "contacts": contacts,
        "erase": erase,
        "seal": seal,
    }
    verbs[sys.argv[1]]()
