"""Before the lock the page lists what it would make final, each with the page to do it on."""

import pytest
from django.contrib.auth.models import User

from materiality import actions
from materiality.models import Decision
from materiality.models.register import ASKED
from surveys.models import Audience, Comment
from tests.actions.test_setting_up import double_round
from tests.alone import scored_alone
from tests.registers import add
from tests.rounds import make_user
from tests.web.conftest import signed_in
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


def said_both_ways(told):
    return "The tier says material and double materiality does not, or reversed" in told


@pytest.mark.parametrize(("boundary", "differs"), [(3.5, False), (1.5, True)], ids=["one", "two"])
def test_a_topic_that_is_material_by_one_boundary_alone_is_named(boundary, differs):
    """The lowest tier of double materiality is “not material”; it ends at 3.5 in both cases."""
    assessment = double_round(axis_cut_x=boundary, axis_cut_y=boundary)
    make_user("owner", assessment.organisation)

    assert said_both_ways(left(signed_in("owner"), assessment)) is differs


def test_topics_whose_tier_and_register_differ_are_named_with_both_pages():
    """Ethics is material from 2.50 by the register’s threshold, and from 3.50 by its tier."""
    assessment = scored_alone()
    client = signed_in(make_user("owner", assessment.organisation).username)
    sentence = "Material by the register’s thresholds, not by the tier: Ethics."
    pages = [url(assessment, "lock") + "?lang=en", url(assessment, "results") + "?lang=en"]
    assert not [page for page in pages if sentence in text(client.get(page))]  # control
    iro = add(assessment, topic="ethics", kind="positive", is_actual=True)
    expert = User.objects.get(username="erin")
    actions.assign_iros(assessment=assessment, codes=[iro.code], experts=[expert], by=None)
    iro.refresh_from_db()
    marks = dict.fromkeys(ASKED[iro.sheet], 3)
    actions.score_iro(iro=iro, expert=expert, marks=marks, reason="As seen")

    told = left(client, assessment)
    page = text(client.get(pages[1]))

    assert sentence in told
    assert sentence in page
    assert "In a tier without a dot, since one axis has no value: Energy, Ethics." in page
    for place in (told, page):
        assert f'href="{url(assessment, "method")}"' in place
        assert f'href="{url(assessment, "register/topics")}"' in place


def test_tiers_with_names_of_their_own_are_no_verdict():
    made = double_round(axis_cut_x=1.5, axis_cut_y=1.5)
    names = [{"zh-hans": word, "en": word} for word in ("A", "B", "C")]
    type(made).objects.filter(pk=made.pk).update(tier_names=names)
    make_user("other", made.organisation)

    assert not said_both_ways(left(signed_in("other"), made))
