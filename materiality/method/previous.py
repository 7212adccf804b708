"""What a bundle keeps of the round before it: its topics, and the counts of those that live on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from materiality.document.schema import Inputs, PreviousStatistics, Succession

Row = dict[str, Any]

LIVES_ON = ("continued", "renamed", "widened")


def statistics(inputs: Inputs, successions: Iterable[Succession]) -> PreviousStatistics:
    """Return the statistics that `inputs.previous` carries (docs/bundle.md).

    :param inputs: the previous round's own inputs.
    :param successions: this round's lines of change; who kept their identity keep their counts.
    """
    living = {line["before"] for line in successions if line["kind"] in LIVES_ON}
    codes = [topic["code"] for topic in inputs["topics"]]
    places = [at for at, code in enumerate(codes) if code in living]
    pairs = places + [len(codes) + at for at in places]
    record: PreviousStatistics = {
        "scale": inputs["scale"],
        "dimensions": inputs["dimensions"],
        "units": inputs["units"],
        "kept": [codes[at] for at in places],
        "minimum_group": inputs.get("minimum_group", 5),
        "counts": _each_unit(inputs["counts"], lambda rows: _pick(rows, places)),
    }
    if "standing_weights" in inputs:
        record["standing_weights"] = inputs["standing_weights"]
    if gram := inputs.get("gram"):
        cells = _each_unit(gram, lambda rows: [_pick(row, pairs) for row in _pick(rows, pairs)])
        record["gram"] = cells
    return record


def _each_unit(by_dimension: Mapping[str, Any], change: Any) -> Row:
    statistics_of_units = {}
    for dimension, by_unit in by_dimension.items():
        statistics_of_units[dimension] = {unit: change(rows) for unit, rows in by_unit.items()}
    return statistics_of_units


def _pick(rows: Sequence[Any], places: Sequence[int]) -> list[Any]:
    return [rows[at] for at in places]
