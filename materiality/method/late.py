"""Do those who answered only after a reminder rate otherwise than those before it?

People who answer late are the nearest to those who never did (Armstrong & Overton 1977). Compared
are, per unit, the answers of the variant `without_late` with the rest of its answers.
"""

from collections.abc import Mapping

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Floats, Ints, floats
from materiality.document.schema import Inputs, LateTopic
from materiality.method.scoring import counts_of, number, topic_weights

WITHOUT_LATE = "without_late"


def late_against_early(inputs: Inputs) -> dict[str, list[LateTopic]]:
    """Return per dimension each topic's mean early and late, their difference and its test.

    Over units with answers on both sides, under their weights; all topics of all dimensions are one
    family (Holm). Empty where nobody answered late, or too few.
    """
    variant = next((row for row in inputs.get("variants", []) if row["code"] == WITHOUT_LATE), None)
    if variant is None:
        return {}
    by_dimension = {
        code: _compare(inputs, code, rows) for code, rows in variant["counts"].items() if rows
    }
    lines = [line for rows in by_dimension.values() for line in rows]
    family = analysis.family(
        floats([line["p"] for line in lines]), error=1 - inputs.get("confidence", 0.95)
    )
    for at, line in enumerate(lines):
        if line["p"] is None or line["change"] is None:
            continue
        line["p_adjusted"] = float(family.p_adjusted[at])
        line["verdict"] = analysis.MOVED if family.moved[at] else analysis.WITHIN_NOISE
        se, df = line["se"] or 0.0, np.inf if line["df"] is None else line["df"]
        low, high = analysis.change_interval(line["change"], se, df, confidence=family.confidence)
        line["low"], line["high"] = float(low), float(high)
    return by_dimension


def _compare(
    inputs: Inputs, dimension: str, rows: Mapping[str, list[list[int]]]
) -> list[LateTopic]:
    units = inputs["units"][dimension]
    chosen = [at for at, unit in enumerate(units) if unit["code"] in rows]
    whole: Ints = counts_of(inputs, dimension)[chosen]
    early: Ints = np.array([rows[units[at]["code"]] for at in chosen], dtype=np.int64)
    before, after = analysis.group_means(early), analysis.group_means(whole - early)
    weights = topic_weights(inputs, dimension, np.zeros((len(units), whole.shape[1]), bool))
    both: Floats = np.where((before.n > 0) & (after.n > 0), weights[chosen], 0.0)
    changes = analysis.year_on_year(before, after, both, confidence=inputs.get("confidence", 0.95))
    levels = [analysis.weighted_mean(one.mean, both).mean for one in (before, after)]
    return [
        {
            "topic": topic["code"],
            "early": number(levels[0][at]),
            "late": number(levels[1][at]),
            "change": number(changes.change[at]),
            "se": number(changes.se[at]),
            "df": number(changes.df[at]),
            "low": None,
            "high": None,
            "p": number(changes.p[at]),
            "p_adjusted": None,
            "verdict": str(changes.verdict[at]),
        }
        for at, topic in enumerate(inputs["topics"])
    ]
