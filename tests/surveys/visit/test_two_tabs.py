"""Two tabs at once, one writing between the other's reading and writing; and controls.

Twenty at the same moment, on PostgreSQL, are in test_together.
"""

from uuid import uuid4

import pytest

from surveys.actions import answer, drafts
from surveys.models import Intake
from tests.builders import consent_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(survey, token):
    answer.start(token, consent_of(survey))
    return token


@pytest.fixture
def meanwhile(monkeypatch):
    """Let something happen once, after a draft was read and before it is stored."""
    store = drafts.store

    def let(happen):
        def store_later(draft):
            monkeypatch.setattr(answer, "store", store)
            happen()
            return store(draft)

        monkeypatch.setattr(answer, "store", store_later)

    return let


def rate_in_two_tabs(survey, token, meanwhile):
    """Return what is kept of a rating in each."""
    first, second = survey.questions.values_list("pk", flat=True)[:2]
    meanwhile(lambda: answer.save(token, {second: 2}))
    answer.save(token, {first: 1})
    return sorted(Intake.objects.get().contents.ratings.values())


def test_two_tabs_lose_no_answer(survey, begun, meanwhile):
    assert rate_in_two_tabs(survey, begun, meanwhile) == [1, 2]


def test_the_control_without_the_guard_one_tab_overwrites(survey, begun, meanwhile, unguarded):
    assert rate_in_two_tabs(survey, begun, meanwhile) == [1]


def click_twice(token, meanwhile):
    """Return the receipts of two clicks on submit."""
    once, receipts = uuid4(), []
    meanwhile(lambda: receipts.append(answer.submit(token, submission=once)))
    return {*receipts, answer.submit(token, submission=once), *receipts}


def test_two_clicks_on_submit_hand_in_once(begun, meanwhile):
    assert click_twice(begun, meanwhile) == {Intake.objects.get().receipt}


def test_the_control_without_the_guard_they_get_two_receipts(begun, meanwhile, unguarded):
    assert len(click_twice(begun, meanwhile)) == 2
