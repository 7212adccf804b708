"""Many at once, on PostgreSQL: twenty tabs, twenty clicks, a seal in between; and controls."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from surveys import answers
from surveys.actions import answer, drafts
from surveys.actions import seal as sealing
from surveys.actions.publish import close
from surveys.actions.seal import seal
from surveys.errors import Conflict, RuleBroken, SurveyClosed
from surveys.models import Intake, SealedAnswers
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
    """Hold every answer back between reading and writing, and list those who got there."""
    store, arrived = drafts.store, []

    def store_later(draft):
        arrived.append(draft.pk)
        time.sleep(0.1)
        return store(draft)

    monkeypatch.setattr(answer, "store", store_later)
    return arrived


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
    return len(Intake.objects.get().contents.ratings)


def test_twenty_tabs_lose_no_answer(survey, begun, slowly):
    assert save_from_twenty_tabs(survey, begun) == 20


def test_the_control_without_the_guard_tabs_lose_answers(survey, begun, slowly, unguarded):
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


def test_the_control_without_the_guard_clicks_get_different_receipts(
    survey, begun, slowly, unguarded
):
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


def answer_while_sealing(survey, tokens, arrived: list[int]) -> tuple[list[Any], int]:
    """Return what each of the late got, and how many of their answers are in the block."""
    before = len(arrived)

    def hand_in(token):
        return answer.submit(token, submission=uuid4(), ratings=ratings_for(survey, 5))

    def close_and_seal():
        while len(arrived) - before < len(tokens) / 2:
            time.sleep(0.01)
        close(survey)
        return seal(survey)

    late = [lambda token=token: hand_in(token) for token in tokens]
    results = together([*late, close_and_seal])
    return results[:-1], int((answers.sealed_answers(survey).ratings == 5).all(axis=1).sum())


@pytest.fixture
def slow_seal(monkeypatch):
    """Hold the seal between reading the answers and deleting them."""
    collect = sealing.collect

    def collect_and_wait(*args):
        collected = collect(*args)
        time.sleep(0.5)
        return collected

    monkeypatch.setattr(sealing, "collect", collect_and_wait)


def begin_all(survey, number: int) -> list[str]:
    tokens = make_links(survey, number)
    for token in tokens:
        answer.start(token, consent_of(survey))
        answer.save(token, {survey.questions.first().pk: 1})
    return tokens


def test_whoever_got_a_receipt_while_the_survey_was_sealed_is_in_the_block(
    survey, slowly, slow_seal
):
    tokens = begin_all(survey, 20)

    results, sealed = answer_while_sealing(survey, tokens, slowly)

    receipts = [result for result in results if isinstance(result, str)]
    assert sealed == len(receipts)
    assert {result for result in results if not isinstance(result, str)} <= {SurveyClosed}
    assert not Intake.objects.exists()


def cross(monkeypatch) -> list[int]:
    """Write every answer after the seal has read and before it deletes; list who got there."""
    store, collect = drafts.store, sealing.collect
    arrived, was_read = [], Event()

    def store_late(draft):
        arrived.append(draft.pk)
        was_read.wait(20)
        return store(draft)

    def collect_early(*args):
        collected = collect(*args)
        was_read.set()
        patience = time.monotonic() + 20
        while Intake.objects.filter(submitted=True).count() < len(arrived):
            assert time.monotonic() < patience
            time.sleep(0.01)
        return collected

    monkeypatch.setattr(answer, "store", store_late)
    monkeypatch.setattr(sealing, "collect", collect_early)
    return arrived


def test_the_control_a_seal_that_does_not_hold_drafts_loses_answers(survey, monkeypatch):
    monkeypatch.setattr(sealing, "_hold", lambda intakes: None)
    tokens = begin_all(survey, 20)

    results, sealed = answer_while_sealing(survey, tokens, cross(monkeypatch))

    assert len([result for result in results if isinstance(result, str)]) > sealed


def test_nobody_begins_behind_a_seal(survey, slow_seal):
    tokens = make_links(survey, 10)

    together(
        [
            *[lambda token=token: answer.start(token, consent_of(survey)) for token in tokens],
            lambda: close(survey) or seal(survey),
        ]
    )

    assert not Intake.objects.exists()


def test_who_withdraws_while_the_survey_is_sealed_is_told_the_truth(survey, slow_seal):
    tokens = begin_all(survey, 10)

    results = together(
        [
            *[lambda token=token: answer.withdraw(token) and "withdrawn" for token in tokens],
            lambda: close(survey) or seal(survey),
        ]
    )[:-1]

    assert len(answers.sealed_answers(survey).ratings) == 10 - results.count("withdrawn")


def seal_twice(survey) -> list[Any]:
    """Return what became of two workers that seal at the same moment: a block, or why not."""
    begin_all(survey, 3)
    close(survey)

    def work():
        try:
            return seal(survey).respondents
        except IntegrityError as error:
            return type(error)

    return together([work, work])


def test_of_two_workers_that_seal_one_does(survey, slow_seal):
    """Case 29: the second is refused, or waits and finds the seal of the first."""
    outcomes = set(seal_twice(survey))

    assert 3 in outcomes
    assert outcomes <= {3, Conflict}
    assert SealedAnswers.objects.count() == 1


def test_the_control_without_the_lock_the_database_stops_the_second(survey, slow_seal, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)

    assert set(seal_twice(survey)) == {3, IntegrityError}
