"""Each rule of the register by reference values, worked out by hand from the words of a standard.

The standards print no arithmetic. A row says in its first cell which words it rests on, then what
was marked from 1 to 5, then what these words make of it.
"""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from materiality.method import evaluate
from materiality.method.register import Entry, Judgement, outcomes, score, significance
from materiality.results.register import IroScale
from tests.document.test_register import inputs


def by_row(*rows):
    """Return parameters, each known by its source."""
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


def impact(kind="negative", *judgements, actual=False, rights=False, consensus=None, code="a"):
    return Entry(code, "water", kind, actual, rights, judgements, consensus)


def marks(scale=None, scope=None, irremediability=None, likelihood=None, expert="e1"):
    return Judgement(expert, scale, scope, irremediability, likelihood)


def effects(**horizons):
    return Judgement("e1", effects=horizons)


@pytest.mark.parametrize(
    ("given_marks", "value", "carried_by"),
    by_row(
        ("ESRS 1 (2023) AR 11, scale alone", (5, 1, 1), 5, ("scale",)),
        ("ESRS 1 (2023) AR 11, scope alone", (1, 4, 1), 4, ("scope",)),
        ("ESRS 1 (2023) AR 11, irremediability alone", (2, 1, 5), 5, ("irremediability",)),
        ("ESRS 1 (2026) AR 22, two are enough", (4, 4, 1), 4, ("scale", "scope")),
        (
            "GRI 3 (2021) step 3, none is severe",
            (2, 2, 2),
            2,
            ("scale", "scope", "irremediability"),
        ),
        ("SZSE 17 (2024) 59 (5), two of three judged", (None, 3, 2), 3, ("scope",)),
    ),
)
def test_any_one_criterion_makes_an_impact_severe(given_marks, value, carried_by):
    result = significance(impact(actual=True), marks(*given_marks))

    assert (result.value, result.carried_by) == (value, carried_by)


@pytest.mark.parametrize(
    ("facts", "likelihood", "value"),
    by_row(
        ("ESRS 1 (2023) 45, human rights, remote", {"rights": True}, 1, 5),
        ("ESRS 1 (2026) 40, human rights, certain", {"rights": True}, 5, 5),
        ("GRI 3 (2021) step 3, human rights, not known", {"rights": True}, None, 5),
        ("ESRS 1 (2023) 45, any other, remote", {}, 1, 1),
        ("ESRS 1 (2023) 45, any other, even", {}, 3, 3),
        ("ESRS 1 (2023) 45, any other, certain", {}, 5, 5),
        ("ESRS 1 (2023) 45, any other, not known", {}, None, None),
        ("ESRS 1 (2023) 45, actual: severity alone", {"actual": True}, 1, 5),
        ("GRI 3 (2021) step 3, actual and human rights", {"actual": True, "rights": True}, 1, 5),
    ),
)
def test_likelihood_lowers_what_may_happen_and_never_human_rights(facts, likelihood, value):
    assert significance(impact(**facts), marks(5, 2, 1, likelihood)).value == value


@pytest.mark.parametrize(
    ("actual", "given_marks", "value"),
    by_row(
        ("ESRS 1 (2023) 46 (a), actual: scale and scope", True, (2, 3, 5), 3),
        ("ESRS 1 (2023) 46 (b), potential: likelihood too", False, (2, 3, 5, 5), 3),
        ("ESRS 1 (2023) 46 (b), potential, remote", False, (4, 5, None, 1), 1),
        ("GRI 3 (2021) step 3, nothing to remedy", True, (None, None, 5), None),
    ),
)
def test_a_positive_impact_has_no_irremediability(actual, given_marks, value):
    assert significance(impact("positive", actual=actual), marks(*given_marks)).value == value


@pytest.mark.parametrize(
    ("by_horizon", "value", "horizon"),
    by_row(
        ("ESRS 1 (2023) 51, magnitude and likelihood", {"short": (4, 5)}, 4, "short"),
        ("ESRS 1 (2023) AR 13, less likely than not", {"long": (5, 2)}, 2, "long"),
        ("ESRS 1 (2023) 49, the worst horizon", {"short": (1, 5), "long": (5, 4)}, 4, "long"),
        ("ESRS 1 (2023) 77, equal ones: the first", {"short": (5, 2), "long": (2, 5)}, 2, "short"),
        ("SZSE 17 (2024) 59 (5), likelihood and degree", {"medium": (3, 3)}, 1.8, "medium"),
        ("IFRS S1 B22, half of it not known", {"short": (5, None), "medium": (2, 5)}, 2, "medium"),
        ("IFRS S1 B22, a remote disaster", {"short": (5, 1), "medium": (1, 4)}, 1, "short"),
    ),
)
@pytest.mark.parametrize("kind", ["risk", "opportunity"])
def test_a_financial_effect_counts_at_its_worst_horizon(kind, by_horizon, value, horizon):
    result = significance(impact(kind), effects(**by_horizon))

    assert (result.value, result.carried_by) == (pytest.approx(value), (horizon,))


