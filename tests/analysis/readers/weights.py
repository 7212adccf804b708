"""Elicited and computed weights."""

from __future__ import annotations

from materiality import analysis
from tests import reference
from tests.analysis.readers.registry import Fields, Input, reads


@reads("ahp_school", "ahp_wealth", "ahp_leader", "ahp_drink", "ahp_optics")
def _ahp(given: Input) -> Fields:
    result = analysis.ahp_weights(given["matrix"], random_index=given.get("RI", "saaty_1980"))
    return {
        "weights": result.weights,
        "lambda_max": result.lambda_max,
        "CI": result.consistency_index,
        "CR_saaty": result.consistency_ratio,
        "weights_geometric_mean": result.geometric,
    }


@reads("ahp_edge")
def _ahp_edge(given: Input) -> Fields:
    result = [analysis.ahp_weights(matrix) for matrix in given["matrices"]]
    return {
        "weights": [one.weights.tolist() for one in result],
        "CR": [one.consistency_ratio for one in result],
    }


@reads("ahp_aij")
def _ahp_aij(given: Input) -> Fields:
    aggregate = reference.aggregate_judgements(given["matrices"])
    result = analysis.ahp_weights(aggregate, random_index="saaty_1980")
    judges = [analysis.ahp_weights(matrix).geometric for matrix in given["matrices"]]
    return {
        "aggregate": aggregate,
        "weights": result.weights,
        "lambda_max": result.lambda_max,
        "CR_saaty": result.consistency_ratio,
        "aip_geomean": reference.aggregate_priorities(judges),
    }


@reads("bwm_linear")
def _bwm_linear(given: Input) -> Fields:
    result = analysis.best_worst_weights(**given)
    return {"weights": result.weights, "xi": result.xi}


@reads("bwm_nonlinear")
def _bwm_nonlinear(given: Input) -> Fields:
    result = analysis.best_worst_weights(**given, linear=False)
    return {"xi": result.xi, "CR": result.consistency_ratio}


@reads("bwm_ci_table")
def _bwm_ci_table(given: Input) -> Fields:
    return {"CI": [analysis.best_worst_consistency_index(a) for a in given["a_BW"]]}


@reads("entropy")
def _entropy(given: Input) -> Fields:
    if "matrices" in given:
        return {"weights": [reference.entropy_weights(m).tolist() for m in given["matrices"]]}
    return {"weights": reference.entropy_weights(given["matrix"])}


@reads("critic")
def _critic(given: Input) -> Fields:
    types = given.get("types")
    cost = None if types is None else [kind in (-1, "cost", "min") for kind in types]
    return {"weights": reference.critic_weights(given["matrix"], cost=cost)}
