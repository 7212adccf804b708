"""How the register takes part in the axes of double materiality: not at all, or in their scores.

"survey" and "beside" leave the scores of the survey alone. Under "register" the topic's value of
the register, that of its worst entry on an axis, stands instead; under "worst" the higher of both.
No mean of the two is taken: a mean would hide a severe entry.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from materiality.document.schema import Inputs, Previous, Score, axis_codes, previous_of
from materiality.method.register import AXES, Scored, outcomes

SURVEY, BESIDE, REGISTER, WORST = "survey", "beside", "register", "worst"
FED = (REGISTER, WORST)
DOUBLE_AXES = {"x": "impact", "y": "financial"}
NOT_IN_REGISTER: Final = "not_in_register"


def feeds_of(inputs: Inputs) -> str:
    """Return how the register of these inputs feeds the axes; "survey" where there is none."""
    register = inputs.get("register")
    return register["feeds"] if register else SURVEY


def is_fed(inputs: Inputs) -> bool:
    """Return whether scores of the axes come from the register, all of them or some."""
    return feeds_of(inputs) in FED


def is_without_survey(inputs: Inputs) -> bool:
    """Return whether experts alone feed the axes: the register does, and nobody was asked."""
    return feeds_of(inputs) == REGISTER and not any(inputs["units"].values())


def was_fed(previous: Previous) -> bool:
    """Return whether those of the round before did."""
    return ((previous.get("method") or {}).get("register") or SURVEY) in FED


def either_is_fed(inputs: Inputs) -> bool:
    return is_fed(inputs) or was_fed(previous_of(inputs))


def survey_score(score: Score) -> float | None:
    """Return what people rated, whatever the register says: None where it may not be told.

    Whatever tells of the answers asks this one; `score` is what counts on the axis.
    """
    return score["survey"] if "survey" in score else score["score"]


def has_double_axes(inputs: Inputs) -> bool:
    """Return whether the axes are the two sides that the register judges, or those of a view are:
    another matrix of a round can be looked at as if it were the main one."""
    views = [{"x": row["x"], "y": row["y"]} for row in inputs.get("views", [])]
    return DOUBLE_AXES in (axis_codes(inputs), *views)


def with_register(
    inputs: Inputs, scored: Mapping[str, Sequence[Score]], entries: Sequence[Scored]
) -> dict[str, list[Score]]:
    """Return the scores of every dimension, with the register in those that it feeds.

    A score says then what the survey and what the register come to. Its interval is the survey's,
    so it stands only where the survey alone speaks.

    :param entries: of the register, scored; none are needed where it does not feed.
    """
    scores = {code: list(rows) for code, rows in scored.items()}
    register = inputs.get("register")
    if register is None or register["feeds"] not in FED:
        return scores
    of_topic = {one.topic: one for one in outcomes(entries)}
    for axis in AXES:
        values = []
        for topic in inputs["topics"]:
            outcome = of_topic.get(topic["code"])
            carrying = outcome.on(axis) if outcome else None
            values.append(carrying.value if carrying else None)
        scores[axis] = [
            _fed(score, value, register["feeds"])
            for score, value in zip(scores[axis], values, strict=True)
        ]
    return scores


def _fed(score: Score, value: float | None, feeds: str) -> Score:
    survey = score["score"]
    row: Score = {**score, "survey": survey, "register": value}
    if survey is None:
        row["survey_reason"] = score["reason"]
    if value is None and feeds == WORST:
        return row
    known = [one for one in (value, survey) if one is not None]
    fed = value if feeds == REGISTER else max(known)
    row["score"], row["reason"] = fed, None if fed is not None else NOT_IN_REGISTER
    row["se"] = row["df"] = row["low"] = row["high"] = None
    return row
