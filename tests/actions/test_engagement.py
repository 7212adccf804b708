import pytest

from materiality import actions
from materiality.actions import lastyear
from materiality.locking.snapshots import results_for
from materiality.method.engagement import differences
from tests.builders import both
from tests.rounds import STEADY, make_round, sealed_round

pytestmark = pytest.mark.django_db


def codes(topics):
    return [topic.code for topic in topics]


def test_a_group_raised_the_topics_it_rated_highest():
    results = results_for(sealed_round())

    # Regulators: privacy 5, safety 5, ethics 4, energy 3; of four topics at most two are raised.
    assert codes(results.raised_by("regulators")) == ["privacy", "safety"]
    # Customers: privacy 4, then energy, safety and ethics 3 each: all three or none of them.
    assert codes(results.raised_by("customers")) == ["privacy"]
    assert codes(results.raised_by("panel", "impact"))[:2] == ["privacy", "safety"]


def test_a_pooled_group_raised_what_its_unit_did():
    few = {**STEADY, "regulators": [[1, 5, 1, 1]] * 3}

    results = results_for(sealed_round(few))

    [unit] = [unit for unit in results.units["stakeholder"] if unit.is_pooled]
    assert len({tuple(codes(results.raised_by(group))) for group in unit.groups}) == 1


def test_a_silent_group_raised_nothing():
    results = results_for(sealed_round({**STEADY, "regulators": []}))

    assert results.raised_by("regulators") == ()


def test_how_a_group_is_chosen_and_how_often_heard_is_kept_and_logged():
    assessment = make_round()
    group = assessment.groups.get(code="employees")

    actions.describe_engagement(
        group=group,
        expectations=[both("公平", "Fairness")],
        channels=[both("座谈", "Talks")],
        how_chosen=both("全体员工", "All of them"),
        frequency=both("每季度", "Quarterly"),
        by=None,
    )

    group.refresh_from_db()
    assert group.frequency == both("每季度", "Quarterly")
    event = assessment.events.last()
    assert (event.verb, event.subject) == ("describe_engagement", "employees")
    assert event.after["how_chosen"] == both("全体员工", "All of them")
    assert event.before["frequency"] == {}


def test_what_is_not_said_stays():
    assessment = make_round()
    group = assessment.groups.get(code="employees")
    lines = {"expectations": [], "channels": []}
    actions.describe_engagement(group=group, **lines, frequency=both("每月", "Monthly"), by=None)

    actions.describe_engagement(group=group, **lines, by=None)

    assert assessment.groups.get(code="employees").frequency == both("每月", "Monthly")


def test_engagement_taken_over_from_last_year_shows_what_changed():
    second = make_round(year="2021", previous=make_round())
    assert {row.state for row in lastyear.engagement(second)} == {"same"}

    actions.describe_engagement(
        group=second.groups.get(code="customers"),
        expectations=[both("合规", "Compliance"), both("质量", "Quality")],
        channels=[],
        frequency=both("每年", "Yearly"),
        by=None,
    )

    changed = {row.code: row for row in lastyear.engagement(second)}
    assert changed["employees"].state == "same"
    customers = changed["customers"]
    assert customers.state == "changed"
    assert customers.came["expectations"] == (both("质量", "Quality"),)
    assert customers.went["channels"] == (both("会议", "Meetings"),)
    assert customers.texts["frequency"] == ({}, both("每年", "Yearly"))


def test_groups_that_came_and_went_are_named():
    result = differences(
        [{"code": "media"}], [{"code": "youth", "channels": [both("课", "Class")]}]
    )

    assert [(row.code, row.state) for row in result] == [("youth", "new"), ("media", "gone")]
