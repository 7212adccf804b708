"""The count of a group under the minimum is on no page, and follows from none."""

import re

import pytest

from tests.rounds import MODES, STEADY, sealed_round
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import text

pytestmark = pytest.mark.django_db
PAGES = ("", "ask/")


@pytest.fixture
def seen(client):
    """Return a function that gives the counts of a page by group, and all its text."""
    from tests.rounds import make_user

    def look(ratings, page, modes=MODES):
        assessment = sealed_round(ratings, modes=modes)
        make_user("owner", assessment.organisation)
        result = text(signed_in("owner").get(f"/a/{assessment.pk}/{page}?lang=en"))
        rows = re.findall(
            r'<th scope="row">(\w+).*?(<svg.*?</svg>)\s*</td><td class="r">(.*?) /', result
        )
        return {name: shown for name, _bar, shown in rows}, rows, result

    return look


@pytest.mark.parametrize("page", PAGES)
def test_a_group_under_the_minimum_and_its_partner_are_not_counted_out(seen, page):
    few = STEADY | {"regulators": [[1, 1, 1, 1]] * 4, "employees": [[1, 1, 1, 1]] * 9}
    few |= {"customers": [[3, 3, 3, 3]] * 12}

    shown, rows, _found = seen(few, page)

    assert shown == {"Employees": "5+", "Customers": "12", "Regulators": "under 5", "Panel": "6"}
    bars = {
        name: re.search(r'class="fill"[^>]*width="([\d.]+)%"', bar)[1] for name, bar, _n in rows
    }
    assert bars["Regulators"] == "0.0"
    assert bars["Employees"] == "55.6"  # five of nine, not nine


def test_the_totals_do_not_give_a_small_panel_back(seen):
    anonymous = dict.fromkeys(MODES, "anonymous")
    shown, _rows, page = seen(STEADY | {"panel": [[5, 2, 4, 2]] * 3}, "", anonymous)

    assert shown["Panel"] == "under 5"
    assert ">17+ / " in page  # 6 + 6 + 5; with the panel's three it would be 20
    assert "with at least 17 responses" in page
    assert not re.search(r"\b20 (/|responses)", page)


def test_a_named_panel_is_counted_exactly_as_its_consent_says(seen):
    shown, _rows, page = seen(STEADY | {"panel": [[5, 2, 4, 2]] * 3}, "")

    assert shown["Panel"] == "3"
    assert ">20 / " in page


@pytest.mark.parametrize("page", PAGES)
def test_groups_of_the_minimum_are_counted_exactly(seen, page):
    shown, _rows, found = seen(STEADY, page)

    assert shown == {"Employees": "6", "Customers": "6", "Regulators": "5", "Panel": "6"}
    assert "under 5" not in found
    if not page:
        assert ">23 / 23<" in found
        assert "with 23 responses" in found
