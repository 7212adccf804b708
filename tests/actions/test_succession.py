"""Rounds that come after rounds, and what is said of the change of method between them."""

from itertools import pairwise

import pytest

from materiality import actions
from materiality.actions.successions import SuccessionLine, chain
from materiality.errors import NotASuccession, RoundIncomplete
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from tests.builders import both, make_organisation
from tests.rounds import make_round, sealed_round

pytestmark = pytest.mark.django_db
WHY = both("董事会提高了标准", "The board raised the bar")


@pytest.fixture
def locked():
    assessment = sealed_round(cut_high=4.0, cut_low=3.0)
    snapshots.lock(assessment=assessment, by=None)
    return assessment


def test_another_threshold_than_last_round_is_explained_before_the_lock(locked):
    after = sealed_round(
        year="2021", organisation=locked.organisation, previous=locked, cut_high=4.45
    )

    with pytest.raises(RoundIncomplete):
        snapshots.lock(assessment=after, by=None)
    actions.explain_method(assessment=after, reason=WHY, by=None)
    snapshots.lock(assessment=after, by=None)

    after.refresh_from_db()
    [row] = [row for row in results_for(after).change_report if row.kind == "method_changed"]
    assert (row.aspect, row.value_before, row.value_after) == ("cuts", [4.0, 3.0], [4.45, 3.0])
    assert row.reason == WHY
    assert after.events.get(verb="explain_method").after == WHY


def test_other_weights_than_last_round_are_explained_too(locked):
    after = sealed_round(year="2021", organisation=locked.organisation, previous=locked)
    weights = {("employees", "stakeholder"): 2}

    actions.weigh(assessment=after, weights=weights, by=None, reason="Asked for")

    [row] = results_for(after).document["results"]["method_changes"]
    assert row["aspect"] == "weights"
    assert row["after"]["stakeholder"]["employees"] == 0.5


def test_a_round_carried_over_has_the_method_of_the_last(locked):
    after = sealed_round(year="2021", organisation=locked.organisation, previous=locked)

    assert results_for(after).document["results"]["method_changes"] == []


def test_the_round_before_can_be_named_later():
    first, second = make_round(), make_round(year="2021")

    actions.follow(assessment=second, previous=first, by=None)

    second.refresh_from_db()
    assert [row.year for row in chain(second)] == ["2021", "2020"]
    assert second.events.last().after == "2020"


@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_a_round_never_comes_after_itself_over_however_many(length):
    rounds = [make_round(year=str(2000 + at)) for at in range(length)]
    for before, after in pairwise(rounds):
        actions.follow(assessment=after, previous=before, by=None)

    with pytest.raises(NotASuccession):
        actions.follow(assessment=rounds[0], previous=rounds[-1], by=None)

    rounds[0].refresh_from_db()
    assert rounds[0].previous is None


def test_a_round_of_another_organisation_or_with_a_successor_is_refused():
    first, second, third = (make_round(year=str(year)) for year in (2000, 2001, 2002))
    actions.follow(assessment=second, previous=first, by=None)
    theirs = make_round(organisation=make_organisation())

    for previous in (first, theirs):
        with pytest.raises(NotASuccession):
            actions.follow(assessment=third, previous=previous, by=None)


@pytest.mark.parametrize(
    ("before", "own", "follows"),
    [
        ("2020", "2021", True),
        ("2020", "2020", True),
        ("FY 2020/21", "2021", True),
        ("first", "2021", True),
        ("2022", "2021", False),
        ("2022 财年", "2021", False),
    ],
)
def test_a_round_of_a_later_year_is_never_the_one_before(before, own, follows):
    first, second = make_round(year=before), make_round(year=own)

    if follows:
        actions.follow(assessment=second, previous=first, by=None)
    else:
        with pytest.raises(NotASuccession, match="晚于"):
            actions.follow(assessment=second, previous=first, by=None)
        with pytest.raises(NotASuccession, match="晚于"):
            actions.start_round(organisation=first.organisation, year=own, previous=first, by=None)


def test_changes_that_were_explained_hold_the_round_before_in_its_place(locked):
    second = make_round(year="2021", previous=locked)

    with pytest.raises(NotASuccession):
        actions.follow(assessment=second, previous=None, by=None)


def test_the_same_two_topics_stand_on_one_line_only():
    second = make_round(year="2021", previous=make_round())
    twice = [
        SuccessionLine("continued", "energy", "energy", {}),
        SuccessionLine("split", "energy", "energy", WHY),
    ]

    with pytest.raises(NotASuccession):
        actions.succeed(assessment=second, changes=twice, by=None)

    assert second.successions.count() == 4


def test_a_topic_of_the_same_round_is_not_its_own_predecessor():
    first = make_round()
    second = make_round(year="2021", previous=first)
    keys = [("SZSE", "2024", "Art.30")]
    [new] = actions.add_topics_from_catalogue(assessment=second, keys=keys, by=None)

    with pytest.raises(NotASuccession):
        actions.succeed(
            assessment=second, changes=[SuccessionLine("renamed", new.code, new.code, WHY)], by=None
        )


def test_a_topic_split_combined_and_added_through_the_product(locked):
    """One topic in two, two in one, one new: the whole table of one year."""
    second = make_round(year="2021", previous=locked)
    for code in ("privacy", "energy", "safety"):
        actions.remove_topic(assessment=second, topic=code, by=None)
    made = [("data", "数据"), ("secrets", "秘密"), ("planet", "地球"), ("care", "照护")]
    actions.add_topics(
        assessment=second,
        topics=[
            {"code": code, "name": both(zh, code.title()), "category": "social"}
            for code, zh in made
        ],
    )
    lines = [
        SuccessionLine("split", "privacy", "data", WHY),
        SuccessionLine("split", "privacy", "secrets", WHY),
        SuccessionLine("merged", "energy", "planet", WHY),
        SuccessionLine("merged", "safety", "planet", WHY),
        SuccessionLine("added", None, "care", WHY),
        SuccessionLine("continued", "ethics", "ethics", {}),
    ]

    actions.succeed(assessment=second, changes=lines, by=None)

    from materiality.method.changes import problems, rows

    said = {
        "topics": [{"code": code} for code in second.topics.values_list("code", flat=True)],
        "previous": {"topics": [{"code": topic.code} for topic in locked.topics.all()]},
        "successions": [vars(line) for line in lines],
    }
    assert [(row["kind"], len(row["before"]), len(row["after"])) for row in rows(said)] == [
        ("split", 1, 2),
        ("merged", 2, 1),
        ("added", 0, 1),
    ]
    assert problems(said) == []
