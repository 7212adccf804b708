"""The rules of the register, by the words of the standards and whatever is entered."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from materiality.method.register import (
    HORIZONS,
    KINDS,
    Entry,
    Judgement,
    Place,
    Scored,
    outcomes,
    place,
    score,
    significance,
    value_at,
)

THRESHOLD = 3.0


def impact(kind="negative", **facts) -> Entry:
    return Entry("IRO-001", "water", kind, **facts)


def said(scale=None, scope=None, irremediability=None, likelihood=None, expert="a") -> Judgement:
    return Judgement(expert, scale, scope, irremediability, likelihood)


def effect(**horizons) -> Judgement:
    return Judgement("a", effects=horizons)


# ---- severity: ESRS 1 (2023) par. 45 and AR 11; GRI 3 (2021) step 3 ----


@pytest.mark.parametrize("high", ["scale", "scope", "irremediability"])
def test_any_one_criterion_makes_an_actual_impact_severe(high):
    marks = {"scale": 1, "scope": 1, "irremediability": 1} | {high: 5}

    found = significance(impact(is_actual=True), said(**marks))

    assert found.value == 5
    assert found.carried_by == (high,)


def test_likelihood_counts_for_potential_impacts_alone():
    judged = said(4, 4, 4, likelihood=2)

    assert significance(impact(), judged).value == pytest.approx(4 * 2 / 5)
    assert significance(impact(is_actual=True), judged).value == 4


def test_likelihood_never_lowers_a_harm_to_human_rights():
    judged = said(5, 2, 3, likelihood=1)

    assert significance(impact(human_rights=True), judged).value == 5
    assert significance(impact(), judged).value == 1  # the control: any other is lowered


def test_a_positive_impact_has_no_irremediability():
    """ESRS 1 par. 46: scale and scope, and likelihood where it is potential."""
    judged = said(2, 3, irremediability=5, likelihood=5)

    assert significance(impact("positive", is_actual=True), judged).value == 3
    assert significance(impact("positive"), judged).value == 3


def test_the_capped_rule_is_the_rounds_other_choice():
    judged = said(4, likelihood=2)

    assert significance(impact(), judged, likelihood_rule="capped").value == 3


# ---- financial effect: ESRS 1 par. 51, AR 14; IFRS S1 B19 to B28 ----


def test_a_risk_is_magnitude_times_likelihood_at_its_worst_horizon():
    judged = effect(short=(2, 5), medium=(5, 4), long=(5, 3))

    found = significance(impact("risk"), judged)

    assert found.value == pytest.approx(5 * 4 / 5)
    assert found.carried_by == ("medium",)


def test_a_likelihood_below_one_half_counts_too():
    """ESRS 1 AR 13: also what is not more likely than not."""
    assert significance(impact("risk"), effect(long=(5, 2))).value == 2


def test_a_horizon_of_which_only_half_is_said_is_left_out():
    assert significance(impact("opportunity"), effect(short=(5, None), long=(2, 5))).value == 2
    assert significance(impact("opportunity"), effect(short=(5, None))).value is None


# ---- what nobody can say is not low ----


def test_an_unknown_likelihood_that_matters_leaves_the_value_open():
    assert significance(impact(), said(5, 5, 5)).value is None
    assert significance(impact(human_rights=True), said(5, 5, 5)).value == 5


def test_nothing_said_is_no_value_and_an_unknown_kind_is_refused():
    assert significance(impact(), said()).value is None
    with pytest.raises(ValueError, match="kind must be one of"):
        significance(impact("issue"), said(1))


# ---- several experts ----


def test_the_median_of_the_experts_stands_until_they_agree_on_a_consensus():
    judgements = [said(5, expert="c"), said(1, expert="a"), said(2, expert="b")]
    entry = impact(is_actual=True, judgements=judgements)

    alone = score(entry, threshold=THRESHOLD)
    agreed = score(replace(entry, consensus=said(4)), threshold=THRESHOLD)

    assert (alone.value, alone.by_consensus, alone.is_material) == (2, False, False)
    assert (agreed.value, agreed.by_consensus, agreed.is_material) == (4, True, True)
    assert agreed.singles == alone.singles == (("a", 1), ("b", 2), ("c", 5))
    assert (alone.spread, alone.is_disputed) == (4, True)


def test_one_judgement_has_no_spread_and_is_not_disputed():
    found = score(impact(is_actual=True, judgements=[said(5)]), threshold=THRESHOLD)

    assert found.spread is None
    assert not found.is_disputed


def test_without_a_threshold_nothing_is_said_to_be_material_or_not():
    found = score(impact(is_actual=True, judgements=[said(5)]))

    assert found.value == 5
    assert found.is_material is None
    [topic] = outcomes([found])
    assert topic.is_material is None
    assert topic.basis == ""


def test_who_cannot_judge_is_named_and_does_not_count():
    judged = [said(4, expert="a"), said(expert="b")]
    found = score(impact(is_actual=True, judgements=judged), threshold=THRESHOLD)

    assert found.value == 4
    assert found.singles == (("a", 4), ("b", None))


# ---- topics ----


def scored(code, kind, mark, *, topic="water", threshold=THRESHOLD) -> Scored:
    told = Judgement("a", mark, effects={"short": (mark, 5)})
    entry = Entry(code, topic, kind, is_actual=kind in ("negative", "positive"), judgements=[told])
    return score(entry, threshold=threshold)


def test_a_topic_is_as_material_as_its_worst_entry_kind_by_kind():
    rows = [
        scored("a", "negative", 5),
        scored("b", "negative", 1),
        scored("c", "positive", 4),
        scored("d", "risk", 2),
    ]

    [topic] = outcomes(rows)

    assert topic.worst["negative"].entry.code == "a"
    assert topic.worst["positive"].entry.code == "c"
    assert topic.on("impact").entry.code == "a"
    assert topic.on("financial").entry.code == "d"
    assert (topic.is_material, topic.basis) == (True, "impact")


def test_many_small_entries_do_not_hide_a_severe_one():
    rows = [scored(f"s{at}", "negative", 1) for at in range(19)] + [scored("z", "negative", 5)]

    [topic] = outcomes(rows)

    assert topic.on("impact").value == 5


def test_thresholds_are_of_the_kind():
    [topic] = outcomes([scored("a", "positive", 4, threshold=4.5), scored("b", "risk", 2)])

    assert topic.is_material is False
    assert topic.basis == ""


def test_a_topic_below_its_threshold_is_open_while_an_entry_is_not_scored():
    low, blank = scored("a", "negative", 1), score(impact(), threshold=THRESHOLD)

    [topic] = outcomes([low, blank])

    assert topic.is_material is None
    assert (topic.entries, topic.unscored) == (2, 1)


def test_both_axes_are_said_where_both_reach():
    [topic] = outcomes([scored("a", "negative", 4), scored("b", "opportunity", 3)])

    assert topic.basis == "both"
    assert outcomes([]) == []


# ---- whatever is entered ----

MARK = st.none() | st.integers(1, 5)
JUDGEMENT = st.builds(
    Judgement,
    st.sampled_from("abcdef"),
    MARK,
    MARK,
    MARK,
    MARK,
    st.fixed_dictionaries({}, optional={h: st.tuples(MARK, MARK) for h in HORIZONS}),
)
ENTRY = st.builds(
    Entry,
    st.uuids().map(str),
    st.sampled_from(["water", "waste"]),
    st.sampled_from(KINDS),
    st.booleans(),
    st.booleans(),
    st.lists(JUDGEMENT, max_size=4),
)


def told(topics):
    """Return all that is said of topics, without the rows it is said of."""
    return [
        (
            topic.topic,
            {kind: (row.entry.code, row.value) for kind, row in topic.worst.items()},
            topic.entries,
            topic.unscored,
            topic.is_material,
            topic.basis,
        )
        for topic in topics
    ]


def results(entries):
    return outcomes([score(entry, threshold=THRESHOLD) for entry in entries])


@settings(deadline=None)
@given(st.lists(ENTRY, max_size=8), st.randoms())
def test_the_order_of_experts_and_entries_does_not_matter(entries, chance):
    mixed = [
        replace(entry, judgements=chance.sample(entry.judgements, len(entry.judgements)))
        for entry in entries
    ]
    chance.shuffle(mixed)

    assert told(results(mixed)) == told(results(entries))


@settings(deadline=None)
@given(st.lists(ENTRY, min_size=1, max_size=8), st.data())
def test_a_lesser_entry_changes_no_topic(entries, data):
    """Lesser: of the same kind and topic, with a lower value."""
    before = results(entries)
    kept = [row for topic in before for row in topic.worst.values() if (row.value or 0) > 1]
    if not kept:
        return
    worst = data.draw(st.sampled_from(kept))
    low = Judgement("z", 1, 1, 1, 1, {"short": (1, 1)})
    human = worst.entry.human_rights
    lesser = Entry("0", worst.entry.topic, worst.entry.kind, False, human, [low])
    assert (score(lesser).value or 0) < worst.value

    after = results([*entries, lesser])

    def verdict(topics):
        return [(row[0], row[1], row[4], row[5]) for row in told(topics)]

    assert verdict(after) == verdict(before)


@settings(deadline=None)
@given(st.lists(ENTRY, max_size=8), ENTRY)
def test_a_positive_entry_never_lowers_a_negative_nor_the_topic(entries, other):
    good = replace(other, kind="positive")

    before = {topic.topic: topic for topic in results(entries)}
    after = {topic.topic: topic for topic in results([*entries, good])}

    for name, topic in before.items():
        for kind in ("negative", "risk", "opportunity"):
            assert told([after[name]])[0][1].get(kind) == told([topic])[0][1].get(kind)
        assert not (topic.is_material and not after[name].is_material)


@settings(deadline=None)
@given(ENTRY)
def test_a_value_stays_on_the_scale_and_between_the_judgements(entry):
    found = score(entry, threshold=THRESHOLD)

    if found.value is not None:
        assert 0 < found.value <= 5
        assert min(found.known) <= found.value <= max(found.known)


def test_a_potential_impact_lies_at_its_severity_and_likelihood_an_actual_one_at_severity_alone():
    judged = (said(2, 4, 1, likelihood=3),)

    assert place(replace(impact(), judgements=judged)) == Place(4.0, 3)
    assert place(replace(impact(is_actual=True), judgements=judged)) == Place(4.0, None)
    assert place(replace(impact(human_rights=True), judgements=judged)) == Place(4.0, None)


def test_a_risk_lies_at_the_horizon_that_carries_it():
    risk = Entry("r", "t", "risk", judgements=(effect(short=(5, 1), long=(3, 4)),))

    assert place(risk) == Place(3.0, 4)


def test_an_entry_lies_where_its_median_judgement_does_and_a_consensus_goes_before():
    judged = [said(mark, likelihood=5) for mark in (1, 5, 4)]
    entry = replace(impact(), judgements=judged)

    assert place(entry) == Place(4.0, 5)
    assert place(replace(entry, judgements=judged[:2])) == Place(3.0, 5)
    assert place(replace(entry, consensus=said(2, likelihood=2))) == Place(2.0, 2)
    assert place(impact()) is None


@given(marks=st.tuples(*[st.integers(1, 5)] * 4))
def test_one_judgement_lies_where_its_value_says(marks):
    entry = replace(impact(), judgements=(said(*marks),))
    at = place(entry)

    assert value_at(at.gravity, at.likelihood, top=5, rule="scaled") == score(entry).value
