"""A round whose panel also rates the financial effect: both matrices from the same answers."""

import pytest

from materiality import actions
from materiality.catalogue.wording import CANNOT_JUDGE, CRITERIA
from materiality.locking.snapshots import results_for
from materiality.models import Dimension, TopicQuestion, Weight
from surveys.actions.publish import publish
from surveys.models import Prompt, Question
from tests.builders import both
from tests.rounds import STEADY, answer, close_and_seal, make_round, plan_for

pytestmark = pytest.mark.django_db

ASKED = ("magnitude.short", "likelihood.short")


def ask_about_money(assessment, survey):
    """Add the financial questions to the panel's survey, before it is published."""
    name = both("对公司财务的影响", "Financial effect")
    dimension = Dimension.objects.create(assessment=assessment, code="financial", name=name)
    panel = assessment.groups.get(code="panel")
    Weight.objects.create(group=panel, dimension=dimension)
    for at, criterion in enumerate(ASKED, start=1):
        texts = CRITERIA["financial"][criterion]
        prompt = Prompt.objects.create(
            survey=survey,
            code=criterion.replace(".", "-"),
            position=at,
            text=texts.text,
            hint=texts.hint,
            labels=texts.labels,
            cannot_judge=CANNOT_JUDGE,
        )
        for topic in assessment.topics.all():
            question = Question.objects.create(
                survey=survey, prompt=prompt, title=topic.name, position=10 * at + topic.position
            )
            question.audiences.set(survey.audiences.all())
            TopicQuestion.objects.create(
                topic=topic, dimension=dimension, criterion=criterion, question=question
            )


def double_round():
    assessment = make_round()
    surveys = {}
    for dimension in ("stakeholder", "impact"):
        plan = plan_for(dimension, assessment)
        surveys[dimension] = actions.ask(
            assessment=assessment, dimension=dimension, plan=plan, by=None
        )
    ask_about_money(assessment, surveys["impact"])
    for survey in surveys.values():
        publish(survey)
    answer(surveys["stakeholder"], STEADY)
    money = [5, 1, 2, 4, 5, 1, 5, 2]  # magnitude of four topics, then their likelihood
    answer(surveys["impact"], {"panel": [[*row, *money] for row in STEADY["panel"]]})
    for survey in surveys.values():
        close_and_seal(survey)
    return assessment


def test_the_same_round_gives_both_matrices():
    results = results_for(double_round())

    classic, double = results.views["classic"].topics, results.views["double"].topics
    assert double["privacy"]["y"] == pytest.approx(5 * 5 / 5)
    assert double["safety"]["y"] == pytest.approx(2 * 5 / 5)
    assert classic["privacy"]["y"] == pytest.approx((4.5 + 4 + 5) / 3)
    assert double["privacy"]["x"] == classic["privacy"]["x"] == pytest.approx(4.5)
    assert double["privacy"]["basis"] == "both"
    assert double["energy"]["material"] is False


def test_the_bundle_says_what_was_asked():
    results = results_for(double_round())

    rows = {row["code"]: row for row in results.inputs["dimensions"]}
    assert rows["financial"]["composite"]["kind"] == "financial"
    question = rows["financial.magnitude.short"]["question"]
    assert question == CRITERIA["financial"]["magnitude.short"].text
    assert results.about["preset"] == "double"
    assert results.topic("privacy").scores["financial"].n == 6
