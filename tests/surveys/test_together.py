"""Many at once, on PostgreSQL: twenty tabs, twenty clicks, a seal in between; and controls."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from surveys import answers, visits
from surveys.actions import answer
from surveys.actions.publish import close
from surveys.actions.seal import seal
from surveys.errors import RuleBroken, SurveyClosed
from surveys.models import Intake
from tests.builders import consent_of, make_link, make_links, make_survey, ratings_for

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgresql")]


def together(actions: list[Callable[[], Any]]) -> list[Any]:
    """Run all at the same moment, each on its own connection; a broken rule is a result too."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return action()
        except RuleBroken as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as people:
        return list(people.map(run, actions))


@pytest.fixture
def slowly(monkeypatch):
    """Hold every answer back between reading and writing, where a race would show."""
    store = visits.store

    def store_later(draft):
        time.sleep(0.1)
        store(draft)

    monkeypatch.setattr(answer, "store", store_later)


@pytest.fixture
def survey(transactional_db):
    return make_survey(topics=20)


@pytest.fixture
def begun(survey):
    token = make_link(survey)
    answer.start(token, consent_of(survey))
    return token


def save_from_twenty_tabs(survey, token) -> int:
    """Return how many of twenty answers given at once are kept."""
    keys = survey.questions.values_list("pk", flat=True)
    together([lambda key=key: answer.save(token, {key: 3}) for key in keys])
    return len(Intake.objects.get().ratings)


def test_twenty_tabs_lose_no_answer(survey, begun, slowly):
    assert save_from_twenty_tabs(survey, begun) == 20


def test_the_control_without_the_lock_tabs_lose_answers(survey, begun, slowly, monkeypatch):
    monkeypatch.setattr(visits._LOCK_DRAFT, "lock", "")

    assert save_from_twenty_tabs(survey, begun) < 20


def test_twenty_clicks_on_agree_begin_one_draft(survey):
    token = make_link(survey)

    together([lambda: answer.start(token, consent_of(survey)) for _click in range(20)])

    assert Intake.objects.count() == 1


def test_twenty_clicks_on_submit_hand_in_once(survey, begun, slowly):
    once = uuid4()

    receipts = together(
        [lambda: answer.submit(begun, submission=once, comment="Good") for _click in range(20)]
    )

    assert len(set(receipts)) == 1
    assert receipts[0] == Intake.objects.get().receipt


def test_the_control_without_the_lock_clicks_get_different_receipts(
    survey, begun, slowly, monkeypatch
):
    monkeypatch.setattr(visits._LOCK_DRAFT, "lock", "")
    once = uuid4()

    receipts = together(
        [lambda: answer.submit(begun, submission=once, comment="Good") for _click in range(20)]
    )

    assert len(set(receipts)) > 1


def test_handing_in_and_leaving_at_once_never_deadlocks(survey):
    for _round in range(10):
        token = make_link(survey)
        answer.start(token, consent_of(survey))
        results = together(
            [
                lambda token=token: answer.submit(token, submission=uuid4()),
                lambda token=token: answer.withdraw(token) and "left",
            ]
        )
        assert "left" in results


def answer_while_sealing(survey, tokens) -> tuple[list[Any], int]:
    """Return what each of the late got, and how many are in the block."""
    ratings, consent = ratings_for(survey), consent_of(survey)

    def hand_in(token):
        return answer.submit(token, submission=uuid4(), ratings=ratings, consent=consent)

    def close_and_seal():
        time.sleep(0.05)
        close(survey)
        return seal(survey)

    late = [lambda token=token: hand_in(token) for token in tokens]
    results = together([*late, close_and_seal])
    return results[:-1], len(answers.sealed_answers(survey).ratings)


def test_whoever_got_a_receipt_while_the_survey_was_sealed_is_in_the_block(survey, slowly):
    results, sealed = answer_while_sealing(survey, make_links(survey, 20))

    receipts = [result for result in results if isinstance(result, str)]
    assert sealed == len(receipts)
    assert {result for result in results if not isinstance(result, str)} <= {SurveyClosed}
    assert not Intake.objects.exists()


def test_the_control_without_the_share_receipts_are_lost(survey, slowly, monkeypatch):
    for prepared in (visits._LOCK_DRAFT, visits._LOCK_INVITATION):
        monkeypatch.setattr(prepared, "lock", "")
    lost = 0
    for _attempt in range(5):
        other = make_survey(topics=5)
        results, sealed = answer_while_sealing(other, make_links(other, 20))
        lost += len([result for result in results if isinstance(result, str)]) - sealed

    assert lost > 0
