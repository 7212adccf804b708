"""Who was erased is in no byte of the database, its journal, or the uploaded files (case 48)."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from surveys.actions.answer import submit
from surveys.actions.erase import erase_person
from surveys.actions.invite import invite
from surveys.actions.lists import hand_in
from surveys.models import Invitation, Message, Mode, Organisation
from surveys.people.person import Person
from surveys.tables.upload import Table
from tests.builders import consent_of, make_survey, ratings_for

PEOPLE = 50
ERASE = """
from surveys.actions.erase import erase_person
from surveys.models import Organisation
for number in range({people}):
    assert erase_person(Organisation.objects.get(), f"erased{{number}}@example.com") == 1
"""


def asked() -> None:
    """Fifty people who are to be erased and one who stays, with all that is kept about them."""
    survey = make_survey(topics=2, mode=Mode.NAMED)
    people = [Person(f"Erased Nr{n}", f"erased{n}@example.com", "en") for n in range(PEOPLE)]
    people.append(Person("Stays Here", "stays@example.com", "en"))
    audience = survey.audiences.get()
    for number, (invitation, token) in enumerate(invite(audience, people)):
        if number % 5 == 0 and number < PEOPLE:
            submit(token, submission=uuid4(), ratings=ratings_for(survey),
                   comment=f"I am Erased Nr{number}", consent=consent_of(survey))  # fmt: skip
        Message.objects.create(
            survey=survey, invitation=invitation, kind="invitation", not_before=timezone.now()
        )
    rows = [[one.name, one.email] for one in people]
    hand_in(survey, Table(["name", "email"], rows), User.objects.create_user("editor"))


def traces(folder: Path) -> int:
    """How often somebody who was erased is in the bytes of any file."""
    return sum(
        path.read_bytes().count(word)
        for path in folder.rglob("*") if path.is_file()
        for word in (b"erased0@", b"Erased Nr", *[b"erased%d@" % n for n in range(1, PEOPLE)])
    )  # fmt: skip


if connection.vendor == "sqlite":

    @pytest.fixture
    def file(transactional_db, tmp_path) -> Path:
        """A database file as a running site has it, made by the product."""
        asked()
        path = tmp_path / "data.sqlite3"
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
        return path

    @pytest.mark.drill
    def test_of_fifty_people_who_ask_no_byte_is_left(file):
        assert traces(file.parent) > 3 * PEOPLE  # control: they were there

        code = ERASE.format(people=PEOPLE)
        subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "-c", code],
            cwd=configured.ROOT,
            env=os.environ
            | {
                "DATABASE_URL": f"sqlite:///{file}",
                "DATA": str(file.parent),
                "SECRET_KEY": configured.SECRET_KEY,  # else it would keep one in that folder
            },
            check=True,
            capture_output=True,
        )

        assert traces(file.parent) == 0
        assert b"stays@example.com" in file.read_bytes()
        assert sorted(path.name for path in file.parent.iterdir()) == [file.name]

    def test_the_control_deleting_alone_leaves_copies_behind(file):
        with closing(sqlite3.connect(file)) as plain:
            plain.execute("PRAGMA secure_delete=OFF")
            for table in ("message", "intake", "invitation", "peoplelist"):
                plain.execute(f"DELETE FROM surveys_{table}")
            plain.commit()

        assert traces(file.parent) > PEOPLE

else:

    @pytest.mark.django_db(transaction=True)
    def test_of_fifty_people_who_ask_no_row_is_left_and_the_dead_ones_are_vacuumed():
        asked()
        with CaptureQueriesContext(connection) as told:
            for number in range(PEOPLE):
                erase_person(Organisation.objects.get(), f"erased{number}@example.com")

        assert not Invitation.objects.filter(email__startswith="erased").exists()
        vacuumed = [one["sql"] for one in told.captured_queries if "VACUUM" in one["sql"]]
        assert len(vacuumed) == PEOPLE
        for table in ("invitation", "intake", "message", "peoplelist"):
            assert all(f"surveys_{table}" in sql for sql in vacuumed)
