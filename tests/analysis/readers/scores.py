"""Scores, shares and what lies inside a group."""

from __future__ import annotations

import numpy as np

from materiality import analysis
from tests import reference
from tests.analysis.readers.registry import Fields, Input, reads


def rows(table: dict[str, list[float]] | list[list[float]]) -> np.ndarray:
    return np.array(list(table.values()) if isinstance(table, dict) else table)


def per_unit(counts: np.ndarray) -> np.ndarray:
    """Return counts [unit, 1 topic, scale + 1]; adds an empty "cannot judge" if it is missing."""
    if counts.shape[1] == 5:
        counts = np.hstack([counts, np.zeros((len(counts), 1), dtype=int)])
    return counts[:, None, :]


@reads("score_group_weighted")
def _score_group_weighted(given: Input) -> Fields:
    names = list(given["counts_1to5_then_dk"])
    counts, weights = per_unit(rows(given["counts_1to5_then_dk"])), list(given["weights"].values())
    means, top = analysis.group_means(counts), analysis.top_box(counts)
    scores = analysis.weighted_scores(means, weights)

    def by_name(values: np.ndarray) -> dict[str, float]:
        return dict(zip(names, values[:, 0].tolist(), strict=True))

    return {
        "group_means": by_name(means.mean),
        "score": scores.score[0],
        "pooled_mean": reference.pooled_mean(counts)[0],
        "top2_valid_base": by_name(top.valid_base),
        "top2_total_base": by_name(top.total_base),
        "dk_share": by_name(analysis.dont_know_share(counts)),
        "var_group": by_name(means.variance),
        "se_score": scores.se[0],
    }


@reads("score_edge_cases")
def _score_edge_cases(given: Input) -> Fields:
    result = [analysis.weighted_mean(case["means"], case["weights"]) for case in given["cases"]]
    return {
        "scores": [one.mean.item() for one in result],
        "renormalised": [bool(one.renormalised) for one in result],
        "covered_weight": [float(one.covered_weight) for one in result],
    }


@reads("score_expert_combination")
def _score_expert_combination(given: Input) -> Fields:
    experts, share = np.mean(given["expert_ratings"]), given["beta"]
    low, high = given["scale"]
    additive = reference.combine_experts(given["stakeholder"], experts, share=share)
    geometric = reference.combine_experts(
        given["stakeholder"], experts, share=share, geometric=True
    )
    return {
        "expert_mean": experts,
        "additive": additive,
        "geometric": geometric,
        "additive_0_100": reference.percent_of_scale(additive, low=low, high=high),
    }


@reads("dk_manski_bounds")
def _dk_manski_bounds(given: Input) -> Fields:
    result = analysis.dont_know_bounds(given["counts_1to5_then_dk"])
    return {"mean_answered": result.estimate, "lower": result.low, "upper": result.high}


@reads("wilson")
def _wilson(given: Input) -> Fields:
    result = analysis.wilson_interval(*np.array(given["x_n"]).T)
    return {"ci95": np.stack([result.low, result.high], axis=1)}


@reads("jeffreys")
def _jeffreys(given: Input) -> Fields:
    result = reference.jeffreys_interval(*np.array(given["x_n"]).T)
    return {"ci95": np.stack([result.low, result.high], axis=1)}


@reads("newcombe_difference")
def _newcombe(given: Input) -> Fields:
    result = reference.newcombe_difference(given["x1"], given["n1"], given["x2"], given["n2"])
    return {"diff": result.estimate, "ci95": [result.low, result.high]}


@reads("mover")
def _mover(given: Input) -> Fields:
    result = analysis.mover_interval(given["w"], given["x"], given["n"])
    return {"estimate": result.estimate, "ci95": [result.low, result.high]}


@reads("poststrat_mean")
def _poststrat(given: Input) -> Fields:
    result = reference.post_stratify(given["n"], given["N"], given["cell_means"])
    return {"mean": result.mean, "weights": result.weights}


@reads("raking")
def _raking(given: Input) -> Fields:
    counts = np.array(given["sample_counts"])
    row, column = (code.ravel() for code in np.indices(counts.shape))
    result = analysis.rake(
        counts.ravel() * given.get("base_weight", 1.0),
        [(row, given["row_targets"]), (column, given["col_targets"])],
    )
    fitted = result.weights.reshape(counts.shape)
    fields = {"cell_weight": fitted / counts, "fitted_totals": fitted}
    if "cell_mean_api00" in given:
        means = np.array(given["cell_mean_api00"])
        fields["raked_mean_api00"] = (fitted * means).sum() / fitted.sum()
    return fields


@reads("kish_deff")
def _kish_deff(given: Input) -> Fields:
    result = analysis.design_effect(given["weights"])
    return {"deff_kish": result.deff, "n_eff": result.effective_n}


@reads("kish_edge")
def _kish_edge(given: Input) -> Fields:
    result = [analysis.design_effect(weights) for weights in given["weights"]]
    return {"deff": [one.deff for one in result], "n_eff": [one.effective_n for one in result]}


@reads("kish_group")
def _kish_group(given: Input) -> Fields:
    weights = given.get("weights", given.get("w"))
    return {"n_eff": analysis.effective_size(weights, given["n"])}


@reads("srs_mean_fpc")
def _srs_mean(given: Input) -> Fields:
    variance, n = given["var_ddof1"], given["n"]
    return {
        "se_fpc": reference.mean_standard_error(variance, n, given["N"]),
        "se_nofpc": reference.mean_standard_error(variance, n),
    }
