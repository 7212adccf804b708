"""The matrix as a native chart of PowerPoint: one series per tier, each point with its name.

python-pptx knows scatter charts and labels but not where a label stands; see `drawingml`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from pptx.chart.data import XyChartData
from pptx.chart.xlsx import XyWorkbookWriter
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Mm, Pt

from materiality.report import palette, signs
from materiality.report.edition import Edition
from materiality.report.figure.layout import Matrix, Rect, TopicPoint, boundaries, compose, describe
from materiality.report.figure.layout.type import POINT, width
from materiality.report.files import drawingml
from materiality.report.files.opendata import inert
from materiality.report.palette import Palette
from materiality.report.sentences import naming, note
from materiality.report.text import plain

LATIN, EAST_ASIAN = "Arial", "Microsoft YaHei"  # of our own theme
THEME_LATIN, THEME_EAST_ASIAN = "+mn-lt", "+mn-ea"  # of the theme, ours or the company's
MARKERS = {
    signs.CIRCLE: XL_MARKER_STYLE.CIRCLE,
    signs.DIAMOND: XL_MARKER_STYLE.DIAMOND,
    signs.SQUARE: XL_MARKER_STYLE.SQUARE,
    signs.TRIANGLE: XL_MARKER_STYLE.TRIANGLE,
    signs.RING: XL_MARKER_STYLE.CIRCLE,
}
SIDES = {
    "r": XL_LABEL_POSITION.RIGHT,
    "l": XL_LABEL_POSITION.LEFT,
    "t": XL_LABEL_POSITION.ABOVE,
    "b": XL_LABEL_POSITION.BELOW,
}
MARKER_SIZE = 9
LAST_YEAR_SIZE = 5
C = drawingml.C


def add(slide: Any, edition: Edition, at: Rect) -> None:
    """Add the chart to a slide; `at` is in millimetres."""
    matrix = compose(edition.drawn(size="slide", tails=True))
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.XY_SCATTER,
        *(Mm(length) for length in (at.x, at.y, at.w, at.h)),
        _data(edition, matrix),
    )
    about = frame._element.nvGraphicFramePr.cNvPr
    about.set("descr", describe(edition))
    about.set("name", edition.wording("matrix_heading"))
    chart = frame.chart
    chart.font.size, chart.font.name = Pt(10), THEME_LATIN
    clouds = _clouds(edition, matrix)
    for series, cloud in zip(chart.plots[0].series, clouds, strict=False):
        if cloud.tier is None:
            _hollow(series)
        else:
            _tier(series, cloud.tier, cloud.points, matrix, edition.look.palette)
    for series in list(chart.plots[0].series)[len(clouds) :]:
        _dashed(series)
    _axes(chart, edition, matrix)
    _legend(chart, len(clouds))
    on_paper(chart)
    _place(chart._chartSpace.chart.plotArea, matrix.plot, matrix, inner=True)


def vertical_title(edition: Edition) -> str:
    return f"{note.axis_title(edition, 'y')} ↑"


class _NamingWriter(XyWorkbookWriter):
    """Writes the workbook within the slide as the library does, and the topics' names beside."""

    names: Mapping[str, Sequence[str]] = {}

    def _populate_worksheet(self, workbook: Any, worksheet: Any) -> None:
        super()._populate_worksheet(workbook, worksheet)  # type: ignore[no-untyped-call]
        for series in self._chart_data:
            first = self.series_table_row_offset(series) + 1  # type: ignore[no-untyped-call]
            for at, name in enumerate(self.names.get(series.name, ())):
                worksheet.write_string(first + at, 2, name)


class _NamedPoints(XyChartData):
    """The points of the chart; `names` gives, by series, the topic of each."""

    names: Mapping[str, Sequence[str]] = {}

    @property
    def _workbook_writer(self) -> Any:
        writer = _NamingWriter(self)  # type: ignore[no-untyped-call]
        writer.names = self.names
        return writer


