"""Double materiality: impact from its criteria, financial effect over horizons, two matrices."""

import copy

import numpy as np
import pytest

from materiality import analysis, catalogue
from materiality.document import BundleError, assemble
from materiality.document.border import checked_inputs
from materiality.method import audit, evaluate, insights
from materiality.results import Results
from materiality.results.standards import set_topics

CRITERIA = {name: f"impact.{name}" for name in ("scale", "scope", "irremediability", "likelihood")}
HORIZONS = ("short", "medium", "long")
EFFECTS = [
    {
        "code": horizon,
        "magnitude": f"financial.{horizon}.magnitude",
        "likelihood": f"financial.{horizon}.likelihood",
    }
    for horizon in HORIZONS
]
# By hand, all ten people of a panel alike. Impact: severity is the highest of scale, scope and
# irremediability, times likelihood / 5. Financial: magnitude times likelihood / 5, best horizon.
RATINGS = {
    "impact.scale": [2, 5, 1],
    "impact.scope": [5, 4, 1],
    "impact.irremediability": [1, 3, 2],
    "impact.likelihood": [4, 2, 5],
    "financial.short.magnitude": [1, 5, 1],
    "financial.short.likelihood": [5, 5, 1],
    "financial.medium.magnitude": [4, 2, 1],
    "financial.medium.likelihood": [3, 1, 2],
    "financial.long.magnitude": [5, 1, 2],
    "financial.long.likelihood": [2, 1, 2],
    "stakeholder": [4, 3, 2],
}
IMPACT = [5 * 4 / 5, 5 * 2 / 5, 2 * 5 / 5]
FINANCIAL = [4 * 3 / 5, 5 * 5 / 5, 2 * 2 / 5]


def rated(values: list[int]) -> list[list[int]]:
    return [[10 * (value == at) for at in range(1, 6)] + [0] for value in values]


def gram_of(values: list[int], spread: int = 0) -> list[list[int]]:
    rating = np.array(values) + np.zeros((10, 1), dtype=int)
    design = np.hstack([rating > 0, rating]).astype(int)
    return (design.T @ design).tolist()


def double_round() -> dict:
    units = {
        code: [{"code": "panel", "groups": ["panel"], "weight": 1.0, "responses": 10}]
        for code in RATINGS
    }
    return {
        "scale": {"points": 5},
        "dimensions": [
            {"code": "stakeholder", "axis": "y"},
            {"code": "impact", "axis": "x", "composite": {"kind": "impact", "parts": {**CRITERIA}}},
            {"code": "financial", "composite": {"kind": "financial", "horizons": EFFECTS}},
            *({"code": code, "axis": ""} for code in RATINGS if code != "stakeholder"),
        ],
        "groups": [{"code": "panel"}],
        "units": units,
        "counts": {code: {"panel": rated(values)} for code, values in RATINGS.items()},
        "gram": {code: {"panel": gram_of(values)} for code, values in RATINGS.items()},
        "topics": [{"code": f"t{at}"} for at in range(3)],
        "rule": {"kind": "either", "weights": {"x": 1, "y": 1}, "cuts": [4.0, 3.0]},
        "views": [
            {"code": "classic", "x": "impact", "y": "stakeholder"},
            {
                "code": "double",
                "x": "impact",
                "y": "financial",
                "combine": "either",
                "cuts": {"x": 3.0, "y": 3.0},
            },
        ],
    }


def view_of(results: dict, code: str) -> list[dict]:
    return next(row for row in results["views"] if row["code"] == code)["topics"]


def test_impact_is_severity_by_likelihood_and_any_criterion_can_make_it_severe():
    topics = evaluate(double_round())["topics"]

    assert [row["x"] for row in topics] == pytest.approx(IMPACT)
    score = topics[0]["scores"]["impact"]
    assert score["parts"]["impact.scope"] == 5
    assert (score["n"], score["units"], score["withheld"]) == (10, {}, None)


def test_a_likelihood_never_lowers_a_severity_that_concerns_human_rights_or_is_actual():
    inputs = double_round()
    inputs["topics"][0]["human_rights"] = True
    inputs["topics"][1]["actual"] = True

    topics = evaluate(inputs)["topics"]

    assert [row["x"] for row in topics] == pytest.approx([5, 5, IMPACT[2]])


def test_the_financial_effect_is_the_one_of_its_best_horizon():
    topics = evaluate(double_round())["topics"]

    scores = [row["scores"]["financial"] for row in topics]
    assert [score["score"] for score in scores] == pytest.approx(FINANCIAL)
    assert [score["horizon"] for score in scores] == ["medium", "short", "long"]


