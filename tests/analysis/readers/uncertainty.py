"""Intervals, bootstraps and covariances."""

from __future__ import annotations

import numpy as np

from materiality import analysis
from tests import reference
from tests.analysis.readers.registry import Fields, Input, reads


def rows(table: dict[str, list[float]] | list[list[float]]) -> np.ndarray:
    return np.array(list(table.values()) if isinstance(table, dict) else table)


@reads("bootstrap_stratified_fixed_indices")
def _bootstrap_fixed(given: Input) -> Fields:
    x, group = np.array(given["x"]), np.array(given["group"])
    drawn = x[np.array(given["indices_0based"])]
    weights = given["weights"]
    counts = [np.bincount(x[group == g].astype(int), minlength=6)[1:] for g in weights]
    t0 = sum(w * x[group == g].mean() for g, w in weights.items())
    replicates = sum(w * drawn[:, group == g].mean(axis=1) for g, w in weights.items())
    a = reference.bca_acceleration(counts, list(weights.values()))
    result = reference.bootstrap_intervals(t0, replicates, acceleration=a)
    fields = ("se", "bias", "percentile", "basic", "normal", "z0")
    return {
        "t0": t0,
        "a_multisample": a,
        "bca_multisample": result.bca,
        **{name: getattr(result, name) for name in fields},
    }


@reads("bca_acceleration_from_counts")
def _bca_acceleration(given: Input) -> Fields:
    weights = list(given["weights"].values())
    return {"a": reference.bca_acceleration(rows(given["counts_1to5"]), weights)}


@reads("exact_bootstrap_pmf")
def _exact_bootstrap(given: Input) -> Fields:
    counts = given["counts_1to5"]
    sums, pmf = reference.exact_bootstrap_pmf(counts)
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
    gram = reference.gram_matrix(ratings)
    counts = analysis.count_ratings(ratings.astype(np.uint8), np.zeros(len(ratings), int), 1)
    return {
        "means": analysis.group_means(counts).mean[0],
        "gram": gram,
        "cov": analysis.mean_covariance(gram),
    }


@reads("bayesian_bootstrap_moments")
def _bayesian_bootstrap(given: Input) -> Fields:
    mean, variance = reference.bayesian_bootstrap_moments(given["x"])
    return {"mean": mean, "var": variance}


@reads("dirichlet_posterior_mean")
def _dirichlet(given: Input) -> Fields:
    mean, variance = reference.dirichlet_posterior(given["counts_1to5"], given["alpha"])
    return {"mean": mean, "var": variance}