def _data(edition: Edition, matrix: Matrix) -> Any:
    data: Any = _NamedPoints(number_format="0.00")  # type: ignore[no-untyped-call]
    clouds = _clouds(edition, matrix)
    data.names = {cloud.name: [point.name for point in cloud.points] for cloud in clouds}
    for cloud in clouds:
        series = data.add_series(cloud.name)
        for x, y in cloud.places:
            series.add_data_point(x, y)
    paths = boundaries(edition.results.rule, matrix.axis, points=edition.results.points)
    for at, path in enumerate(paths, 1):
        series = data.add_series(edition.say("boundary", at=at))
        for x, y in path:
            series.add_data_point(x, y)
    return data


@dataclass(frozen=True)
class _Cloud:
    """The points of one series: a tier of this year, or all topics of last year."""

    name: str
    places: Sequence[tuple[float, float]]
    tier: int | None = None
    points: Sequence[TopicPoint] = ()


def _clouds(edition: Edition, matrix: Matrix) -> list[_Cloud]:
    """Return the series of points, the longest first: LibreOffice loses a shorter first one."""
    clouds = [
        _Cloud(
            inert(naming.tier_name(edition, tier)),
            [(point.x, point.y) for point in points],
            tier,
            points,
        )
        for tier, points in drawingml.by_tier(matrix)
    ]
    last_year = _last_year(edition, matrix)
    if last_year:
        year = plain(edition.results.about.get("previous_year") or "")
        clouds.append(_Cloud(year, last_year))
    return sorted(clouds, key=lambda cloud: -len(cloud.places))


def _last_year(edition: Edition, matrix: Matrix) -> list[tuple[float, float]]:
    """Return last year's places of this year's topics, of those that lie on the axes shown."""
    places = []
    for topic in edition.results.topics:
        before = topic.previous
        x, y = (before.get("x"), before.get("y")) if before else (None, None)
        if x is None or y is None:
            continue
        if all(matrix.axis.low <= value <= matrix.axis.high for value in (x, y)):
            places.append((x, y))
    return places


def _hollow(series: Any) -> None:
    """Small rings, so that last year's places stay behind this year's."""
    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, LAST_YEAR_SIZE
    series.marker.format.fill.background()
    series.marker.format.line.color.rgb = rgb(palette.COLOUR.ink2)


def _tier(
    series: Any, tier: int, points: Sequence[TopicPoint], matrix: Matrix, colours: Palette
) -> None:
    write_signs(series, tier, matrix.tiers, colours)
    for at, point in enumerate(points):
        _label(series.points[at].data_label, point, matrix)
    series._element.find(qn("c:dLbls")).append(parse_xml(drawingml.leaders()))


def write_signs(series: Any, tier: int, tiers: int, colours: Palette) -> None:
    """Give the points of a series the sign of their tier, and no line between them."""
    shape = signs.shape(tier, tiers)
    colour = rgb(colours.signs[shape])
    series.format.line.fill.background()
    marker = series.marker
    marker.style, marker.size = MARKERS[shape], MARKER_SIZE
    marker.format.line.color.rgb = colour
    if shape in signs.HOLLOW:
        marker.format.fill.background()
    else:
        marker.format.fill.solid()
        marker.format.fill.fore_color.rgb = colour


def _label(label: Any, point: TopicPoint, matrix: Matrix) -> None:
    """Write the name and move it from where PowerPoint would put it to where the layout did."""
    frame = label.text_frame
    frame.text = "\n".join(point.label.lines)
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            write_face(run.font, matrix.label_size / POINT, palette.COLOUR.ink)
    side, x, y = drawingml.beside(point)
    label.position = SIDES[side]
    moved = drawingml.manual(x / matrix.width, y / matrix.height)
    label._dLbl.find(qn("c:idx")).addnext(parse_xml(moved))
    frame._txBody.find(qn("a:bodyPr")).attrib.update(drawingml.UNWRAPPED)
    box = point.label.box
    room = drawingml.sized(box.w / matrix.width, box.h / matrix.height)
    label._dLbl.append(parse_xml(room))


