"""The previous round on this round's rating scale: as it is, mapped by a printed rule, or not.

A rating r of 1 … m becomes 1 + (r - 1)(n - 1) / (m - 1) on 1 … n: the ends meet the ends, and what
lies between stays in proportion. Means map alike, variances by the square of the slope. Means of 5-
and 7-point scales mapped so were found alike, those of 10 points slightly lower (Dawes 2008, Int.
J. Market Research 50(1), 61-77), so that a small change may come of the scale alone.
"""

from dataclasses import replace
from typing import Final

from materiality import analysis
from materiality.analysis.arrays import Ints
from materiality.document.schema import Inputs, PreviousTopic, previous_of, topics_before

LINEAR: Final = "linear"


def points_before(inputs: Inputs) -> int:
    """Return the top of the previous round's scale; this round's where it is not known."""
    scale = previous_of(inputs).get("scale") or inputs["scale"]
    return scale["points"]


def is_comparable(inputs: Inputs) -> bool:
    """Return whether both rounds have one scale, or a rule maps the one to the other."""
    same = points_before(inputs) == inputs["scale"]["points"]
    return same or inputs.get("scale_mapping") == LINEAR


def slope(inputs: Inputs) -> float:
    """Return how long a point of the previous scale is on this one."""
    return (inputs["scale"]["points"] - 1) / (points_before(inputs) - 1)


def mapped(inputs: Inputs, rating: float) -> float:
    """Return a rating of the previous round on this round's scale."""
    return 1 + (rating - 1) * slope(inputs)


def means_before(inputs: Inputs, counts: Ints) -> analysis.GroupMeans:
    """Return the previous round's means and variances on this round's scale.

    :param counts: [units, topics, points + 1] of the previous round.
    """
    means = analysis.group_means(counts)
    if points_before(inputs) == inputs["scale"]["points"]:
        return means
    rise = slope(inputs)
    return replace(
        means,
        mean=1 + (means.mean - 1) * rise,
        variance=means.variance * rise**2,
        scale=inputs["scale"]["points"],
    )


def topics_on_scale(inputs: Inputs) -> list[PreviousTopic]:
    """Return the previous round's topics, their scores on this round's scale.

    Without scores where the two scales cannot be compared.
    """
    if points_before(inputs) == inputs["scale"]["points"]:
        return topics_before(inputs)
    if not is_comparable(inputs):
        return [{**row, "x": None, "y": None, "overall": None} for row in topics_before(inputs)]
    return [_on_scale(inputs, row) for row in topics_before(inputs)]


def _on_scale(inputs: Inputs, row: PreviousTopic) -> PreviousTopic:
    x, y, overall = row.get("x"), row.get("y"), row.get("overall")
    if x is None or y is None or overall is None:
        return row
    x, y = mapped(inputs, x), mapped(inputs, y)
    kind = ((previous_of(inputs).get("method") or {}).get("rule") or {}).get("kind", "")
    if kind == "product":
        overall = x * y
    elif kind != "distance":  # a share of the scale, whatever its length
        overall = mapped(inputs, overall)
    return {**row, "x": x, "y": y, "overall": overall}
