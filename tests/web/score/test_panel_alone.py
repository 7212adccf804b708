"""Double materiality that named panels alone judge: no survey, from the pages to the files."""

import io
from dataclasses import replace

import pytest
from django.urls import reverse
from pptx import Presentation

from materiality import actions
from materiality.actions.drafting import draft_survey
from materiality.actions.groups import remove_group
from materiality.locking import snapshots
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.figure.drawings import Drawings
from materiality.report.files import package
from materiality.report.files.slides.deck import slides
from surveys.actions.publish import publish
from surveys.models import Survey
from tests import files
from tests.markup import page_of
from tests.rounds import (
    GROUPS,
    answer,
    close_and_seal,
    make_round,
    make_user,
    plan_for,
    sealed_round,
)
from tests.web.conftest import signed_in
from tests.web.test_access import ROUND_PAGES, path_of
from tests.web.test_pages import HTML_PAGES

pytestmark = pytest.mark.django_db

RATED = [[5, 5, 5, 2, 1, 1, 4, 2, 5, 2, 4, 2]] * 4
NOT_THERE = {"file", "table", "employees", "IRO-001", "S-001", "P-001"}
"""What the pages of other rounds are about, and this one has not."""
NO_MATRIX = "The panel alone judges both sides of double materiality"


def double_without_groups() -> Assessment:
    assessment = make_round(preset="double")
    for code in GROUPS:
        remove_group(assessment=assessment, group=code, by=None)
    make_user("owner", assessment.organisation)
    return assessment


def asked(assessment: Assessment, dimension: str) -> Survey:
    plan = plan_for(dimension, assessment)
    survey = actions.ask(
        assessment=assessment, dimension=dimension, plan=replace(plan, mode="named"), by=None
    )
    publish(survey)
    return survey


def judged_by_a_panel() -> Assessment:
    assessment = double_without_groups()
    survey = asked(assessment, "impact")
    answer(survey, {"panel": RATED})
    close_and_seal(survey)
    return assessment


def address(assessment: Assessment, name: str) -> str:
    return reverse(f"materiality:{name}", args=[assessment.pk])


def get(assessment: Assessment, name: str, language: str = "en") -> str:
    answered = signed_in("owner").get(address(assessment, name), {"lang": language})
    assert answered.status_code == 200
    return page_of(answered)


def test_before_the_survey_the_pages_want_nobody_else():
    assessment = double_without_groups()

    assert "Publish the questionnaire" in get(assessment, "overview")
    groups = get(assessment, "stakeholders")
    assert "would stay empty" not in groups
    assert NO_MATRIX in groups


def test_with_stakeholders_nothing_is_said_of_a_panel_alone():
    assessment = make_round(preset="double")
    make_user("owner", assessment.organisation)

    assert NO_MATRIX not in get(assessment, "stakeholders")


@pytest.mark.parametrize(("left", "lacks"), [("impact", "finances"), ("financial", "impact")])
def test_a_panel_of_one_side_says_which_judge_is_missing_and_where_to_add_one(left, lacks):
    assessment = double_without_groups()
    remove_group(assessment=assessment, group="panel", by=None)
    panel = [{"code": "one-side", "name": {"en": "One side"}}]
    actions.add_groups(assessment=assessment, groups=panel, dimension=left, together=False)
    draft_survey(assessment=assessment, dimension=assessment.dimensions.get(code=left), by=None)

    assert "Choose the groups to ask" in get(assessment, "overview")
    for page in ("stakeholders", "ask"):
        sentence, _would, _rest = get(assessment, page).partition("would stay empty")
        assert lacks in sentence[-200:]
    assert address(assessment, "stakeholders") in get(assessment, "ask").partition("stay empty")[2]
    assert address(assessment, "ask") in get(assessment, "results")


def test_both_axes_come_from_the_panel_and_there_is_no_classic_matrix():
    results = snapshots.results_for(judged_by_a_panel())

    assert {axis: row["code"] for axis, row in results.axes.items()} == {
        "x": "impact",
        "y": "financial",
    }
    assert list(results.views) == ["double"]
    assert results.topic("privacy").x == 5
    assert all(topic.rank for topic in results.topics)


def test_every_page_of_the_round_opens():
    """In one language: a page that cannot do without groups stumbles over a number, not a word."""
    assessment = judged_by_a_panel()
    owner = signed_in("owner")

    for name in HTML_PAGES:
        if NOT_THERE & set(ROUND_PAGES[name].arguments):
            continue
        assert owner.get(path_of(name, assessment)).status_code in (200, 302), name


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_file_is_made(language):
    assessment = judged_by_a_panel()
    snapshots.lock(assessment=assessment, by=None)
    results = snapshots.results_for(assessment)

    texts = files.opened(package.files(Edition(results, language)), languages=[language])

    assert "double.svg" in texts
    for name, text in texts.items():
        assert language == "en" or "None" not in text, name
        assert "nan" not in text.split(), name


def headings_of(results):
    """Return the headings of the slide that says why the first topics lead."""
    deck = Presentation(io.BytesIO(slides(Drawings(Edition(results, "en")))))
    tables = [shape.table for page in deck.slides for shape in page.shapes if shape.has_table]
    return [cell.text for cell in tables[0].rows[0].cells]


def test_the_slide_of_why_topics_lead_names_no_group_where_no_group_rated_an_axis_as_one():
    with_groups = headings_of(snapshots.results_for(sealed_round()))
    by_questions = headings_of(snapshots.results_for(judged_by_a_panel()))

    assert "Rated highest by" in with_groups
    assert [one for one in with_groups if "Rated" not in one][0::3] == by_questions[0::3]
    assert "Rated highest by" not in by_questions
