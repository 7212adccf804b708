"""Fixing the method before the answers are known, through its page and the API."""

import pytest

from materiality import actions
from materiality.models import Assessment, Verb
from surveys.models import Role
from tests.api.test_assessments import client_of
from tests.rounds import STEADY, answer, ask, make_round, make_user
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(db):
    made = make_round()
    for role in Role:
        make_user(str(role), made.organisation, role)
    for survey in ask(made):
        answer(survey, STEADY)
    return Assessment.objects.get(pk=made.pk)


def page(client, assessment):
    return text(client.get(url(assessment, "method") + "?lang=en"))


def test_an_owner_fixes_the_method_and_the_page_says_when_and_by_whom(asked):
    owner = signed_in("owner")
    assert "Nothing is fixed yet" in page(owner, asked)

    sent = owner.post(url(asked, "method/plan"), {"version": asked.version})

    assert sent.status_code == 302
    event = asked.events.get(verb=Verb.FIX_PLAN)
    shown = page(owner, asked)
    assert "by owner, before anybody knew the answers" in shown
    assert event.after["digest"] in shown


def test_somebody_elses_change_meanwhile_is_noticed(asked):
    version = asked.version
    actions.set_rule(assessment=asked, cut_high=4.2, by=None)

    answered = signed_in("owner").post(url(asked, "method/plan") + "?lang=en", {"version": version})

    assert answered.status_code == 409
    assert "Somebody else changed the method" in text(answered)
    assert not asked.events.filter(verb=Verb.FIX_PLAN).exists()


def test_once_a_survey_is_sealed_the_page_offers_nothing_and_the_address_refuses(asked):
    actions.end_survey(assessment=asked, survey=asked.surveys.get(mode="named"), by=None)
    owner = signed_in("owner")
    shown = page(owner, asked)

    assert "Answers are known, and nothing had been fixed before" in shown
    assert "Fix the method as it is" not in shown
    version = Assessment.objects.get(pk=asked.pk).version
    answered = owner.post(url(asked, "method/plan") + "?lang=en", {"version": version})
    assert answered.status_code == 409
    assert "scores are known already" in text(answered)


def test_a_viewer_sees_what_was_fixed_and_no_button(asked):
    actions.fix_plan(assessment=asked, by=None)

    shown = page(signed_in("viewer"), asked)

    assert "before anybody knew the answers" in shown
    assert "Fix it as it is now" not in shown


def test_a_service_that_is_away_is_said_and_the_method_is_fixed(asked, settings):
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"

    answered = signed_in("owner").post(
        url(asked, "method/plan") + "?lang=en", {"version": asked.version}, follow=True
    )

    assert "The time-stamping service gave no stamp" in text(answered)
    assert asked.events.filter(verb=Verb.FIX_PLAN).exists()


def test_the_same_by_program(asked):
    client = client_of(make_user("program", asked.organisation, Role.REVIEWER))
    path = f"/api/v1/assessments/{asked.pk}/plan/"
    assert client.get(path).json()["fixed"] is None

    made = client.post(path)

    assert made.status_code == 201
    assert made.json()["fixed"]["plan"]["cuts"] == [4.0, 3.5]
    assert client.get(path).json() == made.json()
    actions.end_survey(assessment=asked, survey=asked.surveys.get(mode="named"), by=None)
    assert client.post(path).status_code == 409
