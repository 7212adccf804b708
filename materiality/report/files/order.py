"""What a person ordered: which files, how they look. The same order gives the same bytes."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from materiality.document import METHOD_VERSION, canonical
from materiality.document.schema import Dimension, Inputs
from materiality.report.edition import Look, Options
from materiality.report.files import package
from materiality.report.palette import COLOUR, GREY, Palette, company
from materiality.report.text import plain
from materiality.results import Results
from materiality.results.quotes import Quotes

BUNDLE = "bundle"  # with its counts it is for auditors, so it is never taken unasked
SWITCHES = ("tails", "ellipses", "note", "boundaries", "categories")
Order = Mapping[str, Any]
USUAL: Order = {
    "parts": list(package.PARTS),
    "size": "half",
    "palette": "colour",
    "labels": "names",
    "note": True,
    "boundaries": True,
    "tails": False,
    "ellipses": False,
    "categories": False,
}
"""Every part, half a page wide: what the export page offers at first."""


def key(results: Results, order: Order) -> str:
    """Return a digest of everything that the files are made from."""
    made_from = {
        "digest": results.digest,
        "locked": [results.locked_at, results.locked_by],
        "version": results.version,
        "method": METHOD_VERSION,
        "order": order,
    }
    return hashlib.sha256(canonical(made_from).encode()).hexdigest()


def options(order: Order, language: str) -> Options:
    """Return the options of the figure in this language: labels are moved in each by itself."""
    moved = order.get("moved", {}).get(f"{language}:{order['size']}", {})
    return Options(
        size=order["size"],
        labels="auto" if order["labels"] == "names" else "numbers",
        moved={code: (x, y) for code, (x, y) in moved.items()},
        **{name: order[name] for name in SWITCHES},
    )


def palette(order: Order) -> Palette:
    """Return the colours; grey was asked for, or those of the company, or ours."""
    if order["palette"] == "grey":
        return GREY
    colours = order.get("colours") if order["palette"] == "company" else None
    return company(colours) if colours else COLOUR


def look(
    order: Order,
    language: str,
    template: bytes | None = None,
    slides: bytes | None = None,
    quotes: Quotes | None = None,
) -> Look:
    """Return how the ordered files look in this language."""
    return Look(options(order, language), palette(order), template, slides, quotes or Quotes())


def with_titles(results: Results, order: Order) -> Results:
    """Return the results with the axes named as in this report; the digest stays the round's."""
    titles = order.get("axis_titles") or {}
    rows = [
        _with_title(row, titles.get(row.get("axis") or "", {}))
        for row in results.inputs["dimensions"]
    ]
    inputs: Inputs = {**results.inputs, "dimensions": rows}
    return replace(results, document={**results.document, "inputs": inputs})


def _with_title(row: Dimension, title: Mapping[str, str]) -> Dimension:
    written = {language: text for language, text in title.items() if plain(text)}
    return {**row, "name": {**(row.get("name") or {}), **written}}


def packed(
    results: Results,
    order: Order,
    template: bytes | None = None,
    slides: bytes | None = None,
    quotes: Quotes | None = None,
) -> bytes:
    """Return the ordered files of both languages as one ZIP.

    :param template: the company's own Word document.
    :param slides: the company's own presentation.
    :param quotes: what of the comments is printed.
    """
    bundle = {"bundle.json": canonical(results.document).encode()}
    return package.zip_archive(
        with_titles(results, order),
        looks={code: look(order, code, template, slides, quotes) for code in results.languages},
        names=package.of_parts(order["parts"]),
        also=bundle if BUNDLE in order["parts"] else None,
    )
