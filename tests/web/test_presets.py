"""Classic and double materiality: exchanged until people are asked; tiers have names."""

import re

import pytest

from materiality import actions
from materiality.locking.snapshots import results_for
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.sentences import naming
from surveys.actions.publish import publish
from tests.rounds import make_round, make_user, plan_for
from tests.web.conftest import signed_in
from tests.web.test_panels import double_round

pytestmark = pytest.mark.django_db


def opened(made: Assessment):
    make_user("owner", made.organisation)
    return signed_in("owner")


def form_of(owner, made, name):
    """Return what a form of the method page would send as it stands."""
    form = owner.get(f"/a/{made.pk}/method/").context[name]
    return {field.html_name: field.value() or "" for field in form}


def test_the_first_button_makes_one_questionnaire_named_after_both_things_it_asks():
    assessment = make_round(preset="double")
    owner = opened(assessment)

    page = owner.get(f"/a/{assessment.pk}/ask/", {"lang": "en"}).content.decode()
    built = re.findall(r'name="build"\s+value="(\w+)"', page)
    owner.post(f"/a/{assessment.pk}/ask/", {"build": "impact"})

    assert sorted(built) == ["impact", "stakeholder"]
    survey = assessment.surveys.get()
    assert {prompt.code for prompt in survey.prompts.all()} == {
        "impact", "financial-magnitude-medium", "financial-likelihood-medium",
    }  # fmt: skip
    assert "society" in survey.title["en"]
    assert "finances" in survey.title["en"]
    assert "财务" in survey.title["zh-hans"]


@pytest.mark.parametrize(("first", "then"), [("classic", "double"), ("double", "classic")])
def test_the_preset_can_be_exchanged_and_drafts_go(first, then):
    assessment = make_round(preset=first)
    owner = opened(assessment)
    owner.post(f"/a/{assessment.pk}/ask/", {"build": "impact"})

    sent = form_of(owner, assessment, "preset") | {"preset": then}
    answered = owner.post(f"/a/{assessment.pk}/method/preset/", sent)

    assert answered.status_code == 302
    assessment = Assessment.objects.get(pk=assessment.pk)
    fresh = make_round(year="2030", preset=then)
    axes = {row.code: (row.axis, row.criteria) for row in assessment.dimensions.all()}
    assert axes == {row.code: (row.axis, row.criteria) for row in fresh.dimensions.all()}
    assert assessment.tier_rule == fresh.tier_rule
    assert not assessment.surveys.exists()
    weights = {
        (w.group.code, w.dimension.code) for g in assessment.groups.all() for w in g.weights.all()
    }
    assert (("panel", "financial") in weights) == (then == "double")


def test_once_a_questionnaire_is_published_the_preset_stands():
    assessment = make_round()
    owner = opened(assessment)
    survey = actions.ask(
        assessment=assessment, dimension="impact", plan=plan_for("impact", assessment), by=None
    )
    sent = form_of(owner, assessment, "preset") | {"preset": "double"}
    publish(survey)

    refused = owner.post(f"/a/{assessment.pk}/method/preset/", sent)

    assert refused.status_code == 409
    assert not Assessment.objects.get(pk=assessment.pk).is_double


def test_double_after_a_classic_round_has_the_rule_of_double():
    assessment = make_round()
    following = make_round(year="2021", previous=assessment, preset="double")

    assert (assessment.tier_rule, following.tier_rule) == ("weighted_sum", "either")


def test_criteria_can_be_chosen_again_once_the_draft_is_deleted():
    assessment = make_round()
    owner = opened(assessment)
    owner.post(f"/a/{assessment.pk}/ask/", {"build": "impact"})
    sent = form_of(owner, assessment, "criteria") | {"impact": ["scale", "scope"]}
    refused = owner.post(f"/a/{assessment.pk}/method/criteria/", sent)

    owner.post(f"/a/{assessment.pk}/ask/", {"discard": assessment.surveys.get().pk})
    sent = form_of(owner, assessment, "criteria") | {"impact": ["scale", "scope"]}
    saved = owner.post(f"/a/{assessment.pk}/method/criteria/", sent)

    assert (refused.status_code, saved.status_code) == (409, 302)


@pytest.mark.parametrize(("language", "word"), [("en", "Not material"), ("zh-hans", "不具重要性")])
def test_the_lowest_tier_of_double_materiality_is_not_material(language, word):
    results = results_for(double_round())

    assert naming.tier_name(Edition(results, language), 3) == word


def test_tiers_are_called_as_the_round_names_them_on_pages_and_in_files():
    made = double_round()
    owner = opened(made)
    names = {
        "tier1:en": "Core",
        "tier1:zh-hans": "核心",
        "tier3:en": "Watch",
        "tier3:zh-hans": "关注",
    }
    sent = form_of(owner, made, "tiers") | names

    assert owner.post(f"/a/{made.pk}/method/tiers/", sent).status_code == 302

    made = Assessment.objects.get(pk=made.pk)
    results = results_for(made)
    page = owner.get(f"/a/{made.pk}/results/", {"lang": "en"}).content.decode()
    assert re.search(r">\s*Core\s*</option>", page)
    assert [naming.tier_name(Edition(results, "en"), tier) for tier in (1, 2, 3)] == [
        "Core", "More material", "Watch",
    ]  # fmt: skip
    assert naming.tier_name(Edition(results, "zh-hans"), 1) == "核心"
    assert made.events.order_by("-number").first().subject == "tier_names"
