"""People of a named panel who rated in both rounds: found by address, never named."""

from uuid import uuid4

import pytest

from materiality import actions
from materiality.inputs import live
from materiality.locking import snapshots
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.sentences import method_note
from materiality.report.words import WORDS
from surveys.actions.answer import submit
from surveys.actions.invite import invite
from surveys.people.person import Person
from tests.builders import consent_of, make_organisation
from tests.rounds import STEADY, TOPICS, answer, ask, make_round

pytestmark = pytest.mark.django_db

BEFORE = {f"{n}@example.com": [n % 3 + 2, 2, 4, 3] for n in range(6)}
NOW = {mail.upper() if n < 3 else mail: [row[0] + 1, 2, 4, 3]
       for n, (mail, row) in enumerate(BEFORE.items())}  # fmt: skip


def rate(survey, rows):
    audience = survey.audiences.get(code="panel")
    questions = list(survey.questions.order_by("position").values_list("pk", flat=True))
    links = invite(audience, [Person(email=mail) for mail in rows])
    for (_invitation, token), row in zip(links, rows.values(), strict=True):
        ratings = dict(zip(map(str, questions), row, strict=True))
        submit(token, submission=uuid4(), ratings=ratings, consent=consent_of(survey))


def held(assessment, panel):
    for survey in ask(assessment):
        if survey.is_anonymous:
            answer(survey, STEADY)
        else:
            rate(survey, panel)
        actions.end_survey(
            assessment=Assessment.objects.get(pk=assessment.pk), survey=survey, by=None
        )
    return Assessment.objects.get(pk=assessment.pk)


@pytest.fixture
def two_years():
    make_organisation()
    first = held(make_round(year="2019"), BEFORE)
    snapshots.lock(assessment=first, by=None)
    return held(make_round(year="2020", previous=Assessment.objects.get(pk=first.pk)), NOW)


def test_pairs_are_found_by_address_whatever_its_letters(two_years):
    found = live(two_years).inputs["previous"]["twice"]

    # six people rated privacy 2, 3, 4, 2, 3, 4 and then one more each
    assert list(found) == ["impact"]
    assert found["impact"]["panel"][0] == [6, 18, 24, 6 + 12 + 20 + 6 + 12 + 20]
    assert len(found["impact"]["panel"]) == len(TOPICS)


def test_the_bundle_names_nobody_and_the_note_says_how_many(two_years):
    results = live(two_years)

    lines = list(method_note.changes(Edition(results, "en")))

    assert WORDS["en"]["fact_pairs"].format(n=6) in lines
    assert "example.com" not in str(results.document)


def test_other_people_make_no_pairs(two_years):
    from surveys.models import Invitation

    Invitation.objects.filter(audience__survey__in=two_years.surveys.all()).exclude(
        email=""
    ).update(email="")
    from django.core.cache import cache

    cache.clear()

    results = live(two_years)

    assert "twice" not in results.inputs["previous"]
    lines = list(method_note.changes(Edition(results, "en")))
    assert WORDS["en"]["fact_overlap_named"] in lines