def judged(code, kind, value):
    """Return an entry of this value and kind; its threshold is 3."""
    said = Judgement("e1", value, effects={"short": (value, 5)})
    return score(
        impact(kind, said, actual=kind in ("negative", "positive"), code=code), threshold=3
    )


@pytest.mark.parametrize(
    ("values", "worst", "on_impact", "on_financial", "basis"),
    by_row(
        (
            "ESRS 1 (2023) QC 7, a benefit sets nothing off",
            {"negative": [4], "positive": [5]},
            {"negative": 4, "positive": 5}, 5, None, "impact",
        ),
        (
            "ESRS 1 (2026) AR 28, many benefits neither",
            {"negative": [3], "positive": [1, 2, 2]},
            {"negative": 3, "positive": 2}, 3, None, "impact",
        ),
        (
            "ESRS 1 (2023) QC 7, no chance sets a risk off",
            {"risk": [3], "opportunity": [2, 2]},
            {"risk": 3, "opportunity": 2}, None, 3, "financial",
        ),
        (
            "GRI 3 (2021) step 4, the worst of many small ones",
            {"negative": [1, 1, 1, 1, 5, 1, 1]},
            {"negative": 5}, 5, None, "impact",
        ),
        (
            "ESRS 1 (2023) 43, many small ones add up to nothing",
            {"negative": [2, 2, 2, 2, 2]},
            {"negative": 2}, 2, None, "",
        ),
        (
            "ESRS 1 (2023) 28, either side suffices",
            {"negative": [2], "risk": [4]},
            {"negative": 2, "risk": 4}, 2, 4, "financial",
        ),
        (
            "SZSE 17 (2024) 5, both sides",
            {"positive": [3], "opportunity": [3]},
            {"positive": 3, "opportunity": 3}, 3, 3, "both",
        ),
    ),
)  # fmt: skip
def test_a_topic_is_as_material_as_its_worst_entry(values, worst, on_impact, on_financial, basis):
    entries = [
        judged(f"{kind}-{at}", kind, value)
        for kind, of_kind in values.items()
        for at, value in enumerate(of_kind)
    ]

    [topic] = outcomes(entries)

    assert {kind: row.value for kind, row in topic.worst.items()} == worst
    assert [row and row.value for row in map(topic.on, ("impact", "financial"))] == [
        on_impact,
        on_financial,
    ]
    assert (topic.basis, topic.is_material) == (basis, basis != "")


@pytest.mark.parametrize(
    ("kind", "thresholds", "verdict"),
    by_row(
        ("ESRS 1 (2023) 42, reached exactly", "negative", {"negative": 3}, True),
        ("ESRS 1 (2023) 42, just missed", "negative", {"negative": 3.01}, False),
        ("EFRAG IG 1, that of another kind", "positive", {"negative": 3, "positive": 4}, False),
        ("EFRAG IG 1, a lower one of risks", "risk", {"negative": 4, "risk": 2.5}, True),
        ("EFRAG IG 1, none of its kind", "opportunity", {"risk": 1}, None),
    ),
)
def test_a_threshold_is_of_its_kind(kind, thresholds, verdict):
    said = Judgement("e1", 3, effects={"short": (3, 5)})
    entry = impact(kind, said, actual=kind in ("negative", "positive"))

    assert score(entry, threshold=thresholds.get(kind)).is_material is verdict


@pytest.mark.parametrize(
    ("singles", "agreed", "value", "disputed"),
    by_row(
        ("median of three, one far off", (1, 4, 4), None, 4, True),
        ("median of four: between both", (1, 2, 4, 5), None, 3, True),
        ("agreed on above all", (1, 2, 2), 4, 4, False),
        ("agreed on below all, disputed before", (2, 4, 5), 1, 1, True),
        ("one who cannot judge", (None, 3, 5), None, 4, False),
    ),
)
def test_a_consensus_counts_and_single_judgements_stay_beside_it(singles, agreed, value, disputed):
    """ESRS 2 IRO-1 53 (g), SZSE 17 (2024) 18: by which inputs and whose judgement."""
    judgements = [marks(mark, expert=f"e{at}") for at, mark in enumerate(singles)]
    consensus = None if agreed is None else marks(agreed, expert="")
    result = score(impact("negative", *judgements, actual=True, consensus=consensus), threshold=3)

    assert (result.value, result.by_consensus) == (value, agreed is not None)
    assert tuple(single for _expert, single in result.singles) == singles
    assert result.is_disputed is disputed


