"""The log speaks in names, in its details too; what is chained keeps its codes."""

import pytest

from materiality import actions
from tests.web.score.test_results_page import text, url

pytestmark = pytest.mark.django_db


def test_details_name_groups_topics_and_surveys(assessment, owner):
    weights = {("employees", "stakeholder"): 2}
    actions.weigh(assessment=assessment, weights=weights, by=None, reason="More of them")
    actions.decide(assessment=assessment, decisions={"safety": (1, "The law")}, by=None)

    shown = text(owner.get(url(assessment, "log") + "?lang=en"))

    details = shown.partition("<tbody>")[2]
    assert "Employees" in details
    assert "&quot;employees&quot;" not in details
    assert "Safety" in details
    [chained] = assessment.events.filter(verb="weigh")
    assert "employees" in str(chained.after)  # what is hashed
