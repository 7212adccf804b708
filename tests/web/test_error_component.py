"""What is wrong in a form is said by one component, wherever it was sent."""

import pytest

from tests.markup import page_of
from tests.rounds import make_round, make_user
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

FAULTY = {
    "a topic without a name": ("identify/own/", {"category": "social"}, "Name"),
    "a round without a year": ("settings/", {"year": ""}, "Year"),
    "a group without a name": ("groups/", {"act": "own", "dimension": "stakeholder"}, "Name"),
    "a colleague without an address": ("people/", {"name": "Ann", "role": "viewer"}, "address"),
}


@pytest.fixture
def owner():
    assessment = make_round()
    make_user("owner", assessment.organisation)
    client = signed_in("owner")
    client.round = assessment
    return client


def faults_in(page: str) -> str:
    """Return the box of faults of a page, nothing where there is none."""
    _before, _there, rest = page.partition('id="faults"')
    return rest.partition("</div>")[0]


@pytest.mark.parametrize("case", FAULTY)
def test_a_fault_is_in_the_title_takes_the_focus_and_names_its_field(owner, case):
    path, sent, field = FAULTY[case]
    address = f"/a/{owner.round.pk}/{path}?lang=en"

    page = page_of(owner.post(address, {"version": owner.round.version, **sent}))

    assert "<title>Error: " in page
    assert 'role="alert" tabindex="-1" id="faults" autofocus' in page
    assert field in faults_in(page)
    assert "This field is required" not in faults_in(page)


@pytest.mark.parametrize("case", FAULTY)
def test_the_control_a_page_without_faults_has_no_such_title(owner, case):
    path, _sent, _field = FAULTY[case]

    page = page_of(owner.get(f"/a/{owner.round.pk}/{path}?lang=en"))

    assert "<title>Error" not in page
    assert faults_in(page) == ""
