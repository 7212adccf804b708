"""All tests of a round together: the change of each axis and of the overall score, one family.

What is decided is the overall score, so it is tested too. All p-values of the round are corrected
together (Holm), and the intervals are those of the level at which the procedure stopped: an
interval excludes 0 exactly where the change is said to have moved.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Floats, floats, ratio
from materiality.document.schema import (
    AXES,
    Change,
    ChangeNumbers,
    Inputs,
    TopicChange,
    TopicResult,
    YearOnYear,
    axis_codes,
    version_of,
)
from materiality.method.composites import rated_by_the_same
from materiality.method.feeding import REGISTER, either_is_fed
from materiality.method.rules import overall_scores
from materiality.method.scoring import number

HOLM = "holm"
STEP = 1e-4  # of a score, for the slope of a rule
NO_NUMBERS: ChangeNumbers = {
    "change": None,
    "se": None,
    "df": None,
    "low": None,
    "high": None,
    "p": None,
    "p_adjusted": None,
}


def together(inputs: Inputs, topics: Sequence[TopicResult], compared: YearOnYear) -> YearOnYear:
    """Return the comparison with the overall scores in it and all its tests corrected together.

    That of method 1 stays as it is: one family per axis, the overall score not among them.
    """
    if version_of(inputs) == "1":
        return compared
    for row, change in zip(compared["topics"], _overalls(inputs, compared["topics"]), strict=True):
        row["overall"] = change
    changes = list(_changes(compared["topics"]))
    p = floats([change["p"] for change in changes])
    family = analysis.family(p, error=1 - inputs.get("confidence", 0.95))
    _correct(changes, family)
    tests = int(np.isfinite(p).sum())
    compared["family"] = {"procedure": HOLM, "tests": tests, "confidence": family.confidence}
    return compared


def _changes(rows: Sequence[TopicChange]) -> Iterator[Change]:
    for row in rows:
        yield from row["dimensions"].values()
        yield row["overall"]


def _correct(changes: Sequence[Change], family: analysis.Family) -> None:
    """Write verdict, p and interval of the whole family into its changes."""
    se = [0.0 if change["se"] is None else change["se"] for change in changes]
    df = [np.inf if change["df"] is None else change["df"] for change in changes]
    moves = floats([change["change"] for change in changes])
    low, high = analysis.change_interval(moves, se, df, confidence=family.confidence)
    for at, change in enumerate(changes):
        if change["p"] is None or change["change"] is None:
            continue
        change["p_adjusted"] = float(family.p_adjusted[at])
        change["verdict"] = analysis.MOVED if family.moved[at] else analysis.WITHIN_NOISE
        change["low"], change["high"] = float(low[at]), float(high[at])


def _overalls(inputs: Inputs, rows: Sequence[TopicChange]) -> list[Change]:
    """Return the change of the overall scores: the axes rated apart, the rule made linear there.

    Var = fx^2 Var(x) + fy^2 Var(y), fx and fy the slopes of the rule in the middle of both rounds;
    exact for a weighted sum. Where a group rated both axes, how its ratings go together is not in
    the bundle, and SE = |fx| SE(x) + |fy| SE(y), which no correlation exceeds.
    """
    pairs = [_on_axes(inputs, row) for row in rows]
    obstacles = [_obstacle(pair) for pair in pairs]
    x, y = (_columns([pair[at] for pair in pairs]) for at in (0, 1))
    before, after = (overall_scores(inputs, x[name], y[name]) for name in ("before", "after"))
    slopes = _slopes(inputs, (x["before"] + x["after"]) / 2, (y["before"] + y["after"]) / 2)
    parts = slopes**2 * np.stack([x["se"], y["se"]]) ** 2
    freedom = np.nan_to_num(np.stack([x["df"], y["df"]]), nan=np.inf)
    below = (parts**2 / freedom).sum(axis=0)
    df = np.where(below > 0, ratio(parts.sum(axis=0) ** 2, below), np.inf)
    change, se = after - before, np.sqrt(parts.sum(axis=0))
    if rated_by_the_same(inputs):
        se = np.sqrt(parts).sum(axis=0)
    p = analysis.change_p(change, se, df)
    numbers = zip(before, after, change, se, df, p, strict=True)
    return [
        nothing(obstacle) if obstacle else _test(*one)
        for obstacle, one in zip(obstacles, numbers, strict=True)
    ]


def _on_axes(inputs: Inputs, row: TopicChange) -> tuple[Change, Change]:
    codes = axis_codes(inputs)
    missing = nothing("several_questions")
    if either_is_fed(inputs):
        return nothing(REGISTER), nothing(REGISTER)
    x, y = (row["dimensions"].get(codes[axis], missing) for axis in AXES)
    return x, y


def _obstacle(pair: Sequence[Change]) -> str | None:
    return next((one["reason"] for one in pair if one["reason"]), None)


def _columns(changes: Sequence[Change]) -> dict[str, Floats]:
    return {
        "before": floats([one["before"] for one in changes]),
        "after": floats([one["after"] for one in changes]),
        "se": floats([one["se"] for one in changes]),
        "df": floats([one["df"] for one in changes]),
    }


def _test(before: float, after: float, change: float, se: float, df: float, p: float) -> Change:
    """Return the row of one topic; its verdict where there is a test comes with the family."""
    can_tell = bool(np.isfinite(p))
    return {
        "verdict": analysis.WITHIN_NOISE if can_tell else analysis.CANNOT_TELL,
        "reason": None,
        "before": number(before),
        "after": number(after),
        "change": number(change),
        "se": number(se),
        "df": number(df),
        "low": None,
        "high": None,
        "p": number(p),
        "p_adjusted": None,
    }


def _slopes(inputs: Inputs, x: Floats, y: Floats) -> Floats:
    """Return how steeply the overall score rises with x and with y at these places: [2, topics]."""
    rise = [
        overall_scores(inputs, x + STEP, y) - overall_scores(inputs, x - STEP, y),
        overall_scores(inputs, x, y + STEP) - overall_scores(inputs, x, y - STEP),
    ]
    return floats(rise) / (2 * STEP)


def nothing(reason: str) -> Change:
    return {
        "verdict": analysis.NOT_COMPARABLE,
        "reason": reason,
        "before": None,
        "after": None,
        **NO_NUMBERS,
    }
