"""One clock decides what is in time: the server's, in UTC, when an answer is stored."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from surveys.actions import answer
from surveys.errors import SurveyClosed
from surveys.models import Intake, Survey
from surveys.visit import visits
from tests.builders import consent_of, make_link, make_survey

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
# Daylight saving begins and ends in Berlin, a leap day, and midnight at both ends of the world.
CLOSINGS = [
    datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")),
    datetime(2026, 10, 25, 2, 30, fold=0, tzinfo=ZoneInfo("Europe/Berlin")),
    datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
    datetime(2028, 2, 29, 23, 59, 59, tzinfo=ZoneInfo("Asia/Shanghai")),
    datetime(2026, 12, 31, 0, 0, tzinfo=ZoneInfo("Pacific/Kiritimati")),
    datetime(2026, 12, 31, 0, 0, tzinfo=ZoneInfo("Etc/GMT+12")),
]


@pytest.fixture
def clock(monkeypatch):
    def at(moment):
        monkeypatch.setattr(visits.timezone, "now", lambda: moment.astimezone(UTC))

    return at


def closing_at(moment):
    survey = make_survey(topics=3, closes_at=moment, opens_at=moment - timedelta(days=30))
    Survey.objects.update(published_at=moment - timedelta(days=30))
    return survey


@pytest.mark.parametrize("moment", CLOSINGS, ids=str)
def test_a_second_before_closing_is_in_time_and_the_moment_itself_is_not(clock, moment):
    moment = moment.astimezone(UTC)  # a second more or less there, not on the wall
    survey = closing_at(moment)
    token = make_link(survey)
    clock(moment - SECOND)
    answer.start(token, consent_of(survey))
    receipt = answer.submit(token, submission=uuid4(), comment="In time")

    for late in (moment, moment + SECOND):
        clock(late)
        with pytest.raises(SurveyClosed):
            answer.submit(token, submission=uuid4(), comment="Too late")

    assert (Intake.objects.get().contents.comment, Intake.objects.get().receipt) == (
        "In time",
        receipt,
    )


def test_a_clock_that_jumps_back_opens_the_survey_no_longer_than_it_says(clock):
    moment = CLOSINGS[0]
    survey = closing_at(moment)
    token = make_link(survey)
    clock(moment + SECOND)
    with pytest.raises(SurveyClosed):
        answer.start(token, consent_of(survey))

    clock(moment - timedelta(hours=1))  # set back by its keeper
    answer.start(token, consent_of(survey))

    assert Intake.objects.count() == 1


def test_the_control_if_the_clock_were_not_asked_it_would_be_kept(clock, monkeypatch):
    moment = CLOSINGS[0].astimezone(UTC)
    survey = closing_at(moment)
    token = make_link(survey)
    clock(moment + SECOND)
    monkeypatch.setattr(visits.Visit, "is_open", True)

    answer.start(token, consent_of(survey))
    answer.submit(token, submission=uuid4(), comment="Too late")

    assert Intake.objects.get().contents.comment == "Too late"
