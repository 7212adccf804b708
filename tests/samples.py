"""Bundles made up for tests: the demo's topics with round counts, and any number of topics."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from materiality.document import assemble
from materiality.method import evaluate
from materiality.results import Results

TOPICS = [
    (
        "digital-trade",
        "推动全球贸易数字化转型",
        "Driving the digital transformation of global trade",
        "economic",
        0.84,
        0.88,
    ),
    ("satisfaction", "消费者满意度", "Consumer satisfaction", "social", 0.62, 0.96),
    ("privacy", "用户隐私保护", "User privacy protection", "social", 0.86, 0.79),
    (
        "ecosystem",
        "赋能全球贸易生态",
        "Empowering the global trade ecosystem",
        "economic",
        0.83,
        0.71,
    ),
    ("data-security", "数据安全", "Data security", "social", 0.73, 0.58),
    ("innovation", "产品创新", "Product innovation", "economic", 0.35, 0.62),
    ("training", "员工培训与发展", "Employee training and development", "social", 0.27, 0.54),
    ("rights", "员工权益与福利", "Employee rights and benefits", "social", 0.89, 0.5),
    ("community", "虚拟社区管理", "Virtual community management", "social", 0.71, 0.46),
    ("ip", "知识产权保护", "Intellectual property protection", "governance", 0.35, 0.5),
    ("corruption", "反腐败", "Anti-corruption", "governance", 0.39, 0.21),
    ("pollution", "减少污染", "Pollution reduction", "environment", 0.41, 0.29),
    ("charity", "社区公益", "Community philanthropy", "social", 0.19, 0.25),
    ("energy", "能源管理", "Energy management", "environment", 0.32, 0.12),
]
GROUPS = [
    ("shareholders", "股东及投资者", "Shareholders and investors", 30, 21),
    ("customers", "客户", "Customers", 80, 52),
    ("employees", "员工", "Employees", 90, 74),
    ("regulators", "政府及监管机构", "Government and regulators", 8, None),
    ("suppliers", "供应链伙伴", "Supply chain partners", 36, 23),
    ("public", "社区及公众", "Community and public", 16, None),
]
PANELS = [
    ("managers", "管理层", "Managers", 24, 22),
    ("experts", "外部专家", "External experts", 12, 10),
]


def _text(zh: str, en: str) -> dict[str, str]:
    return {"zh-hans": zh, "en": en}


def _topics(number: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(number)
    extra = [
        (
            f"extra-{at}",
            f"补充议题第{at}项",
            f"Additional topic number {at}",
            "governance",
            *rng.random(2),
        )
        for at in range(len(TOPICS), number)
    ]
    return [
        {
            "code": code,
            "name": _text(zh, en),
            "definition": _text(f"{zh}的定义", f"What we mean by {en.lower()}"),
            "category": category,
            "references": [["GRI", "2016", "418"]],
            "at": (float(x), float(y)),
        }
        for code, zh, en, category, x, y in (TOPICS + extra)[:number]
    ]


def _counts(n: int, place: float, tilt: int) -> list[int]:
    """Return n ratings spread about 2.6 + 2.2 place, and one "cannot judge"."""
    centre = 2.6 + 2.2 * place + 0.05 * (tilt % 3 - 1)
    weights = np.exp(-((np.arange(1, 6) - centre) ** 2) / 1.4)
    counts = np.floor(weights / weights.sum() * (n - 1)).astype(int)
    counts[int(np.argmax(counts))] += n - 1 - counts.sum()
    return [*counts.tolist(), 1]


def _gram(rows: list[list[int]]) -> list[list[int]]:
    """Return the Gram matrix of people who answer in step: highest rater first on every topic."""
    people = max(sum(row) for row in rows)
    rating = np.zeros((people, len(rows)), dtype=int)
    for at, row in enumerate(rows):
        rating[: sum(row), at] = np.repeat([5, 4, 3, 2, 1, 0], [*row[4::-1], row[5]])
    design = np.hstack([rating > 0, rating]).astype(int)
    return (design.T @ design).tolist()


def grams(counts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return rows that go with these counts, summed up as a bundle has them."""
    return {
        dimension: {code: _gram(rows) for code, rows in units.items()}
        for dimension, units in counts.items()
    }


def _unit(code: str, zh: str, en: str, groups: list[str], n: int) -> dict[str, Any]:
    return {
        "code": code,
        "name": _text(zh, en),
        "groups": groups,
        "weight": float(len(groups)),
        "responses": n,
    }