def test_benefits_and_harms_are_never_netted():
    inputs = double_round()
    composite = inputs["dimensions"][1]["composite"]
    composite["parts"] = {"scale": "impact.scale"}
    composite["positive"] = {"scale": "impact.scope"}

    scores = [row["scores"]["impact"] for row in evaluate(inputs)["topics"]]

    assert [score["negative"] for score in scores] == [2, 5, 1]
    assert [score["positive"] for score in scores] == [5, 4, 1]
    assert [score["score"] for score in scores] == [5, 5, 1]


def test_one_round_gives_the_classic_matrix_and_the_double_one():
    results = evaluate(double_round())

    classic, double = view_of(results, "classic"), view_of(results, "double")
    assert [row["y"] for row in classic] == [4, 3, 2]
    assert [row["y"] for row in double] == pytest.approx(FINANCIAL)
    assert [row["x"] for row in classic] == [row["x"] for row in double]
    assert [row["overall"] for row in classic] == [row["overall"] for row in results["topics"]]
    assert [row["material"] for row in classic] == [None] * 3


@pytest.mark.parametrize(
    ("combine", "material"), [("either", [True, True, False]), ("both", [False, False, False])]
)
def test_either_or_both_is_a_setting(combine, material):
    inputs = double_round()
    inputs["views"][1]["combine"] = combine

    double = view_of(evaluate(inputs), "double")

    assert [row["material"] for row in double] == material
    assert [row["basis"] for row in double] == ["impact", "financial", "none"]


def test_an_unknown_likelihood_leaves_the_impact_undefined_never_zero():
    inputs = double_round()
    inputs["counts"]["impact.likelihood"]["panel"][0] = [0, 0, 0, 0, 0, 10]
    del inputs["gram"]

    results = evaluate(inputs)

    score = results["topics"][0]["scores"]["impact"]
    assert (score["score"], score["reason"]) == (None, "no_answers")
    assert view_of(results, "double")[0]["basis"] == "unknown"


def test_a_composite_axis_has_stabilities_and_insights_too():
    inputs = double_round()
    rng = np.random.default_rng(1)
    for code in RATINGS:
        people = rng.integers(1, 6, (10, 3))
        counts = [[*np.bincount(column, minlength=6)[1:].tolist(), 0] for column in people.T]
        design = np.hstack([people > 0, people]).astype(int)
        inputs["counts"][code]["panel"] = counts
        inputs["gram"][code]["panel"] = (design.T @ design).tolist()

    results = evaluate(inputs)

    assert all(0 < row["stability"] <= 1 for row in results["topics"])
    assert all(row["ellipse"]["rx"] > 0 for row in results["topics"])
    result = insights(inputs, results)
    assert {row["unit"] for row in result["sensitivity"]} == {None, "panel"}
    assert result["dimensions"]["impact.scale"]["within"]["panel"] is not None
    assert audit(inputs, results) == []


def test_the_results_read_as_objects():
    inputs = double_round()
    results = Results(assemble(inputs, evaluate(inputs)))

    assert results.units["impact"] == ()
    assert results.topic("t0").scores["financial"].score == pytest.approx(FINANCIAL[0])
    assert results.responses["impact"] == 10
    assert results.views["double"].topics["t1"]["basis"] == "financial"
    assert results.views["double"].settings["combine"] == "either"


