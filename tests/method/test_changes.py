"""The change table, from the rules and from published cases.

The cases are those of real reports: who split, merged, added or removed a topic, moved a threshold
or asked for both dimensions. Only their structure is used; no scores of theirs are published.
"""

import copy

import pytest

from materiality.document import assemble
from materiality.method import evaluate
from materiality.method.changes import problems, rows
from materiality.results import Results
from tests.builders import both
from tests.method.test_evaluation import by_hand

WHY = both("原因", "A reason")


def year(*codes):
    return [{"code": code, "name": both(code.upper(), code.title())} for code in codes]


def inputs(before, after, *lines, **more):
    said = [
        {"kind": kind, "before": old, "after": new, "reason": reason}
        for kind, old, new, reason in lines
    ]
    return {
        "previous": {"year": "2019", "topics": year(*before)},
        "topics": year(*after),
        "successions": said,
    } | more


def table(found):
    return [(row["kind"], row["before"], row["after"]) for row in rows(found)]


def test_the_seed_case_reads_as_it_was_printed():
    """Focus Technology 2020: widened; added; merged into the new one. Printed in this order."""
    result = inputs(
        ["datafication", "global-trade", "privacy"],
        ["digitalisation", "ecosystem", "privacy"],
        ("widened", "datafication", "digitalisation", WHY),
        ("added", None, "ecosystem", WHY),
        ("absorbed", "global-trade", "ecosystem", WHY),
        ("continued", "privacy", "privacy", {}),
    )

    assert table(result) == [
        ("widened", ["datafication"], ["digitalisation"]),
        ("added", [], ["ecosystem"]),
        ("absorbed", ["global-trade"], ["ecosystem"]),
    ]
    assert problems(result) == []


def test_a_split_is_one_row_with_two_topics():
    """Taiwan Mobile 2021: 23 topics became 24, "green application and circular economy" split."""
    result = inputs(
        ["green-and-circular"],
        ["green-application", "circular-economy"],
        ("split", "green-and-circular", "green-application", WHY),
        ("split", "green-and-circular", "circular-economy", WHY),
    )

    assert table(result) == [
        ("split", ["green-and-circular"], ["green-application", "circular-economy"])
    ]


def test_several_topics_combined_as_new_are_one_row():
    result = inputs(
        ["training", "pay"], ["people"], ("merged", "training", "people", WHY),
        ("merged", "pay", "people", WHY),
    )  # fmt: skip

    assert table(result) == [("merged", ["training", "pay"], ["people"])]


def test_a_new_topic_needs_no_one_to_say_so_but_a_reason():
    """HIWIN 2021 added education sponsorships; CLC added information security in 2023."""
    result = inputs(["safety"], ["safety", "security"], ("continued", "safety", "safety", {}))

    assert table(result) == [("added", [], ["security"])]
    assert problems(result) == [{"kind": "unplaced", "side": "after", "topic": "security"}]


def test_nothing_vanishes_without_a_row():
    result = inputs(["safety", "water"], ["safety"], ("continued", "safety", "safety", {}))

    assert table(result) == [("removed", ["water"], [])]
    assert problems(result) == [{"kind": "unplaced", "side": "before", "topic": "water"}]


def test_a_list_carried_over_unchanged_has_an_empty_table():
    """Everlight Chemical 2023 kept 24 topics and said so."""
    codes = [f"topic-{number}" for number in range(24)]
    result = inputs(codes, codes, *[("continued", code, code, {}) for code in codes])

    assert table(result) == []
    assert problems(result) == []


def test_another_name_for_a_topic_said_to_be_unchanged_is_a_renaming_to_be_explained():
    result = inputs(["safety"], ["safety"], ("continued", "safety", "safety", {}))
    result["topics"][0]["name"] = both("安全生产", "Work safety")

    assert table(result) == [("renamed", ["safety"], ["safety"])]
    assert [row["language"] for row in problems(result)] == ["zh-hans", "en"]


@pytest.mark.parametrize("missing", ["zh-hans", "en"])
def test_a_reason_is_needed_in_each_language(missing):
    result = inputs(["a"], ["b"], ("renamed", "a", "b", {**WHY, missing: " "}))

    assert [row["language"] for row in problems(result)] == [missing]


def scored(cuts, *, kind="weighted_sum", previous=None, **more):
    """The bundle of docs/bundle.md under this rule: privacy 4.467 (4.4, 4.533), energy 2.669."""
    given = by_hand()["inputs"] | more
    given["rule"] = {**given["rule"], "cuts": cuts, "kind": kind}
    if previous:
        given["previous"] = previous
        codes = [row["code"] for row in given["topics"]]
        given["successions"] = [
            {"kind": "continued", "before": code, "after": code, "reason": {}} for code in codes
        ]
    return assemble(given, evaluate(given))


def as_previous(document):
    from materiality.method.methods import method_of

    topics = Results(document).topics
    fields = ("code", "x", "y", "overall", "tier", "overridden")
    return {
        "year": "2019",
        "topics": [{name: getattr(topic, name) for name in fields} for topic in topics],
        "method": method_of(document["inputs"], document["method"]["version"]),
    }


def test_a_moved_threshold_is_told_apart_from_a_moved_score():
    """LITE-ON: "4.55 or above" in one edition, "4.6 or above" in the next; same scores."""
    before = scored([4.45, 3.0])
    after = scored([4.6, 3.0], previous=as_previous(before))

    [move] = after["results"]["tier_moves"]
    assert move == {
        "topic": "privacy",
        "before": 1,
        "after": 2,
        "restated": 2,
        "cause": "method",
    }
    [row] = after["results"]["method_changes"]
    assert (row["aspect"], row["before"], row["after"]) == ("cuts", [4.45, 3.0], [4.6, 3.0])


