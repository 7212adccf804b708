"""Where labels stand in native charts: the parts of DrawingML that no library writes for us.

PowerPoint and Excel keep a label's place as an offset from a standard one, in shares of the chart.
The offsets here are those of our own layout, so that no label covers another.
"""

from collections.abc import Sequence
from copy import deepcopy

from lxml import etree  # type: ignore[import-untyped]

from materiality.report import palette
from materiality.report.figure.layout import Matrix, TopicPoint

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
C15 = "http://schemas.microsoft.com/office/drawing/2012/chart"
EXTENSION = "{CE6537A1-D6FC-4f65-9D91-7224C49458BB}"
UNWRAPPED = {"wrap": "none", "lIns": "0", "tIns": "0", "rIns": "0", "bIns": "0"}
GAP = 1.2  # what is left between a marker and its label, in millimetres


def beside(point: TopicPoint) -> tuple[str, float, float]:
    """Return the nearest standard place (r, l, t, b) and how far the layout's is from it."""
    box, mark = point.label.box, point.marker
    reach, middle = mark.r + GAP, box.y + box.h / 2 - mark.y
    if point.label.anchor == "start":
        return "r", box.x - mark.x - reach, middle
    if point.label.anchor == "end":
        return "l", box.right - mark.x + reach, middle
    centre = box.x + box.w / 2 - mark.x
    if middle < 0:
        return "t", centre, box.bottom - mark.y + reach
    return "b", centre, box.y - mark.y - reach


def manual(x: float, y: float, *, mode: str = "") -> str:
    """Return a place: an offset, or with mode "edge" a distance from the top left."""
    modes = f'<c:xMode val="{mode}"/><c:yMode val="{mode}"/>' if mode else ""
    return (
        f'<c:layout xmlns:c="{C}"><c:manualLayout>{modes}'
        f'<c:x val="{x:.5f}"/><c:y val="{y:.5f}"/></c:manualLayout></c:layout>'
    )


def sized(w: float, h: float) -> str:
    """Return the room of a label, which would else be wrapped at a fifth of the chart."""
    return (
        f'<c:extLst xmlns:c="{C}"><c:ext uri="{EXTENSION}" xmlns:c15="{C15}"><c15:layout>'
        f'<c:manualLayout><c:w val="{w:.5f}"/><c:h val="{h:.5f}"/></c:manualLayout>'
        "</c15:layout></c:ext></c:extLst>"
    )


def leaders() -> str:
    """Return thin grey lines for the labels that stand far from their points."""
    colour = palette.COLOUR.ink2.lstrip("#").upper()
    return (
        f'<c:extLst xmlns:c="{C}" xmlns:a="{A}"><c:ext uri="{EXTENSION}" xmlns:c15="{C15}">'
        '<c15:showLeaderLines val="1"/><c15:leaderLines><c:spPr><a:ln w="6350"><a:solidFill>'
        f'<a:srgbClr val="{colour}"/></a:solidFill></a:ln></c:spPr></c15:leaderLines>'
        "</c:ext></c:extLst>"
    )


def by_tier(matrix: Matrix) -> list[tuple[int, list[TopicPoint]]]:
    """Return the points by tier, the longest first: LibreOffice loses a shorter first series.

    A curved boundary may still be longer; LibreOffice draws it, being after the tiers.
    """
    tiers = range(1, matrix.tiers + 1)
    rows = [(tier, [p for p in matrix.points if p.marker.tier == tier]) for tier in tiers]
    present = [(tier, points) for tier, points in rows if points]
    return sorted(present, key=lambda row: -len(row[1]))


def placed(chart: bytes, series: Sequence[Sequence[TopicPoint]], matrix: Matrix) -> bytes:
    """Return the XML of a chart, its labels where the layout put them.

    :param series: the points of each series, in the order of the chart.
    """
    root = etree.fromstring(chart)
    for element, points in zip(root.iter(f"{{{C}}}ser"), series, strict=False):
        for label, point in zip(element.iter(f"{{{C}}}dLbl"), points, strict=True):
            _place(label, point, matrix)
        element.find(f"{{{C}}}dLbls").append(etree.fromstring(leaders()))
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _set_lines(label: etree._Element, lines: Sequence[str]) -> None:
    """Write one paragraph per line."""
    first = next(label.iter(f"{{{A}}}p"))
    for line in reversed(lines[1:]):
        paragraph = deepcopy(first)
        next(paragraph.iter(f"{{{A}}}t")).text = line
        first.addnext(paragraph)
    next(first.iter(f"{{{A}}}t")).text = lines[0]


def _place(label: etree._Element, point: TopicPoint, matrix: Matrix) -> None:
    side, x, y = beside(point)
    for name in ("layout", "dLblPos"):
        for old in label.findall(f"{{{C}}}{name}"):
            label.remove(old)
    moved = etree.fromstring(manual(x / matrix.width, y / matrix.height))
    label.find(f"{{{C}}}idx").addnext(moved)
    first_flag = next(child for child in label if etree.QName(child).localname.startswith("show"))
    first_flag.addprevious(etree.Element(f"{{{C}}}dLblPos", val=side))
    for body in label.iter(f"{{{A}}}bodyPr"):
        body.attrib.update(UNWRAPPED)
    _set_lines(label, point.label.lines)
    box = point.label.box
    label.append(etree.fromstring(sized(box.w / matrix.width, box.h / matrix.height)))
