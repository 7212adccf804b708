"""The page of pictures: every entry a sign that leads to it, and nothing told too early."""

import pytest

from materiality import actions
from materiality.models import Iro
from surveys.models import Role
from tests.builders import both
from tests.markup import page_of
from tests.rounds import make_round, make_user
from tests.web.conftest import signed_in
from tests.web.register.quickness import cpu_seconds_of

pytestmark = pytest.mark.django_db
MARKS = {"scale": 5, "scope": 2, "irremediability": 1}


@pytest.fixture
def made():
    """A round with an actual impact that is scored, and a risk that is not."""
    assessment = make_round()
    for role in (Role.OWNER, Role.VIEWER):
        make_user(str(role), assessment.organisation, role)
    for at, kind in enumerate(("negative", "risk"), 1):
        actions.add_iro(
            assessment=assessment,
            topic="safety",
            kind=kind,
            is_actual=kind == "negative",
            title=both(f"条目{at}", f"Entry {at}"),
            place="Suzhou",
            by=None,
        )
    return assessment


def url(assessment, language="en"):
    return f"/a/{assessment.pk}/register/pictures/?lang={language}"


def score(assessment, code, name):
    expert = assessment.organisation.memberships.get(user__username=name).user
    actions.assign_iros(assessment=assessment, codes=[code], experts=[expert], by=None)
    row = Iro.objects.get(code=code)
    actions.score_iro(iro=row, expert=expert, marks=MARKS, reason="Audit")


def test_each_scored_entry_is_a_sign_that_leads_to_its_page(made):
    score(made, "IRO-001", "owner")
    page = page_of(signed_in("owner").get(url(made)))

    assert f'href="/a/{made.pk}/register/IRO-001/" aria-label="1 Entry 1, IRO-001, 5.00' in page
    assert "Negative impacts" in page
    assert "Not scored:" in page
    assert "Places: Suzhou" in page


def test_the_pictures_are_in_the_language_of_the_reader(made):
    score(made, "IRO-001", "owner")
    page = page_of(signed_in("owner").get(url(made, "zh-hans")))

    assert "负面影响" in page
    assert "条目1" in page
    assert "Negative" not in page


def test_who_has_entries_to_score_sees_no_value_before(made):
    score(made, "IRO-001", "owner")
    viewer = made.organisation.memberships.get(user__username="viewer").user
    actions.assign_iros(assessment=made, codes=["IRO-001"], experts=[viewer], by=None)

    page = page_of(signed_in("viewer").get(url(made)))
    assert "1 entry waits for your own score" in page
    assert "1 Entry 1, IRO-001, not scored" in page
    assert "5.00" not in page

    row = Iro.objects.get(code="IRO-001")
    actions.score_iro(iro=row, expert=viewer, marks=MARKS, reason="Mine")
    assert "5.00" in page_of(signed_in("viewer").get(url(made)))


def test_an_empty_register_says_so(made):
    Iro.objects.all().delete()

    assert "Add entries to the register first" in page_of(signed_in("owner").get(url(made)))


def test_four_hundred_entries_are_drawn_quickly(made, django_assert_max_num_queries):
    Iro.objects.bulk_create(
        Iro(
            assessment=made,
            topic=made.topics.first(),
            code=f"IRO-{at:03d}",
            kind=("negative", "positive", "risk", "opportunity")[at % 4],
            stage=("own", "upstream", "downstream")[at % 3],
            title=both(f"条目{at}", f"Entry {at}"),
        )
        for at in range(3, 401)
    )
    owner = signed_in("owner")
    score(made, "IRO-001", "owner")
    with django_assert_max_num_queries(12):
        page_of(owner.get(url(made)))

    assert cpu_seconds_of(lambda: page_of(owner.get(url(made)))) < 0.5
