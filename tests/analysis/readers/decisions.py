"""Tiers, impacts, other forms, sensitivity and the quality of answers."""

from __future__ import annotations

from materiality import analysis
from surveys.responses import quality
from tests import reference
from tests.analysis.readers.registry import Fields, Input, reads


@reads("jenks")
def _jenks(given: Input) -> Fields:
    result = reference.natural_breaks(given["x"], given["k"])
    return {"breaks_upper_closed": result.breaks, "gvf": result.gvf}


@reads("tier_hysteresis")
def _hysteresis(given: Input) -> Fields:
    tiers, state = [], given["initial"]
    for score in given["scores_by_year"]:
        state = reference.hysteresis(score, state, cut=given["cut"], band=given["h"])
        tiers.append(state)
    plain = 2 - analysis.tiers(given["scores_by_year"], cuts=[given["cut"]])
    return {"tier": tiers, "tier_no_hysteresis": plain}


@reads("double_materiality_or")
def _double_materiality(given: Input) -> Fields:
    x, y = given["impact"], given["financial"]
    cut_x, cut_y = given["threshold_impact"], given["threshold_financial"]
    result = analysis.double_materiality(x, y, cut_impact=cut_x, cut_financial=cut_y)
    return {
        "material": result.material,
        "basis": result.basis,
        "product_rule": analysis.product(x, y) >= cut_x * cut_y,
    }


@reads("bradley_terry")
def _bradley_terry(given: Input) -> Fields:
    worth = reference.bradley_terry(given["wins_row_over_col"]).log_worth
    return {"log_ability_ref_first": worth - worth[0]}


@reads("smaa_pairwise_simplex")
def _smaa(given: Input) -> Fields:
    return {"P": analysis.outranking_share(given["group_mean_differences_A_minus_B"])}


@reads("longstring_irv")
def _longstring(given: Input) -> Fields:
    responses = given["responses"]
    return {
        "longstring": quality.longest_run(responses),
        "irv": quality.response_variability(responses),
    }


@reads("mahalanobis")
def _mahalanobis(given: Input) -> Fields:
    result = quality.mahalanobis(given["responses"])
    return {"D2": result.distance, "p": result.p}


@reads("completion_time")
def _completion_time(given: Input) -> Fields:
    result = quality.speed(given["seconds"], given["n_items"])
    return {
        "robust_z": result.robust_z,
        "flag_fast": result.is_fast,
        "rsi": result.relative_speed,
        "sec_per_item": result.seconds_per_item,
    }


@reads("ipsatise")
def _ipsatise(given: Input) -> Fields:
    result = analysis.scale_use(given["responses"])
    return {"centred": result.centred, "z": result.z, "mean": result.mean, "sd0": result.sd}
