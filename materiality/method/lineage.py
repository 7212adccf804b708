"""Is what a bundle says of last year's topics, and of what became of them, usable?"""

from collections.abc import Mapping, Sequence
from typing import Any

from materiality.bundle.checks import refuse

KINDS = ("continued", "renamed", "widened", "split", "merged", "absorbed", "added", "removed")
COORDINATES = ("x", "y", "overall")


def validate(inputs: Mapping[str, Any]) -> None:
    """Check names, the previous round's topics and the successions.

    :raises BundleError: a row is not of its form, or names a topic of neither round.
    """
    topics = [_topic(row, f"inputs.topics[{at}]") for at, row in enumerate(inputs["topics"])]
    before = _previous(inputs.get("previous"))
    _text(inputs.get("method_reason"), "inputs.method_reason")
    for at, row in enumerate(_rows(inputs.get("successions", []), "inputs.successions")):
        _succession(row, f"inputs.successions[{at}]", before, topics)


def _rows(value: Any, where: str) -> Sequence[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        refuse(where, "a list of objects", value)
    return value


def _text(value: Any, where: str) -> None:
    """Check a text per language; none at all is allowed."""
    parts = {} if value is None else value
    if not isinstance(parts, Mapping) or not all(isinstance(p, str) for p in parts.values()):
        refuse(where, "a text per language", value)


def _topic(row: Mapping[str, Any], where: str) -> str:
    if not isinstance(row.get("code"), str):
        refuse(f"{where}.code", "a text", row.get("code"))
    _text(row.get("name"), f"{where}.name")
    return str(row["code"])


def _previous(previous: Any) -> list[str]:
    """Return the codes of last year's topics."""
    if previous is None:
        return []
    if not isinstance(previous, Mapping):
        refuse("inputs.previous", "an object or null", previous)
    rows = _rows(previous.get("topics"), "inputs.previous.topics")
    for at, row in enumerate(rows):
        where = f"inputs.previous.topics[{at}]"
        for name in COORDINATES:
            if row.get(name) is not None and type(row[name]) not in (int, float):
                refuse(f"{where}.{name}", "a number or null", row[name])
        if row.get("tier") not in (None, 1, 2, 3):
            refuse(f"{where}.tier", "1, 2, 3 or null", row.get("tier"))
    return [_topic(row, f"inputs.previous.topics[{at}]") for at, row in enumerate(rows)]


def _succession(
    row: Mapping[str, Any], where: str, before: Sequence[str], after: Sequence[str]
) -> None:
    if row.get("kind") not in KINDS:
        refuse(f"{where}.kind", f"one of {', '.join(KINDS)}", row.get("kind"))
    for side, known in (("before", before), ("after", after)):
        if side not in row or (row[side] is not None and row[side] not in known):
            refuse(f"{where}.{side}", "the code of a topic of that round, or null", row.get(side))
    _text(row.get("reason"), f"{where}.reason")
