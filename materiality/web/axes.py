"""What was asked behind an axis: one question a topic, or several that are composed."""

from materiality.bundle import Results, Unit
from materiality.bundle.composites import parts
from surveys.languages import in_language


def asked(results: Results, axis: str) -> list[str]:
    """Return the codes of the dimensions that were asked behind an axis, in their order."""
    row = results.axes[axis]
    return parts(row["composite"]) if row.get("composite") else [str(row["code"])]


def units_behind(results: Results, axis: str) -> tuple[Unit, ...]:
    """Return the units that speak on an axis; all its questions are asked of the same people."""
    return results.units[asked(results, axis)[0]]


def is_composed(results: Results, axis: str) -> bool:
    return bool(results.axes[axis].get("composite"))


def name_of(results: Results, dimension: str) -> str:
    """Return what a dimension is called; one criterion of several goes by its question."""
    row = next(row for row in results.inputs["dimensions"] if row["code"] == dimension)
    return in_language(row.get("name") or row.get("question")) or dimension
