"""The pages of an open link, by their addresses."""

import re

import pytest

from surveys.actions.publish import close, publish
from surveys.models import Invitation
from tests.builders import consent_of, make_survey
from tests.surveys.conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_survey(db):
    survey = make_survey(audiences=("customers", "employees"), publish_it=False, slug="for-all")
    survey.audiences.update(open_link=True)
    publish(survey)
    return survey


def test_an_open_link_asks_who_you_are_and_gives_a_link_of_your_own(open_survey, visitor):
    page = text_of(visitor.get("/s/for-all/"))

    response = visitor.post(
        "/s/for-all/", {"consent": consent_of(open_survey), "audience": "employees"}
    )

    assert page.count('name="audience"') == 2
    assert re.fullmatch(r"/r/[\w-]{24}/1/", response["Location"])
    invitation = Invitation.objects.get()
    assert (invitation.audience.code, invitation.source) == ("employees", Invitation.Source.OPEN)


@pytest.mark.parametrize("fields", [{}, {"audience": "regulators"}, {"audience": ""}])
def test_an_open_link_needs_to_know_who_you_are(open_survey, visitor, fields):
    response = visitor.post("/s/for-all/", {"consent": consent_of(open_survey)} | fields)

    assert response.status_code == 400
    assert "Choose who you are." in text_of(response)
    assert not Invitation.objects.exists()


def test_an_open_link_needs_consent(open_survey, visitor):
    response = visitor.post("/s/for-all/", {"audience": "employees"})

    assert response.status_code == 400
    assert not Invitation.objects.exists()


def test_a_link_for_one_audience_does_not_ask(open_survey, visitor):
    page = text_of(visitor.get("/s/for-all/employees/"))

    response = visitor.post("/s/for-all/employees/", {"consent": consent_of(open_survey)})

    assert 'name="audience"' not in page
    assert response.status_code == 302


@pytest.mark.parametrize("path", ["/s/nowhere/", "/s/for-all/regulators/", "/s/nowhere/privacy/"])
def test_an_open_link_that_is_not_there_is_unknown(open_survey, visitor, path):
    assert visitor.get(path).status_code == 404


def test_audiences_that_are_only_invited_have_no_open_link(open_survey, visitor):
    open_survey.audiences.filter(code="employees").update(open_link=False)

    assert visitor.get("/s/for-all/employees/").status_code == 404


def test_an_open_link_closes_with_the_survey(open_survey, visitor):
    close(open_survey)

    assert "This survey has closed" in text_of(visitor.get("/s/for-all/"))
    assert "This survey has closed" in text_of(
        visitor.post("/s/for-all/", {"consent": consent_of(open_survey), "audience": "employees"})
    )
    assert not Invitation.objects.exists()


def test_the_privacy_notice_holds_the_consent_word_for_word(open_survey, visitor):
    page = text_of(visitor.get("/s/for-all/privacy/"))

    assert all(line in page for line in open_survey.consent["en"].splitlines())
    assert consent_of(open_survey) in page
