"""The matrix as a native chart of PowerPoint: one series per tier, each point with its name.

python-pptx knows scatter charts and labels but neither where a label stands nor dashed boundaries
without markers, so the last steps write DrawingML. Every such step is in this module.
"""

from collections.abc import Sequence
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from pptx.chart.data import XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Mm, Pt

from materiality.bundle import Results
from materiality.report import note, palette
from materiality.report.layout import Matrix, Options, Rect, TopicPoint, boundary, compose, describe
from materiality.report.layout.type import POINT, width
from materiality.report.opendata import inert

LATIN, EAST_ASIAN = "Arial", "Microsoft YaHei"
MARKERS = {1: XL_MARKER_STYLE.CIRCLE, 2: XL_MARKER_STYLE.DIAMOND, 3: XL_MARKER_STYLE.SQUARE}
TIERS = (1, 2, 3)
MARKER_SIZE = 9
GAP = 1.2  # what PowerPoint leaves between a marker and its label, in millimetres
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
C15 = "http://schemas.microsoft.com/office/drawing/2012/chart"
EXTENSION = "{CE6537A1-D6FC-4f65-9D91-7224C49458BB}"


def add(slide: Any, results: Results, language: str, at: Rect) -> None:
    """Add the chart to a slide; `at` is in millimetres."""
    matrix = compose(results, language, Options(size="slide"))
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.XY_SCATTER,
        *(Mm(length) for length in (at.x, at.y, at.w, at.h)),
        _data(results, language, matrix),
    )
    about = frame._element.nvGraphicFramePr.cNvPr
    about.set("descr", describe(results, language))
    about.set("name", note.wording(results, language, "matrix_heading"))
    chart = frame.chart
    chart.font.size, chart.font.name = Pt(10), LATIN
    tiers = _tiers(matrix)
    for series, (tier, points) in zip(chart.plots[0].series, tiers, strict=False):
        _tier(series, tier, points, matrix)
    for series in list(chart.plots[0].series)[len(tiers) :]:
        _dashed(series)
    _axes(chart, results, language, matrix)
    _legend(chart, len(tiers))
    _place(chart._chartSpace.chart.plotArea, matrix.plot, matrix, inner=True)


def _tiers(matrix: Matrix) -> list[tuple[int, list[TopicPoint]]]:
    """Return the points by tier, the longest first: LibreOffice loses a shorter first series."""
    found = [(tier, [p for p in matrix.points if p.marker.tier == tier]) for tier in TIERS]
    return sorted(
        ((tier, points) for tier, points in found if points), key=lambda row: -len(row[1])
    )


def vertical_title(results: Results, language: str) -> str:
    return f"{note.axis_title(results, language, 'y')} ↑"


def _data(results: Results, language: str, matrix: Matrix) -> Any:
    data: Any = XyChartData(number_format="0.00")  # type: ignore[no-untyped-call]
    for tier, points in _tiers(matrix):
        series = data.add_series(inert(note.tier_name(results, language, tier)))
        for point in points:
            series.add_data_point(point.x, point.y)
    rule = results.rule
    for cut in (rule.cut_high, rule.cut_low):
        if path := boundary(rule, cut, matrix.axis):
            series = data.add_series(f"{cut:.2f}")
            for x, y in path:
                series.add_data_point(x, y)
    return data


def _tier(series: Any, tier: int, points: Sequence[TopicPoint], matrix: Matrix) -> None:
    colour = rgb(palette.COLOUR.tiers[tier - 1])
    series.format.line.fill.background()
    marker = series.marker
    marker.style, marker.size = MARKERS[tier], MARKER_SIZE
    marker.format.line.color.rgb = colour
    if tier == 3:
        marker.format.fill.background()
    else:
        marker.format.fill.solid()
        marker.format.fill.fore_color.rgb = colour
    for at, point in enumerate(points):
        _label(series.points[at].data_label, point, matrix)
    _leaders(series)


def _label(label: Any, point: TopicPoint, matrix: Matrix) -> None:
    """Write the name and move it from where PowerPoint would put it to where the layout did."""
    frame = label.text_frame
    frame.text = "\n".join(point.label.lines)
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            write_face(run.font, matrix.label_size / POINT, palette.COLOUR.ink)
    label.position, x, y = _beside(point)
    label._dLbl.find(qn("c:idx")).addnext(_manual(x / matrix.width, y / matrix.height))
    frame._txBody.find(qn("a:bodyPr")).attrib.update(_UNWRAPPED)
    box = point.label.box
    label._dLbl.append(_sized(box.w / matrix.width, box.h / matrix.height))


