"""Robustness: who decides, who disagrees, what moved; and the rule that makes tiers."""

import re

import pytest
from django.urls import reverse

from materiality.actions.settings import RULE
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.models import Assessment
from tests.rounds import STEADY, answer, ask, close_and_seal, make_round
from tests.web.score.test_results_page import effect_of, fields_of, text, url

pytestmark = pytest.mark.django_db


def rule_form(assessment, **changes):
    now = Assessment.objects.get(pk=assessment.pk)
    return {
        "version": now.version,
        **{name: getattr(now, name) for name in RULE},
        "reason": "Agreed before the survey",
    } | changes


def test_the_page_says_on_whom_a_tier_depends(assessment, owner):
    """privacy: (employees 4.5, customers 4, regulators 5; impact 4.5): 4.5 overall, cut at 4.6.

    Without customers the stakeholders' mean is 4.75 and the overall 4.625: another tier.
    """
    owner.post(url(assessment, "method/rule"), rule_form(assessment, cut_high=4.6))

    page = text(owner.get(url(assessment, "results/review") + "?lang=en"))

    depends = page.split('id="dep"')[1].split("Privacy</th>")[1].split("</tr>")[0]
    assert "Customers" in depends
    assert "Without Customers</th><td>Privacy" in page


def test_the_page_answers_first_how_many_tiers_stand_and_names_the_others(assessment, owner):
    """privacy lies 0.025 from the cut: without customers it would have another tier.

    Of two of the four topics nobody differs, so how firm their tiers are is not known.
    """
    owner.post(url(assessment, "method/rule"), rule_form(assessment, cut_high=4.6))

    page = text(owner.get(url(assessment, "results/review") + "?lang=en"))

    answer = page.split('class="answer">')[1].split("</p>")[0]
    assert re.match(r"1 of 2 tiers stand: they hold in at least 90% of the draws", answer)
    assert "Privacy" in answer.split("Look again at")[1]
    assert page.index('class="answer"') < page.index("<table")


def test_the_picture_marks_who_decides_a_tier_and_nobody_else(assessment, owner):
    owner.post(url(assessment, "method/rule"), rule_form(assessment, cut_high=4.6))

    page = text(owner.get(url(assessment, "results/review") + "?lang=en"))

    picture = page.split('class="t firm"')[1].split("</table>")[0]
    voices = re.findall(r'<th scope="col" class="voice[^"]*">([^<]+)</th>', picture)
    row = next(row for row in picture.split("<tr")[3:] if "Privacy" in row)
    cells = re.findall(r'<td class="voice[^"]*">(.*?)</td>', row, re.S)
    deciding = [name for name, cell in zip(voices, cells, strict=True) if "decides" in cell]
    assert "Customers" in deciding
    assert len(deciding) < len(voices)


def test_contested_topics_lead_with_the_widest_difference(assessment, owner):
    page = text(owner.get(url(assessment, "results/review") + "?lang=en"))

    rows = page.split('id="con"')[1].split("<tbody>")[1].split("</tbody>")[0]
    assert rows.index("Safety</th>") < rows.index("Ethics</th>")  # 5 less 3; 4 less 3
    assert ">2.00<" in rows


def test_what_moved_since_last_year_is_told_from_noise(assessment, owner):
    snapshots.lock(assessment=assessment, by=None)
    following = make_round(year="2021", previous=Assessment.objects.get(pk=assessment.pk))
    higher = {
        code: [[min(5, rating + 1) if rating == 2 else rating for rating in row] for row in rows]
        for code, rows in STEADY.items()
    }
    for survey in ask(following):
        answer(survey, higher)
        close_and_seal(survey)

    page = text(owner.get(url(following, "results/review") + "?lang=en"))

    assert "Since 2020: Importance to stakeholders" in page
    assert "within noise" in page


def test_the_page_waits_for_the_seal(owner, assessment):
    following = make_round(year="2022", organisation=assessment.organisation)
    ask(following)

    assert "Results appear when" in text(owner.get(url(following, "results/review") + "?lang=en"))


