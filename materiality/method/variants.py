"""With and without: the same round from other answers, and the order with scale use corrected.

`inputs.variants` holds the counts of the same units without some respondents; `inputs.corrected`
the units' mean ratings relative to each person's own use of the scale. Both are shown beside the
results and decide nothing.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Floats, floats
from materiality.document.schema import (
    CorrectedOrder,
    Inputs,
    Place,
    TopicResult,
    Variant,
    VariantResult,
)
from materiality.method.composites import all_scores
from materiality.method.feeding import survey_score
from materiality.method.register import Scored
from materiality.method.rules import overall_scores, suggested_tiers
from materiality.method.scoring import number, topic_weights
from materiality.method.uncertainty import axes

Row = dict[str, Any]


def variants(
    inputs: Inputs, topics: list[TopicResult], entries: Sequence[Scored]
) -> list[VariantResult]:
    """Return per variant each topic's coordinates and tier, and which tiers change.

    :param topics: the topics of the results, to compare with.
    :param entries: of the register, scored; no variant changes them.
    """
    return [_variant(inputs, variant, topics, entries) for variant in inputs.get("variants", [])]


def _variant(
    inputs: Inputs, variant: Variant, topics: list[TopicResult], entries: Sequence[Scored]
) -> VariantResult:
    counts = {
        dimension: {**rows, **variant["counts"].get(dimension, {})}
        for dimension, rows in inputs["counts"].items()
    }
    changed: Inputs = {**inputs, "counts": counts}
    scored = all_scores(changed, entries)
    x, y = (floats([row["score"] for row in scored[code]]) for code in axes(inputs))
    overall, tiers = overall_scores(inputs, x, y), suggested_tiers(inputs, x, y)
    before = [row["overall"] for row in topics]
    lines: list[Place] = [
        {
            "code": row["code"],
            "x": number(x[at]),
            "y": number(y[at]),
            "overall": number(overall[at]),
            "suggested_tier": int(tiers[at]) or None,
        }
        for at, row in enumerate(topics)
    ]
    return {
        "code": variant["code"],
        "topics": lines,
        "tier_changes": [
            new["code"]
            for old, new in zip(topics, lines, strict=True)
            if old["suggested_tier"] != new["suggested_tier"]
        ],
        "tau_b": number(analysis.rank_agreement(floats(before), overall).tau_b),
    }


def corrected_order(inputs: Inputs, topics: list[TopicResult]) -> dict[str, CorrectedOrder]:
    """Return per dimension the order of the topics by ratings corrected for scale use.

    The weighted mean over units of the mean of z = (rating - own mean) / own standard deviation
    (`analysis.scale_use`). For an order beside the raw one, never for tiers: it has no level. Both
    orders are the survey's, also where the register feeds the axis.
    """
    orders = {}
    for dimension in inputs.get("corrected", {}):
        raw = [survey_score(row["scores"][dimension]) for row in topics]
        orders[dimension] = _order(inputs, dimension, floats(raw))
    return orders


def _order(inputs: Inputs, dimension: str, raw: Floats) -> CorrectedOrder:
    units = inputs["units"][dimension]
    means = floats([inputs["corrected"][dimension][unit["code"]] for unit in units])
    nothing = np.zeros(means.shape, dtype=bool)
    means_by_topic = analysis.weighted_mean(means, topic_weights(inputs, dimension, nothing)).mean
    means_by_topic = np.where(np.isfinite(raw), means_by_topic, np.nan)
    ranks, raw_ranks = analysis.ranks(means_by_topic), analysis.ranks(raw)
    agreement = analysis.rank_agreement(raw, means_by_topic)
    return {
        "topics": [
            {
                "code": topic["code"],
                "score": number(means_by_topic[at]),
                "rank": int(ranks[at]) or None,
                "raw_rank": int(raw_ranks[at]) or None,
            }
            for at, topic in enumerate(inputs["topics"])
        ],
        "tau_b": number(agreement.tau_b),
    }
