"""What stands behind the results: who disagrees, who decides, and how little would change a tier.

Slower than `evaluate` and needed only where people review, so computed on demand. Nothing here
rests on a mean that the results withhold: where one enters, its combination with the others that
are withheld stands for it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Bools, Floats, Ints
from materiality.document.schema import Evaluation, Inputs
from materiality.method import planning, sensitivity
from materiality.method.composites import base_dimensions
from materiality.method.evaluation import evaluate
from materiality.method.feeding import survey_score
from materiality.method.scoring import counts_of, disclosed_means, number, topic_weights
from materiality.method.shifts import shifts
from materiality.method.suppression import withheld

Row = dict[str, Any]

MANY_CANNOT_JUDGE = 0.3
"""A share of "cannot judge" above this deserves a flag (docs/method.md, 3)."""


@dataclass(frozen=True, eq=False)
class DimensionAnswers:
    """The answers on one dimension: [units, topics, points + 1], and what may be said of them."""

    codes: list[str]
    counts: Ints
    held: Bools
    weights: Floats
    means: Floats
    scored: Bools

    @property
    def open_counts(self) -> Ints:
        """The counts of the means that are shown; zero where one is withheld."""
        return np.where(self.held[..., None], 0, self.counts)

    @property
    def shown(self) -> Floats:
        """The means that are shown; NaN where one is withheld."""
        return np.where(self.held, np.nan, self.means)


def insights(inputs: Inputs, results: Evaluation | None = None) -> Row:
    """Return what reviewers ask about these results (docs/bundle.md, Insights).

    :param results: what `evaluate(inputs)` returned, if it is at hand.
    """
    results = evaluate(inputs) if results is None else results
    answers = {code: _answers(inputs, results, code) for code in base_dimensions(inputs)}
    ranks = np.array([row["rank"] or 0 for row in results["topics"]], dtype=np.int64)
    about = {code: _about_topics(one, ranks) for code, one in answers.items()}
    tiers = sensitivity.of_topics(inputs, results)
    topics = []
    for at, row in enumerate(results["topics"]):
        dimensions = {code: rows[at] for code, rows in about.items()}
        topics.append({"code": row["code"], "dimensions": dimensions, **tiers[at]})
    return {
        "topics": topics,
        "dimensions": {code: _agreement(one) for code, one in answers.items()},
        "sensitivity": sensitivity.of_tiers(inputs, results),
        "planner": planning.closest_pair(inputs, results),
        "rank_shifts": shifts(inputs, results),
    }


def high_shares(inputs: Inputs, results: Evaluation) -> dict[str, list[Row | None]]:
    """Return per dimension each topic's share of ratings in the two highest, with its interval.

    As `insights` has it, without the rest: files print it beside the score.
    """
    shares = {}
    for code in base_dimensions(inputs):
        answers = _answers(inputs, results, code)
        high = analysis.top_box(answers.counts)
        box = analysis.mover_interval(answers.weights, high.high_ratings, high.n)
        shares[code] = [
            _interval(box, at) if scored else None for at, scored in enumerate(answers.scored)
        ]
    return shares


def _answers(inputs: Inputs, results: Evaluation, dimension: str) -> DimensionAnswers:
    counts = counts_of(inputs, dimension)
    suppressed = withheld(inputs, dimension, counts[..., :-1].sum(axis=-1))
    scores = [survey_score(row["scores"][dimension]) for row in results["topics"]]
    return DimensionAnswers(
        codes=[unit["code"] for unit in inputs["units"][dimension]],
        counts=counts,
        held=suppressed,
        weights=topic_weights(inputs, dimension, suppressed),
        means=disclosed_means(inputs, dimension),
        scored=np.array([score is not None for score in scores]),
    )


def _about_topics(answers: DimensionAnswers, ranks: Ints) -> list[Row]:
    """Return per topic what its answers show: shares, differences between units, dissent."""
    high = analysis.top_box(answers.counts)
    box = analysis.mover_interval(answers.weights, high.high_ratings, high.n)
    unknown = analysis.dont_know_share(answers.counts.sum(axis=0))
    bounds = analysis.dont_know_bounds(answers.counts)
    ends = [analysis.weighted_mean(end, answers.weights).mean for end in (bounds.low, bounds.high)]
    hidden = np.any(answers.held, axis=0).tolist()
    differences = analysis.topic_differences(answers.open_counts)
    spread = analysis.contested(answers.shown)
    consensus = analysis.consensus(answers.counts[..., :-1].sum(axis=0))
    dissent = analysis.dissent(answers.shown, ranks)
    topics = []
    for at, scored in enumerate(answers.scored):
        topics.append(
            {
                "dont_know_share": number(unknown[at]),
                "many_cannot_judge": bool(unknown[at] > MANY_CANNOT_JUDGE),
                "top_box": _interval(box, at) if scored else None,
                "bounds": _ends(ends, at) if scored and not hidden[at] else None,
                "consensus": number(consensus[at]) if scored and not hidden[at] else None,
                "spread": number(spread[at]),
                "kruskal_wallis": {
                    "h": number(differences.h[at]),
                    "p_adjusted": number(differences.p_adjusted[at]),
                    "epsilon2": number(differences.epsilon2[at]),
                    "widest_delta": number(differences.widest_delta[at]),
                },
                "contested": bool(differences.is_shown[at]),
                "dissent": [
                    code for code, one in zip(answers.codes, dissent[:, at], strict=True) if one
                ],
            }
        )
    return topics


def _ends(ends: list[Floats], at: int) -> Row:
    """Return where the score would lie if all who cannot judge had said the lowest, or the top."""
    return {"low": number(ends[0][at]), "high": number(ends[1][at])}


def _interval(intervals: analysis.Intervals, at: int) -> Row | None:
    if not np.isfinite(intervals.estimate[at]):
        return None
    names = {"share": "estimate", "low": "low", "high": "high"}
    return {name: float(getattr(intervals, field)[at]) for name, field in names.items()}


def _concordance(between: analysis.KendallsW) -> Row | None:
    """Return Kendall's W with its test; None where fewer than two units rank the topics."""
    if not between.applicable:
        return None
    return {
        "w": number(between.w),
        "chi2": number(between.chi2),
        "p": number(between.p),
        "mean_rho": number(between.mean_rho),
        "df": between.df,
        "units": between.raters,
        "topics": between.items,
    }


def _agreement(answers: DimensionAnswers) -> Row:
    """Return how alike the units rank the topics, and the people within each unit."""
    is_rated = np.isfinite(answers.means).any(axis=0)
    between = analysis.kendalls_w(answers.means[:, is_rated])
    within = [analysis.krippendorff_alpha(unit[:, :-1]) for unit in answers.counts]
    outranking = []
    for row in _outranking(answers.means):
        outranking.append([number(share) for share in row])
    return {
        "between": _concordance(between),
        "within": dict(zip(answers.codes, map(number, within), strict=True)),
        "outranking": outranking,
    }


def _outranking(means: Floats) -> Floats:
    """Return the share of all weights that put one topic above another; silent units left out."""
    speaks = np.isfinite(means).any(axis=1)
    return analysis.outranking_matrix(means[speaks])
