"""Rounds made up for the tests of the report: bad names, random scores, other rules."""

from functools import cache
from typing import Any

import numpy as np

from materiality import catalogue
from materiality.document import assemble
from materiality.method import evaluate
from materiality.method.views import standard_views
from materiality.report.edition import Edition
from materiality.report.files import package
from materiality.results import Results
from tests.samples import grams, sample_inputs, sample_results

BAD_NAMES = (
    '<a href="https://example.org">link</a> & <b>bold</b>',
    "=1+1",
    "@SUM(A1)",
    "nul\x00 in \x1bside",
    "emoji 😀 green 🌱",
    "שלום עולם 123",
    "مرحبا بالعالم",
    "x" * 200,
    "长" * 200,
    "e\u0301combin\u0301ing",
    "\u202eturned\u202c",
    "-2+3",
    "]]> --> <!-- {{ }} %s",
    "日本語・한국어",
)
LOCKED = "2021-03-12T10:00:00+08:00"


@cache
def sample(topics: int = 14, *, locked: bool = True) -> Results:
    """The sample round, evaluated once for all tests of the report."""
    return sample_results(topics, locked=locked)


@cache
def made(language: str, name: str) -> bytes:
    """One file of the sample round, made once."""
    return package.file(Edition(sample(), language), name)


def results_of(inputs: dict[str, Any], *, locked: bool = True) -> Results:
    inputs = inputs | {"gram": grams(inputs["counts"])}
    document = assemble(inputs, evaluate(inputs))
    return Results(document, LOCKED if locked else None, "李敏" if locked else None)


@cache
def badly_named() -> Results:
    """Every text that people can write is one that should do no harm."""
    inputs = sample_inputs(14)
    for row, name in zip(inputs["topics"], BAD_NAMES, strict=True):
        row["name"] = row["definition"] = _both(name)
    for row, name in zip(inputs["groups"], BAD_NAMES, strict=False):
        row["name"] = _both(name)
        row["expectations"] = row["channels"] = [_both(name)]
    for row, name in zip(inputs["dimensions"], BAD_NAMES, strict=False):
        row["name"] = _both(name)
    inputs["assessment"]["organisation"] = _both(BAD_NAMES[0])
    inputs["decisions"][0]["reason"] = "=cmd|' /C calc'!A0"
    for row in inputs["successions"]:
        row["reason"] = _both(BAD_NAMES[1])
    return results_of(inputs)


def _both(text: str) -> dict[str, str]:
    return {"zh-hans": text, "en": text}


@cache
def double_round() -> Results:
    """A round that also asked about the financial effect, screened topics out and moved tiers."""
    inputs = sample_inputs(14)
    inputs["dimensions"].append(
        {"code": "financial", "axis": "", "name": {"zh-hans": "财务影响", "en": "Financial effect"}}
    )
    inputs["units"]["financial"] = inputs["units"]["impact"]
    inputs["counts"]["financial"] = {
        unit: [rows[at - 3] for at in range(len(rows))]
        for unit, rows in inputs["counts"]["impact"].items()
    }
    inputs["views"] = standard_views(
        ["stakeholder", "impact", "financial"], combine="either", cuts={"x": 4.0, "y": 4.0}
    )
    inputs["screened_out"] = [
        {
            "code": "nuclear", "name": _both("核安全") | {"en": "Nuclear safety"},
            "category": "environment", "kind": "not_applicable",
            "reason": _both("没有相关业务") | {"en": "No such business"}, "by": "李敏",
        }
    ]  # fmt: skip
    return results_of(inputs)


@cache
def szse_round() -> Results:
    """A double round with topics that SZSE 2024 sets: two asked about, one screened, one explained.

    In the order of the articles: two topics material on both sides; one on none; the one that was
    screened out; one of which people said why; 17 nobody looked at.
    """
    inputs = {**double_round().inputs}
    keys = [list(e.key) for e in catalogue.entries("SZSE", "2024") if e.kind == "topic"]
    basis = {code: row["basis"] for code, row in double_round().views["double"].topics.items()}
    above = [code for code in basis if basis[code] == "both"][:2]
    below = next(code for code in basis if basis[code] == "none")
    behind = {**dict.fromkeys(above, keys[0]), below: keys[1]}
    inputs["topics"] = [
        {**row, "references": [behind[row["code"]]] if row["code"] in behind else []}
        for row in inputs["topics"]
    ]
    inputs["screened_out"] = [{**row, "references": [keys[2]]} for row in inputs["screened_out"]]
    inputs["explanations"] = [
        {"key": keys[3], "reason": {"zh-hans": "没有工厂", "en": "=No plant"}}
    ]
    return results_of(inputs)


def with_rule(rule: dict[str, Any]) -> Results:
    inputs = sample_inputs(14)
    inputs["rule"] = {"weights": {"x": 0.5, "y": 0.5}} | rule
    return results_of(inputs)


def scattered(seed: int) -> Results:
    """14 to 40 topics with names of any length, in clusters and with ties."""
    rng = np.random.default_rng(seed)
    topics = int(rng.integers(14, 41))
    inputs = sample_inputs(topics)
    centres = rng.random((4, 2))
    places = centres[rng.integers(0, 4, topics)] + rng.normal(
        0, rng.choice([0.08, 0.2]), (topics, 2)
    )
    places[1] = places[0]  # a tie
    for at, row in enumerate(inputs["topics"]):
        row["name"] = {"zh-hans": _chinese(rng), "en": _english(rng)}
        for axis, dimension in enumerate(("impact", "stakeholder")):
            for counts in inputs["counts"][dimension].values():
                counts[at] = _ratings(sum(counts[at]), float(places[at, axis]))
    return results_of(inputs)


