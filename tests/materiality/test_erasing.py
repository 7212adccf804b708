"""What is erased when its time is over is told by the round's log, and who never is."""

import logging
from datetime import date

import pytest
from django.core.management import call_command

from materiality import actions, snapshots
from surveys.models import Invitation, Survey
from tests.rounds import make_user, sealed_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def expired():
    made = sealed_round()
    Survey.objects.update(keep_until=date(2020, 1, 1))
    return made


def entries(assessment):
    told = assessment.events.filter(verb="erase_expired")
    return list(told.values_list("subject", "name", "after"))


def test_the_daily_erasure_is_an_entry_of_the_round(expired, capsys):
    asked = [(one, Invitation.objects.filter(audience__survey=one).count())
             for one in expired.surveys.order_by("pk")]  # fmt: skip

    call_command("erase_expired")

    assert entries(expired) == [(one.slug, "", {"people": people}) for one, people in asked]
    assert capsys.readouterr().out == f"{Invitation.objects.count()} people erased\n"
    call_command("verify")


def test_what_erases_nobody_is_no_entry(expired):
    Survey.objects.update(keep_until=date(2099, 1, 1))
    call_command("erase_expired")
    assert entries(expired) == []

    Survey.objects.update(keep_until=date(2020, 1, 1))
    call_command("erase_expired")
    call_command("erase_expired")
    assert len(entries(expired)) == expired.surveys.count()


def test_a_locked_round_takes_no_entry_and_the_servers_log_tells(expired, caplog):
    snapshots.lock(assessment=expired, by=None)
    with caplog.at_level(logging.INFO, "surveys.erase"):
        call_command("erase_expired")

    assert entries(expired) == []
    assert "Erased the contacts of" in caplog.text
    assert not Invitation.objects.exclude(token_hash__startswith="erased-").exists()
    call_command("verify")


@pytest.mark.parametrize("locked", [False, True])
def test_a_persons_erasure_is_logged_where_it_can_be(locked, caplog):
    made = sealed_round()
    survey, owner = made.surveys.first(), make_user("owner", made.organisation)
    Invitation.objects.filter(pk=Invitation.objects.first().pk).update(email="ann@example.com")
    if locked:
        snapshots.lock(assessment=made, by=None)

    with caplog.at_level(logging.INFO, "surveys.erase"):
        actions.forget_person(assessment=made, survey=survey, email="ann@example.com", by=owner)

    assert made.events.filter(verb="forget_person").exists() is not locked
    assert "Erased one person from 1 surveys, as asked." in caplog.text
    assert "ann" not in caplog.text
