"""Which topics changed rank since the previous round by more than chance would move them?"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Ints
from materiality.document.schema import Evaluation, Inputs, Previous, TopicChange, previous_of
from materiality.method.composites import composite
from materiality.method.feeding import either_is_fed
from materiality.method.rules import overall_scores
from materiality.method.uncertainty import DRAWS, axes
from materiality.method.years import common_units, origins

Row = dict[str, Any]


def shifts(inputs: Inputs, results: Evaluation) -> list[Row] | None:
    """Return how far each topic that can be compared on both axes moved in rank among these.

    {topic, shift, low, high, moved}; a negative shift is upwards, and "moved" is said only where
    the interval excludes 0 (`analysis.rank_shifts`). Units and weights are those of the comparison
    of years. None without the previous round's Gram matrices, with a composite axis, or
    where the register feeds the axes.
    """
    compared = results.get("year_on_year")
    codes = axes(inputs)
    if not compared or not previous_of(inputs).get("gram") or not inputs.get("gram"):
        return None
    if either_is_fed(inputs) or any(composite(inputs, code) for code in codes):
        return None
    chosen = [at for at, row in enumerate(compared["topics"]) if _on_both(row, codes)]
    if not chosen:
        return []
    result = _shifts(inputs, codes, chosen)
    return [
        {
            "topic": inputs["topics"][topic]["code"],
            "shift": int(result.shift[at]),
            "low": int(result.low[at]),
            "high": int(result.high[at]),
            "moved": bool(result.moved[at]),
        }
        for at, topic in enumerate(chosen)
    ]


def _on_both(row: TopicChange, codes: Sequence[str]) -> bool:
    return all(row["dimensions"][code]["reason"] is None for code in codes)


def _shifts(inputs: Inputs, codes: Sequence[str], chosen: list[int]) -> analysis.RankShifts:
    pairs = [_distributions(inputs, code, chosen) for code in codes]
    rounds = list(zip(*pairs, strict=True))  # before: (x, y); after: (x, y)
    seed = int(inputs.get("seed", 1))
    scores = [overall_scores(inputs, x.score, y.score) for x, y in rounds]
    drawn = [
        overall_scores(
            inputs,
            *(
                analysis.draw_scores(one, draws=DRAWS, seed=seed, stream=2 * at + axis)
                for axis, one in enumerate(both)
            ),
        )
        for at, both in enumerate(rounds)
    ]
    return analysis.rank_shifts(*scores, *drawn, confidence=inputs.get("confidence", 0.95))


def _distributions(
    inputs: Inputs, dimension: str, chosen: list[int]
) -> tuple[analysis.ScoreDistribution, analysis.ScoreDistribution]:
    """Return last round's and this round's scores of the chosen topics, over the common units."""
    common, previous = common_units(inputs, dimension), previous_of(inputs)
    origin = origins(inputs)
    codes = [origin[inputs["topics"][at]["code"]].before for at in chosen]
    positions = [previous["kept"].index(code) for code in codes if code]
    sides = (
        (previous, common.before, [old for _new, old in common.members], positions),
        (inputs, common.after, [new for new, _old in common.members], chosen),
    )
    before, after = (
        analysis.score_distribution(
            analysis.SufficientStatistics(
                counts=counts[:, chosen],
                gram=_pool(source, dimension, members, places, counts[:, chosen]),
            ),
            common.weights,
        )
        for source, counts, members, places in sides
    )
    return before, after


def _pool(
    source: Inputs | Previous,
    dimension: str,
    members: Sequence[list[int]],
    places: list[int],
    counts: Ints,
) -> Ints:
    """Return the Gram matrices of the common units, nothing where their counts are not visible."""
    codes = [unit["code"] for unit in source["units"][dimension]]
    grams = (source.get("gram") or {})[dimension]
    rows = np.array([grams[code] for code in codes], dtype=np.int64)
    topics = rows.shape[-1] // 2
    cells = np.array(places + [topics + at for at in places])
    picked = rows[:, cells][:, :, cells]
    visible = np.tile(counts[..., :-1].sum(axis=-1) > 0, 2)
    pooled = np.stack([picked[units].sum(axis=0) for units in members])
    return np.where(visible[:, :, None] & visible[:, None, :], pooled, 0)
