"""Mail to a thousand people while its workers are killed: each gets it once, or nobody knows."""

import os
import smtplib
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from surveys.actions import deliver, mail
from surveys.actions.invite import add_people
from surveys.models import Invitation, Message, Mode
from surveys.people.person import Person
from tests.builders import make_survey
from tests.surveys.mail.killing import database_of_processes, kill_while_working

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]
PEOPLE = 1000
KILLS = 30


class Postman(BaseEmailBackend):
    """Takes a moment for each mail and writes down whom it took one for; that outlives a kill."""

    book: Path

    def send_messages(self, messages):
        time.sleep(0.002)
        book = os.open(self.book, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(book, f"{messages[0].to[0]}\n".encode())
        os.close(book)
        # Long against the work of the database, so that some kills fall between taking and noting.
        time.sleep(0.01)
        return 1


@pytest.fixture
def taken(monkeypatch, tmp_path, settings):
    """How often the postman took a mail for each address."""
    settings.MAIL_IS_LIVE = True
    monkeypatch.setattr(Postman, "book", tmp_path / "book", raising=False)
    monkeypatch.setattr(deliver, "get_connection", Postman)
    return lambda: Counter(Postman.book.read_text().split())


def queued():
    survey = make_survey(topics=2, mode=Mode.NAMED)
    audience = survey.audiences.get()
    add_people((audience, Person("", f"p{at}@example.com")) for at in range(PEOPLE))
    mail.queue(survey, Message.Kind.INVITATION, PEOPLE)
    Message.objects.update(not_before=timezone.now())


class Fussy(Postman):
    """Refuses one address for good."""

    def send_messages(self, messages):
        if messages[0].to == ["p500@example.com"]:
            raise smtplib.SMTPRecipientsRefused({"p500@example.com": (550, b"no such user")})
        return super().send_messages(messages)


def test_one_bad_address_does_not_hold_up_the_other_999(taken, monkeypatch):
    monkeypatch.setattr(deliver, "get_connection", Fussy)
    queued()

    assert mail.deliver_all() == {"sent": 999, "failed": 1}
    assert taken().total() == len(taken()) == 999
    assert Invitation.objects.get(reach="bounced").email == "p500@example.com"


def test_if_its_refusal_were_not_caught_the_others_would_wait(taken, monkeypatch):
    """Control of the test before."""
    monkeypatch.setattr(deliver, "get_connection", Fussy)
    monkeypatch.setattr(
        deliver, "_hand_over", lambda _row, text, server: server.send_messages([text])
    )
    queued()

    with pytest.raises(smtplib.SMTPRecipientsRefused):
        mail.deliver_all()

    assert Message.objects.filter(state="waiting").count() == 499


def kill_thirty_times() -> int:
    killed = 0
    for seed in range(KILLS):
        killed += kill_while_working(mail.deliver_all, longest=0.6, seed=seed)
        hours_pass()
    mail.deliver_all()
    return killed


def hours_pass():
    past = timezone.now() - timedelta(hours=1)
    Message.objects.filter(state="sending").update(lease_until=past)


def test_killed_thirty_times_nobody_gets_it_twice_and_what_is_unknown_is_marked(taken, tmp_path):
    with database_of_processes(tmp_path):
        queued()
        killed = kill_thirty_times()
        states = Counter(Message.objects.values_list("state", flat=True))
        sent = {*Message.objects.filter(state="sent").values_list("invitation__email", flat=True)}
        result = taken()

        assert killed >= KILLS - 5
        assert max(result.values()) == 1
        assert set(states) <= {"sent", "uncertain"}
        assert states.total() == PEOPLE
        assert 0 < states["uncertain"] <= killed
        assert sent <= set(result)  # what is said to be sent went out
        assert len(result) >= PEOPLE - states["uncertain"]


def test_if_the_unknown_were_repeated_some_would_get_it_twice(taken, tmp_path, monkeypatch):
    """Control: the same drill with the guard off."""

    def repeat():
        abandoned = Message.objects.abandoned(timezone.now())
        return abandoned.update(state="waiting", lease_until=None)

    for module in (deliver, mail):
        monkeypatch.setattr(module, "mark_uncertain", repeat)
    with database_of_processes(tmp_path):
        queued()
        kill_thirty_times()

        assert max(taken().values()) > 1