@pytest.mark.parametrize(
    ("is_net", "gross", "net", "value", "beside", "verdict"),
    by_row(
        ("ESRS 1 (2026) AR 26, gross counts", False, 5, 2, 5, 2, True),
        ("ESRS 1 (2026) AR 27, net where prevention works", True, 5, 2, 2, 5, False),
        ("ESRS 1 (2026) AR 27, net is still severe", True, 5, 4, 4, 5, True),
    ),
)
def test_gross_and_net_are_two_readings_and_one_counts(is_net, gross, net, value, beside, verdict):
    made = copy.deepcopy(inputs())
    entry = made["register"]["entries"][1]  # potential, with mitigation and evidence
    counting, other = (net, gross) if is_net else (gross, net)
    said = {"expert": "e1", "scope": 1, "likelihood": 5, "reason": "As judged"}
    entry["is_net"] = is_net
    entry["judgements"] = [{**said, "scale": counting}]
    entry["beside"] = {"judgements": [{**said, "scale": other}]}

    result = evaluate(made)["register"]["entries"][1]

    assert (result["value"], result["beside"]) == (value, beside)
    assert result["is_material"] is verdict


@pytest.mark.parametrize(
    ("amount", "number"),
    by_row(
        ("nothing", 0, 1),
        ("just under the first limit", 999_999.99, 1),
        ("the first limit", 1_000_000, 2),
        ("between", 19_999_999, 3),
        ("the last limit", 100_000_000, 5),
        ("far above", 1e12, 5),
    ),
)
def test_an_amount_lies_in_one_money_band_alone(amount, number):
    """ESRS 1 (2023) AR 15, SZSE 17 (2024) 16: magnitude in money, bands from their limit on."""
    bands = IroScale("magnitude", "", (), "CNY", (1e6, 5e6, 2e7, 1e8), 0)

    def holds(point):
        low, high = bands.band(point)
        return (low is None or amount >= low) and (high is None or amount < high)

    assert [point for point in range(1, 6) if holds(point)] == [number]


# ---- whatever is entered ----

MARK = st.integers(1, 5)
NAMES = ("scale", "scope", "irremediability", "likelihood")


@settings(deadline=None)
@given(
    st.sampled_from(["negative", "positive"]),
    st.booleans(),
    st.booleans(),
    st.lists(st.tuples(MARK, MARK, MARK, MARK), min_size=1, max_size=4),
    st.data(),
)
def test_no_higher_mark_lowers_an_impact(kind, actual, rights, rows, data):
    at, mark = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, 3))
    raised = [list(row) for row in rows]
    raised[at][mark] = min(5, raised[at][mark] + 1)

    def value(marked, rule):
        judgements = [marks(*row, expert=f"e{at}") for at, row in enumerate(marked)]
        entry = impact(kind, *judgements, actual=actual, rights=rights)
        return score(entry, likelihood_rule=rule).value

    for rule in ("scaled", "capped"):
        assert value(raised, rule) >= value(rows, rule)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["short", "medium", "long"]), st.tuples(MARK, MARK), min_size=1
    ),
    st.data(),
)
def test_no_higher_mark_lowers_a_financial_effect(by_horizon, data):
    horizon = data.draw(st.sampled_from(sorted(by_horizon)))
    magnitude, likelihood = by_horizon[horizon]
    size, chance = data.draw(st.integers(magnitude, 5)), data.draw(st.integers(likelihood, 5))
    raised = by_horizon | {horizon: (size, chance)}

    def value(said):
        return significance(impact("risk"), effects(**said)).value

    assert value(raised) >= value(by_horizon)


@settings(deadline=None)
@given(st.tuples(MARK, MARK, MARK), MARK, MARK, st.sampled_from(["scaled", "capped"]))
def test_whatever_the_likelihood_a_harm_to_human_rights_is_as_severe(severity, one, other, rule):
    entry = impact(rights=True)

    first, second = (
        significance(entry, marks(*severity, likelihood), likelihood_rule=rule).value
        for likelihood in (one, other)
    )

    assert first == second == max(severity)
