"""Results that the register feeds: what each of both says, and who was silent, once."""

import csv
import io

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict

from materiality import actions
from materiality.document import assemble
from materiality.locking.snapshots import results_for
from materiality.method import evaluate
from materiality.models import Assessment
from materiality.models.register import ASKED
from materiality.report.edition import Edition
from materiality.report.files.opendata import scores_csv
from materiality.results import Results
from materiality.web.score.page import ResultsPage
from surveys.models import Role
from tests.actions.test_feeding import fed_round
from tests.actions.test_setting_up import LIKELIHOOD, MAGNITUDE, ask_all, by_topic, double_round
from tests.builders import both
from tests.markup import page_of
from tests.method.test_feeding import double_inputs
from tests.registers import add
from tests.rounds import MODES, STEADY, answer, close_and_seal, make_round, make_user
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


def fed_with_few_on_ethics(feeds) -> Assessment:
    """A round where three people rated the impact of ethics, and an expert judged it the worst."""
    assessment = fed_round(feeds)
    row = add(assessment, topic="ethics", kind="negative", is_actual=True)
    expert = User.objects.get(username="erin")
    actions.assign_iros(assessment=assessment, codes=[row.code], experts=[expert], by=None)
    marks = dict.fromkeys(ASKED[row.sheet], 5)
    actions.score_iro(iro=row, expert=expert, marks=marks, reason="Bribes were paid")
    return Assessment.objects.get(pk=assessment.pk)


@pytest.mark.parametrize("feeds", ["survey", "register", "worst"])
def test_neither_page_nor_open_data_tells_what_few_people_said(feeds, monkeypatch):
    monkeypatch.setitem(MODES, "impact", "anonymous")
    assessment = fed_with_few_on_ethics(feeds)
    make_user("owner", assessment.organisation, Role.OWNER)

    page = page_of(signed_in("owner").get(f"/a/{assessment.pk}/results/review/?lang=en"))
    results = results_for(assessment)
    lines = csv.DictReader(io.StringIO(scores_csv(Edition(results, "en")).decode("utf-8-sig")))
    rows = {row["code"]: row for row in lines}

    assert (results.topic("ethics").x == 5) is (feeds != "survey")
    shares = page.split("Shares of high ratings: ")[-1].split("</table>")[0]
    assert "Ethics</th>" not in shares
    assert "Safety</th>" in shares  # control: more people rated it
    assert rows["ethics"]["x_high_share"] == ""
    assert rows["safety"]["x_high_share"] != ""


@pytest.mark.parametrize("feeds", ["register", "worst"])
def test_the_mark_among_the_groups_is_what_the_survey_comes_to(feeds):
    def marks(feeds) -> list[float | None]:
        made = double_inputs(feeds)
        results = Results(assemble(made, evaluate(made)))
        page = ResultsPage(make_round(preset="double"), results, QueryDict("topic=privacy"))
        assert page.selected.code == "privacy"
        return [dot.overall for dot in page.dots]

    assert marks("survey")[0] is not None
    assert marks(feeds) == marks("survey")


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
