"""PDF and PNG by typst, from the SVG and without any browser, system library or system font.

Checked as PDF/A-3a and PDF/UA-1: those standards turn a missing glyph into an error, which would
otherwise be an empty place in a printed report. Only a text that fits in no way is set without.
"""

import json
import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typst

from materiality.report.figure.glyphs import MISSING, in_shipped_scripts, never_set, settable

FONTS = Path(__file__).parents[1] / "fonts"
LATIN = "Noto Sans CJK Latin"
STANDARDS = ["a-3a", "ua-1"]
DPI = 300
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same input gives the same bytes

SHEET = """#set document(title: sys.inputs.title, keywords: sys.inputs.stamp, date: {date})
#set page(width: {width}mm, height: {height}mm, margin: 0pt, fill: white)
#set text(lang: sys.inputs.language, font: "Noto Sans CJK SC")
#figure(image("figure.svg", width: 100%, alt: sys.inputs.alt), kind: image, supplement: none)
"""
_UNNAMED = {"title": "-", "alt": "-", "language": "en", "stamp": ""}

Files = Mapping[str, str]
Inputs = Mapping[str, str]


class MissingGlyph(ValueError):
    """A text cannot be set; which one, typst does not always say."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        super().__init__(f"no font has {text!r}" if text else "no font has a part of the text")


@dataclass(frozen=True)
class Settled:
    """Files that can be set: with which fonts, and what had to be replaced in them."""

    files: Files
    pdf: bytes
    system_fonts: bool
    missing: tuple[str, ...]
    standard: bool = True


def settled(files: Files, inputs: Inputs, *, moment: datetime = UNDATED) -> Settled:
    """Return the files as they can be set.

    With our fonts, else the system's too, else with 〓, and last without the standards.
    """
    missing = never_set("".join(files.values()))
    files = {name: settable(text) for name, text in files.items()}
    system, standard = False, True
    while True:
        try:
            result = compile_document(
                files, inputs, system_fonts=system, moment=moment, standard=standard
            )
        except MissingGlyph as error:
            if not system:
                system = True
                continue
            replaced, characters = _without(error.text, files)
            standard = standard and replaced != files
            files, missing = replaced, [*missing, *characters]
        else:
            return Settled(files, result, system, tuple(dict.fromkeys(missing)), standard)


def end_of(done: Settled) -> tuple[int, float]:
    """Return where the text ends: the page, counted from 1, and millimetres from its top.

    The source says so in a `metadata` labelled `<end>`.
    """
    answer = typst.query(  # type: ignore[misc]  # its stubs lack a dict of files
        {name: content.encode() for name, content in done.files.items()},
        "<end>",
        field="value",
        one=True,
        font_paths=[str(FONTS)],
        ignore_system_fonts=not done.system_fonts,
    )
    end = json.loads(answer)
    return int(end["page"]), float(end["y"])


def _without(text: str, files: Files) -> tuple[Files, list[str]]:
    """Return the files with 〓 for this text, or for all that may be it; and what was replaced."""
    if not text[:1].isascii() and any(text in content for content in files.values()):
        return {name: content.replace(text, MISSING) for name, content in files.items()}, [text]
    texts = {name: in_shipped_scripts(content) for name, content in files.items()}
    letters = [cluster for _, clusters in texts.values() for cluster in clusters]
    return {name: content for name, (content, _) in texts.items()}, letters


@dataclass(frozen=True)
class Printable:
    """An SVG that can be set: with which fonts, and what had to be replaced in it."""

    svg: str
    system_fonts: bool
    missing: tuple[str, ...]
    standard: bool = True


def printable(svg: str) -> Printable:
    """Return the SVG as it can be set, see `settled`."""
    result = settled(_sheet(svg), _UNNAMED)
    return Printable(
        result.files["figure.svg"], result.system_fonts, result.missing, result.standard
    )


def pdf(
    figure: Printable,
    *,
    title: str,
    alt: str,
    language: str,
    stamp: str = "",
    moment: datetime = UNDATED,
) -> bytes:
    """Return the figure as a one-page PDF: vectors, live text, fonts embedded, tagged."""
    inputs = {"title": title, "alt": alt, "language": language[:2], "stamp": stamp}
    sheet = _sheet(figure.svg, moment)
    return compile_document(
        sheet,
        inputs,
        system_fonts=figure.system_fonts,
        moment=moment,
        standard=figure.standard,
    )


def png(figure: Printable, *, stamp: str = "", dpi: int = DPI) -> bytes:
    """Return the figure as a PNG that knows its resolution."""
    fonts = figure.system_fonts
    image = compile_document(_sheet(figure.svg), _UNNAMED, system_fonts=fonts, form="png", dpi=dpi)
    return _labelled(image, dpi, stamp)


def _sheet(svg: str, moment: datetime = UNDATED) -> Files:
    source = SHEET.format(date=date(moment), **_size(svg))
    return {"main.typ": source, "figure.svg": in_shipped_fonts(svg)}


def in_shipped_fonts(svg: str) -> str:
    """Return the SVG set in the fonts shipped here; in English quotation marks must be narrow.

    A text with one sign that a font lacks is set whole in the next font, its apostrophes as wide as
    a hanzi; so the Latin font has the arrows of the axis titles.
    """
    if ' lang="en"' in svg[:1000]:
        return svg.replace('font-family="', f'font-family="{LATIN}, ', 1)
    return svg


def compile_document(
    files: Files,
    inputs: Inputs,
    *,
    system_fonts: bool = False,
    form: str = "pdf",
    dpi: int = DPI,
    moment: datetime = UNDATED,
    standard: bool = True,
) -> bytes:
    """Compile `main.typ` among these files.

    :param standard: refuse what PDF/A-3a and PDF/UA-1 forbid.
    :raises MissingGlyph: a text has a character that the fonts lack.
    """
    try:
        pages = typst.compile(  # type: ignore[call-overload]  # its stubs lack a dict of files
            {name: content.encode() for name, content in files.items()},
            format=form,
            ppi=float(dpi),
            font_paths=[str(FONTS)],
            ignore_system_fonts=not system_fonts,
            sys_inputs={name: settable(text) for name, text in inputs.items()},
            pdf_standards=STANDARDS if form == "pdf" and standard else [],
            timestamp=int(moment.timestamp()),
        )
    except typst.TypstError as error:
        raise _explain(error) from error
    return pages if isinstance(pages, bytes) else b"".join(pages)


def _explain(error: Exception) -> Exception:
    message = str(error)
    match = re.search(r'text `"(.*?)"` could not be displayed|codepoint `"(.+?)"`', message)
    if match:
        return MissingGlyph(_unescape(match.group(1) or match.group(2) or ""))
    return MissingGlyph() if "missing codepoints" in message else error


def _unescape(text: str) -> str:
    r"""Return a text as it was before typst quoted it.

    >>> _unescaped(r"\u{200d}") == chr(0x200D)
    True
    """
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match.group(1), 16)), text)


def _size(svg: str) -> dict[str, str]:
    match = re.search(r'width="([\d.]+)mm" height="([\d.]+)mm"', svg)
    if not match:
        raise ValueError("the SVG must give its width and height in millimetres")
    return {"width": match.group(1), "height": match.group(2)}


def date(moment: datetime) -> str:
    """Return a date as typst writes it."""
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
