"""Words on the pages beside the numbers of the round that they speak of."""

import re

import pytest

from materiality import actions
from materiality.actions import SuccessionLine
from materiality.inputs import live
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.models import Assessment
from tests.builders import both
from tests.rounds import (
    STEADY,
    TOPICS,
    answer,
    ask,
    close_and_seal,
    make_round,
    make_user,
    sealed_round,
)
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import effect_of, row_of, text, url

pytestmark = pytest.mark.django_db


def dossier_page(client, assessment, code):
    return text(client.get(url(assessment, f"topics/{code}/dossier"), {"lang": "en"}))


def test_the_share_of_draws_belongs_to_the_tier_it_is_told_of(assessment, owner):
    """A tier that was decided otherwise has its own share; the suggested one has its own."""
    actions.decide(assessment=assessment, decisions={"privacy": (3, "Covered by energy")}, by=None)
    topic = results_for(Assessment.objects.get(pk=assessment.pk)).topic("privacy")
    assert topic.overridden
    suggested = topic.tier_probabilities[topic.suggested_tier - 1]
    decided = topic.tier_probabilities[topic.tier - 1]
    assert suggested > 0.5 > decided  # else the two could not be told apart

    page = dossier_page(owner, assessment, "privacy")

    told = re.search(r"In (\S+) of the draws the topic has the tier that the rule suggests", page)
    other = re.search(r"In (\S+) it has the tier that was decided, “Material”", page)
    assert number_of(told[1]) == pytest.approx(suggested, abs=0.01)
    assert number_of(other[1]) == pytest.approx(decided, abs=0.01)


def number_of(share: str) -> float:
    return float(share.strip("<>%").replace("&lt;", "").replace("&gt;", "")) / 100


@pytest.fixture
def second_year(assessment):
    """The next round with the same answers, but privacy is said to be wider than it was."""
    snapshots.lock(assessment=assessment, by=None)
    made = make_round(year="2021", previous=Assessment.objects.get(pk=assessment.pk))
    grew = both("范围扩大", "Its scope grew")
    changes = [SuccessionLine("widened", "privacy", "privacy", grew)]
    same = [code for code in TOPICS if code != "privacy"]
    changes += [SuccessionLine("continued", code, code, {}) for code in same]
    actions.succeed(assessment=made, changes=changes, by=None)
    for survey in ask(made, open_links=True):
        answer(survey, STEADY)
        close_and_seal(survey)
    return Assessment.objects.get(pk=made.pk)


def test_a_change_that_cannot_be_compared_has_no_number_beside_the_topic(second_year):
    page = text(signed_in("owner").get(url(second_year), {"lang": "en"}))
    change = {
        code: re.sub(
            r"<[^>]+>", "", re.search(r"data-change>(.*?)</td>", row_of(page, code), re.S)[1]
        )
        for code in ("privacy", "energy")
    }

    assert change["privacy"].strip() == "–"
    assert change["energy"].strip().startswith("≈")  # the same answers: no more than chance
    found = live(second_year)
    assert found.topic("privacy").verdict == "not_comparable"
    assert found.topic("energy").is_noise


def change_of(row: str) -> str:
    cell = re.search(r"data-change>(.*?)</td>", row, re.S)[1]
    return re.sub(r"<[^>]+>", "", cell)


def test_six_equal_weights_are_printed_alike_and_chances_add_up(assessment, owner):
    page = text(owner.get(url(assessment), {"lang": "en", "topic": "energy"}))

    shares = re.findall(r'data-share="[^"]*">([^<]+)<', page)
    chances = re.findall(r'data-chance="\d+">([^<]+)<', page)
    assert shares[:3] == ["33.3%"] * 3
    assert sum(number_of(chance) for chance in chances) == pytest.approx(1, abs=0.011)


NINE = tuple(f"topic-{number}" for number in range(9))  # eight ratings make a straight line
OFTEN = [[4, 3, 4, 5, 2, 3, 4, 5, 4]] * 6
FEW_ALIKE = {
    **dict.fromkeys(("customers", "regulators", "panel"), OFTEN),
    "employees": [[3] * 9] * 2 + OFTEN,
}


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        ("straight_lining", "no effect: too few on one side"),
        ("trapped", "left out, but no answer meets it"),
    ],
)
def test_an_exclusion_that_takes_nobody_out_says_so_and_why(criterion, words):
    """Two straight lines of eight: the small-group rule keeps them in. Nobody fell into a trap."""
    made = sealed_round(FEW_ALIKE, topics=NINE)
    reviewer = make_user("reviewer", made.organisation)
    survey = made.surveys.get(mode="anonymous")
    about = {"criterion": criterion, "reason": "Looks careless", "by": reviewer}
    actions.exclude_answers(assessment=made, survey=survey, **about)

    address = url(made, f"ask/{survey.pk}/quality")
    page = text(signed_in("reviewer").get(address, {"lang": "en"}))
    facts = live(Assessment.objects.get(pk=made.pk)).surveys

    assert words in page
    assert [row["left_out"] for one in facts for row in one["exclusions"]] == [0]


def test_trying_weights_in_a_locked_round_reads_the_rule_not_the_decisions(assessment, owner):
    """A decided tier stays whatever the weights are; the sentence tells of the suggestions."""
    decisions = {"privacy": (2, "As last year")}
    actions.decide(assessment=assessment, decisions=decisions, by=None)
    actions.set_rule(assessment=assessment, by=None, cut_high=4.4, reason="Stricter")
    snapshots.lock(assessment=assessment, by=None)
    towards_customers = {"y:employees": 0, "y:customers": 50, "y:regulators": 0, "x:panel": 50}

    page = text(owner.get(url(assessment), towards_customers | {"lang": "en"}))

    assert effect_of(page) == "1 would change tier: Privacy"
    assert "if-tried" in page
    assert not re.search(r'class="if-tried tiny" hidden', page)  # marked as those of saved weights
    saved = text(owner.get(url(assessment), {"lang": "en"}))
    assert re.search(r'class="if-tried tiny" hidden', saved)  # the control
