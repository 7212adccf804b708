"""Each page says where one is: one step in the head; `test_pages` looks at each list by itself."""

import pytest

from tests.markup import page_of
from tests.web.test_access import path_of
from tests.web.test_pages import current_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["overview", "topics", "stakeholders", "ask", "results", "changes", "look", "labels"]
)
def test_one_step_is_the_current_one(assessment, owner, name):
    head = page_of(owner.get(path_of(name, assessment))).partition("<main")[0]

    assert len(current_of(head)) == 1
