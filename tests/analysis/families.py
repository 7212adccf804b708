"""From a reference case to the public functions: one reader per family of methods.

A reader takes the ``input`` of a case and returns the fields of its ``expected`` by our functions.
A new file in ``refcases/`` is picked up when the beginning of its id is known here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from materiality import analysis
from surveys import quality

Input = dict[str, Any]
Fields = dict[str, Any]

READERS: dict[str, Callable[[Input], Fields]] = {}

NOT_OURS: dict[str, set[str]] = {
    # R's boot.ci leaves the stratum sizes out of the acceleration; ours scales, as scipy does.
    "bootstrap_stratified_fixed_indices": {"a_R_boot", "bca_R_boot"},
    # The Wald interval gives a 5/5 group no variance; it is in the file as a contrast.
    "mover_weighted_top2": {"wald_ci95"},
}


def reads(*prefixes: str) -> Callable[[Callable[[Input], Fields]], Callable[[Input], Fields]]:
    def register(reader: Callable[[Input], Fields]) -> Callable[[Input], Fields]:
        READERS.update(dict.fromkeys(prefixes, reader))
        return reader

    return register


def reader_of(case_id: str) -> Callable[[Input], Fields] | None:
    """Return the reader with the longest beginning in common with the id."""
    known = [prefix for prefix in READERS if case_id.startswith(prefix)]
    return READERS[max(known, key=len)] if known else None


def rows(table: dict[str, list[float]] | list[list[float]]) -> np.ndarray:
    return np.array(list(table.values()) if isinstance(table, dict) else table)


def per_unit(counts: np.ndarray) -> np.ndarray:
    """Return counts [unit, 1 topic, scale + 1]; adds an empty "cannot judge" if it is missing."""
    if counts.shape[1] == 5:
        counts = np.hstack([counts, np.zeros((len(counts), 1), dtype=int)])
    return counts[:, None, :]


# --- scores -----------------------------------------------------------------------------------


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
        "pooled_mean": analysis.pooled_mean(counts)[0],
        "top2_valid_base": by_name(top.valid_base),
        "top2_total_base": by_name(top.total_base),
        "dk_share": by_name(analysis.dont_know_share(counts)),
        "var_group": by_name(means.variance),
        "se_score": scores.se[0],
    }


@reads("score_edge_cases")
def _score_edge_cases(given: Input) -> Fields:
    found = [analysis.weighted_mean(case["means"], case["weights"]) for case in given["cases"]]
    return {
        "scores": [one.mean.item() for one in found],
        "renormalised": [bool(one.renormalised) for one in found],
        "covered_weight": [float(one.covered_weight) for one in found],
    }


@reads("score_expert_combination")
def _score_expert_combination(given: Input) -> Fields:
    experts, share = np.mean(given["expert_ratings"]), given["beta"]
    low, high = given["scale"]
    additive = analysis.combine_experts(given["stakeholder"], experts, share=share)
    geometric = analysis.combine_experts(given["stakeholder"], experts, share=share, geometric=True)
    return {
        "expert_mean": experts,
        "additive": additive,
        "geometric": geometric,
        "additive_0_100": analysis.percent_of_scale(additive, low=low, high=high),
    }


@reads("dk_manski_bounds")
def _dk_manski_bounds(given: Input) -> Fields:
    found = analysis.dont_know_bounds(given["counts_1to5_then_dk"])
    return {"mean_answered": found.estimate, "lower": found.low, "upper": found.high}


# --- weights ----------------------------------------------------------------------------------


@reads("ahp_school", "ahp_wealth", "ahp_leader", "ahp_drink", "ahp_optics")
def _ahp(given: Input) -> Fields:
    found = analysis.ahp_weights(given["matrix"], random_index=given.get("RI", "saaty_1980"))
    return {
        "weights": found.weights,
        "lambda_max": found.lambda_max,
        "CI": found.consistency_index,
        "CR_saaty": found.consistency_ratio,
        "weights_geometric_mean": found.geometric,
    }


@reads("ahp_edge")
def _ahp_edge(given: Input) -> Fields:
    found = [analysis.ahp_weights(matrix) for matrix in given["matrices"]]
    return {
        "weights": [one.weights.tolist() for one in found],
        "CR": [one.consistency_ratio for one in found],
    }


@reads("ahp_aij")
def _ahp_aij(given: Input) -> Fields:
    aggregate = analysis.aggregate_judgements(given["matrices"])
    found = analysis.ahp_weights(aggregate, random_index="saaty_1980")
    judges = [analysis.ahp_weights(matrix).geometric for matrix in given["matrices"]]
    return {
        "aggregate": aggregate,
        "weights": found.weights,
        "lambda_max": found.lambda_max,
        "CR_saaty": found.consistency_ratio,
        "aip_geomean": analysis.aggregate_priorities(judges),
    }


@reads("bwm_linear")
def _bwm_linear(given: Input) -> Fields:
    found = analysis.best_worst_weights(**given)
    return {"weights": found.weights, "xi": found.xi}


@reads("bwm_nonlinear")
def _bwm_nonlinear(given: Input) -> Fields:
    found = analysis.best_worst_weights(**given, linear=False)
    return {"xi": found.xi, "CR": found.consistency_ratio}


@reads("bwm_ci_table")
def _bwm_ci_table(given: Input) -> Fields:
    return {"CI": [analysis.best_worst_consistency_index(a) for a in given["a_BW"]]}


@reads("entropy")
def _entropy(given: Input) -> Fields:
    if "matrices" in given:
        return {"weights": [analysis.entropy_weights(m).tolist() for m in given["matrices"]]}
    return {"weights": analysis.entropy_weights(given["matrix"])}


@reads("critic")
def _critic(given: Input) -> Fields:
    types = given.get("types")
    cost = None if types is None else [kind in (-1, "cost", "min") for kind in types]
    return {"weights": analysis.critic_weights(given["matrix"], cost=cost)}


# --- representativeness -----------------------------------------------------------------------


@reads("poststrat_mean")
def _poststrat(given: Input) -> Fields:
    found = analysis.post_stratify(given["n"], given["N"], given["cell_means"])
    return {"mean": found.mean, "weights": found.weights}


@reads("raking")
def _raking(given: Input) -> Fields:
    counts = np.array(given["sample_counts"])
    row, column = (code.ravel() for code in np.indices(counts.shape))
    found = analysis.rake(
        counts.ravel() * given.get("base_weight", 1.0),
        [(row, given["row_targets"]), (column, given["col_targets"])],
    )
    fitted = found.weights.reshape(counts.shape)
    fields = {"cell_weight": fitted / counts, "fitted_totals": fitted}
    if "cell_mean_api00" in given:
        means = np.array(given["cell_mean_api00"])
        fields["raked_mean_api00"] = (fitted * means).sum() / fitted.sum()
    return fields


@reads("kish_deff")
def _kish_deff(given: Input) -> Fields:
    found = analysis.design_effect(given["weights"])
    return {"deff_kish": found.deff, "n_eff": found.effective_n}


@reads("kish_edge")
def _kish_edge(given: Input) -> Fields:
    found = [analysis.design_effect(weights) for weights in given["weights"]]
    return {"deff": [one.deff for one in found], "n_eff": [one.effective_n for one in found]}


@reads("kish_group")
def _kish_group(given: Input) -> Fields:
    weights = given.get("weights", given.get("w"))
    return {"n_eff": analysis.effective_size(weights, given["n"])}


@reads("srs_mean_fpc")
def _srs_mean(given: Input) -> Fields:
    variance, n = given["var_ddof1"], given["n"]
    return {
        "se_fpc": analysis.mean_standard_error(variance, n, given["N"]),
        "se_nofpc": analysis.mean_standard_error(variance, n),
    }


# --- uncertainty ------------------------------------------------------------------------------


@reads("bootstrap_stratified_fixed_indices")
def _bootstrap_fixed(given: Input) -> Fields:
    x, group = np.array(given["x"]), np.array(given["group"])
    drawn = x[np.array(given["indices_0based"])]
    weights = given["weights"]
    counts = [np.bincount(x[group == g].astype(int), minlength=6)[1:] for g in weights]
    t0 = sum(w * x[group == g].mean() for g, w in weights.items())
    replicates = sum(w * drawn[:, group == g].mean(axis=1) for g, w in weights.items())
    a = analysis.bca_acceleration(counts, list(weights.values()))
    found = analysis.bootstrap_intervals(t0, replicates, acceleration=a)
    fields = ("se", "bias", "percentile", "basic", "normal", "z0")
    return {
        "t0": t0,
        "a_multisample": a,
        "bca_multisample": found.bca,
        **{name: getattr(found, name) for name in fields},
    }


@reads("bca_acceleration_from_counts")
def _bca_acceleration(given: Input) -> Fields:
    weights = list(given["weights"].values())
    return {"a": analysis.bca_acceleration(rows(given["counts_1to5"]), weights)}


@reads("exact_bootstrap_pmf")
def _exact_bootstrap(given: Input) -> Fields:
    counts = given["counts_1to5"]
    sums, pmf = analysis.exact_bootstrap_pmf(counts)
    mean, n = (sums * pmf).sum(), sum(counts)
    return {
        "sum_values": sums[pmf > 0],
        "pmf": pmf[pmf > 0],
        "se_boot_mean": np.sqrt((pmf * (sums - mean) ** 2).sum()) / n,
        "P_mean_ge_4": pmf[sums >= 4 * n].sum(),
    }


@reads("group_mean_covariance_linearised")
def _group_mean_covariance(given: Input) -> Fields:
    ratings = np.array(given["ratings_0_is_dk"])
    gram = analysis.gram_matrix(ratings)
    counts = analysis.count_ratings(ratings.astype(np.uint8), np.zeros(len(ratings), int), 1)
    return {
        "means": analysis.group_means(counts).mean[0],
        "gram": gram,
        "cov": analysis.mean_covariance(gram),
    }


@reads("bayesian_bootstrap_moments")
def _bayesian_bootstrap(given: Input) -> Fields:
    mean, variance = analysis.bayesian_bootstrap_moments(given["x"])
    return {"mean": mean, "var": variance}


@reads("dirichlet_posterior_mean")
def _dirichlet(given: Input) -> Fields:
    mean, variance = analysis.dirichlet_posterior(given["counts_1to5"], given["alpha"])
    return {"mean": mean, "var": variance}


# --- shares -----------------------------------------------------------------------------------


@reads("wilson")
def _wilson(given: Input) -> Fields:
    found = analysis.wilson_interval(*np.array(given["x_n"]).T)
    return {"ci95": np.stack([found.low, found.high], axis=1)}


@reads("jeffreys")
def _jeffreys(given: Input) -> Fields:
    found = analysis.jeffreys_interval(*np.array(given["x_n"]).T)
    return {"ci95": np.stack([found.low, found.high], axis=1)}


@reads("newcombe_difference")
def _newcombe(given: Input) -> Fields:
    found = analysis.newcombe_difference(given["x1"], given["n1"], given["x2"], given["n2"])
    return {"diff": found.estimate, "ci95": [found.low, found.high]}


@reads("mover")
def _mover(given: Input) -> Fields:
    found = analysis.mover_interval(given["w"], given["x"], given["n"])
    return {"estimate": found.estimate, "ci95": [found.low, found.high]}


# --- agreement and differences ------------------------------------------------------------------


@reads("kendall_w_edge")
def _kendall_edge(given: Input) -> Fields:
    return {"W": [analysis.kendalls_w(case).w for case in given["cases"]]}


@reads("kendall_w")
def _kendall(given: Input) -> Fields:
    found = analysis.kendalls_w(given["ratings_raters_by_items"])
    return {"W_tie_corrected": found.w, "chi2": found.chi2, "p": found.p}


@reads("krippendorff_alpha")
def _krippendorff(given: Input) -> Fields:
    levels = ("nominal", "ordinal", "interval", "ratio")
    values = given.get("values", [1, 2, 3, 4, 5])
    counts = given.get("value_counts")
    if counts is None:
        counts = analysis.value_counts(next(iter(given.values())), values)
    return {level: analysis.krippendorff_alpha(counts, values, level=level) for level in levels}


@reads("rwg_lq2002")
def _rwg(given: Input) -> Fields:
    return {"rwg": analysis.r_wg(np.var(given["ratings"], ddof=1), scale=given["A"])}


@reads("icc")
def _icc(given: Input) -> Fields:
    found = analysis.icc(given["targets_by_judges"])
    return {
        "ICC1": found.icc1,
        "ICC2": found.icc2,
        "ICC3": found.icc3,
        "ICC1k": found.icc1k,
        "ICC2k": found.icc2k,
        "ICC3k": found.icc3k,
    }


def table(given: Input) -> np.ndarray:
    if "counts" in given:
        return np.array(given["counts"])
    return analysis.cross_tabulate(given["values"], given["group"])


@reads("kruskal_airquality")
def _kruskal(given: Input) -> Fields:
    found = analysis.kruskal_wallis(table(given))
    return {"H": found.h, "df": found.df, "p": found.p}


@reads("kruskal_from_counts")
def _kruskal_counts(given: Input) -> Fields:
    found = analysis.kruskal_wallis(table(given))
    return {"H": found.h, "p": found.p, "epsilon2": found.epsilon2}


@reads("dunn_holm")
def _dunn(given: Input) -> Fields:
    found = analysis.dunn_test(table(given))
    return {"z": found.z, "p": found.p, "p_holm": found.p_holm}


@reads("two_sample_from_counts")
def _two_sample(given: Input) -> Fields:
    x, y = given["counts_x"], given["counts_y"]
    munzel = analysis.brunner_munzel(x, y)
    return {
        "U_x": analysis.mann_whitney(x, y).u,
        "cliffs_delta": analysis.cliffs_delta(x, y),
        "bm_W": munzel.w,
        "bm_p": munzel.p,
        "bm_df": munzel.df,
        "phat_x_lt_y": munzel.probability,
    }


@reads("multiplicity")
def _multiplicity(given: Input) -> Fields:
    bh, bonferroni = (analysis.adjust(given["p"], method=name) for name in ("bh", "bonferroni"))
    return {
        "bh": bh,
        "holm": analysis.adjust(given["p"], method="holm"),
        "by": analysis.adjust(given["p"], method="by"),
        "bonf": bonferroni,
        "reject_bh_05": int((bh <= 0.05).sum()),
        "reject_bonf_05": int((bonferroni <= 0.05).sum()),
    }


# --- quality ----------------------------------------------------------------------------------


@reads("longstring_irv")
def _longstring(given: Input) -> Fields:
    responses = given["responses"]
    return {
        "longstring": quality.longest_run(responses),
        "avgstr": quality.average_run(responses),
        "irv": quality.response_variability(responses),
    }


@reads("mahalanobis")
def _mahalanobis(given: Input) -> Fields:
    found = quality.mahalanobis(given["responses"])
    return {"D2": found.distance, "p": found.p}


@reads("completion_time")
def _completion_time(given: Input) -> Fields:
    found = quality.speed(given["seconds"], given["n_items"])
    return {
        "robust_z": found.robust_z,
        "flag_fast": found.is_fast,
        "rsi": found.relative_speed,
        "sec_per_item": found.seconds_per_item,
    }


@reads("ipsatise")
def _ipsatise(given: Input) -> Fields:
    found = analysis.scale_use(given["responses"])
    return {"centred": found.centred, "z": found.z, "mean": found.mean, "sd0": found.sd}


# --- year on year -------------------------------------------------------------------------------


@reads("yoy_standardised")
def _yoy_standardised(given: Input) -> Fields:
    y1, y2 = given["y1"], given["y2"]
    found = analysis.decompose_change(
        y1["n"], y1["mean"], y2["n"], y2["mean"], weights=given["weights"]
    )
    return {
        "crude_change": found.crude,
        "standardised_change": found.standardised,
        "rate_effect": found.rate_effect,
        "composition_effect": found.composition_effect,
    }


@reads("rank_shift_tau_rho")
def _rank_agreement(given: Input) -> Fields:
    found = analysis.rank_agreement(given["rank_y1"], given["rank_y2"])
    return {"tau_b": found.tau_b, "rho": found.rho}


@reads("topic_merge_split")
def _merge_split(given: Input) -> Fields:
    names = list(given["y1"])
    children = list(given["y2"])
    parents_of = {child: before for before, after in given["map"] for child in after}
    carried = analysis.carried_scores(
        list(given["y1"].values()),
        [[names.index(parent) for parent in parents_of[child]] for child in children],
    )
    now = np.array(list(given["y2"].values()))
    previous = dict(zip(children, carried.mean, strict=True))
    change = dict(zip(children, now - carried.mean, strict=True))
    merged, new = children.index("AB"), children.index("D")
    together = (given["y2"]["C1"] + given["y2"]["C2"]) / 2
    return {
        "AB_prev": previous["AB"],
        "AB_change": change["AB"],
        "AB_prev_range": [carried.low[merged], carried.high[merged]],
        "C1_prev": previous["C1"],
        "C2_prev": previous["C2"],
        "C_next_mean": together,
        "C_change": together - previous["C1"],
        "D_change": now[new] - carried.mean[new],
    }


# --- tiers, impact, forms, sensitivity ------------------------------------------------------------


@reads("jenks")
def _jenks(given: Input) -> Fields:
    found = analysis.natural_breaks(given["x"], given["k"])
    return {"breaks_upper_closed": found.breaks, "gvf": found.gvf}


@reads("tier_hysteresis")
def _hysteresis(given: Input) -> Fields:
    tiers, state = [], given["initial"]
    for score in given["scores_by_year"]:
        state = analysis.hysteresis(score, state, cut=given["cut"], band=given["h"])
        tiers.append(state)
    plain = 2 - analysis.tiers(given["scores_by_year"], cuts=[given["cut"]])
    return {"tier": tiers, "tier_no_hysteresis": plain}


@reads("double_materiality_or")
def _double_materiality(given: Input) -> Fields:
    x, y = given["impact"], given["financial"]
    cut_x, cut_y = given["threshold_impact"], given["threshold_financial"]
    found = analysis.double_materiality(x, y, cut_impact=cut_x, cut_financial=cut_y)
    return {
        "material": found.material,
        "basis": found.basis,
        "product_rule": analysis.product(x, y) >= cut_x * cut_y,
    }


@reads("bradley_terry")
def _bradley_terry(given: Input) -> Fields:
    worth = analysis.bradley_terry(given["wins_row_over_col"]).log_worth
    return {"log_ability_ref_first": worth - worth[0]}


@reads("smaa_pairwise_simplex")
def _smaa(given: Input) -> Fields:
    return {"P": analysis.outranking_share(given["group_mean_differences_A_minus_B"])}
