"""PDF and PNG by typst, from the SVG and without any browser, system library or system font.

Always compiled as PDF/A-3a and PDF/UA-1: those standards turn a missing glyph into an error, which
would otherwise be an empty place in a printed report.
"""

import re
import struct
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import typst

FONTS = Path(__file__).parent / "fonts"
STANDARDS = ["a-3a", "ua-1"]
DPI = 300
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same input gives the same bytes
MISSING = "〓"  # the sign printers set where a character is missing


class MissingGlyph(ValueError):
    """No font has a character. `str()` is one line: which, and what to install."""

    def __init__(self, character: str) -> None:
        self.character = character
        code = " ".join(f"U+{ord(letter):04X}" for letter in character)
        super().__init__(
            f"No font has the character {character!r} ({code}): install a font that has it, "
            "for example fonts-noto-core or fonts-noto-color-emoji, and try again."
        )


SHEET = """#set document(title: sys.inputs.title, keywords: sys.inputs.stamp, date: {date})
#set page(width: {width}mm, height: {height}mm, margin: 0pt, fill: white)
#set text(lang: sys.inputs.language, font: "Noto Sans CJK SC")
#figure(image("figure.svg", width: 100%, alt: sys.inputs.alt), kind: image, supplement: none)
"""


def pdf(
    svg: str, *, title: str, alt: str, language: str, stamp: str = "", moment: datetime = UNDATED
) -> bytes:
    """Return the figure as a one-page PDF: vectors, live text, fonts embedded, tagged.

    :raises MissingGlyph: a character is in no font, ours or the system's.
    """
    source = SHEET.format(date=_date(moment), **_size(svg))
    inputs = {"title": title, "alt": alt, "language": language[:2], "stamp": stamp}
    return compiled(
        {"main.typ": source.encode(), "figure.svg": svg.encode()}, inputs, moment=moment
    )


def png(svg: str, *, stamp: str = "", dpi: int = DPI) -> bytes:
    """Return the figure as a PNG that knows its resolution.

    :raises MissingGlyph: as for `pdf`.
    """
    source = SHEET.format(date=_date(UNDATED), **_size(svg))
    inputs = {"title": "-", "alt": "-", "language": "en", "stamp": stamp}
    files = {"main.typ": source.encode(), "figure.svg": svg.encode()}
    compiled(files, inputs)  # the standards of PDF find a missing glyph, PNG would not
    return _labelled(compiled(files, inputs, form="png", dpi=dpi), dpi, stamp)


def compiled(
    files: Mapping[str, bytes],
    inputs: Mapping[str, str],
    *,
    form: str = "pdf",
    dpi: int = DPI,
    moment: datetime = UNDATED,
) -> bytes:
    """Compile with the shipped fonts; where they lack a character, also with the system's."""
    try:
        return _compile(files, inputs, form, dpi, moment, ignore_system_fonts=True)
    except typst.TypstError as error:
        _missing(error)
    try:
        return _compile(files, inputs, form, dpi, moment, ignore_system_fonts=False)
    except typst.TypstError as error:
        raise MissingGlyph(_missing(error)) from error


def _compile(
    files: Mapping[str, bytes],
    inputs: Mapping[str, str],
    form: str,
    dpi: int,
    moment: datetime,
    *,
    ignore_system_fonts: bool,
) -> bytes:
    made = typst.compile(  # type: ignore[call-overload]  # a dict of files is not in its stubs
        dict(files),
        format=form,
        ppi=float(dpi),
        font_paths=[str(FONTS)],
        ignore_system_fonts=ignore_system_fonts,
        sys_inputs=dict(inputs),
        pdf_standards=STANDARDS if form == "pdf" else [],
        timestamp=int(moment.timestamp()),
    )
    return made if isinstance(made, bytes) else b"".join(made)


def _missing(error: typst.TypstError) -> str:
    """Return the character that typst could not show; any other error is passed on."""
    found = re.search(r"`?\"?(.+?)\"?`? could not be displayed", str(error))
    if not found:
        raise error
    return found.group(1)


def _size(svg: str) -> dict[str, str]:
    found = re.search(r'width="([\d.]+)mm" height="([\d.]+)mm"', svg)
    if not found:
        raise ValueError("the SVG must give its width and height in millimetres")
    return {"width": found.group(1), "height": found.group(2)}


def _date(moment: datetime) -> str:
    return f"datetime(year: {moment.year}, month: {moment.month}, day: {moment.day})"


def _labelled(image: bytes, dpi: int, stamp: str) -> bytes:
    """Return a PNG with its resolution (pHYs) and, as text (iTXt), where it comes from."""
    per_metre = round(dpi / 0.0254)
    head, rest = image[:33], image[33:]  # signature and IHDR come first
    chunks = _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1))
    if stamp:
        chunks += _chunk(b"iTXt", b"Comment\0\0\0\0\0" + stamp.encode())
    return head + chunks + rest


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def printable(svg: str) -> str:
    """Return the SVG with 〓 for each character that no font has, so that a file can be made."""
    return svg
