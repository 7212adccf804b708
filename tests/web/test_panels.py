"""A named panel, however small: every topic it rates has a score, and every file prints."""

import io
import zipfile

import pytest

from materiality import actions
from materiality.inputs import coverage
from materiality.locking.snapshots import results_for
from materiality.report.edition import Edition
from materiality.report.files import package
from surveys.actions.invite import Person, invite
from surveys.actions.publish import publish
from surveys.questionnaire.consent import consent_text
from tests.builders import consent_of, make_survey
from tests.markup import page_of
from tests.rounds import answer, ask, close_and_seal, make_round, make_user, plan_for
from tests.web.ask.asking import add_people, page
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

ALL_CRITERIA = ["scale", "scope", "irremediability", "likelihood"]
FOURTEEN = tuple(f"topic-{number}" for number in range(1, 15))


def double_round(criteria=(), topics=("privacy", "energy", "safety", "ethics"), people=4):
    """A double-materiality round as its preset makes it, answered by so many people a group."""
    assessment = make_round(preset="double", topics=topics)
    if criteria:
        actions.set_criteria(assessment=assessment, criteria={"impact": list(criteria)}, by=None)
    for dimension in ("stakeholder", "impact"):
        plan = plan_for(dimension, assessment)
        survey = actions.ask(assessment=assessment, dimension=dimension, plan=plan, by=None)
        publish(survey)
        answer_all(survey, people if dimension == "impact" else 6)
        close_and_seal(survey)
    return assessment


def answer_all(survey, people):
    number = survey.questions.count()
    for audience in survey.audiences.all():
        rows = [[(person + at) % 5 + 1 for at in range(number)] for person in range(people)]
        answer(survey, {audience.code: rows})


@pytest.mark.parametrize("people", [1, 4])
def test_a_named_panel_gives_every_topic_a_score_by_all_criteria(people):
    made = double_round(ALL_CRITERIA, FOURTEEN, people)

    results = results_for(made)

    assert {topic.scores["impact"].reason for topic in results.topics} == {None}
    assert {topic.scores["financial"].reason for topic in results.topics} == {None}
    assert {topic.scores["impact.scope"].n for topic in results.topics} == {people}


def test_an_anonymous_group_of_four_is_still_not_shown():
    assessment = make_round(topics=FOURTEEN)
    survey, panel = ask(assessment)
    answer_all(panel, 4)
    answer(survey, {"employees": [[3] * 14] * 4, "customers": [[4] * 14] * 6})
    for each in (survey, panel):
        close_and_seal(each)

    results = results_for(assessment)

    pooled = next(unit for unit in results.units["stakeholder"] if unit.is_pooled)
    assert "employees" in pooled.groups
    assert results.minimum_groups == {"stakeholder": 5, "impact": 1}


def test_a_person_of_a_named_panel_is_asked_about_everything(client):
    assessment = make_round(topics=FOURTEEN, preset="double")
    actions.set_criteria(assessment=assessment, criteria={"impact": ALL_CRITERIA}, by=None)
    plan = plan_for("impact", assessment)
    panel = actions.ask(assessment=assessment, dimension="impact", plan=plan, by=None)
    publish(panel)
    [(_person, token)] = invite(panel.audiences.get(), [Person()])

    client.post(f"/r/{token}/", {"consent": consent_of(panel)})
    page = page_of(client.get(f"/r/{token}/1/?lang=en"))

    assert panel.questions.count() == 14 * 6
    assert "</span> / 84 answered" in page


def test_the_consent_of_a_named_survey_says_that_single_ratings_can_be_seen():
    text = consent_text(make_survey(mode="named"))

    assert "a single rating can be recognised" in text["en"]
    assert "单份评分" in text["zh-hans"]
    assert "single rating" not in consent_text(make_survey())["en"]


@pytest.mark.parametrize("criteria", [(), ALL_CRITERIA], ids=["one question", "all criteria"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_file_of_a_double_round_prints(criteria, language):
    results = results_for(double_round(criteria))

    made = package.files(Edition(results, language))

    assert list(made) == package.names_of(results)
    assert all(made.values())
    rows = made["dictionary.csv"].decode("utf-8-sig").splitlines()
    assert any(row.startswith("groups.csv,mean") for row in rows)
    assert zipfile.is_zipfile(io.BytesIO(made["section.docx"]))


def test_pages_of_a_double_round_with_all_criteria_open():
    made = double_round(ALL_CRITERIA, people=2)
    make_user("owner", made.organisation)
    owner = signed_in("owner")

    pages = ("results", "results/review", "results/set-topics", "export", "changes/method")
    for name in pages:
        assert owner.get(f"/a/{made.pk}/{name}/", {"lang": "en"}).status_code == 200, name


def test_before_publishing_the_page_says_how_many_ratings_each_topic_will_get(round_, editor):
    plan = plan_for("stakeholder", round_)
    survey = actions.ask(assessment=round_, dimension="stakeholder", plan=plan, by=None)
    add_people(survey, *[Person(), Person(), Person()])

    content = page(editor, survey, "questionnaire/")
    listed = page_of(editor.get(f"/a/{round_.pk}/ask/", {"lang": "en"}))

    assert "Ratings each topic will get" in content
    assert content.count("would have no score") == 4
    assert "4 topics would have no score" in listed

    add_people(survey, *[Person(), Person()])
    assert "would have no score" not in page(editor, survey, "questionnaire/")


def test_a_panel_of_two_is_enough_and_none_is_not(round_, editor):
    plan = plan_for("impact", round_)
    panel = actions.ask(assessment=round_, dimension="impact", plan=plan, by=None)

    assert page(editor, panel, "questionnaire/").count("would have no score") == 4

    add_people(panel, Person(), Person())
    assert "would have no score" not in page(editor, panel, "questionnaire/")


def test_a_large_anonymous_draft_counts_that_each_person_rates_a_part():
    assessment = make_round(topics=[f"t-{number}" for number in range(60)])
    plan = plan_for("stakeholder", assessment)
    survey = actions.ask(assessment=assessment, dimension="stakeholder", plan=plan, by=None)
    add_people(survey, *[Person() for _at in range(6)])

    rows = coverage(survey)

    assert {(row.ratings, row.enough) for row in rows} == {(4, False)}  # 6 people × 40 of 60
