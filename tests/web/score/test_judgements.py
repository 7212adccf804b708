"""Weights are worked out from judgements, then tried and saved like any others."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.web.conftest import signed_in
from tests.web.score.test_results_page import text, url

pytestmark = pytest.mark.django_db

PAIRS = {
    "employees~customers": "3",
    "employees~regulators": "9",
    "customers~regulators": "3",
}
FARS = {
    "best": "employees", "worst": "regulators",
    "b~employees": 1, "b~customers": 3, "b~regulators": 9,
    "w~employees": 9, "w~customers": 3, "w~regulators": 1,
}  # fmt: skip


def judge(assessment, by, **judged):
    address = url(assessment, "results/judgements")
    about = {"lang": "en", "axis": "y", "by": by, "judge": "1"}
    return text(signed_in("viewer").get(address, about | judged))


def tried(page):
    link = re.search(r'href="([^"]+)">\s*Try these weights', page)[1].replace("&amp;", "&")
    return {name: float(value[0]) for name, value in parse_qs(urlsplit(link).query).items()}


@pytest.mark.parametrize(("by", "judged"), [("pairs", PAIRS), ("best-worst", FARS)])
def test_judgements_that_agree_give_the_shares_they_say(assessment, by, judged):
    page = judge(assessment, by, **judged)

    assert re.findall(r'<td class="r">([\d.]+)', page) == ["69.2", "23.1", "7.7"]
    assert "Consistency ratio 0.00." in page
    assert tried(page)["y:employees"] == 100
    assert tried(page)["y:customers"] == pytest.approx(33.3)
    assert tried(page)["y:regulators"] == pytest.approx(11.1)


def test_the_weights_are_tried_by_their_link_and_saved_nowhere(assessment, owner):
    before = assessment.events.count()
    weights = tried(judge(assessment, "pairs", **PAIRS))

    page = text(owner.get(url(assessment), weights | {"lang": "en"}))

    assert ">Same as the saved weights.<" not in page
    assert "69.3%" in page  # of 100, 33.3 and 11.1
    assert assessment.events.count() == before


def test_judgements_that_run_in_a_circle_are_said_to(assessment):
    circle = PAIRS | {"employees~regulators": "1/9", "customers~regulators": "9"}

    page = judge(assessment, "pairs", **circle)

    assert "some judgements contradict each other" in page
    assert "contradict" not in judge(assessment, "pairs", **PAIRS)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"worst": "employees"}, "Choose two different groups."),
        ({"b~regulators": 7}, "write the same number twice"),
        ({"b~customers": 12}, "less than or equal to 9"),
    ],
)
def test_judgements_that_cannot_be_meant_are_named_and_stay(assessment, change, sentence):
    page = judge(assessment, "best-worst", **FARS | change)

    assert sentence in page
    assert "<title>Error: " in page
    assert "The weights that follow" not in page
    assert 'value="3"' in page