def _chinese(rng: np.random.Generator) -> str:
    letters = list("数据安全与产品创新及员工权益供应链管理绿色发展社区公益能源客户隐私")
    return "".join(rng.choice(letters, int(rng.integers(2, 14))))


def _english(rng: np.random.Generator) -> str:
    words = [
        "data",
        "security",
        "product",
        "innovation",
        "supply",
        "chain",
        "climate",
        "human",
        "rights",
        "of",
        "and",
        "tax",
    ]
    return " ".join(rng.choice(words, int(rng.integers(1, 6)))).capitalize()


def _ratings(n: int, place: float) -> list[int]:
    centre = 1.5 + 3.3 * min(max(place, 0.0), 1.0)
    low = int(centre)
    high = round((centre - low) * n)
    counts = [0, 0, 0, 0, 0, 0]
    counts[low - 1], counts[low] = n - high, high
    return counts


@cache
def register_round() -> Results:
    """The double round with a register: six entries, two experts, one consensus, lines."""
    inputs = {**double_round().inputs}
    inputs["register"] = register_rows([row["code"] for row in inputs["topics"]])
    return results_of(inputs)


def register_rows(topics: list[str]) -> dict[str, Any]:
    """Return a register under the first of these topics, as a bundle holds it.

    IRO-001 and IRO-002 are material, on IRO-003 the experts disagree, IRO-004 is agreed on,
    IRO-005 has no threshold, IRO-006 is not scored; IRO-007 was closed.
    """
    first, second = topics[:2]
    facts = {
        "IRO-001": {"topic": first, "kind": "negative", "is_actual": True, "stage": "upstream",
                    "place": "Suzhou", "horizon": "short", "involvement": "linked",
                    "affected": _both("矿工") | {"en": "Miners"}},
        "IRO-002": {"topic": first, "kind": "risk", "stage": "own", "horizon": "medium"},
        "IRO-003": {"topic": second, "kind": "negative", "stage": "own", "horizon": "short",
                    "human_rights": True, "involvement": "caused", "is_net": True,
                    "mitigation": _both("培训") | {"en": "Training"}, "evidence": "Audit 7"},
        "IRO-004": {"topic": second, "kind": "positive", "stage": "downstream", "horizon": "long"},
        "IRO-005": {"topic": second, "kind": "opportunity", "stage": "own", "horizon": "long"},
        "IRO-006": {"topic": second, "kind": "risk", "stage": "own", "horizon": "short"},
    }  # fmt: skip
    said = {
        "IRO-001": [{"scale": 5, "scope": 2, "irremediability": 1}, {"scale": 4, "scope": 4}],
        "IRO-002": [{"effects": {"long": {"magnitude": 5, "likelihood": 4}}}] * 2,
        "IRO-003": [{"scale": 2, "scope": 1, "likelihood": 1}, {"scale": 4, "likelihood": 1}],
        "IRO-004": [{"scale": 2, "scope": 2, "likelihood": 3}] * 2,
        "IRO-005": [{"effects": {"short": {"magnitude": 2, "likelihood": 2}}}] * 2,
        "IRO-006": [],
    }
    entries = [
        {
            "code": code,
            "title": {"zh-hans": f"条目{at}", "en": f"Entry {at}"},
            "description": {"zh-hans": f"说明{at}", "en": f"What entry {at} is"},
            **row,
            "judgements": [
                {"expert": f"e{n}", "reason": f"As seen on {code}", **marks}
                for n, marks in enumerate(said[code], 1)
            ],
        }
        for at, (code, row) in enumerate(facts.items(), 1)
    ]
    entries[2]["beside"] = {"judgements": [{"expert": "e1", "reason": "Before", "scale": 5,
                                            "likelihood": 2}]}  # fmt: skip
    entries[3]["consensus"] = {"scale": 4, "scope": 3, "likelihood": 5, "reason": "=The fund"}
    reason = {"zh-hans": "风险偏好", "en": "Risk appetite"}
    return {
        "feeds": "beside",
        "likelihood_rule": "scaled",
        "experts": [{"code": "e1", "name": "王芳"}, {"code": "e2", "name": "Erin"}],
        "thresholds": [
            {"kind": "negative", "value": 3.0, "reason": reason, "scores_before": 0},
            {"kind": "positive", "value": 3.0, "reason": reason, "scores_before": 2},
            {"kind": "risk", "value": 3.0, "reason": reason, "scores_before": 1},
        ],
        "entries": entries,
        "closed": [
            {"code": "IRO-007", "topic": first, "kind": "risk",
             "title": {"zh-hans": "旧", "en": "Old"}, "reason": {"zh-hans": "出售", "en": "Sold"}}
        ],
        "lines": [
            {"before": "IRO-001", "before_title": _both("Mine"), "after": "IRO-001", "reason": {}},
            {"before": "IRO-001", "before_title": _both("Mine"), "after": "IRO-003", "reason": {}},
            {"before": "IRO-009", "before_title": _both("Gone"), "after": None,
             "reason": _both("Ended")},
        ],
        "links": [{"impact": "IRO-001", "effect": "IRO-002", "kind": "impact"}],
    }  # fmt: skip
