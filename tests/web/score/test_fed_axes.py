"""Results that the register feeds: what each of both says, and who was silent, once."""

import pytest

from materiality import actions
from surveys.models import Role
from tests.actions.test_feeding import fed_round
from tests.actions.test_setting_up import LIKELIHOOD, MAGNITUDE, ask_all, by_topic, double_round
from tests.builders import both
from tests.markup import page_of
from tests.rounds import STEADY, answer, close_and_seal, make_round, make_user
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


def results_page(assessment, query="", language="en") -> str:
    make_user("owner", assessment.organisation, Role.OWNER)
    page = f"/a/{assessment.pk}/results/?lang={language}{query}"
    return page_of(signed_in("owner").get(page))


def test_a_topic_says_what_survey_and_register_each_make_of_it():
    page = results_page(fed_round("worst"), "&topic=safety")

    assert "Impact:" in page
    assert "by the survey, 4.50 by the register" in page


def test_where_the_survey_alone_counts_nothing_is_said_of_the_register():
    assert "by the register" not in results_page(double_round(), "&topic=safety")


def test_a_panel_that_was_silent_on_both_axes_is_named_once():
    assessment = make_round(preset="double")
    experts = {"code": "silent-experts", "name": both("专家", "Experts")}
    actions.add_groups(assessment=assessment, groups=[experts], dimension="impact", by=None)
    surveys = ask_all(assessment)
    answer(surveys["stakeholder"], STEADY)
    answer(
        surveys["impact"],
        {"panel": [by_topic(impact, MAGNITUDE, LIKELIHOOD) for impact in STEADY["panel"]]},
    )
    for survey in surveys.values():
        close_and_seal(survey)

    assert results_page(assessment).count("Experts gave no answers") == 1


def test_in_chinese_what_a_score_is_made_of_stands_after_a_chinese_colon():
    page = results_page(double_round(), "&topic=safety", language="zh-hans")

    assert "财务影响：影响程度" in page
    assert "财务影响: " not in page
