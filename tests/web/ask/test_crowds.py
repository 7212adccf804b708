"""Many in one place answer by open link: a reviewer lets them in, for two hours."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from materiality.models import Verb
from surveys.models import Role, Survey
from surveys.visit.crowds import note_crowd
from tests.markup import page_of
from tests.rounds import ask, make_round, make_user
from tests.web.conftest import signed_in


@pytest.fixture
def asked(db):
    cache.clear()
    round_ = make_round()
    for role in Role:
        make_user(str(role), round_.organisation, role)
    ask(round_, open_links=True)
    return round_


def page(role, round_):
    survey = round_.surveys.first()
    path = reverse("materiality:invitations", args=[round_.pk, survey.pk])
    return page_of(signed_in(role).get(f"{path}?lang=en"))


def let_in(role, round_):
    survey = round_.surveys.first()
    path = reverse("materiality:let_many_in", args=[round_.pk, survey.pk])
    return signed_in(role).post(f"{path}?lang=en", follow=True)


def test_the_team_sees_that_visitors_were_asked_to_wait(asked):
    assert "asked to wait" not in page("viewer", asked)

    note_crowd(asked.surveys.first().pk)

    assert "asked to wait" in page("viewer", asked)


def test_a_reviewers_word_lets_many_in_for_two_hours_and_is_in_the_log(asked):
    answered = let_in("reviewer", asked)

    survey = asked.surveys.first()
    assert "each does a sum first" in page_of(answered)
    assert timedelta(minutes=119) < survey.many_until - timezone.now() <= timedelta(hours=2)
    assert survey.lets_many_in()
    entry = asked.events.filter(verb=Verb.SET_SURVEY).last()
    assert "many_until" in entry.after
    Survey.objects.update(many_until=timezone.now())
    assert not asked.surveys.first().lets_many_in()


def test_of_a_survey_that_is_over_nobody_is_let_in(asked):
    Survey.objects.update(opens_at=timezone.now() - timedelta(days=9), closes_at=timezone.now())

    assert let_in("reviewer", asked).status_code == 409
