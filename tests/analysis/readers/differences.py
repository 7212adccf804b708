"""Agreement and differences, between people, groups and years."""

from __future__ import annotations

import numpy as np

from materiality import analysis
from tests import reference
from tests.analysis.readers.registry import Fields, Input, reads


@reads("kendall_w_edge")
def _kendall_edge(given: Input) -> Fields:
    return {"W": [analysis.kendalls_w(case).w for case in given["cases"]]}


@reads("kendall_w")
def _kendall(given: Input) -> Fields:
    result = analysis.kendalls_w(given["ratings_raters_by_items"])
    return {"W_tie_corrected": result.w, "chi2": result.chi2, "p": result.p}


@reads("krippendorff_alpha")
def _krippendorff(given: Input) -> Fields:
    levels = ("nominal", "ordinal", "interval", "ratio")
    values = given.get("values", [1, 2, 3, 4, 5])
    counts = given.get("value_counts")
    if counts is None:
        counts = reference.value_counts(next(iter(given.values())), values)
    return {level: analysis.krippendorff_alpha(counts, values, level=level) for level in levels}


@reads("rwg_lq2002")
def _rwg(given: Input) -> Fields:
    return {"rwg": reference.r_wg(np.var(given["ratings"], ddof=1), scale=given["A"])}


@reads("icc")
def _icc(given: Input) -> Fields:
    result = reference.icc(given["targets_by_judges"])
    return {
        "ICC1": result.icc1,
        "ICC2": result.icc2,
        "ICC3": result.icc3,
        "ICC1k": result.icc1k,
        "ICC2k": result.icc2k,
        "ICC3k": result.icc3k,
    }


def table(given: Input) -> np.ndarray:
    if "counts" in given:
        return np.array(given["counts"])
    return reference.cross_tabulate(given["values"], given["group"])


@reads("kruskal_airquality")
def _kruskal(given: Input) -> Fields:
    result = analysis.kruskal_wallis(table(given))
    return {"H": result.h, "df": result.df, "p": result.p}


@reads("kruskal_from_counts")
def _kruskal_counts(given: Input) -> Fields:
    result = analysis.kruskal_wallis(table(given))
    return {"H": result.h, "p": result.p, "epsilon2": result.epsilon2}


@reads("dunn_holm")
def _dunn(given: Input) -> Fields:
    result = reference.dunn_test(table(given))
    return {"z": result.z, "p": result.p, "p_holm": result.p_holm}


@reads("two_sample_from_counts")
def _two_sample(given: Input) -> Fields:
    x, y = given["counts_x"], given["counts_y"]
    munzel = reference.brunner_munzel(x, y)
    return {
        "U_x": reference.mann_whitney(x, y).u,
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


@reads("yoy_standardised")
def _yoy_standardised(given: Input) -> Fields:
    y1, y2 = given["y1"], given["y2"]
    result = reference.decompose_change(
        y1["n"], y1["mean"], y2["n"], y2["mean"], weights=given["weights"]
    )
    return {
        "crude_change": result.crude,
        "standardised_change": result.standardised,
        "rate_effect": result.rate_effect,
        "composition_effect": result.composition_effect,
    }


@reads("rank_shift_tau_rho")
def _rank_agreement(given: Input) -> Fields:
    result = analysis.rank_agreement(given["rank_y1"], given["rank_y2"])
    return {"tau_b": result.tau_b, "rho": result.rho}


@reads("topic_merge_split")
def _merge_split(given: Input) -> Fields:
    names = list(given["y1"])
    children = list(given["y2"])
    parents_of = {child: before for before, after in given["map"] for child in after}
    carried = reference.carried_scores(
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
