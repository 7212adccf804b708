"""A double-materiality round through the actions: set up, asked, answered, scored, decided."""

import pytest
from django.utils.translation import override

from materiality import actions
from materiality.actions import SurveyPlan
from materiality.actions.drafting import draft_survey
from materiality.actions.lastyear import ask_again
from materiality.catalogue.wording import CANNOT_JUDGE, CRITERIA, WHOLE
from materiality.errors import BadWeights, ChangeNeedsReason, CriteriaStand
from materiality.locking.snapshots import lock, results_for
from materiality.method import evaluate
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.sentences import note
from materiality.results import method_facts
from surveys.actions.publish import publish
from surveys.fieldwork.readiness import what_is_missing
from surveys.languages import CODES
from surveys.models import Survey
from surveys.questionnaire.prompts import faults_of
from tests.builders import both, make_organisation
from tests.rounds import STEADY, answer, close_and_seal, make_round, plan_for, sealed_round

pytestmark = pytest.mark.django_db

MAGNITUDE, LIKELIHOOD = [5, 1, 2, 4], [5, 1, 5, 2]


def plan(dimension: str, assessment: Assessment) -> SurveyPlan:
    return plan_for(dimension, assessment)


def ask_all(assessment: Assessment) -> dict[str, Survey]:
    surveys = {
        dimension: actions.ask(
            assessment=assessment, dimension=dimension, plan=plan(dimension, assessment), by=None
        )
        for dimension in ("stakeholder", "impact")
    }
    for survey in surveys.values():
        publish(survey)
    return surveys


def by_topic(*questions: list[int | str]) -> list[int | str]:
    """Return the answers in the order of the questions: all about a topic, then the next one."""
    return [rating for of_topic in zip(*questions, strict=True) for rating in of_topic]


def double_round(**settings) -> Assessment:
    assessment = make_round(preset="double", **settings)
    surveys = ask_all(assessment)
    answer(surveys["stakeholder"], STEADY)
    rows = [by_topic(impact, MAGNITUDE, LIKELIHOOD) for impact in STEADY["panel"]]
    answer(surveys["impact"], {"panel": rows})
    for survey in surveys.values():
        close_and_seal(survey)
    return assessment


def test_the_panel_is_asked_about_the_financial_effect_in_the_same_survey():
    assessment = make_round(preset="double")

    survey = ask_all(assessment)["impact"]

    assert list(survey.prompts.values_list("code", flat=True)) == [
        "impact",
        "financial-magnitude-medium",
        "financial-likelihood-medium",
    ]
    assert survey.questions.count() == 3 * 4


def test_a_double_round_ranks_by_impact_and_financial_effect_and_has_the_classic_matrix():
    results = results_for(double_round())

    assert {axis: row["code"] for axis, row in results.axes.items()} == {
        "x": "impact",
        "y": "financial",
    }
    assert results.rule.kind == "either"
    result = {topic.code: topic.y for topic in results.topics}
    expected = [m * p / 5 for m, p in zip(MAGNITUDE, LIKELIHOOD, strict=True)]  # method.md, 7
    assert result == pytest.approx(
        dict(zip(("privacy", "energy", "safety", "ethics"), expected, strict=True))
    )
    classic = results.views["classic"].topics
    assert classic["privacy"]["y"] == pytest.approx((4.5 + 4 + 5) / 3)


def test_when_a_topic_is_material_and_from_which_score_are_settings_of_the_round():
    assessment = double_round(double_rule="both", axis_cut_x=3.2, axis_cut_y=2.0)

    rows = results_for(assessment).views["double"].topics

    assert rows["privacy"]["material"]  # 4.5 and 5.0
    assert rows["safety"]["material"]  # 4.0 and 2.0
    assert not rows["energy"]["material"]  # 2.5 and 0.2


def test_a_round_of_double_materiality_passes_on_its_preset_and_its_settings():
    first = make_round(preset="double", band=0.1, double_rule="both")
    actions.set_criteria(
        assessment=first,
        criteria={"financial": ["magnitude.short", "likelihood.short"]},
        by=None,
    )

    second = make_round(previous=first, year="2021")

    assert (second.band, second.double_rule) == (0.1, "both")
    assert {row.code: row.axis for row in second.dimensions.all()} == {
        "financial": "y",
        "impact": "x",
        "stakeholder": "",
    }
    assert second.dimensions.get(code="financial").criteria == [
        "magnitude.short",
        "likelihood.short",
    ]
    assert second.groups.get(code="panel").weights.count() == 2


def test_a_classic_round_may_be_followed_by_one_of_double_materiality():
    second = make_round(preset=None, year="2019")
    following = actions.start_round(
        organisation=second.organisation, year="2020", previous=second, preset="double", by=None
    )
    actions.carry_over(assessment=following)

    panel = following.groups.get(code="panel")
    assert sorted(row.dimension.code for row in panel.weights.all()) == ["financial", "impact"]


