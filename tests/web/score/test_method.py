"""The method of a round by its pages: rule, criteria, kinds of impact, what compares."""

import pytest

from materiality import actions, catalogue
from materiality.actions.settings import RULE
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.models import Assessment, Topic
from surveys.models import Organisation
from tests.actions.test_setting_up import RULES, double_round, severe_round
from tests.builders import both
from tests.rounds import STEADY, answer, ask, close_and_seal, make_round, make_user
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import text, url

pytestmark = pytest.mark.django_db


def fresh(assessment: Assessment) -> Assessment:
    return Assessment.objects.get(pk=assessment.pk)


def owner_of(assessment):
    make_user("owner", assessment.organisation)
    return signed_in("owner")


def rule_form(assessment, **changes):
    now = fresh(assessment)
    told = {name: getattr(now, name) for name in RULE}
    return {"version": now.version, "reason": ""} | told | changes


@pytest.mark.parametrize("kind", RULES)
def test_any_rule_is_chosen_before_the_survey_without_a_reason(kind):
    assessment = make_round()
    owner = owner_of(assessment)
    page = text(owner.get(url(assessment, "method") + "?lang=en"))
    assert "No results have been seen yet" in page

    sent = rule_form(assessment, tier_rule=kind, **RULES[kind])
    answered = owner.post(url(assessment, "method/rule"), sent)

    assert answered.status_code == 302
    assert fresh(assessment).tier_rule == kind


def test_after_the_results_a_rule_needs_a_reason(assessment, owner):
    page = text(owner.get(url(assessment, "method") + "?lang=en"))
    assert "Every change needs a reason" in page

    answered = owner.post(
        url(assessment, "method/rule") + "?lang=en", rule_form(assessment, tier_rule="both")
    )

    assert answered.status_code == 409
    assert "Say why" in text(answered)
    assert fresh(assessment).tier_rule == "weighted_sum"


def test_somebody_elses_rule_is_not_overwritten(assessment, owner):
    sent = rule_form(assessment, cut_high=4.4, reason="Mine")
    actions.set_rule(assessment=assessment, by=None, cut_high=4.6, reason="Theirs")

    answered = owner.post(url(assessment, "method/rule") + "?lang=en", sent)

    assert answered.status_code == 409
    assert "Somebody else saved" in text(answered)
    assert fresh(assessment).cut_high == 4.6


def test_what_the_panel_is_asked_is_chosen_until_it_is_asked():
    assessment = make_round(preset="double")
    owner = owner_of(assessment)
    chosen = {"impact": ["likelihood", "scale"], "financial": ["long", "short"]}

    sent = {"version": fresh(assessment).version, **chosen}
    assert owner.post(url(assessment, "method/criteria"), sent).status_code == 302

    asked = {row.code: row.criteria for row in assessment.dimensions.all()}
    assert asked["impact"] == ["scale", "likelihood"]
    assert asked["financial"] == [
        "magnitude.short",
        "likelihood.short",
        "magnitude.long",
        "likelihood.long",
    ]
    ask(assessment)
    sent = {"version": fresh(assessment).version, "impact": ["scale"]}
    refused = owner.post(url(assessment, "method/criteria") + "?lang=en", sent)
    assert (refused.status_code, "questions it asks stand" in text(refused)) == (409, True)


def test_a_likelihood_alone_is_no_impact():
    assessment = make_round()
    sent = {"version": fresh(assessment).version, "impact": ["likelihood"]}

    page = text(owner_of(assessment).post(url(assessment, "method/criteria") + "?lang=en", sent))

    assert "Likelihood needs a severity" in page


def test_what_has_happened_keeps_its_severity():
    """By hand: severity 4; likelihood 1 of 5 would make it 0.8."""
    assessment = severe_round()
    owner = owner_of(assessment)
    sent = {"version": fresh(assessment).version, "actual": ["privacy"], "reason": "Seen in 2020"}

    assert owner.post(url(assessment, "method/impacts"), sent).status_code == 302

    results = results_for(fresh(assessment))
    assert (results.topic("privacy").x, results.topic("energy").x) == (4, pytest.approx(0.8))
    page = text(owner.get(url(assessment, "method")))
    assert 'value="privacy" checked' in page


def test_after_somebody_else_saved_no_tick_is_lost():
    assessment = severe_round()
    sent = {"version": fresh(assessment).version, "actual": ["privacy", "energy"], "reason": "Seen"}
    actions.set_rule(assessment=assessment, by=None, cut_high=4.6, reason="Theirs")

    answered = owner_of(assessment).post(url(assessment, "method/impacts") + "?lang=en", sent)

    assert answered.status_code == 409
    assert "Somebody else saved" in text(answered)
    for code in sent["actual"]:
        assert f'value="{code}" checked' in text(answered)