def _beside(point: TopicPoint) -> tuple[Any, float, float]:
    """Return the nearest standard place of a label and how far the layout's is from it."""
    box, mark = point.label.box, point.marker
    reach, middle = mark.r + GAP, box.y + box.h / 2 - mark.y
    if point.label.anchor == "start":
        return XL_LABEL_POSITION.RIGHT, box.x - mark.x - reach, middle
    if point.label.anchor == "end":
        return XL_LABEL_POSITION.LEFT, box.right - mark.x + reach, middle
    centre = box.x + box.w / 2 - mark.x
    if middle < 0:
        return XL_LABEL_POSITION.ABOVE, centre, box.bottom - mark.y + reach
    return XL_LABEL_POSITION.BELOW, centre, box.y - mark.y - reach


_UNWRAPPED = {"wrap": "none", "lIns": "0", "tIns": "0", "rIns": "0", "bIns": "0"}


def _sized(w: float, h: float) -> Any:
    """Give a label the room that the layout gave it, or it is wrapped at a fifth of the chart."""
    return parse_xml(
        f'<c:extLst xmlns:c="{C}"><c:ext uri="{EXTENSION}" xmlns:c15="{C15}"><c15:layout>'
        f'<c:manualLayout><c:w val="{w:.5f}"/><c:h val="{h:.5f}"/></c:manualLayout>'
        "</c15:layout></c:ext></c:extLst>"
    )


def _leaders(series: Any) -> None:
    """Lead thin grey lines from labels that stand far from their points."""
    colour = palette.COLOUR.ink2.lstrip("#").upper()
    series._element.find(qn("c:dLbls")).append(
        parse_xml(
            f'<c:extLst xmlns:c="{C}" xmlns:a="{A}"><c:ext uri="{EXTENSION}" xmlns:c15="{C15}">'
            '<c15:showLeaderLines val="1"/><c15:leaderLines><c:spPr><a:ln w="6350"><a:solidFill>'
            f'<a:srgbClr val="{colour}"/></a:solidFill></a:ln></c:spPr></c15:leaderLines>'
            "</c:ext></c:extLst>"
        )
    )


def _manual(x: float, y: float, *, mode: str = "") -> Any:
    modes = f'<c:xMode val="{mode}"/><c:yMode val="{mode}"/>' if mode else ""
    return parse_xml(
        f'<c:layout xmlns:c="{C}"><c:manualLayout>{modes}'
        f'<c:x val="{x:.5f}"/><c:y val="{y:.5f}"/></c:manualLayout></c:layout>'
    )


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


def _axes(chart: Any, results: Results, language: str, matrix: Matrix) -> None:
    """The horizontal axis' title belongs to the chart; the other, set above, is the slide's."""
    _title(chart.category_axis, note.axis_title(results, language, "x"), matrix)
    for axis in (chart.category_axis, chart.value_axis):
        axis.minimum_scale, axis.maximum_scale = matrix.axis.low, matrix.axis.high
        axis.major_unit = 0.5
        axis.has_major_gridlines = axis.has_minor_gridlines = False
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "0.0", False
        write_face(axis.tick_labels.font, 10, palette.COLOUR.ink2)
        axis.format.line.color.rgb = rgb(palette.COLOUR.ink2)
    for element in chart._chartSpace.iter(qn("c:valAx")):
        crosses = element.find(qn("c:crosses"))
        at = etree.SubElement(element, qn("c:crossesAt"), val=f"{matrix.axis.low:g}")
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
    place = _manual(left / matrix.width, (line.y - line.size) / matrix.height, mode="edge")
    title.find(qn("c:tx")).addnext(place)


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
    font.size, font.bold, font.name = Pt(round(size, 1)), bold, LATIN
    font.color.rgb = rgb(colour)
    properties = font._element if hasattr(font, "_element") else font._rPr
    for old in properties.findall(qn("a:ea")):
        properties.remove(old)
    properties.find(qn("a:latin")).addnext(
        parse_xml(
            '<a:ea xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
            f'typeface="{EAST_ASIAN}"/>'
        )
    )


def rgb(colour: str) -> Any:
    return RGBColor.from_string(  # type: ignore[no-untyped-call]
        colour.lstrip("#").upper()
    )