def test_what_is_asked_stands_once_the_questionnaire_is_built():
    assessment = make_round(preset="double")
    ask_all(assessment)

    with pytest.raises(CriteriaStand):
        actions.set_criteria(assessment=assessment, criteria={"impact": ["scale"]}, by=None)


SEVERITY = ["scale", "scope", "irremediability", "likelihood"]


def severe_round(**settings) -> Assessment:
    """A panel that gives every topic scale 2, scope 4, irremediability 3 and likelihood 1."""
    assessment = make_round(**settings)
    actions.set_criteria(assessment=assessment, criteria={"impact": SEVERITY}, by=None)
    surveys = ask_all(assessment)
    answer(surveys["stakeholder"], STEADY)
    answer(surveys["impact"], {"panel": [[2, 4, 3, 1] * 4] * 6})
    for survey in surveys.values():
        close_and_seal(survey)
    return assessment


def severe_double_round(**settings) -> Assessment:
    """Two panels judge impact by four criteria and the financial effect over two horizons."""
    assessment = make_round(preset="double", **settings)
    experts = [{"code": "experts", "name": both("专家", "Experts")}]
    management = [{"code": "management", "name": both("管理层", "Management")}]
    assessment.groups.get(code="panel").delete()
    for groups in (management, experts):
        actions.add_groups(assessment=assessment, groups=groups, dimension="impact", kind="panel")
    horizons = [f"{what}.{when}" for when in ("short", "long") for what in FINANCIAL]
    criteria = {"impact": SEVERITY, "financial": horizons}
    actions.set_criteria(assessment=assessment, criteria=criteria, by=None)
    surveys = ask_all(assessment)
    answer(surveys["stakeholder"], STEADY)
    answer(surveys["impact"], PANELS)
    for survey in surveys.values():
        close_and_seal(survey)
    actions.judge_impacts(
        assessment=assessment, actual=["energy"], human_rights=[], by=None, reason="Seen"
    )
    return Assessment.objects.get(pk=assessment.pk)


FINANCIAL = ("magnitude", "likelihood")
PANELS = {
    "management": [[5, 4, 2, 5, 4, 4, 5, 2], [2, 3, 1, 2, 3, 3, 2, 4]] * 5,
    "experts": [[3, 5, 4, 4, 2, 5, 4, 4], [4, 1, "cannot_judge", 3, 5, 2, 1, 1]] * 5,
}
PANELS = {  # each topic gets the same answers, begun at another place
    code: [[row[(at + shift) % 8] for shift in (0, 3, 5, 6) for at in range(8)] for row in rows]
    for code, rows in PANELS.items()
}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, 4 * 1 / 5),
        ({"severity_rule": "mean"}, 3 * 1 / 5),
        ({"severity_rule": "mean_max"}, 3.5 * 1 / 5),
        ({"likelihood_rule": "capped"}, (4 + 1) / 2),
    ],
)
def test_how_severity_and_likelihood_become_an_impact_is_a_setting(settings, expected):
    """By hand from docs/method.md, 7."""
    results = results_for(severe_round(**settings))

    assert results.topic("privacy").x == pytest.approx(expected)


def test_likelihood_lowers_neither_what_has_happened_nor_a_harm_to_human_rights():
    assessment = severe_round()
    actions.judge_impacts(
        assessment=assessment,
        actual=["privacy"],
        human_rights=["safety"],
        by=None,
        reason="Seen in 2020",
    )

    results = results_for(assessment)

    assert [results.topic(code).x for code in ("privacy", "safety", "energy")] == [4, 4, 0.8]


def test_judging_an_impact_after_the_results_are_seen_needs_a_reason():
    with pytest.raises(ChangeNeedsReason):
        actions.judge_impacts(
            assessment=sealed_round(), actual=["privacy"], human_rights=[], by=None
        )


RULES = {
    "weighted_sum": {},
    "either": {},
    "both": {},
    "distance": {"cut_high": 0.8, "cut_low": 0.6},
    "product": {"cut_high": 16.0, "cut_low": 10.0},
    "quadrants": {"axis_cut_x": 4.0, "axis_cut_y": 3.9},
    "natural_breaks": {},
    "quantiles": {"share_high": 0.25, "share_middle": 0.5},
}
# Privacy, energy, safety, ethics at (4.5, 4.5), (2.5, 2.83), (4, 4), (2, 3.5): the panel is named,
# so the three ratings of ethics count.
TIERS = {
    "weighted_sum": [1, 3, 1, 3],
    "either": [1, 3, 1, 2],
    "both": [1, 3, 1, 3],
    "distance": [1, 3, 2, 3],
    "product": [1, 3, 1, 3],
    "quadrants": [1, 3, 1, 3],
    "natural_breaks": [1, 3, 2, 3],
    "quantiles": [1, 3, 2, 2],
}