def test_a_rule_is_saved_with_its_reason(assessment, owner):
    answered = owner.post(
        url(assessment, "method/rule"), rule_form(assessment, tier_rule="either", cut_high=4.7)
    )

    assert answered.status_code == 302
    rule = results_for(Assessment.objects.get(pk=assessment.pk)).rule
    assert (rule.kind, rule.cut_high) == ("either", 4.7)
    assert assessment.events.filter(verb="set_rule").last().reason == "Agreed before the survey"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cut_high": 3.0, "cut_low": 3.5}, "upper cut must lie above"),
        ({"axis_weight_x": 0, "axis_weight_y": 0}, "At least one weight"),
        ({"reason": "", "cut_high": 4.9}, "Say why"),
    ],
)
def test_an_unusable_rule_is_refused_and_what_was_entered_stays(assessment, owner, change, words):
    answered = owner.post(
        url(assessment, "method/rule") + "?lang=en", rule_form(assessment, **change)
    )

    page = text(answered)
    assert answered.status_code == 409
    assert words in page
    entered = list(change.items())[-1]
    assert f'name="{entered[0]}" value="{entered[1]}"' in page
    assert Assessment.objects.get(pk=assessment.pk).cut_high == assessment.cut_high


def test_the_rule_form_leaves_the_other_forms_alone(assessment, owner):
    page = text(owner.get(url(assessment) + "?lang=en"))

    assert effect_of(page) == "Same as the saved weights."
    assert "tier_rule" not in fields_of(page, "try")


@pytest.fixture
def double(db):
    from tests.inputs.test_double import double_round
    from tests.rounds import make_user

    assessment = double_round()
    make_user("owner", assessment.organisation)
    return assessment


def test_a_round_that_asked_for_financial_effects_shows_both_sides(double):
    """privacy: magnitude 5 of 5 with likelihood 5, so 5.00; energy 1 of 5 with 1, so 0.20."""
    from tests.web.conftest import signed_in

    page = text(signed_in("owner").get(url(double, "results/review") + "?lang=en"))

    rows = page.split('id="dm"')[1].split("</table>")[0]
    assert "impact and financial effect" in rows.split("Privacy</th>")[1].split("</tr>")[0]
    assert ">0.20<" in rows.split("Energy</th>")[1].split("</tr>")[0]


def test_every_page_stands_when_more_than_two_dimensions_were_asked(double):
    from tests.web.conftest import signed_in
    from tests.web.test_access import ROUND_PAGES

    for name in (name for name, rule in ROUND_PAGES.items() if not rule.arguments):
        path = reverse(f"materiality:{name}", args=[double.pk])
        assert signed_in("owner").get(path).status_code == 200, name


def test_an_axis_made_of_several_questions_is_weighed_by_those_who_were_asked(double):
    """The financial effect as vertical axis: the panel weighs on both axes."""
    from tests.web.conftest import signed_in

    double.dimensions.filter(code="stakeholder").update(axis="")
    double.dimensions.filter(code="financial").update(axis="y")
    owner = signed_in("owner")

    page = text(owner.get(url(double), {"y:panel": 10, "x:panel": 20, "lang": "en"}))

    assert '"composite": {"kind": "financial"' in page
    assert fields_of(page, "try")["y:panel"] == "10"
    sent = {"y:panel": 10, "x:panel": 20, "reason": "Only one panel", "version": double.version}
    assert owner.post(url(double, "results/weights"), sent).status_code == 302
    weights = double.groups.get(code="panel").weights.values_list("dimension__code", "value")
    assert dict(weights) == {"impact": 20, "financial": 10}


def test_shares_of_high_ratings_stand_beside_the_scores_with_what_is_unknown(assessment, owner):
    page = text(owner.get(url(assessment, "results/review") + "?lang=en"))

    rows = page.split('id="high1"')[1].split("<tbody>")[1].split("</tbody>")[0]
    results = results_for(Assessment.objects.get(pk=assessment.pk))
    about = {row["code"]: row["dimensions"]["stakeholder"] for row in results.insights["topics"]}
    privacy = rows.split("Privacy</th>")[1].split("</tr>")[0]
    assert f">{round(about['privacy']['top_box']['share'] * 100)}%<" in privacy
    assert f">{about['privacy']['consensus']:.2f}<" in privacy
    assert "those who answered chose themselves" in page
