"""Two clients in a database of its own, one of whom leaves; for tests that read its bytes.

Run as a program with a verb: `migrate` makes the tables, `client` writes both clients and asks for
the deletion of one, `wait` lets the waiting time be over as only the owner can, `die N` deletes and
is killed at its Nth statement, `tell` prints how many rows each client has, `faults` counts what
the product finds wrong.
"""

import json
import os
import signal
import sys
from typing import Any
from uuid import uuid4

PEOPLE = 20


def migrate() -> None:
    from tests.databases import migrate_quickly

    migrate_quickly()


def client() -> None:
    """Write a client with a locked round, people, comments, files and an open survey."""
    from materiality import actions
    from materiality.locking import snapshots
    from tests.builders import both, make_organisation
    from tests.rounds import ask, make_round, make_user, sealed_round

    other = make_organisation(name=both("别处", "Anderswo GmbH"))
    theirs = sealed_round(organisation=other)
    actions.attach(assessment=theirs, topic=None, name="b.pdf", content=b"Theirs", by=None)
    snapshots.lock(assessment=theirs, by=None)
    ask(make_round(organisation=other, year="2031"))

    here = make_organisation(name=both("洋葱糕", "Zwiebelkuchen AG"))
    owner = make_user("Zwiebelkuchen", here)
    round_ = sealed_round(organisation=here)
    about = both("Quittenmus", "Quittenmus")
    topic = round_.topics.get(code="energy")
    actions.describe_topic(topic=topic, name=about, by=owner)
    actions.remark(assessment=round_, topic=topic, text="Quittenmus, why?", by=owner)
    content = b"Quittenmus " * 4000
    actions.attach(assessment=round_, topic=topic, name="Quittenmus.pdf", content=content, by=owner)
    for number in range(PEOPLE):
        round_.surveys.first().comments.create(text=f"Quittenmus, says number {number}")
    snapshots.lock(assessment=round_, by=owner)
    _ask_people(make_round(organisation=here, year="2032"), owner)
    actions.ask_deletion(organisation=here, name="Zwiebelkuchen AG", by=owner)


def _ask_people(round_, owner) -> None:
    """Invite people by mail; some answer, a list of further ones is handed in."""
    from surveys.actions.answer import submit
    from surveys.actions.invite import invite
    from surveys.actions.lists import hand_in
    from surveys.people.person import Person
    from surveys.tables.upload import Table
    from tests.builders import consent_of, ratings_for
    from tests.rounds import ask

    survey = ask(round_)[0]
    people = [Person(f"Zwiebelkuchen {n}", f"p{n}@zwiebel.example") for n in range(PEOPLE)]
    for number, (_row, token) in enumerate(invite(survey.audiences.first(), people)):
        if number % 3 == 0:
            submit(token, submission=uuid4(), ratings=ratings_for(survey, 3),
                   comment="Quittenmus", consent=consent_of(survey))  # fmt: skip
    rows = [[f"Zwiebelkuchen {n}", f"l{n}@zwiebel.example"] for n in range(PEOPLE)]
    hand_in(survey, Table(["name", "email"], rows), owner)


def wait() -> None:
    from materiality.models import Deletion
    from tests.locking.waiting import wait_over

    wait_over(Deletion.objects.get())


def die(at: str) -> None:
    """Delete, and be killed as no program can resist just before the statement of that number."""
    from django.db import connection

    from materiality.actions import delete_due

    begun = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal begun
        begun += 1
        if begun == int(at):
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)

    with connection.execute_wrapper(count):
        delete_due()


def tell() -> None:
    """Print the rows of each client, by its number."""
    from materiality.models import Deletion
    from materiality.selectors.belongings import rows_of
    from surveys.models import Organisation

    known = {*Organisation.objects.values_list("pk", flat=True)}
    known |= {*Deletion.objects.values_list("organisation", flat=True)}
    told = {number: sum(rows.count() for rows in rows_of(number).values()) for number in known}
    print(json.dumps(told))


def faults() -> None:
    from materiality.backup.selfcheck import faults as found

    wrong = list(found())
    print(f"{len(wrong)} faults", *wrong, sep="\n")


if __name__ == "__main__":
    import django

    django.setup()
    verbs: dict[str, Any] = {
        "migrate": migrate,
        "client": client,
        "wait": wait,
        "die": die,
        "tell": tell,
        "faults": faults,
    }
    verbs[sys.argv[1]](*sys.argv[2:])
