"""The matrix in the workbook: a native scatter whose points are cells of their own, below it.

The topic sheet is there to be sorted and filtered: points that were its cells would change places
under their labels. The cells of the points are locked (without a password), for the same reason.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from materiality.report import signs
from materiality.report.edition import Edition
from materiality.report.figure.layout import Axis, Matrix, TopicPoint, compose, describe
from materiality.report.files import drawingml
from materiality.report.files.zips import packed
from materiality.report.palette import Palette
from materiality.report.sentences import naming, note
from materiality.report.words import say

MARKERS = {
    signs.CIRCLE: "circle",
    signs.DIAMOND: "diamond",
    signs.SQUARE: "square",
    signs.TRIANGLE: "triangle",
    signs.RING: "circle",
}
FONT = "Microsoft YaHei"
NAME, X, Y = "A", "B", "C"  # columns of the points
ROW_PIXELS = 20
PIXELS = 3.6  # per millimetre of the layout
TYPE_SIZE = 10
PLACEHOLDER = "-"  # xlsxwriter takes names such as "Act now!CO2" for references to cells
CHART = "xl/charts/chart1.xml"


def name_of(language: str, name: str) -> str:
    return say(language, f"sheet_{name}")[:31]


def add(book: Any, edition: Edition, stamp: Any) -> Matrix:
    """Add a sheet with the chart, one series per tier, and return its layout.

    Where no topic has a score there is no chart: the library refuses an empty one.
    """
    matrix = compose(edition.drawn(size="slide"))
    name = edition.wording("matrix_heading")[:31]
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, note.stamp(edition), stamp)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.protect(options={"objects": True, "scenarios": True})
    if matrix.points:
        rows = _write_points(sheet, edition, matrix, stamp)
        chart = _chart(book, edition, matrix, name, rows)
        sheet.insert_chart(1, 0, chart, {"description": describe(edition)})
    return matrix


def _write_points(sheet: Any, edition: Edition, matrix: Matrix, form: Any) -> dict[str, int]:
    """Write name and scores of each topic below the chart; return code → row, counted from 1."""
    head = int(matrix.height * PIXELS / ROW_PIXELS) + 4
    titles = (edition.say("topic"), note.axis_title(edition, "x"), note.axis_title(edition, "y"))
    for column, title in enumerate(titles):
        sheet.write_string(head, column, title, form)
    rows = {}
    points = [point for _tier, some in drawingml.by_tier(matrix) for point in some]
    for line, point in enumerate(points, start=head + 1):
        sheet.write_string(line, 0, point.name, form)
        sheet.write_number(line, 1, point.x, form)
        sheet.write_number(line, 2, point.y, form)
        rows[point.code] = line + 1
    return rows


def _chart(book: Any, edition: Edition, matrix: Matrix, sheet: str, rows: Mapping[str, int]) -> Any:
    chart = book.add_chart({"type": "scatter"})
    for tier, points in drawingml.by_tier(matrix):
        marker = _marker(signs.shape(tier, matrix.tiers), edition.look.palette)
        chart.add_series(_series(edition, tier, points, sheet, rows) | {"marker": marker})
    _axes(chart, edition, matrix.axis)
    chart.set_plotarea({"layout": _shares(matrix)})
    chart.set_size({"width": matrix.width * PIXELS, "height": matrix.height * PIXELS})
    return chart


def with_labels(workbook: bytes, matrix: Matrix, moment: datetime) -> bytes:
    """Return the workbook, the labels of its chart where the layout put them."""
    series = [points for _, points in drawingml.by_tier(matrix)]
    with ZipFile(BytesIO(workbook)) as read:
        files = {name: read.read(name) for name in read.namelist()}
    if CHART in files:
        files[CHART] = drawingml.placed(files[CHART], series, matrix)
    return packed(files)


def _shares(matrix: Matrix) -> dict[str, float]:
    plot = matrix.plot
    return {
        "x": plot.x / matrix.width,
        "y": plot.y / matrix.height,
        "width": plot.w / matrix.width,
        "height": plot.h / matrix.height,
    }


def _series(
    edition: Edition,
    tier: int,
    points: Sequence[TopicPoint],
    source: str,
    rows: Mapping[str, int],
) -> dict[str, Any]:
    numbers = [rows[point.code] for point in points]
    return {
        "name": _title(naming.tier_name(edition, tier)),
        "categories": _cells(source, X, numbers),
        "values": _cells(source, Y, numbers),
        "data_labels": {
            "value": True,
            "position": "right",
            "font": {"name": FONT, "size": TYPE_SIZE},
            "custom": [{"value": PLACEHOLDER} for _ in points],
        },
    }


def _marker(shape: str, colours: Palette) -> dict[str, Any]:
    colour = colours.signs[shape]
    fill = {"none": True} if shape in signs.HOLLOW else {"color": colour}
    return {"type": MARKERS[shape], "size": 8, "border": {"color": colour}, "fill": fill}


def _title(text: str) -> str:
    """Return a title that the library does not take for a reference to a cell.

    >>> _title("Act now!CO2")
    'Act now！CO2'
    """
    return text.replace("!", "！")


def _cells(source: str, column: str, rows: Sequence[int]) -> str:
    """Return the reference to these cells; those of a tier need not be adjacent."""
    sheet = source.replace("'", "''")
    parts = [f"'{sheet}'!${column}${row}" for row in rows]
    return f"=({','.join(parts)})" if len(parts) > 1 else f"={parts[0]}"


def _axes(chart: Any, edition: Edition, axis: Axis) -> None:
    for name, setter in (("x", chart.set_x_axis), ("y", chart.set_y_axis)):
        setter(
            {
                "name": _title(note.axis_title(edition, name)),
                "name_font": {"name": FONT, "size": TYPE_SIZE, "bold": True},
                "num_font": {"size": 9},
                "num_format": "0.0",
                "min": axis.low,
                "max": axis.high,
                "major_unit": 0.5,
                "crossing": axis.low,
                "major_gridlines": {"visible": False},
            }
        )
    chart.set_legend({"position": "bottom", "font": {"name": FONT, "size": TYPE_SIZE}})
