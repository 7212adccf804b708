"""The daily curve of answers: as points of an SVG, and as a figure for Plotly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from materiality.report.figure.plotly_figure import CONFIG, FONT
from surveys.fieldwork.curve import Day


@dataclass(frozen=True)
class Curve:
    """A line in a frame of 100 × 42, as SVG wants it, and where along it mails went out."""

    points: str
    marks: list[float]


def curve(days: Sequence[Day]) -> Curve | None:
    """Return the curve of these days, the highest at the top; None if there are no days."""
    most, last = max([1, *(day.answered for day in days)]), max(1, len(days) - 1)
    places = [(100 * at / last, 38 - 36 * day.answered / most) for at, day in enumerate(days)]
    marks = [
        round(x, 2)
        for day, (x, _y) in zip(days, places, strict=True)
        if day.invited or day.reminded
    ]
    return Curve(" ".join(f"{x:.2f},{y:.2f}" for x, y in places), marks) if days else None


def figure(days: Sequence[Day]) -> tuple[list[dict[str, Any]], dict[str, Any], dict[str, Any]]:
    """Return (data, layout, config) for `Plotly.newPlot`."""
    line = {
        "type": "scatter",
        "mode": "lines",
        "line": {"shape": "hv"},
        "x": [day.day.isoformat() for day in days],
        "y": [day.answered for day in days],
        "name": _("Answered"),
        "hovertemplate": "%{x|%Y-%m-%d}: %{y}+<extra></extra>",
    }
    mailed = [day for day in days if day.invited or day.reminded]
    mails = {
        "type": "scatter",
        "mode": "markers",
        "marker": {"symbol": "triangle-up", "size": 10},
        "x": [day.day.isoformat() for day in mailed],
        "y": [0 for _day in mailed],
        "text": [_("Reminder") if day.reminded else _("Invitation") for day in mailed],
        "hovertemplate": "%{x|%Y-%m-%d}: %{text}<extra></extra>",
    }
    layout = {
        "font": {"family": FONT, "size": 13},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "margin": {"l": 48, "r": 16, "t": 16, "b": 40},
        "xaxis": {"type": "date", "showgrid": False, "tickformat": "%m-%d"},
        "yaxis": {"rangemode": "tozero", "tickformat": "d"},
    }
    return [line, mails], layout, dict(CONFIG)
