"""Before the lock the page lists what it would make final, each with the page to do it on."""

import pytest

from materiality import actions
from materiality.models import Decision
from surveys.models import Audience, Comment
from tests.web.score.test_results_page import text, url

pytestmark = pytest.mark.django_db


def left(owner, assessment):
    page = text(owner.get(url(assessment, "lock") + "?lang=en"))
    return page.partition('id="remaining"')[2].partition("</ul>")[0]


def test_a_round_with_nothing_left_lists_nothing(assessment, owner):
    Audience.objects.update(target=0)

    assert left(owner, assessment) == ""


def test_groups_under_their_target_are_named_with_their_numbers(assessment, owner):
    Audience.objects.update(target=0)
    Audience.objects.filter(code="employees").update(target=40)

    told = left(owner, assessment)

    assert "Fewer answers than aimed for: Employees 6 of 40." in told
    assert "/progress/" in told


def test_unread_comments_are_counted_for_each_survey(assessment, owner):
    survey = assessment.surveys.first()
    audience, question = survey.audiences.first(), survey.questions.first()
    for number in range(2):
        Comment.objects.create(
            survey=survey, audience=audience, question=question, text=f"Remark {number}"
        )

    told = left(owner, assessment)

    assert "2 comments of" in told
    assert f"/ask/{survey.pk}/comments/" in told


def test_a_decision_left_without_a_reason_by_a_moved_suggestion_is_named(assessment, owner):
    actions.decide(assessment=assessment, decisions={"energy": (1, "Board")}, by=None)
    assert "without a reason" not in left(owner, assessment)  # control

    Decision.objects.filter(topic__code="energy").update(reason="")

    assert "without a reason: Energy" in left(owner, assessment)


def test_a_reason_written_in_one_language_only_is_asked_for_in_the_other(assessment, owner):
    Audience.objects.update(target=0)
    both = {"zh-hans": "董事会要求", "en": "The board wants it"}
    actions.decide(assessment=assessment, decisions={"energy": (1, both)}, by=None)
    assert left(owner, assessment) == ""  # control

    only = {"zh-hans": "董事会要求"}
    actions.decide(assessment=assessment, decisions={"energy": (1, only)}, by=None)

    told = left(owner, assessment)
    assert "The reason is not written in English: Energy." in told
    assert "/results/#tb" in told
