"""Why topics changed tier: the way from last round's score to this one's, in steps that add up.

Each step changes one thing and keeps the others: the list (which groups could be compared), the
weights, the answers, the rule, the cuts. Their effects sum to the difference of the two printed
overall scores; the cause of a tier move is the last step at which the tier changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from materiality import analysis
from materiality.analysis.arrays import Floats, floats
from materiality.document.schema import (
    AXES,
    Inputs,
    PreviousTopic,
    Rule,
    Step,
    TierMove,
    TopicResult,
    YearOnYear,
    axis_codes,
    previous_of,
    version_of,
)
from materiality.method import changes
from materiality.method.composites import composite
from materiality.method.feeding import either_is_fed
from materiality.method.rules import overall_scores, suggested_tiers
from materiality.method.scales import is_comparable, means_before, topics_on_scale
from materiality.method.scoring import number
from materiality.method.years import Common, Origin, origins

LIST, WEIGHTS, ANSWERS, RULE, CUTS = "list", "weights", "answers", "rule", "cuts"
DECISION = "decision"

Restated = Callable[[list[PreviousTopic]], list[int | None]]


@dataclass(frozen=True, eq=False)
class _Stop:
    """Where all topics stood after one step: overall score and tier, 0 where there is none."""

    what: str
    overall: Floats
    tiers: Sequence[int]


def tier_moves(
    inputs: Inputs,
    topics: Sequence[TopicResult],
    restated: Restated,
    compared: YearOnYear | None,
    common: Callable[[str], Common],
) -> list[TierMove]:
    """Return the topics that kept their identity and changed tier, each with its causes.

    `causes` names every step at which the tier changed, `cause` the last one, `steps` the whole
    way; "decision" where people chose in either round. Without last round's counts, or where an
    axis is made of several questions, the causes are those of method 1.

    :param compared: the comparison of years, for the verdict on the overall score.
    :param common: a dimension to the units common to both rounds.
    """
    moves = changes.tier_moves(inputs, topics, restated)
    if version_of(inputs) == "1":
        return moves
    verdicts = {
        row["topic"]: row["overall"]["verdict"] for row in (compared or {"topics": []})["topics"]
    }
    way = _way(inputs, topics, common) if moves and compared and _is_plain(inputs) else []
    origin_of = origins(inputs)
    for move in moves:
        if move["topic"] in verdicts:
            move["verdict"] = verdicts[move["topic"]]
        steps = _steps(inputs, topics, way, move, origin_of)
        if steps:
            move["steps"] = steps
        if steps and move["cause"] != DECISION:
            _name_causes(move, steps)
    return moves


def _name_causes(move: TierMove, steps: Sequence[Step]) -> None:
    tiers: list[int | None] = [move["before"], *(step["tier"] for step in steps)]
    causes = [step["what"] for at, step in enumerate(steps) if tiers[at] != tiers[at + 1]]
    if causes:
        move["causes"], move["cause"] = list(dict.fromkeys(causes)), causes[-1]


def _is_plain(inputs: Inputs) -> bool:
    """Return whether both axes are questions that were asked in both rounds, on one scale.

    The register is none: its part in a score is no step of the way.
    """
    if not is_comparable(inputs) or either_is_fed(inputs):
        return False
    counted = previous_of(inputs).get("counts", {})
    codes = axis_codes(inputs).values()
    return all(composite(inputs, code) is None and code in counted for code in codes)


def _way(
    inputs: Inputs, topics: Sequence[TopicResult], common_of: Callable[[str], Common]
) -> list[_Stop]:
    """Return where all topics stood after each step."""
    old = _old_rule(inputs)
    with_old: Inputs = {**inputs, "rule": old}
    codes = axis_codes(inputs)
    common = {axis: common_of(codes[axis]) for axis in AXES}
    own = {axis: floats(common[axis].weights) for axis in AXES}
    before = {axis: _old_weights(inputs, codes[axis], common[axis]) for axis in AXES}
    now = [floats([row[axis] for row in topics]) for axis in AXES]
    then, later = (
        {axis: _both_rated(inputs, common[axis], side) for axis in AXES}
        for side in ("before", "after")
    )
    places = [
        (LIST, [_score(then[axis], before[axis]) for axis in AXES]),
        (WEIGHTS, [_score(then[axis], own[axis]) for axis in AXES]),
        (ANSWERS, [_score(later[axis], own[axis]) for axis in AXES]),
        (LIST, now),
    ]
    stops = [
        _Stop(what, overall_scores(with_old, x, y), _tiers(with_old, x, y))
        for what, (x, y) in places
    ]
    kept_cuts: Inputs = {**inputs, "rule": _with_cuts(inputs["rule"], old)}
    final = floats([row["overall"] for row in topics])
    stops.append(_Stop(RULE, final, _tiers(kept_cuts, *now)))
    tiers = [row["suggested_tier"] or 0 for row in topics]
    return [*stops, _Stop(CUTS, final, tiers)]


def _tiers(inputs: Inputs, x: Floats, y: Floats) -> list[int]:
    plain: Inputs = {**inputs, "rule": {**inputs["rule"], "band": 0}}
    return [int(tier) for tier in suggested_tiers(plain, x, y)]


def _old_rule(inputs: Inputs) -> Rule:
    """Return last round's rule; this round's where that round does not say."""
    method = previous_of(inputs).get("method") or {}
    rule: Rule = {**inputs["rule"], **(method.get("rule") or {})}
    if method.get("axis_weights"):
        rule["weights"] = method["axis_weights"]
    if method.get("cuts"):
        rule["cuts"] = method["cuts"]
    return rule


def _with_cuts(rule: Rule, old: Rule) -> Rule:
    """Return this round's rule with last round's cuts, where both kinds have cuts alike."""
    if old["kind"] == rule["kind"] and "cuts" in old and "cuts" in rule:
        return {**rule, "cuts": old["cuts"]}
    return rule


def _old_weights(inputs: Inputs, dimension: str, common: Common) -> Floats:
    units = previous_of(inputs)["units"][dimension]
    weights = []
    for _new, old in common.members:
        weights.append(sum(units[at]["weight"] for at in old))
    return floats(weights)


def _both_rated(inputs: Inputs, common: Common, side: str) -> Floats:
    """Return the means of one round, over the units that rated a topic in both."""
    before = means_before(inputs, common.before).mean
    after = analysis.group_means(common.after).mean
    means = before if side == "before" else after
    return np.where(np.isfinite(before - after), means, np.nan)


def _score(means: Floats, weights: Floats) -> Floats:
    return analysis.weighted_mean(means, weights).mean


def _steps(
    inputs: Inputs,
    topics: Sequence[TopicResult],
    way: Sequence[_Stop],
    move: TierMove,
    origin_of: Mapping[str, Origin],
) -> list[Step]:
    """Return the steps of one topic; none where a score on the way is undefined."""
    at = next(at for at, row in enumerate(topics) if row["code"] == move["topic"])
    before: Mapping[str, PreviousTopic] = {row["code"]: row for row in topics_on_scale(inputs)}
    origin = origin_of[move["topic"]].before
    printed = before[origin].get("overall") if origin and origin in before else None
    scores = [printed, *(number(stop.overall[at]) for stop in way)]
    if not way or None in scores:
        return []
    known = floats(scores)
    return [
        {
            "what": stop.what,
            "effect": float(known[place + 1] - known[place]),
            "overall": float(known[place + 1]),
            "tier": stop.tiers[at] or None,
        }
        for place, stop in enumerate(way)
    ]
