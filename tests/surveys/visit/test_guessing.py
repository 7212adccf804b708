"""Guessing links: who opens unknown ones is slowed down, who has a right one never is."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from surveys.actions.invite import revoke
from surveys.visit.rates import UNKNOWN, Rate
from tests.builders import invitation_of, make_link, make_survey
from tests.markup import page_of

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.7"


def opened(visitor, token, address=ADDRESS):
    return visitor.get(f"/r/{token}/", REMOTE_ADDR=address)


def asked(token, address=ADDRESS):
    headers = {"authorization": f"Invitation {token}", "accept-language": "en"}
    return Client(headers=headers).get("/api/v1/questionnaire/", REMOTE_ADDR=address)


def guess(visitor, times=UNKNOWN.free):
    return [opened(visitor, f"guess{number}").status_code for number in range(times)]


def test_a_thousand_guesses_are_refused_after_thirty_and_say_why(visitor):
    assert guess(visitor, 1000) == [404] * 30 + [429] * 970

    page = opened(visitor, "another")
    assert "try again in a minute" in page_of(page)
    assert page.headers["Retry-After"] == "60"


def test_the_control_without_a_limit_no_guess_is_refused(visitor, monkeypatch):
    monkeypatch.setattr(Rate, "is_used_up", lambda *_address: False)

    assert guess(visitor, 40) == [404] * 40


def test_no_wrong_link_costs_more_than_another(visitor):
    """Case 32: neither the page nor what it asks of the database tells one that was right once."""
    revoked, draft = make_link(make_survey(topics=2)), make_survey(topics=2, publish_it=False)
    revoke(invitation_of(revoked))
    told = []
    for token in ("A" * 24, revoked, make_link(draft)):
        with CaptureQueriesContext(connection) as queries:
            page = opened(visitor, token)
        told.append((page.status_code, page.content, len(queries)))

    assert told == [told[0]] * 3
    assert told[0][2] == 1


def test_pages_codes_and_programs_are_counted_together(visitor):
    guess(visitor)

    told = asked("A" * 24)
    assert told.status_code == visitor.post("/r/", {"code": "x"}, REMOTE_ADDR=ADDRESS).status_code
    assert (told.status_code, told.headers["Retry-After"]) == (429, "60")
    assert told.json()["detail"].startswith("Too many links that do not exist")


def test_whoever_has_a_right_link_is_not_held_up_by_guesses_from_the_same_office(visitor):
    survey = make_survey(topics=2)
    tokens = [make_link(survey) for _person in range(50)]
    guess(visitor)

    assert opened(visitor, "guess").status_code == 429  # control
    assert {opened(visitor, token).status_code for token in tokens} == {200}
    assert {asked(token).status_code for token in tokens} == {200}


def test_right_links_are_not_counted_and_other_networks_are_counted_apart(visitor):
    token = make_link(make_survey(topics=2))
    assert {opened(visitor, token).status_code for _visit in range(60)} == {200}

    assert guess(visitor, 31)[-2:] == [404, 429]
    assert opened(visitor, "guess", "198.51.100.7").status_code == 404


def test_after_a_minute_the_count_is_forgotten(visitor, monkeypatch):
    guess(visitor)
    assert opened(visitor, "guess").status_code == 429  # control
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + UNKNOWN.window + 1)

    assert opened(visitor, "guess").status_code == 404
