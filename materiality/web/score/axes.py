"""What was asked behind an axis: one question a topic, or several that are composed."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality.document.schema import RakedGroup
from materiality.method.composites import parts
from materiality.results import Results, Unit
from surveys.languages import in_language


def dimensions_of(results: Results, axis: str) -> list[str]:
    """Return the codes of the dimensions that were asked behind an axis, in their order."""
    row = results.axes[axis]
    made_of = row.get("composite")
    return parts(made_of) if made_of else [row["code"]]


def units_behind(results: Results, axis: str) -> tuple[Unit, ...]:
    """Return the units that speak on an axis; all its questions are asked of the same people."""
    return results.units[dimensions_of(results, axis)[0]]


def name_of(results: Results, dimension: str) -> str:
    """Return what a dimension is called; one criterion of several goes by its question."""
    row = next(row for row in results.inputs["dimensions"] if row["code"] == dimension)
    return in_language(row.get("name") or row.get("question")) or dimension


def raked_by_question(results: Results) -> list[tuple[str, RakedGroup]]:
    """Return per question and group how it was weighted by known shares; empty without any."""
    return [(name_of(results, code), row) for code, rows in results.raking.items() for row in rows]


SHORT = {
    "stakeholder": gettext_lazy("Stakeholders"),
    "impact": gettext_lazy("Impact"),
    "financial": gettext_lazy("Financial effect"),
}
RATERS = {
    "stakeholder": gettext_lazy("stakeholders"),
    "impact": gettext_lazy("impact raters"),
    "financial": gettext_lazy("raters of the financial effect"),
}


def short_name(results: Results, axis: str) -> str:
    """Return what an axis is called over a column."""
    code = str(results.axes[axis]["code"])
    return str(SHORT.get(code) or name_of(results, code))


def raters_of(results: Results, axis: str) -> str:
    """Return who weighs on an axis."""
    return str(RATERS.get(results.axes[axis]["code"], short_name(results, axis)))


CRITERIA = {
    "scale": gettext_lazy("scale"),
    "scope": gettext_lazy("scope"),
    "irremediability": gettext_lazy("hard to put right"),
    "likelihood": gettext_lazy("likelihood"),
    "magnitude": gettext_lazy("magnitude"),
    "short": gettext_lazy("short term"),
    "medium": gettext_lazy("medium term"),
    "long": gettext_lazy("long term"),
}


def criterion_name(dimension: str) -> str:
    """Return what one criterion of a dimension is called; nothing for a whole dimension."""
    return _(", ").join(str(CRITERIA.get(part, part)) for part in dimension.split(".")[1:])
