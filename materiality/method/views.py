"""Several matrices of one round: each view pairs two dimensions and may say what is material."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from materiality import analysis
from materiality.analysis.arrays import Floats, floats
from materiality.document.schema import (
    AXES,
    XY,
    Combine,
    Inputs,
    Score,
    Verdict,
    View,
    ViewResult,
    version_of,
)
from materiality.method.rules import overall_scores, suggested_tiers
from materiality.method.scoring import number

Row = dict[str, Any]


def standard_views(codes: Collection[str], *, combine: Combine, cuts: XY) -> list[View]:
    """Return the classic matrix and the double one of a round that asked for both.

    :param codes: of the dimensions of the round. :param combine: "either" or "both".
    :param cuts: from which score an axis, "x" (impact) or "y" (financial), holds.
    """
    if not {"impact", "financial"} <= set(codes):
        return []
    classic: View = {"code": "classic", "x": "impact", "y": "stakeholder"}
    double: View = {
        "code": "double",
        "x": "impact",
        "y": "financial",
        "combine": combine,
        "cuts": cuts,
    }
    views = [classic] if "stakeholder" in codes else []
    return [*views, double]


def views(inputs: Inputs, scored: Mapping[str, Sequence[Score]]) -> list[ViewResult]:
    """Return each view of `inputs.views`: coordinates, order, tiers and, with cuts, the verdict.

    :param scored: the scores of every dimension.
    """
    return [_view(inputs, view, scored) for view in inputs.get("views", [])]


def _view(inputs: Inputs, view: View, scored: Mapping[str, Sequence[Score]]) -> ViewResult:
    x, y = (floats([row["score"] for row in scored[view[axis]]]) for axis in AXES)
    ruled: Inputs = {**inputs, "rule": view.get("rule") or inputs["rule"]}
    overall, tiers = overall_scores(ruled, x, y), suggested_tiers(ruled, x, y)
    ranks, verdicts = analysis.ranks(overall), _verdicts(inputs, view, x, y)
    return {
        "code": view["code"],
        "topics": [
            {
                "code": topic["code"],
                "x": number(x[at]),
                "y": number(y[at]),
                "overall": number(overall[at]),
                "rank": int(ranks[at]) or None,
                "suggested_tier": int(tiers[at]) or None,
                **verdicts[at],
            }
            for at, topic in enumerate(inputs["topics"])
        ],
    }


def _verdicts(inputs: Inputs, view: View, x: Floats, y: Floats) -> list[Verdict]:
    """Return whether each topic is material and on which basis; None for a view without cuts."""
    cuts = view.get("cuts")
    if not cuts:
        return [{"material": None, "basis": None} for _ in x]
    verdicts = analysis.double_materiality(
        x,
        y,
        cut_impact=cuts["x"],
        cut_financial=cuts["y"],
        rule=view.get("combine", "either"),
    )
    basis = verdicts.basis
    if version_of(inputs) == "1":  # there one axis reached spoke under "both" too
        basis = analysis.double_materiality(
            x, y, cut_impact=cuts["x"], cut_financial=cuts["y"], rule="either"
        ).basis
    return [
        {"material": None if one == "unknown" else bool(material), "basis": str(one)}
        for material, one in zip(verdicts.material, basis, strict=True)
    ]