@pytest.mark.parametrize("kind", RULES)
def test_each_of_the_eight_rules_can_be_set(kind):
    """Tiers by hand from docs/method.md, 4, at the coordinates beside TIERS."""
    assessment = sealed_round()
    actions.set_rule(assessment=assessment, by=None, tier_rule=kind, reason="Agreed", **RULES[kind])

    results = results_for(Assessment.objects.get(pk=assessment.pk))

    codes = ("privacy", "energy", "safety", "ethics")
    assert [results.topic(code).suggested_tier for code in codes] == TIERS[kind]


@pytest.mark.parametrize(
    "settings",
    [
        {"tier_rule": "distance"},  # the boundaries are still 4.0 and 3.5
        {"share_high": 0.7, "share_middle": 0.4},
        {"share_lower": -0.1},  # of a tier that there is not
        {"band": -0.1},
    ],
)
def test_settings_that_no_score_can_meet_are_refused(settings):
    with pytest.raises(BadWeights):
        actions.set_rule(assessment=make_round(), by=None, **settings)


def test_a_double_round_is_decided_locked_and_recomputed():
    """What `manage.py recompute` prints is what was locked."""
    assessment = severe_double_round(double_rule="both", tier_rule="quadrants")
    first = results_for(assessment).topics[0]
    other = 2 if first.suggested_tier != 2 else 3
    actions.decide(assessment=assessment, decisions={first.code: (other, "Agreed")}, by=None)

    lock(assessment=assessment, by=None)

    locked = results_for(Assessment.objects.get(pk=assessment.pk))
    assert locked.is_locked
    assert locked.topic(first.code).tier == other
    assert evaluate(locked.inputs) == locked.document["results"]
    assert locked.views["double"].settings["combine"] == "both"
    composite = locked.axes["x"]["composite"]
    assert (composite["severity_rule"], composite["likelihood_rule"]) == ("max", "scaled")
    facts = method_facts(locked)
    assert facts["interval"] == "bounded"
    assert facts["rule"]["axis_cuts"] == {"x": 3.5, "y": 3.5}


@pytest.mark.parametrize(
    ("language", "severity", "likelihood", "financial"),
    [
        ("en", "Severity: the mean of", "never above severity", "the highest over time"),
        ("zh-hans", "平均值", "不高于严重程度", "取各期限中的最高值"),
    ],
)
def test_the_note_prints_how_several_questions_became_one_number(
    language, severity, likelihood, financial
):
    assessment = severe_double_round(severity_rule="mean", likelihood_rule="capped")

    printed = " ".join(note.sentences(Edition(results_for(assessment), language), low=0.0))

    for words in (severity, likelihood, financial):
        assert words in printed


def test_the_questionnaires_of_a_double_round_are_asked_again_once():
    first = make_round(preset="double")
    ask_all(first)
    second = make_round(previous=first, year="2021")

    built = ask_again(assessment=second, by=None)

    assert len(built) == 2
    asked = {prompt for survey in built for prompt in survey.prompts.values_list("code", flat=True)}
    assert asked == {
        "stakeholder",
        "impact",
        "financial-magnitude-medium",
        "financial-likelihood-medium",
    }


def test_a_group_is_asked_of_a_new_topic_only_what_it_is_asked_of_the_others():
    assessment = make_round()
    survey = actions.ask(
        assessment=assessment,
        dimension="stakeholder",
        plan=plan_for("stakeholder", assessment),
        by=None,
    )
    customers = survey.audiences.get(code="customers")
    customers.questions.clear()

    topic = {"code": "water", "name": both("水", "Water"), "definition": both("水", "Water")}
    actions.add_topics(assessment=assessment, topics=[topic | {"category": "environment"}])

    asked = survey.questions.get(item="water").audiences.values_list("code", flat=True)
    assert set(asked) == {"employees", "regulators"}


USUAL = [*WHOLE.values(), *(one for asked in CRITERIA.values() for one in asked.values())]


@pytest.mark.parametrize("texts", USUAL, ids=lambda texts: texts.text["en"])
def test_the_usual_words_of_every_question_can_be_asked(texts):
    words = vars(texts) | {"cannot_judge": CANNOT_JUDGE}

    assert list(faults_of(words, CODES)) == []


def test_a_lead_does_not_name_the_company_in_another_language_and_is_said_to_be_missing():
    organisation = make_organisation(name={"zh-hans": "味禾食品"})
    assessment = make_round(organisation=organisation)
    dimension = assessment.dimensions.get(code="stakeholder")

    survey = draft_survey(assessment=assessment, dimension=dimension, by=None)

    assert "味禾食品" in survey.lead["zh-hans"]  # the control
    assert survey.lead["en"] == ""
    with override("en"):
        assert "The reason for asking has no text in English." in what_is_missing(survey)