def test_a_change_of_method_blocks_until_it_is_explained():
    before = as_previous(scored([4.45, 3.0]))

    silent = scored([4.6, 3.0], previous=before)
    said = scored([4.6, 3.0], previous=before, method_reason=WHY)

    assert [row["language"] for row in silent["results"]["open_questions"]] == ["zh-hans", "en"]
    assert silent["results"]["open_questions"][0]["aspects"] == ["cuts"]
    assert said["results"]["open_questions"] == []
    assert said["results"]["method_changes"][0]["reason"] == WHY


def test_a_topic_moves_by_its_scores_under_an_unchanged_method():
    """MAIRE 2023 repositioned climate change and left the list as it was."""
    before = scored([4.3, 3.0])
    counts = copy.deepcopy(before["inputs"]["counts"])
    counts["impact"]["panel"][0] = [0, 0, 5, 0, 0, 0]  # the panel says 3 instead of 4.4

    after = scored([4.3, 3.0], previous=as_previous(before), counts=counts)

    [move] = after["results"]["tier_moves"]
    assert (move["topic"], move["before"], move["after"]) == ("privacy", 1, 2)
    assert (move["cause"], move["restated"]) == ("scores", 1)
    assert after["results"]["method_changes"] == []


def test_a_topic_that_people_moved_says_so():
    before = scored([4.3, 3.0])
    decided = [{"topic": "privacy", "tier": 2, "reason": "The board", "by": "", "at": ""}]

    after = scored([4.3, 3.0], previous=as_previous(before), decisions=decided)

    assert [row["cause"] for row in after["results"]["tier_moves"]] == ["decision"]


def test_both_instead_of_either_is_a_change_of_method():
    """BASF 2023: material only if both dimensions are; ESRS and SZSE Art. 5 say either."""
    cuts = [4.5, 3.0]
    before = scored(cuts, kind="either")  # privacy: the higher of 4.4 and 4.533
    after = scored(cuts, kind="both", previous=as_previous(before))

    assert [row["aspect"] for row in after["results"]["method_changes"]] == ["rule"]
    [move] = [row for row in after["results"]["tier_moves"] if row["topic"] == "privacy"]
    assert (move["before"], move["after"], move["cause"]) == (1, 2, "method")


def weighted(**weights):
    groups = [
        {"code": code, "weights": {"stakeholder": weights.get(code, 1.0)}}
        for code in ("employees", "customers")
    ]
    return [*groups, {"code": "panel", "weights": {"impact": 1.0}}]


def test_other_shares_of_the_groups_are_a_change_of_method_and_other_numbers_are_not():
    before = as_previous(scored([4.3, 3.0], groups=weighted()))

    doubled = scored([4.3, 3.0], previous=before, groups=weighted(employees=2, customers=2))
    other = scored([4.3, 3.0], previous=before, groups=weighted(employees=3))

    assert doubled["results"]["method_changes"] == []
    [row] = other["results"]["method_changes"]
    assert row["aspect"] == "weights"
    assert row["after"]["stakeholder"] == {"employees": 0.75, "customers": 0.25}


def test_a_later_version_of_the_method_is_a_change_of_method():
    before = as_previous(scored([4.3, 3.0]))
    before["method"]["method_version"] = "0"

    after = scored([4.3, 3.0], previous=before)

    assert [row["aspect"] for row in after["results"]["method_changes"]] == ["method_version"]


def test_without_a_locked_round_before_there_is_no_method_to_compare():
    after = scored([4.3, 3.0], previous={"year": "2019", "topics": year("privacy", "energy")})

    assert after["results"]["method_changes"] == []


def test_the_longer_form_has_kind_reason_and_tiers_of_both_years():
    before = scored([4.45, 3.0])
    document = scored([4.6, 3.0], previous=as_previous(before), method_reason=WHY)

    moved, method = Results(document).change_report

    assert (moved.kind, moved.tiers_before, moved.tiers_after) == ("moved_tier", (1,), (2,))
    assert (moved.cause, moved.restated) == ("method", 2)
    assert (method.kind, method.aspect) == ("method_changed", "cuts")
    assert (method.value_before, method.value_after, method.reason) == (
        [4.45, 3.0],
        [4.6, 3.0],
        WHY,
    )


def test_a_merge_printed_as_two_rows_points_at_itself():
    previous = as_previous(scored([4.3, 3.0]))
    previous["topics"] += [{"code": "trade", "tier": 3, "x": 1, "y": 1, "overall": 1}]
    given = by_hand()["inputs"] | {"previous": previous}
    given["successions"] = [
        {"kind": "added", "before": None, "after": "privacy", "reason": WHY},
        {"kind": "absorbed", "before": "trade", "after": "privacy", "reason": WHY},
        {"kind": "continued", "before": "energy", "after": "energy", "reason": {}},
        {"kind": "removed", "before": "privacy", "after": None, "reason": WHY},
    ]

    report = Results(assemble(given, evaluate(given))).change_report

    added, absorbed, removed = report[:3]
    assert (added.kind, absorbed.kind, absorbed.see) == ("added", "absorbed", 1)
    assert (absorbed.tiers_before, absorbed.tiers_after) == ((3,), (1,))
    assert (removed.tiers_before, removed.after) == ((1,), ())
