"""What is erased when its time is over is told by the round's log, and who never is."""

import logging
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from materiality import actions
from materiality.actions.log import record
from materiality.locking import snapshots
from materiality.models import Assessment, Snapshot
from surveys.models import Invitation, Survey
from tests.rounds import make_user, sealed_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def expired():
    assessment = sealed_round()
    Survey.objects.update(keep_until=date(2020, 1, 1))
    return assessment


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


def test_after_a_year_and_a_locked_round_its_own_log_tells_how_many_were_erased():
    """Case 50."""
    assessment = sealed_round()
    asked = [(one, Invitation.objects.filter(audience__survey=one).count())
             for one in assessment.surveys.order_by("pk")]  # fmt: skip
    snapshot = snapshots.lock(assessment=assessment, by=None)
    last = max(one.keep_until for one, _people in asked)

    assert actions.erase_expired(last) == 0  # control: the last day is still theirs
    assert entries(assessment) == []

    erased = actions.erase_expired(last + timedelta(days=1))

    assert erased == sum(people for _one, people in asked)
    assert entries(assessment) == [(one.slug, "", {"people": people}) for one, people in asked]
    assert not Invitation.objects.exclude(token_hash__startswith="erased-").exists()
    assert Snapshot.objects.get().digest == snapshot.digest
    call_command("verify")


def test_the_control_of_a_locked_round_nothing_else_is_told():
    assessment = sealed_round()
    snapshots.lock(assessment=assessment, by=None)

    with pytest.raises(DatabaseError), transaction.atomic():
        record(Assessment.objects.get(), "weigh", by=None)


@pytest.mark.parametrize("locked", [False, True])
def test_a_persons_erasure_is_an_entry_without_a_name(locked, caplog):
    assessment = sealed_round()
    survey, owner = assessment.surveys.first(), make_user("owner", assessment.organisation)
    Invitation.objects.filter(pk=Invitation.objects.first().pk).update(email="ann@example.com")
    if locked:
        snapshots.lock(assessment=assessment, by=None)

    with caplog.at_level(logging.INFO, "surveys.erase"):
        actions.forget_person(
            assessment=assessment, survey=survey, email="ann@example.com", by=owner
        )

    assert assessment.events.get(verb="forget_person").after == {"surveys": 1}
    assert "Erased one person from 1 surveys, as asked." in caplog.text
    assert "ann" not in caplog.text + str(list(assessment.events.values_list("after", "subject")))
    call_command("verify")