BROKEN = {
    "an unknown part": (
        lambda i: i["dimensions"][1]["composite"]["parts"].update(scale="nothing"),
        "inputs.dimensions.impact.composite",
    ),
    "an unknown kind": (
        lambda i: i["dimensions"][1]["composite"].update(kind="magic"),
        "expected .impact. or .financial.",
    ),
    "no severity": (
        lambda i: i["dimensions"][1]["composite"].update(parts={"likelihood": "stakeholder"}),
        "at least one of scale",
    ),
    "no horizon": (
        lambda i: i["dimensions"][2]["composite"].update(horizons=[]),
        "at least one part",
    ),
    "a view of nothing": (lambda i: i["views"][0].update(x="nothing"), "inputs.views.0..x"),
    "neither either nor both": (
        lambda i: i["views"][1].update(combine="perhaps"),
        "expected .either. or .both.",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_composite_is_refused_with_its_place(name):
    inputs = double_round()
    breaks, place = BROKEN[name]
    breaks(inputs)

    with pytest.raises(BundleError, match=place):
        evaluate(checked_inputs(inputs))


def szse_round() -> tuple[dict, list[tuple[str, str, str]]]:
    """A double round whose three topics and long list refer to topics of SZSE 2024."""
    keys = [entry.key for entry in catalogue.entries("SZSE", "2024") if entry.kind == "topic"]
    inputs = double_round()
    for topic, key in zip(inputs["topics"], keys, strict=False):
        topic["references"] = [list(key)]
    texts = {"zh-hans": "公司没有相关业务", "en": "The company does no such business"}
    inputs["screened_out"] = [
        {
            "code": "ethics",
            "references": [list(keys[3])],
            "kind": "not_applicable",
            "reason": texts,
        },
        {"code": "small", "references": [list(keys[4])], "kind": "not_relevant", "reason": {}},
    ]
    return inputs, keys


def test_each_of_the_21_set_topics_gets_a_result():
    inputs, keys = szse_round()

    rows = set_topics(inputs, evaluate(inputs), keys)

    assert len(rows) == 21
    assert [row["result"] for row in rows[:6]] == [
        "impact",
        "financial",
        "neither",
        "not_applicable",
        "neither",
        "missing",
    ]
    assert [row["material"] for row in rows[:4]] == [True, True, False, False]


def test_a_set_topic_that_is_not_material_has_a_reason_or_asks_for_one():
    inputs, keys = szse_round()
    rows = set_topics(inputs, evaluate(inputs), keys)

    scored, unscored, unexplained, missing = rows[2], rows[3], rows[4], rows[5]
    assert scored["because"] == [
        {
            "topic": "t2",
            "x": {"score": pytest.approx(IMPACT[2]), "cut": 3.0},
            "y": {"score": pytest.approx(FINANCIAL[2]), "cut": 3.0},
        }
    ]
    assert not scored["needs_reason"]
    assert unscored["reason"]["en"].startswith("The company")
    assert unexplained["needs_reason"]
    assert missing["needs_reason"]

    inputs["explanations"] = [
        {"key": list(keys[5]), "reason": {"zh-hans": "不适用", "en": "Does not apply"}}
    ]
    explained = set_topics(inputs, evaluate(inputs), keys)[5]
    assert (explained["result"], explained["needs_reason"]) == ("missing", False)


def test_two_topics_behind_one_set_topic_count_together():
    inputs, keys = szse_round()
    inputs["topics"][1]["references"] = inputs["topics"][0]["references"]

    row = set_topics(inputs, evaluate(inputs), keys)[0]

    assert (row["result"], row["topics"]) == ("double", ["t0", "t1"])


def test_under_both_one_axis_is_not_enough():
    inputs, keys = szse_round()
    inputs["views"][1]["combine"] = "both"

    rows = set_topics(inputs, evaluate(inputs), keys)

    assert [row["material"] for row in rows[:3]] == [False, False, False]


def test_without_a_double_view_there_are_no_such_results():
    inputs, keys = szse_round()
    del inputs["views"]

    with pytest.raises(LookupError, match="double"):
        set_topics(inputs, evaluate(inputs), keys)


def test_the_composite_is_that_of_the_analysis():
    inputs = double_round()
    inputs["dimensions"][1]["composite"] |= {
        "severity_rule": "mean_max",
        "likelihood_rule": "capped",
    }

    results = [row["x"] for row in evaluate(inputs)["topics"]]

    severity = analysis.severity(
        *(RATINGS[f"impact.{name}"] for name in ("scale", "scope", "irremediability")),
        rule="mean_max",
    )
    expected = analysis.impact_significance(severity, RATINGS["impact.likelihood"], rule="capped")
    assert results == pytest.approx(expected.tolist())


def test_leaving_a_unit_out_of_a_composed_axis_is_what_a_weight_of_zero_gives():
    inputs = double_round()
    inputs["groups"].append({"code": "experts"})
    for code in list(inputs["units"]):
        if code not in RATINGS:
            continue
        unit = inputs["units"][code][0]
        inputs["units"][code].append({**unit, "code": "experts", "groups": ["experts"]})
        flat = [6 - value for value in RATINGS[code]]
        inputs["counts"][code]["experts"] = rated(flat)
    del inputs["gram"]
    results = evaluate(inputs)
    now = {row["code"]: row["suggested_tier"] for row in results["topics"]}

    rows = [row for row in insights(inputs, results)["sensitivity"] if row["what"] == "left_out"]

    on_x = [row for row in rows if row["dimension"].startswith("impact")]
    assert [row["unit"] for row in on_x] == ["panel", "experts"]
    for row in on_x:
        without = copy.deepcopy(inputs)
        for code in RATINGS:
            if code.startswith("impact"):
                for unit in without["units"][code]:
                    unit["weight"] *= unit["code"] != row["unit"]
        tiers = {topic["code"]: topic["suggested_tier"] for topic in evaluate(without)["topics"]}
        assert row["topics"] == [code for code in now if now[code] != tiers[code]]
    assert any(row["topics"] for row in on_x)


@pytest.mark.parametrize("name", ["severity_rule", "likelihood_rule"])
def test_an_unknown_rule_for_impacts_is_refused_with_its_place(name):
    inputs = double_round()
    inputs["dimensions"][1]["composite"][name] = "guess"

    with pytest.raises(BundleError, match=rf"inputs.dimensions\[1\].composite.{name}: expected"):
        evaluate(checked_inputs(inputs))


def test_an_unknown_interval_is_refused():
    with pytest.raises(BundleError, match=r"inputs.interval: expected .symmetric. or .bounded."):
        evaluate(checked_inputs(double_round() | {"interval": "wide"}))
