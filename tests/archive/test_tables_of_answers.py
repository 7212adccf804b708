"""The answers as a table of their own: who takes it, and what it tells."""

import csv
import io

import pytest
from django.urls import reverse

from surveys.models import Role
from tests.rounds import make_user, sealed_round
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(db):
    """Three regulators are fewer than five: they are pooled with the smallest other group."""
    rows = {
        "employees": [[5, 2, 4, 3]] * 7,
        "customers": [[4, "cannot_judge", 3, None]] * 5,
        "regulators": [[1, 1, 1, 1]] * 3,
        "panel": [[5, 2, 4, 2]] * 6,
    }
    made = sealed_round(rows)
    for role in Role:
        make_user(str(role), made.organisation, role)
    return made


def address(assessment, part="stakeholder"):
    return reverse("materiality:answers_csv", args=[assessment.pk, part])


def test_it_holds_a_row_a_person_under_the_unit_it_was_disclosed_in(assessment):
    content = signed_in("editor").get(address(assessment)).content.decode()

    head, *rows = csv.reader(io.StringIO(content.removeprefix("\ufeff")))

    assert head == ["unit", "privacy", "energy", "safety", "ethics"]
    pooled = [["customers+regulators", "1", "1", "1", "1"]] * 3
    pooled += [["customers+regulators", "4", "cannot judge", "3", ""]] * 5
    assert rows == pooled + [["employees", "5", "2", "4", "3"]] * 7
    assert "\r\nregulators," not in content


def test_only_owners_and_editors_take_it(assessment):
    statuses = {role: signed_in(role).get(address(assessment)).status_code for role in Role}

    assert statuses == {"owner": 200, "editor": 200, "reviewer": 403, "viewer": 403}


@pytest.mark.parametrize("part", ["love", "stakeholder.x", "../lock"])
def test_a_question_that_was_not_asked_is_not_found(assessment, part):
    result = signed_in("owner").get(address(assessment).replace("stakeholder", part))

    assert result.status_code == 404
