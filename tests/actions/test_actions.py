import pytest
from django.db import IntegrityError, transaction

from materiality import actions
from materiality.actions.successions import SuccessionLine
from materiality.errors import BadWeights, NotASuccession, ReasonNeeded
from materiality.locking.snapshots import results_for
from materiality.models import Assessment, Succession
from surveys.errors import Conflict
from surveys.models.organisations import MAY_DECIDE
from tests.builders import make_organisation
from tests.rounds import make_round, make_user, sealed_round

pytestmark = pytest.mark.django_db
PRIVACY = ("privacy", "stakeholder")


def weights_of(assessment):
    rows = assessment.groups.values_list("code", "weights__dimension__code", "weights__value")
    return {(group, dimension): value for group, dimension, value in rows}


def test_saved_weights_change_the_scores():
    assessment = sealed_round()

    actions.weigh(
        assessment=assessment,
        weights={("employees", "stakeholder"): 4},
        by=None,
        reason="Asked for",
    )

    assert weights_of(assessment)["employees", "stakeholder"] == 4
    assert results_for(assessment).topic("privacy").y == pytest.approx((4 * 4.5 + 4 + 5) / 6)


@pytest.mark.parametrize(
    "weights",
    [
        {("employees", "stakeholder"): -1},
        {("employees", "stakeholder"): float("nan")},
        {("employees", "stakeholder"): float("inf")},
        {("nobody", "stakeholder"): 1},
        {("employees", "impact"): 1},
        {("panel", "impact"): 0},
    ],
)
def test_unusable_weights_are_refused_and_nothing_is_stored(weights):
    assessment = make_round()
    before = weights_of(assessment)

    with pytest.raises(BadWeights):
        actions.weigh(assessment=assessment, weights=weights, by=None)

    assert weights_of(assessment) == before


def test_two_reviewers_at_once_get_a_conflict_and_not_a_silent_overwrite():
    assessment = make_round()
    seen = assessment.version
    actions.weigh(
        assessment=assessment,
        weights={("employees", "stakeholder"): 2},
        by=None,
        expected_version=seen,
    )

    with pytest.raises(Conflict):
        actions.weigh(
            assessment=assessment,
            weights={("employees", "stakeholder"): 3},
            by=None,
            expected_version=seen,
        )

    assert weights_of(assessment)["employees", "stakeholder"] == 2


def test_without_a_version_the_second_reviewer_would_have_overwritten():
    assessment = make_round()

    for value in (2, 3):
        actions.weigh(assessment=assessment, weights={("employees", "stakeholder"): value}, by=None)

    assert weights_of(assessment)["employees", "stakeholder"] == 3


def test_a_tier_that_differs_from_the_suggestion_needs_a_reason():
    assessment = sealed_round()
    suggested = results_for(assessment).topic("energy").suggested_tier

    with pytest.raises(ReasonNeeded, match=r"Energy|议题energy"):
        actions.decide(assessment=assessment, decisions={"energy": (1, "  ")}, by=None)

    assert suggested == 3
    actions.decide(assessment=assessment, decisions={"energy": (1, "Law")}, by=make_user("bob"))
    energy = results_for(assessment).topic("energy")
    assert (energy.tier, energy.suggested_tier, energy.overridden) == (1, 3, True)


def test_the_suggested_tier_can_be_confirmed_without_a_reason_and_taken_back():
    assessment = sealed_round()

    actions.decide(assessment=assessment, decisions={"energy": (3, "")}, by=None)
    assert assessment.topics.get(code="energy").decision.tier == 3

    actions.decide(assessment=assessment, decisions={"energy": (None, "")}, by=None)
    assert not hasattr(assessment.topics.get(code="energy"), "decision")


@pytest.mark.parametrize(
    "fields",
    [
        {"cut_high": 3.0, "cut_low": 3.5},
        {"axis_weight_x": 0, "axis_weight_y": 0},
        {"axis_weight_x": -1},
    ],
)
def test_an_unusable_rule_is_refused(fields):
    with pytest.raises(BadWeights):
        actions.set_rule(assessment=make_round(), by=None, **fields)


def test_a_new_round_takes_over_topics_groups_weights_and_engagement():
    first = make_round()
    actions.weigh(assessment=first, weights={("employees", "stakeholder"): 3}, by=None)

    second = make_round(year="2021", previous=first)

    assert list(second.topics.values_list("code")) == list(first.topics.values_list("code"))
    assert weights_of(second) == weights_of(first)
    group = second.groups.get(code="employees")
    assert group.engagements.count() == 2
    assert set(second.successions.values_list("kind", flat=True)) == {"continued"}


def test_a_round_never_succeeds_itself_nor_the_same_round_twice():
    first = make_round()
    make_round(year="2021", previous=first)

    with pytest.raises(NotASuccession):
        make_round(year="2022", previous=first)
    first.previous = first
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save()


def test_a_round_does_not_succeed_another_organisations():
    theirs = make_round()

    with pytest.raises(NotASuccession):
        make_round(year="2021", organisation=make_organisation(), previous=theirs)


def test_a_change_names_topics_of_its_two_rounds_only():
    first = make_round()
    second = make_round(year="2021", previous=first)

    with pytest.raises(NotASuccession):
        actions.succeed(
            assessment=second,
            changes=[SuccessionLine("renamed", "privacy", "unknown", {})],
            by=None,
        )

    assert second.successions.count() == 4  # nothing was lost


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("added", True, True),
        ("added", False, False),
        ("removed", False, True),
        ("merged", True, False),
    ],
)
def test_the_database_knows_which_sides_a_change_has(kind, before, after):
    first = make_round()
    second = make_round(year="2021", previous=first)
    sides = {
        "before": first.topics.first() if before else None,
        "after": second.topics.last() if after else None,
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        Succession.objects.create(assessment=second, kind=kind, reason={}, **sides)


def test_people_see_the_rounds_of_their_own_organisation_only():
    mine, theirs = make_round(), make_round(organisation=make_organisation(), year="1999")
    alice = make_user("alice", mine.organisation)

    assert list(Assessment.objects.visible_to(alice)) == [mine]
    assert theirs not in Assessment.objects.visible_to(alice)
    assert not Assessment.objects.visible_to(make_user("stranger"))


@pytest.mark.parametrize(
    ("role", "edits", "decides"),
    [
        ("owner", True, True),
        ("editor", True, True),
        ("reviewer", False, True),
        ("viewer", False, False),
    ],
)
def test_a_role_says_what_a_person_may_do(role, edits, decides):
    assessment = make_round()
    person = make_user("carol", assessment.organisation, role)

    assert Assessment.objects.editable_by(person).exists() is edits
    assert Assessment.objects.for_roles(person, MAY_DECIDE).exists() is decides
