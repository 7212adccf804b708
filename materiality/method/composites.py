"""Dimensions made of several questions: impact from its criteria, financial effect over horizons.

Every criterion is a dimension of its own, asked, counted and scored like any other; a composite
one names them as its parts and says how they become one number (docs/method.md, 7).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Floats, floats
from materiality.document.schema import (
    Composite,
    CompositeDetails,
    Horizon,
    Inputs,
    Reason,
    Score,
    axis_codes,
)
from materiality.method.feeding import with_register
from materiality.method.register import Scored
from materiality.method.scoring import UNDEFINED, number, scores

Row = dict[str, Any]
ScoresOf = Callable[[str], Floats]

IMPACT, FINANCIAL = "impact", "financial"
KINDS = (IMPACT, FINANCIAL)
SEVERITY = ("scale", "scope", "irremediability")


def composite(inputs: Inputs, dimension: str) -> Composite | None:
    """Return how a dimension is composed, or None if it was asked as one question."""
    row = next(row for row in inputs["dimensions"] if row["code"] == dimension)
    return row.get("composite")


def part_code(dimension: str, criterion: str) -> str:
    """Return the code of the dimension that holds one criterion of another."""
    return f"{dimension}.{criterion}" if criterion else dimension


def made_of_criteria(dimension: str, criteria: Sequence[str]) -> Composite | None:
    """Return how a dimension asked by criteria is composed; None if it was asked as one question.

    :param criteria: such as scale, scope, likelihood; or magnitude.short, likelihood.short, …

    >>> made_of_criteria("impact", ["scale"])
    {'kind': 'impact', 'parts': {'scale': 'impact.scale'}}
    """
    if list(criteria) == [""]:
        return None
    code = {criterion: part_code(dimension, criterion) for criterion in criteria}
    horizons = [one.removeprefix("magnitude") for one in criteria if one.startswith("magnitude")]
    if not horizons:
        return Composite(kind=IMPACT, parts=code)
    rows: list[Horizon] = [
        {
            "code": horizon.removeprefix(".") or "whole",
            "magnitude": code["magnitude" + horizon],
            "likelihood": code["likelihood" + horizon],
        }
        for horizon in horizons
    ]
    return Composite(kind=FINANCIAL, horizons=rows)


def base_dimensions(inputs: Inputs) -> list[str]:
    """Return the codes of the dimensions that were asked: all but the composite ones."""
    return [row["code"] for row in inputs["dimensions"] if not row.get("composite")]


def parts(made_of: Composite) -> list[str]:
    """Return the codes of the dimensions that a composite one is made of."""
    if made_of["kind"] == FINANCIAL:
        return [row[name] for row in made_of["horizons"] for name in ("magnitude", "likelihood")]
    sides = (made_of["parts"], made_of.get("positive") or {})
    return list(dict.fromkeys(code for side in sides for code in side.values()))


def rated_by_the_same(inputs: Inputs) -> bool:
    """Return whether some group rated both axes, or a question behind each."""
    x, y = (_groups(inputs, code) for code in axis_codes(inputs).values())
    return bool(x & y)


def _groups(inputs: Inputs, dimension: str) -> set[str]:
    made_of = composite(inputs, dimension)
    codes = parts(made_of) if made_of else [dimension]
    return {group for code in codes for unit in inputs["units"][code] for group in unit["groups"]}


def all_scores(inputs: Inputs, entries: Sequence[Scored]) -> dict[str, list[Score]]:
    """Return the scores of every dimension, in the order of the dimensions, fed by the register.

    :param entries: of the register, scored once for all who ask, see `iros.entries_of`.
    """
    return with_register(inputs, survey_scores(inputs), entries)


def survey_scores(inputs: Inputs) -> dict[str, list[Score]]:
    """Return what people rated, whatever the register says."""
    base_scores = {code: scores(inputs, code) for code in base_dimensions(inputs)}
    return {
        row["code"]: composite_scores(inputs, made_of, base_scores)
        if (made_of := row.get("composite"))
        else base_scores[row["code"]]
        for row in inputs["dimensions"]
    }


def compose(inputs: Inputs, made_of: Composite, scores_of: ScoresOf) -> Floats:
    """Return the composite scores.

    :param scores_of: code of a part to its scores, [topics] or [draws, topics].
    """
    if made_of["kind"] == FINANCIAL:
        highest: Floats = np.fmax.reduce(_effects(inputs, made_of, scores_of), axis=0)
        return highest
    return np.fmax(*_impacts(inputs, made_of, scores_of))


def _effects(inputs: Inputs, made_of: Composite, scores_of: ScoresOf) -> Floats:
    """Return magnitude * likelihood / top: [horizons, ..., topics]."""
    top = inputs["scale"]["points"]
    return np.stack(
        [
            scores_of(row["magnitude"]) * scores_of(row["likelihood"]) / top
            for row in made_of["horizons"]
        ]
    )


def _impacts(inputs: Inputs, made_of: Composite, scores_of: ScoresOf) -> tuple[Floats, Floats]:
    """Return the significance of the negative and of the positive impact; never netted."""
    negative = _significance(inputs, made_of, made_of["parts"], scores_of)
    positive = made_of.get("positive")
    if not positive:
        return negative, np.full(negative.shape, np.nan)
    return negative, _significance(inputs, made_of, positive, scores_of)


def _significance(
    inputs: Inputs, made_of: Composite, side: Mapping[str, str], scores_of: ScoresOf
) -> Floats:
    """Return severity, lowered by likelihood where it was asked and may count."""
    factors = [scores_of(side[name]) for name in SEVERITY if name in side]
    rule = made_of.get("severity_rule", "max")
    blank = np.full(factors[0].shape, np.nan)
    severity = analysis.severity(*(factors + [blank] * (3 - len(factors))), rule=rule)
    if "likelihood" not in side:
        return severity
    actual, rights = (
        np.array([bool(topic.get(name)) for topic in inputs["topics"]])
        for name in ("actual", "human_rights")
    )
    return analysis.impact_significance(
        severity,
        scores_of(side["likelihood"]),
        actual=actual,
        human_rights=rights & (side is made_of["parts"]),
        rule=made_of.get("likelihood_rule", "scaled"),
        top=inputs["scale"]["points"],
    )


def composite_scores(
    inputs: Inputs, made_of: Composite, scored: Mapping[str, Sequence[Score]]
) -> list[Score]:
    """Return each topic's composite score with what it was made of.

    Intervals are those of the parts; the composite has none of its own, its ellipse and the
    probabilities of its tiers come from joint draws.

    :param scored: the scores of every part, per dimension code.
    """

    def scores_of(code: str) -> Floats:
        return floats([row["score"] for row in scored[code]])

    values = compose(inputs, made_of, scores_of)
    details = _details(inputs, made_of, scores_of)
    codes = parts(made_of)
    rows: list[Score] = []
    for at in range(len(values)):
        rows.append(
            {
                **UNDEFINED,
                "score": number(values[at]),
                "n": min(scored[code][at]["n"] for code in codes),
                "reason": None if np.isfinite(values[at]) else _reason(scored, codes, at),
                "units": {},
                "withheld": None,
                "parts": {code: scored[code][at]["score"] for code in codes},
                **details[at],
            }
        )
    return rows


def _details(inputs: Inputs, made_of: Composite, scores_of: ScoresOf) -> list[CompositeDetails]:
    """Return what carried the score: the horizon, or the negative and the positive side."""
    if made_of["kind"] == FINANCIAL:
        rows = made_of["horizons"]
        magnitude, likelihood = (
            np.stack([scores_of(row[name]) for row in rows], axis=-1)
            for name in ("magnitude", "likelihood")
        )
        top = inputs["scale"]["points"]
        carried = analysis.financial_scores(magnitude, likelihood, top=top).horizon
        return [{"horizon": rows[at]["code"] if at >= 0 else None} for at in carried]
    sides = zip(*_impacts(inputs, made_of, scores_of), strict=True)
    return [{"negative": number(low), "positive": number(high)} for low, high in sides]


def _reason(scored: Mapping[str, Sequence[Score]], codes: Sequence[str], at: int) -> Reason:
    reasons = [scored[code][at]["reason"] for code in codes]
    return next((reason for reason in reasons if reason), "no_answers")
