"""How firm each tier is, as a native bar chart: the topics that may change tier stand first."""

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.util import Mm, Pt

from materiality.report import palette, signs
from materiality.report.edition import Edition
from materiality.report.files.opendata import inert
from materiality.report.files.slides import chart
from materiality.report.files.slides.base import Place
from materiality.report.sentences import board, note
from materiality.report.text import percent

MOST_BARS = 16  # more cannot be read from the back of a room
TYPE, FEW_TYPE, FEW = 11, 13, 10  # points; larger where bars are few
SHARES = '[=1]"100%";[>=0.995]">99%";0%'  # as `percent` rounds them, but for the smallest


def add(slide: Any, edition: Edition, area: Place) -> None:
    """Add the chart to a slide: a bar a topic, in the colour of its tier."""
    topics = board.by_firmness(edition)[:MOST_BARS]
    data: Any = CategoryChartData(number_format=SHARES)  # type: ignore[no-untyped-call]
    data.categories = [inert(note.topic_name(topic, edition.language)) for topic in topics]
    data.add_series(edition.say("board_firmness"), [topic.stability or 0.0 for topic in topics])
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED, *map(Mm, (area.x, area.y, area.w, area.h)), data
    )
    about = frame._element.nvGraphicFramePr.cNvPr
    about.set("name", edition.say("board_firmness"))
    about.set("descr", _described(edition, topics))
    drawn = frame.chart
    size = FEW_TYPE if len(topics) <= FEW else TYPE
    drawn.has_legend = drawn.has_title = False
    drawn.font.size, drawn.font.name = Pt(size), chart.THEME_LATIN
    _bars(drawn, edition, topics, size)
    _axes(drawn, size)
    chart.on_paper(drawn)


def _described(edition: Edition, topics: Any) -> str:
    lines = [
        f"{note.topic_name(topic, edition.language)} {percent(topic.stability)}" for topic in topics
    ]
    return (
        edition.say("board_firmness")
        + edition.say("colon")
        + note.enumeration(lines, edition.language)
    )


def _bars(drawn: Any, edition: Edition, topics: Any, size: float) -> None:
    plot = drawn.plots[0]
    plot.gap_width, plot.vary_by_categories = 45, False
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = SHARES, False
    labels.position, labels.show_value = XL_LABEL_POSITION.OUTSIDE_END, True
    chart.write_face(labels.font, size, palette.COLOUR.ink)
    tiers, colours = len(edition.results.tiers), edition.look.palette.signs
    for at, topic in enumerate(topics):
        fill = plot.series[0].points[at].format.fill
        fill.solid()
        fill.fore_color.rgb = chart.rgb(colours[signs.shape(topic.tier, tiers)])


def _axes(drawn: Any, size: float) -> None:
    names, shares = drawn.category_axis, drawn.value_axis
    names.reverse_order = True  # the first topic on top
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = chart.rgb(palette.COLOUR.line)
    chart.write_face(names.tick_labels.font, size, palette.COLOUR.ink)
    shares.minimum_scale, shares.maximum_scale, shares.major_unit = 0.0, 1.1, 0.5
    shares.has_major_gridlines = False
    shares.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    shares.major_tick_mark = XL_TICK_MARK.NONE
    shares.format.line.fill.background()