def sample_inputs(topics: int = 14) -> dict[str, Any]:
    chosen = _topics(topics)
    stakeholders = [
        _unit(code, zh, en, [code], n) for code, zh, en, _, n in GROUPS if n is not None
    ] + [
        _unit(
            "public+regulators",
            "社区及公众、政府及监管机构（合并）",
            "Community and public; Government and regulators (pooled)",
            ["public", "regulators"],
            16,
        )
    ]
    panel = [_unit(code, zh, en, [code], n) for code, zh, en, _, n in PANELS]
    units = {"stakeholder": stakeholders, "impact": panel}
    counts = {
        dimension: {
            unit["code"]: [
                _counts(unit["responses"], row["at"][axis], at + tilt)
                for at, row in enumerate(chosen)
            ]
            for tilt, unit in enumerate(units[dimension])
        }
        for axis, dimension in ((1, "stakeholder"), (0, "impact"))
    }
    return {
        "assessment": {
            "organisation": _text("示例科技", "Example Tech"),
            "year": "2020",
            "previous_year": "2019",
            "preset": "classic",
            "simulated": True,
            "opened": "2021-01-11",
            "closed": "2021-02-28",
        },
        "scale": {"points": 5},
        "dimensions": [
            {
                "code": "stakeholder",
                "axis": "y",
                "name": _text("对利益相关方的重要性", "Importance to stakeholders"),
            },
            {
                "code": "impact",
                "axis": "x",
                "name": _text(
                    "公司对社会、经济、环境影响的重要性",
                    "Importance of the company's impact on society, economy and environment",
                ),
            },
        ],
        "groups": [
            {
                "code": code,
                "name": _text(zh, en),
                "kind": kind,
                "invited": invited,
                "responses": n,
                "expectations": [
                    _text("合规经营", "Compliant operation"),
                    _text("信息披露", "Disclosure"),
                ],
                "channels": [_text("信息披露", "Information disclosure")],
            }
            for kind, rows in (("stakeholders", GROUPS), ("panel", PANELS))
            for code, zh, en, invited, n in rows
        ],
        "units": units,
        "topics": [{key: row[key] for key in row if key != "at"} for row in chosen],
        "counts": counts,
        "gram": grams(counts),
        "rule": {"kind": "weighted_sum", "weights": {"x": 0.5, "y": 0.5}, "cuts": [3.95, 3.4]},
        "minimum_group": 5,
        "confidence": 0.95,
        "seed": 2020,
        "decisions": [
            {
                "topic": "rights",
                "tier": 2,
                "reason": "管理层讨论后定为较高 (simulated)",
                "by": "",
                "at": "2021-03-01",
            }
        ]
        if any(row["code"] == "rights" for row in chosen)
        else [],
        "previous": {
            "year": "2019",
            "topics": [
                {
                    "code": row["code"],
                    "name": row["name"],
                    "x": 3.9,
                    "y": 3.8,
                    "overall": 3.85,
                    "tier": 2,
                }
                for row in chosen
                if row["code"] not in ("digital-trade", "ecosystem")
            ]
            + [
                {
                    "code": "industry-data",
                    "name": _text("实体经济产业数据化", "Digitising the real economy"),
                    "x": 4.2,
                    "y": 4.1,
                    "overall": 4.15,
                    "tier": 1,
                },
                {
                    "code": "join-trade",
                    "name": _text("帮助用户融入全球化贸易", "Helping users join global trade"),
                    "x": 4.0,
                    "y": 4.0,
                    "overall": 4.0,
                    "tier": 1,
                },
            ],
        },
        "successions": [
            {
                "kind": "widened",
                "before": "industry-data",
                "after": "digital-trade",
                "reason": _text(
                    "疫情影响下，将议题范围增大", "Scope widened under the effect of the pandemic"
                ),
            },
            {
                "kind": "added",
                "before": None,
                "after": "ecosystem",
                "reason": _text(
                    "结合市场需求和公司业务动态新增议题",
                    "New topic, from market demand and business developments",
                ),
            },
            {
                "kind": "absorbed",
                "before": "join-trade",
                "after": "ecosystem",
                "reason": _text(
                    "已融入“赋能全球贸易生态”",
                    "Merged into “Empowering the global trade ecosystem”",
                ),
            },
        ]
        + [
            {"kind": "continued", "before": row["code"], "after": row["code"], "reason": {}}
            for row in chosen
            if row["code"] not in ("digital-trade", "ecosystem")
        ],
    }


def sample_results(topics: int = 14, *, locked: bool = True) -> Results:
    inputs = sample_inputs(topics)
    document = assemble(inputs, evaluate(inputs))
    return Results(
        document, "2021-03-12T10:00:00+08:00" if locked else None, "李敏" if locked else None
    )


def match_gram(inputs: dict[str, Any], topic: int) -> None:
    """Let the Gram matrices follow counts of a topic that were changed by hand.

    As many people rated it; its ratings go with nothing else any more.
    """
    for dimension, units in inputs["gram"].items():
        for unit, rows in units.items():
            *given, _unknown = inputs["counts"][dimension][unit][topic]
            n, total, squares = (
                sum(rating**k * count for rating, count in enumerate(given, start=1))
                for k in range(3)
            )
            matrix, x = np.array(rows), len(rows) // 2 + topic
            matrix[x] = matrix[:, x] = np.round(matrix[topic] * total / n)
            matrix[x, x], matrix[x, topic], matrix[topic, x] = squares, total, total
            units[unit] = matrix.tolist()
