"""The method, as pure functions: arrays in, frozen dataclasses out.

This file is the method's table of contents; ``docs/method.md`` sets each formula beside its name.
Undefined is NaN and travels with a count; random numbers come from a seed that is passed in.
"""

from materiality.analysis.counting import (
    BLANK,
    CANNOT_JUDGE,
    SufficientStatistics,
    count_ratings,
    summarise,
)
from materiality.analysis.ranking import midranks, ranks, shared_ranks
from materiality.analysis.scores import (
    GroupMeans,
    TopicScores,
    WeightedMean,
    effective_size,
    group_means,
    weighted_mean,
    weighted_scores,
)
from materiality.analysis.tiers import (
    AXIS_RULES,
    NaturalBreaks,
    both_axes,
    distance,
    either_axis,
    hysteresis,
    natural_breaks,
    natural_tiers,
    product,
    quadrants,
    quantile_tiers,
    rank_bands,
    tiers,
    weighted_sum,
)

__all__ = [
    "AXIS_RULES",
    "BLANK",
    "CANNOT_JUDGE",
    "GroupMeans",
    "NaturalBreaks",
    "SufficientStatistics",
    "TopicScores",
    "WeightedMean",
    "both_axes",
    "count_ratings",
    "distance",
    "effective_size",
    "either_axis",
    "group_means",
    "hysteresis",
    "midranks",
    "natural_breaks",
    "natural_tiers",
    "product",
    "quadrants",
    "quantile_tiers",
    "rank_bands",
    "ranks",
    "shared_ranks",
    "summarise",
    "tiers",
    "weighted_mean",
    "weighted_scores",
    "weighted_sum",
]
