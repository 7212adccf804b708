"""A site that lives while it is copied; run by `tests/backup` in processes of its own.

`fill` makes a locked round with an evidence file and an open survey; `answer N` lets N people
answer it and prints each receipt once the answer is stored; `seal` seals it; `tell` prints what
is there.
"""

import json
import sys
from datetime import timedelta
from uuid import uuid4


def fill(people: str) -> None:
    from tests.databases import migrate_quickly

    migrate_quickly()
    from django.utils import timezone

    from materiality import actions
    from materiality.locking.snapshots import lock
    from surveys.actions.invite import add_people
    from surveys.models import Message, Mode
    from surveys.people.person import Person
    from tests.builders import make_links, make_survey
    from tests.rounds import sealed_round

    assessment = sealed_round()
    lock(assessment=assessment, by=None)
    other = make_survey(topics=2, slug="mailed", mode=Mode.NAMED)
    add_people([(other.audiences.get(), Person("", "ann@example.com"))])
    [ann] = other.audiences.get().invitations.all()
    Message.objects.create(
        survey=other, invitation=ann, kind=Message.Kind.INVITATION,
        not_before=timezone.now() - timedelta(minutes=1),
    )  # fmt: skip
    begun = actions.start_round(
        organisation=assessment.organisation, year="2021", by=None, previous=assessment
    )
    actions.attach(assessment=begun, name="proof.pdf", content=b"%PDF proof " * 1000, by=None)
    print(json.dumps(make_links(make_survey(topics=3, slug="open"), int(people))))


def answer(*tokens: str) -> None:
    from surveys.actions.answer import submit
    from surveys.models import Survey
    from tests.builders import consent_of, ratings_for

    survey = Survey.objects.get(slug="open")
    for token in tokens:
        receipt = submit(token, submission=uuid4(), ratings=ratings_for(survey, 4),
                         comment="Plant trees", consent=consent_of(survey))  # fmt: skip
        print(receipt, flush=True)


def seal() -> None:
    from surveys.actions.publish import close
    from surveys.actions.seal import seal as seal_survey
    from surveys.models import Survey

    survey = Survey.objects.get(slug="open")
    close(survey)
    print(seal_survey(survey).respondents)


def tell() -> None:
    from surveys.encryption.keys import KeyMissing
    from surveys.models import Intake, Message
    from tests.stored import stored

    drafts = Intake.objects.filter(survey__slug="open")
    try:
        comments = [draft.contents.comment for draft in drafts]
    except KeyMissing:
        comments = []
    print(json.dumps({
        "receipts": sorted(drafts.values_list("receipt", flat=True)),
        "comments": comments,
        "mails": list(Message.objects.values_list("state", flat=True)),
        "rows": {table: len(rows) for table, rows in stored().items()},
    }))  # fmt: skip


if __name__ == "__main__":
    import django

    django.setup()
    {"fill": fill, "answer": answer, "seal": seal, "tell": tell}[sys.argv[1]](*sys.argv[2:])
