"""Handing in a response by program."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from surveys.actions.invite import revoke
from surveys.actions.publish import close
from surveys.models import Intake, Mode
from tests.builders import consent_of, invitation_of, make_link, make_survey, ratings_for

pytestmark = pytest.mark.django_db
QUESTIONNAIRE, RESPONSES = "/api/v1/questionnaire/", "/api/v1/responses/"


@pytest.fixture(autouse=True)
def _fresh_throttle():
    cache.clear()


def caller(token: str, language: str = "en") -> Client:
    return Client(headers={"authorization": f"Invitation {token}", "accept-language": language})


@pytest.fixture
def response(survey):
    return {
        "submission": str(uuid4()),
        "consent": consent_of(survey),
        "ratings": dict(ratings_for(survey)),
        "comment": "Good",
    }


def post(token, response, **options):
    return caller(token, **options).post(RESPONSES, response, content_type="application/json")


def test_the_questionnaire_tells_what_to_answer_and_agree_to(survey, token):
    body = caller(token).get(QUESTIONNAIRE).json()

    assert body["audience"] == "customers"
    assert body["is_open"] is True
    assert {question["id"] for question in body["questions"]} == set(
        survey.questions.values_list("pk", flat=True)
    )
    assert body["questions"][0]["prompt"]["labels"]["en"][4] == "Extremely"
    assert {text["sha256"] for text in body["consent"]} == {
        consent_of(survey, "en"), consent_of(survey, "zh-hans"),
    }  # fmt: skip


def test_a_response_handed_in_by_program_is_like_one_from_the_pages(token, response):
    result = post(token, response)

    intake = Intake.objects.get()
    assert result.status_code == 200
    assert result.json() == {"receipt": intake.receipt}
    said = intake.contents
    assert (intake.submitted, said.comment, set(said.ratings.values())) == (True, "Good", {4})


def test_repeating_a_response_gets_the_same_receipt_and_changing_it_a_conflict(token, response):
    first = post(token, response).json()

    assert post(token, response).json() == first
    changed = post(token, response | {"comment": "Bad"})
    assert (changed.status_code, changed.json()["code"]) == (409, "conflict")
    assert Intake.objects.get().contents.comment == "Good"


@pytest.mark.parametrize("given", [0, 6, 4.5, True, "5x", [5], {"a": 1}])
def test_what_is_not_a_rating_is_refused_in_the_callers_language(survey, token, response, given):
    response["ratings"][str(survey.questions.first().pk)] = given

    english, chinese = post(token, response), post(token, response, language="zh-CN")

    assert english.status_code == chinese.status_code == 400
    assert english.json()["code"] == "invalid_answers"
    assert "is not a rating of" in english.json()["detail"]
    assert "不是“" in chinese.json()["detail"]
    assert not Intake.objects.exists()


def test_a_missing_or_foreign_question_is_refused(token, response):
    missing = response | {"ratings": dict(list(response["ratings"].items())[1:])}
    foreign = response | {"ratings": response["ratings"] | {"999999999": 3}}

    assert "missing" in post(token, missing).json()["detail"]
    assert "999999999" in post(token, foreign).json()["detail"]
    assert not Intake.objects.exists()


@pytest.mark.parametrize(
    "change",
    [{"ratings": None}, {"ratings": [1, 2]}, {"ratings": "x"}, {"submission": "1"},
     {"submission": None}, {"consent": "yes"}, {"comment": "x" * 501}, {"comment": "a\x00b"},
     {"comment": "\ud800"}, {"comment": 5.5, "submission": ""}],
)  # fmt: skip
def test_a_malformed_response_is_refused(token, response, change):
    assert post(token, response | change).status_code == 400
    assert not Intake.objects.exists()


DEEP = "[" * 100_000
NO_UNICODE = b'{"comment": "\xff"}'


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", "{", '"x"', DEEP, NO_UNICODE],
    ids=["empty", "list", "null", "cut", "text", "deep", "bytes"],
)
def test_a_body_that_is_no_response_is_refused(token, body):
    result = caller(token).post(RESPONSES, body, content_type="application/json")

    assert result.status_code == 400


def test_consent_to_another_text_is_none(token, response):
    other = make_survey(mode=Mode.NAMED)

    result = post(token, response | {"consent": consent_of(other)})

    assert (result.status_code, result.json()["code"]) == (409, "consent_missing")


def test_an_unknown_and_a_revoked_token_get_the_same_answer(token, response):
    revoke(invitation_of(token))

    revoked, unknown = post(token, response), post("A" * 24, response)

    assert revoked.status_code == unknown.status_code == 404
    assert revoked.content == unknown.content
    assert caller(token).get(QUESTIONNAIRE).content == caller("A" * 24).get(QUESTIONNAIRE).content


@pytest.mark.parametrize(
    "header", ["", "Token abc", "Invitation", "Invitation a b", "Invitation ü"]
)
def test_without_a_token_nothing_is_told(survey, header):
    client = Client(headers={"authorization": header} if header else {})

    for result in (client.get(QUESTIONNAIRE), client.post(RESPONSES, {}, "application/json")):
        assert result.status_code in (400, 401, 404)


def test_a_closed_survey_takes_no_response(survey, token, response):
    close(survey)

    result = post(token, response)

    assert (result.status_code, result.json()["code"]) == (409, "survey_closed")


def test_two_hundred_people_in_one_office_are_not_held_up(survey, response):
    """The limit is per link; 130 requests from one address is over the limit of 120 a minute."""
    tokens = [make_link(survey) for _person in range(130)]

    assert {caller(token).get(QUESTIONNAIRE).status_code for token in tokens} == {200}
    assert 429 in {caller(tokens[0]).get(QUESTIONNAIRE).status_code for _again in range(121)}


@pytest.mark.parametrize("nested", [b"[" * 100_000, b'{"ratings": ' * 100_000])
def test_json_nested_too_deeply_is_refused_with_a_sentence(token, nested):
    answered = caller(token).post(RESPONSES, nested, content_type="application/json")

    assert answered.status_code == 400
    assert "nested too deeply" in answered.json()["detail"]
