"""Methods that the product does not use: tests compare with them, or prove why it does not."""

from tests.reference.agreement import (
    Icc,
    icc,
    r_wg,
    r_wg_j,
    value_counts,
)
from tests.reference.alternatives import (
    bayesian_bootstrap_moments,
    combined_weights,
    critic_weights,
    dirichlet_posterior,
    entropy_weights,
)
from tests.reference.bootstrap import (
    BootstrapIntervals,
    bca_acceleration,
    bootstrap_intervals,
    bootstrap_scores,
    exact_bootstrap_pmf,
    outranking_probability,
)
from tests.reference.changes import (
    Carried,
    Decomposition,
    WeightEffect,
    carried_scores,
    decompose_change,
    effect_of_new_weights,
)
from tests.reference.differences import (
    BrunnerMunzel,
    DunnTest,
    MannWhitney,
    brunner_munzel,
    cross_tabulate,
    dunn_test,
    mann_whitney,
)
from tests.reference.disclosure import (
    pool_statistics,
    pool_weights,
    unanimous,
)
from tests.reference.forms import (
    Worths,
    bradley_terry,
    budget_shares,
    mean_ranks,
    pair_wins,
    plackett_luce,
    top_n_shares,
)
from tests.reference.gram import (
    gram_matrix,
)
from tests.reference.impact import (
    TopicImpacts,
    topic_impacts,
)
from tests.reference.planner import (
    answers_to_halve,
    margin_of_error,
    sample_size,
)
from tests.reference.proportions import (
    jeffreys_interval,
    newcombe_difference,
)
from tests.reference.representativeness import (
    PostStratified,
    StratifiedMean,
    mean_standard_error,
    post_stratify,
    stratified_mean,
)
from tests.reference.scores import (
    combine_experts,
    percent_of_scale,
    pooled_mean,
)
from tests.reference.sensitivity import (
    Acceptability,
    acceptability,
    cut_sweep,
    deciding_units,
    leave_one_out,
    switching_weights,
    tornado,
    weight_slopes,
    weights_anywhere,
)
from tests.reference.stability import (
    decided_probability,
    is_borderline,
    probability_at_least,
)
from tests.reference.tiering import (
    AXIS_RULES,
    NaturalBreaks,
    hysteresis,
    natural_breaks,
    rank_bands,
)
from tests.reference.weights import (
    aggregate_judgements,
    aggregate_priorities,
    equal_weights,
)

__all__ = [
    "AXIS_RULES",
    "Acceptability",
    "BootstrapIntervals",
    "BrunnerMunzel",
    "Carried",
    "Decomposition",
    "DunnTest",
    "Icc",
    "MannWhitney",
    "NaturalBreaks",
    "PostStratified",
    "StratifiedMean",
    "TopicImpacts",
    "WeightEffect",
    "Worths",
    "acceptability",
    "aggregate_judgements",
    "aggregate_priorities",
    "answers_to_halve",
    "bayesian_bootstrap_moments",
    "bca_acceleration",
    "bootstrap_intervals",
    "bootstrap_scores",
    "bradley_terry",
    "brunner_munzel",
    "budget_shares",
    "carried_scores",
    "combine_experts",
    "combined_weights",
    "critic_weights",
    "cross_tabulate",
    "cut_sweep",
    "decided_probability",
    "deciding_units",
    "decompose_change",
    "dirichlet_posterior",
    "dunn_test",
    "effect_of_new_weights",
    "entropy_weights",
    "equal_weights",
    "exact_bootstrap_pmf",
    "gram_matrix",
    "hysteresis",
    "icc",
    "is_borderline",
    "jeffreys_interval",
    "leave_one_out",
    "mann_whitney",
    "margin_of_error",
    "mean_ranks",
    "mean_standard_error",
    "natural_breaks",
    "newcombe_difference",
    "outranking_probability",
    "pair_wins",
    "percent_of_scale",
    "plackett_luce",
    "pool_statistics",
    "pool_weights",
    "pooled_mean",
    "post_stratify",
    "probability_at_least",
    "r_wg",
    "r_wg_j",
    "rank_bands",
    "sample_size",
    "stratified_mean",
    "switching_weights",
    "top_n_shares",
    "topic_impacts",
    "tornado",
    "unanimous",
    "value_counts",
    "weight_slopes",
    "weights_anywhere",
]
