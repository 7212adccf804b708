"""Last year's matrix beside this year's: two native charts on the same axes, topics by number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.util import Mm, Pt

from materiality.document.schema import topics_before
from materiality.report import palette
from materiality.report.edition import Edition
from materiality.report.figure.layout.scale import common_axis
from materiality.report.figure.layout.shapes import Axis
from materiality.report.files.opendata import inert
from materiality.report.files.slides import chart
from materiality.report.files.slides.base import Place
from materiality.report.sentences import naming, note
from materiality.report.text import plain

GONE = "×"  # a topic of last year that has no successor
BETWEEN = 6.0  # millimetres
TYPE = 10.0


@dataclass(frozen=True)
class _Sign:
    tier: int
    x: float
    y: float
    label: str


def are_comparable(edition: Edition) -> bool:
    """Whether last year's places are known, in as many tiers as this year's."""
    return edition.results.has_comparable_tiers and bool(_before(edition))


def add(slide: Any, edition: Edition, area: Place) -> None:
    """Add both charts, last year's at the left."""
    sides = {
        plain(edition.results.about.get("previous_year") or ""): _before(edition),
        plain(edition.results.about["year"]): _now(edition),
    }
    values = [value for signs in sides.values() for sign in signs for value in (sign.x, sign.y)]
    axis = common_axis(values, points=edition.results.points)
    wide = (area.w - BETWEEN) / 2
    for at, (year, signs) in enumerate(sides.items()):
        place = Place(area.x + at * (wide + BETWEEN), area.y, wide, area.h)
        _add_chart(slide, edition, place, axis, year=year, signs=signs)


def _now(edition: Edition) -> list[_Sign]:
    return [
        _Sign(topic.tier, topic.x, topic.y, str(at))
        for at, topic in enumerate(edition.results.topics, 1)
        if topic.tier is not None and topic.x is not None and topic.y is not None
    ]


def _before(edition: Edition) -> list[_Sign]:
    numbers = {
        topic.previous["code"]: str(at)
        for at, topic in enumerate(edition.results.topics, 1)
        if topic.previous
    }
    signs = []
    for topic in topics_before(edition.results.inputs):
        tier, x, y = topic.get("tier"), topic.get("x"), topic.get("y")
        if tier is not None and x is not None and y is not None:
            signs.append(_Sign(tier, x, y, numbers.get(topic["code"], GONE)))
    return signs


def _add_chart(
    slide: Any, edition: Edition, place: Place, axis: Axis, *, year: str, signs: Sequence[_Sign]
) -> None:
    tiers = edition.results.tiers
    by_tier: Mapping[int, list[_Sign]] = {
        tier: [sign for sign in signs if sign.tier == tier] for tier in tiers
    }
    # the longest first: LibreOffice loses points of a first series that is shorter than others
    order = sorted((tier for tier in tiers if by_tier[tier]), key=lambda tier: -len(by_tier[tier]))
    data: Any = XyChartData(number_format="0.00")  # type: ignore[no-untyped-call]
    for tier in order:
        series = data.add_series(inert(naming.tier_name(edition, tier)))
        for sign in by_tier[tier]:
            series.add_data_point(sign.x, sign.y)
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.XY_SCATTER, *map(Mm, (place.x, place.y, place.w, place.h)), data
    )
    description = edition.wording("board_year", at=year, n=len(signs))
    frame._element.nvGraphicFramePr.cNvPr.set("descr", description)
    drawn = frame.chart
    drawn.font.size, drawn.font.name = Pt(TYPE), chart.THEME_LATIN
    drawn.has_title = True
    drawn.chart_title.text_frame.text = year
    run = drawn.chart_title.text_frame.paragraphs[0].runs[0]
    chart.write_face(run.font, TYPE + 4, palette.COLOUR.ink, bold=True)
    for series, tier in zip(drawn.plots[0].series, order, strict=True):
        chart.write_signs(series, tier, len(tiers), edition.look.palette)
        for at, sign in enumerate(by_tier[tier]):
            label = series.points[at].data_label
            label.text_frame.text = sign.label
            label.position = XL_LABEL_POSITION.RIGHT
            written = label.text_frame.paragraphs[0].runs[0]
            chart.write_face(written.font, TYPE, palette.COLOUR.ink)
    for one, name in ((drawn.category_axis, "x"), (drawn.value_axis, "y")):
        one.minimum_scale, one.maximum_scale, one.major_unit = axis.low, axis.high, 0.5
        one.has_major_gridlines = False
        one.tick_labels.number_format, one.tick_labels.number_format_is_linked = "0.0", False
        one.axis_title.text_frame.text = note.axis_title(edition, name)
        title = one.axis_title.text_frame.paragraphs[0].runs[0]
        chart.write_face(title.font, TYPE, palette.COLOUR.ink, bold=True)
    chart.cross_at(drawn, axis.low)
    drawn.has_legend = True
    drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.write_face(drawn.legend.font, TYPE, palette.COLOUR.ink)
    chart.on_paper(drawn)
