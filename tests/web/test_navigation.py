"""Each page says where one is: one step in the head, and one page among those of the step."""

import re

import pytest

from tests.markup import page_of
from tests.web.test_access import path_of
from tests.web.test_pages import HTML_PAGES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["overview", "topics", "stakeholders", "ask", "results", "changes", "look", "labels"]
)
def test_one_step_is_the_current_one(assessment, owner, name):
    head = page_of(owner.get(path_of(name, assessment))).partition("<main")[0]

    assert len(current_of(head)) == 1


@pytest.mark.parametrize("name", HTML_PAGES)
def test_no_page_claims_to_be_two(assessment, owner, name):
    answered = owner.get(path_of(name, assessment))
    if answered.status_code != 200:
        pytest.skip("only sent to")

    lists = re.findall(r"<nav.*?</nav>", page_of(answered), re.DOTALL)
    assert lists
    assert all(len(current_of(one)) <= 1 for one in lists)


def current_of(part: str) -> list[str]:
    return re.findall(r'aria-current="page"', part)


def test_the_control_two_current_items_are_counted():
    assert len(current_of('<a aria-current="page"></a><a aria-current="page"></a>')) == 2