@pytest.fixture
def szse(db):
    """A double round; its first topic is a set topic of SZSE 2024, the others are not."""
    assessment = double_round()
    key = next(e.key for e in catalogue.entries("SZSE", "2024") if e.kind == "topic")
    Topic.objects.filter(assessment=assessment, code="privacy").update(references=[list(key)])
    return assessment


def test_each_set_topic_has_a_result_and_the_others_ask_for_a_reason(szse):
    page = text(owner_of(szse).get(url(szse, "results/set-topics") + "?lang=en"))

    assert page.count('<th scope="row">') == 21
    assert "Impact and financial effect</b>" in page
    assert page.count("Nobody has judged it") == 20
    assert "20 still need a reason" in page


def test_a_reason_for_a_set_topic_is_kept_with_the_bundle(szse):
    owner = owner_of(szse)
    form = {"version": fresh(szse).version}
    for entry in catalogue.entries("SZSE", "2024"):
        form |= {f"{entry.code}:zh-hans": "", f"{entry.code}:en": ""}
    form |= {"Art.30:zh-hans": "公司没有生产场所", "Art.30:en": "The company runs no plant"}

    assert owner.post(url(szse, "results/set-topics"), form).status_code == 302

    reason = both("公司没有生产场所", "The company runs no plant")
    assert results_for(fresh(szse)).inputs["explanations"] == [
        {"key": ["SZSE", "2024", "Art.30"], "reason": reason}
    ]
    page = text(owner.get(url(szse, "results/set-topics") + "?lang=en"))
    assert "19 still need a reason" in page
    event = szse.events.get(verb="explain_topic")
    assert (event.subject, event.after) == ("SZSE 2024 Art.30", reason)


def test_both_matrices_are_figures_of_one_round(szse):
    owner = owner_of(szse)

    double = text(owner.get(url(szse) + "?lang=en"))
    classic = text(owner.get(url(szse) + "?matrix=classic&lang=en"))

    assert "Importance to the company’s finances" in double.split("<svg")[1] + double
    assert '<option value="double" selected>' in double
    assert '<option value="classic" selected>' in classic
    assert "Vertical: stakeholders" in classic
    assert "y:employees" in classic
    assert 'form="decide"' in double
    assert 'form="decide"' not in classic  # tiers are decided on the round's own matrix


def test_weights_of_the_other_matrix_are_saved_from_it(szse):
    owner = owner_of(szse)
    sent = {"y:employees": 10, "y:customers": 20, "y:regulators": 70, "x:panel": 50}
    sent |= {"reason": "Agreed", "version": fresh(szse).version}

    address = url(szse, "results/weights") + "?matrix=classic"
    assert owner.post(address, sent).status_code == 302

    weights = szse.groups.get(code="regulators").weights.get().value
    assert weights == 70


def test_the_quality_of_the_answers_and_the_round_without_flagged_ones_stand_in_tables(
    assessment, owner
):
    page = text(owner.get(url(assessment, "results/review") + "?lang=en"))

    table = page.split('id="qu"')[1].split("</table>")[0]
    assert "Stakeholders</th>" in table
    assert '<td class="r">17</td>' in table  # six, six and five people
    assert "68" in table  # each rated four topics


def test_a_reviewer_says_what_compares(assessment, owner):
    snapshots.lock(assessment=assessment, by=None)
    following = make_round(year="2021", previous=fresh(assessment))
    for survey in ask(following):
        answer(survey, STEADY)
        close_and_seal(survey)
    form = {f"topic:{code}": "" for code in ("privacy", "energy", "safety", "ethics")}
    form |= {"topic:energy": "no", "version": fresh(following).version}

    refused = owner.post(url(following, "results/review") + "?lang=en", form | {"reason": ""})
    assert (refused.status_code, "Say why" in text(refused)) == (409, True)
    saved = owner.post(url(following, "results/review"), form | {"reason": "Asked otherwise"})

    assert saved.status_code == 302
    rows = results_for(fresh(following)).year_on_year
    verdicts = {code: row["dimensions"]["stakeholder"]["verdict"] for code, row in rows.items()}
    assert verdicts["energy"] == "not_comparable"
    assert verdicts["privacy"] == "within_noise"


def test_a_double_round_is_started_by_the_page(db):
    organisation = make_round().organisation
    owner = signed_in(make_user("owner", organisation).username)
    sent = {"organisation": organisation.pk, "year": "2030", "preset": "double"}

    owner.post("/a/new/", sent)

    started = Assessment.objects.get(year="2030", organisation=Organisation.objects.get())
    assert started.dimensions.get(axis="y").code == "financial"
