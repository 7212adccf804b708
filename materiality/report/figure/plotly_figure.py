"""The exploring view: the same results as a Plotly figure, in plain lists, with every text escaped.

Plotly reads a small markup in every text, so that a topic named `<a href=…>` would become a link.
"""

import html
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from materiality.report import palette, signs
from materiality.report.edition import Edition
from materiality.report.figure.layout import TopicPoint, bands, boundaries, compose
from materiality.report.palette import Palette
from materiality.report.sentences import counts, naming, note
from materiality.report.tables import matrix_axis
from materiality.report.text import isolated, number, plain
from materiality.results import Results, Score, TopicResult

SYMBOLS = {
    signs.CIRCLE: "circle",
    signs.DIAMOND: "diamond",
    signs.SQUARE: "square-open",
    signs.TRIANGLE: "triangle-up",
    signs.RING: "circle-open",
}
FONT = "system-ui, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
CONFIG: Mapping[str, Any] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
}

Data = list[dict[str, Any]]
Layout = dict[str, Any]


def figure(
    edition: Edition,
    *,
    with_groups: bool = True,
) -> tuple[Data, Layout, dict[str, Any]]:
    """Return (data, layout, config) for `Plotly.newPlot`, ready for `json_script`.

    :param with_groups: tell the mean of each unit where one points.
    """
    return (
        _data(edition, with_groups=with_groups),
        _layout(edition),
        _config(edition.language),
    )


def safe(text: object) -> str:
    """Return a text that Plotly shows as it is.

    >>> safe("<b>R&D</b>")
    '&lt;b&gt;R&amp;D&lt;/b&gt;'
    """
    return html.escape(isolated(plain(text)), quote=False)


def _config(language: str) -> dict[str, Any]:
    return {**CONFIG, "toImageButtonOptions": {"format": "svg", "filename": "matrix", "scale": 1}}


def _data(edition: Edition, *, with_groups: bool) -> Data:
    """One trace per tier, the lowest first, so that the highest lies on top."""
    points = compose(edition.drawn(size="screen")).points
    tiers = edition.results.tiers
    hover = partial(_hover, edition, with_groups=with_groups)
    traces = []
    for tier in reversed(tiers):
        of_tier = [point for point in points if point.marker.tier == tier]
        trace = _trace(of_tier, hover, edition.results)
        trace["name"] = safe(naming.tier_name(edition, tier))
        trace["marker"] = _marker(signs.shape(tier, len(tiers)), edition.look.palette)
        traces.append(trace)
    return traces


def _marker(shape: str, colours: Palette) -> dict[str, Any]:
    colour = colours.signs[shape]
    line = {"width": 2 if shape in signs.HOLLOW else 0, "color": colour}
    return {"symbol": SYMBOLS[shape], "size": 13, "color": colour, "line": line}


def _trace(
    points: Sequence[TopicPoint], hover: Callable[[TopicResult], str], results: Results
) -> dict[str, Any]:
    topics = [results.topic(point.code) for point in points]
    labels = []
    for point in points:
        labels.append("<br>".join(safe(line) for line in point.label.lines))
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [topic.x for topic in topics],
        "y": [topic.y for topic in topics],
        "text": labels,
        "customdata": [topic.code for topic in topics],
        "hovertext": [hover(topic) for topic in topics],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "textposition": [_side(point) for point in points],
        "cliponaxis": False,
    }


def _side(point: TopicPoint) -> str:
    """Return where the layout put the label, in Plotly's words."""
    box, mark = point.label.box, point.marker
    height = "middle"  # within a tenth of the label's height beside its sign
    above = (mark.y - box.y - box.h / 2) / box.h
    if above > 0.1:
        height = "top"
    elif above < -0.1:
        height = "bottom"
    side = {"start": "right", "end": "left", "middle": "center"}[point.label.anchor]
    return f"{height} {side}"


def _hover(edition: Edition, topic: TopicResult, *, with_groups: bool) -> str:
    """Return the name, both scores with their intervals, and perhaps the mean of each unit."""
    lines = [f"<b>{safe(note.topic_name(topic, edition.language))}</b>"]
    for axis in "xy":
        score = topic.scores[edition.results.axes[axis]["code"]]
        title = safe(note.axis_title(edition, axis))
        lines.append(f"{title} {note.score_with_interval(edition, score)}")
        means = _means(edition, score) if with_groups else []
        lines += [f"&nbsp;&nbsp;{line}" for line in means]
    return "<br>".join(lines)


def _means(edition: Edition, score: Score) -> list[str]:
    units = counts.printable(score)
    return [
        f"{safe(note.unit_name(unit.unit, edition.language))} {number(unit.mean)} (n = {unit.n})"
        for unit in score.units
        if unit.unit.code in units
    ]


def _layout(edition: Edition) -> Layout:
    axis = matrix_axis(edition.results)
    return {
        "xaxis": _axis(safe(note.axis_title(edition, "x")), axis.low, axis.high),
        "yaxis": _axis("", axis.low, axis.high),
        "annotations": [_above(safe(note.axis_title(edition, "y")))],
        "shapes": _shapes(edition.results, edition.look.palette),
        "font": {"family": FONT, "size": 13, "color": palette.COLOUR.ink},
        "hoverlabel": {"align": "left", "bgcolor": palette.COLOUR.paper},
        "legend": {"orientation": "h", "y": -0.16, "traceorder": "reversed"},
        "margin": {"l": 56, "r": 96, "t": 40, "b": 56},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "modebar": {
            "bgcolor": "rgba(0,0,0,0)",
            "color": palette.COLOUR.ink2,
            "activecolor": edition.look.palette.accent,
        },
        "hovermode": "closest",
        "dragmode": "pan",
    }


def _axis(title: str, low: float, high: float) -> dict[str, Any]:
    return {
        "title": {"text": title, "font": {"size": 13}},
        "range": [low, high],
        "dtick": 0.5,
        "tickformat": ".1f",
        "showgrid": False,
        "zeroline": False,
        "showline": True,
        "linecolor": palette.COLOUR.ink2,
        "ticks": "outside",
    }


def _above(title: str) -> dict[str, Any]:
    """The title of the vertical axis, horizontal above it: Plotly's own would be turned."""
    place = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "y": 1}
    return {
        **place, "xshift": -48, "yanchor": "bottom", "yshift": 8, "showarrow": False,
        "text": f"{title} ↑", "font": {"size": 13},
    }  # fmt: skip


def _shapes(results: Results, colours: Palette) -> list[dict[str, Any]]:
    """The bands of all tiers but the lowest, and the boundaries between them."""
    rule, axis = results.rule, matrix_axis(results)
    fills = colours.bands_of(len(results.tiers))
    zones = [
        _shape(corners, closed=True, fillcolor=fills[tier - 1], line={"width": 0})
        for tier, corners in bands(rule, axis, points=results.points)
    ]
    dashed = {"color": colours.ink2, "width": 1, "dash": "dash"}
    lines = [
        _shape(path, closed=False, line=dashed)
        for path in boundaries(rule, axis, points=results.points)
    ]
    return zones + lines


def _shape(corners: Sequence[tuple[float, float]], *, closed: bool, **style: Any) -> dict[str, Any]:
    path = "L".join(f"{x:.6g},{y:.6g}" for x, y in corners)
    written = f"M{path}{'Z' if closed else ''}"
    return {"type": "path", "path": written, "layer": "below", **style}
