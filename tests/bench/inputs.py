"""The inputs of a bundle around given statistics: six groups, and a panel like the first two."""

from typing import Any

from materiality.analysis import SufficientStatistics


def bundle_inputs(statistics: SufficientStatistics) -> dict[str, Any]:
    groups = [f"g{at}" for at in range(len(statistics.counts))]
    most = statistics.counts.sum(axis=-1).max(axis=-1)
    units = [
        {"code": code, "groups": [code], "weight": 1.0, "responses": int(most[at])}
        for at, code in enumerate(groups)
    ]
    panel = units[:2]
    used = {"stakeholder": units, "impact": panel}
    topics = [{"code": f"t{at}"} for at in range(statistics.topics)]
    return {
        "scale": {"points": 5},
        "dimensions": [{"code": "stakeholder", "axis": "y"}, {"code": "impact", "axis": "x"}],
        "groups": [{"code": code} for code in groups],
        "units": used,
        "topics": topics,
        "counts": _by_unit(statistics.counts, used),
        "gram": _by_unit(statistics.gram, used),
        "rule": {"kind": "weighted_sum", "weights": {"x": 0.5, "y": 0.5}, "cuts": [3.9, 3.2]},
        "seed": 1,
    }


def _by_unit(arrays: Any, units: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        dimension: {unit["code"]: arrays[at].tolist() for at, unit in enumerate(rows)}
        for dimension, rows in units.items()
    }