def _place(area: Any, rect: Rect, matrix: Matrix, *, inner: bool) -> None:
    """Give the plot the place that the layout gave it."""
    target = '<c:layoutTarget val="inner"/>' if inner else ""
    w, h = matrix.width, matrix.height
    sides = {"x": rect.x / w, "y": rect.y / h, "w": rect.w / w, "h": rect.h / h}
    written = "".join(f'<c:{name} val="{share:.5f}"/>' for name, share in sides.items())
    layout = parse_xml(
        f'<c:layout xmlns:c="{C}"><c:manualLayout>{target}<c:xMode val="edge"/>'
        f'<c:yMode val="edge"/>{written}</c:manualLayout></c:layout>'
    )
    old = area.find(qn("c:layout"))
    if old is not None:
        area.remove(old)
    area.insert(0, layout)


def _dashed(series: Any) -> None:
    series.marker.style = XL_MARKER_STYLE.NONE
    series.smooth = False
    line = series.format.line
    line.color.rgb, line.width = rgb(palette.COLOUR.ink2), Pt(0.75)
    line.dash_style = MSO_LINE.DASH


def _axes(chart: Any, edition: Edition, matrix: Matrix) -> None:
    """The horizontal axis' title belongs to the chart; the other, set above, is the slide's."""
    _title(chart.category_axis, note.axis_title(edition, "x"), matrix)
    for axis in (chart.category_axis, chart.value_axis):
        axis.minimum_scale, axis.maximum_scale = matrix.axis.low, matrix.axis.high
        axis.major_unit = 0.5
        axis.has_major_gridlines = axis.has_minor_gridlines = False
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0.0", False
        write_face(axis.tick_labels.font, 10, palette.COLOUR.ink2)
        axis.format.line.color.rgb = rgb(palette.COLOUR.ink2)
    cross_at(chart, matrix.axis.low)


def cross_at(chart: Any, value: float) -> None:
    """Let both axes begin where they cross."""
    for element in chart._chartSpace.iter(qn("c:valAx")):
        crosses = element.find(qn("c:crosses"))
        at = etree.SubElement(element, qn("c:crossesAt"), val=f"{value:g}")
        crosses.addprevious(at)
        element.remove(crosses)


def _title(axis: Any, text: str, matrix: Matrix) -> None:
    line = next(line for line in matrix.axis_titles if line.anchor == "end")
    frame = axis.axis_title.text_frame
    frame.text = f"{text} →"
    write_face(frame.paragraphs[0].runs[0].font, line.size / POINT, palette.COLOUR.ink, bold=True)
    left = max(0.0, line.x - width(f"{text} →", line.size, bold=True) * 1.1)
    title = axis.axis_title._element
    for old in title.findall(qn("c:layout")):
        title.remove(old)
    top = (line.y - line.size) / matrix.height
    place = drawingml.manual(left / matrix.width, top, mode="edge")
    title.find(qn("c:tx")).addnext(parse_xml(place))


def on_paper(chart: Any) -> None:
    """Paper behind the chart: its ink would not be seen on a company's dark slides."""
    colour = palette.COLOUR.paper.lstrip("#").upper()
    properties = parse_xml(
        f'<c:spPr xmlns:c="{C}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>'
    )
    chart._chartSpace.chart.addnext(properties)


def _legend(chart: Any, tiers: int) -> None:
    """The legend names the tiers, not the boundaries."""
    chart.has_legend = True
    legend = chart.legend
    legend.position, legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    write_face(legend.font, 11, palette.COLOUR.ink)
    position = legend._element.find(qn("c:legendPos"))
    for at in reversed(range(tiers, len(list(chart.plots[0].series)))):
        entry = parse_xml(
            f'<c:legendEntry xmlns:c="{C}"><c:idx val="{at}"/><c:delete val="1"/></c:legendEntry>'
        )
        position.addnext(entry)


def write_face(font: Any, size: float, colour: str, *, bold: bool = False) -> None:
    """Set type for both scripts."""
    font.size, font.bold, font.name = Pt(round(size, 1)), bold, THEME_LATIN
    font.color.rgb = rgb(colour)
    properties = font._element if hasattr(font, "_element") else font._rPr
    for old in properties.findall(qn("a:ea")):
        properties.remove(old)
    properties.find(qn("a:latin")).addnext(
        parse_xml(
            '<a:ea xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
            f'typeface="{THEME_EAST_ASIAN}"/>'
        )
    )


def rgb(colour: str) -> Any:
    return RGBColor.from_string(  # type: ignore[no-untyped-call]
        colour.lstrip("#").upper()
    )
