"""What a template may not bring along: programs, and references to what lies elsewhere.

The report is sent to others, so whatever their Word or PowerPoint would run or fetch on opening it
is refused by name. A link that a reader follows by a click stays, where it leads to a web page or a
mail.
"""

import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from zipfile import BadZipFile, ZipFile

from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

from materiality.report.text import plain
from materiality.report.words import say

CLICKED = ("http", "https", "mailto")
EXTERNAL = "External"
FIELDS = (
    *("DDE", "DDEAUTO", "LINK", "INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT"),
    *("RD", "DATABASE", "MACROBUTTON"),
)
"""Fields that fetch or start something (ECMA-376, part 1, 17.16.5, and older ones Word reads)."""
PROGRAMS = ("vbaProject", "vbaData", "macroEnabled")
EMBEDDED = ("oleObject", "activeX", "ms-office.activeX")
CHUNK = "aFChunk"
ACTIONS = ("ppaction://macro", "ppaction://program", "ppaction://ole")
"""What a click on a slide may start (PowerPoint's own addresses)."""
LARGEST = 5 * 2**20
LARGEST_OPENED, MOST_ENTRIES = 60 * 2**20, 2000  # of the ZIP that a document is
BROKEN = (
    *(BadZipFile, etree.XMLSyntaxError, KeyError, ValueError),
    *(RuntimeError, zlib.error, EOFError, AttributeError),  # a password, damage, no body
)


class TemplateError(ValueError):
    """The template cannot be used. `str()` is one line: what, and what to do."""


def refuse(template: bytes, language: str, *, suffix: str) -> None:
    """Refuse a template that is too large to open, or brings along what must stay away.

    :param suffix: of the files that can be used, ".docx" say.
    :raises TemplateError: with the sentence to show.
    :raises BROKEN: it is no ZIP of XML.
    """
    with ZipFile(BytesIO(template)) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES or sum(row.file_size for row in entries) > LARGEST_OPENED:
            raise TemplateError(say(language, "template_too_large"))
        fault = next(faults(archive), None)
    if fault is not None:
        key, name = fault
        raise TemplateError(say(language, key, name=plain(name)[:120], suffix=suffix))


def faults(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """Yield what is refused: the key of its sentence in `report/words`, and its name."""
    for name in archive.namelist():
        yield from _of_name(name)
        if not name.endswith((".xml", ".rels")):
            continue
        tree = _parsed(archive.read(name))
        if name == "[Content_Types].xml":
            yield from _of_kinds(tree)
        elif name.endswith(".rels"):
            yield from _of_references(tree)
        else:
            yield from _of_fields(tree)
            yield from _of_clicks(tree)


def _parsed(content: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(content, parser)


def _of_name(name: str) -> Iterator[tuple[str, str]]:
    """A program or an object hides under any name, so names are looked at beside kinds."""
    file = PurePosixPath(name).name
    if any(word.lower() in file.lower() for word in PROGRAMS):
        yield "template_macro", file
    if any(word.lower() in name.lower() for word in EMBEDDED):
        yield "template_embedded", file


def _of_kinds(tree: Any) -> Iterator[tuple[str, str]]:
    for row in tree:
        kind = row.get("ContentType") or ""
        name = PurePosixPath(row.get("PartName") or kind).name
        if any(word in kind for word in PROGRAMS):
            yield "template_macro", name
        if any(word in kind for word in EMBEDDED):
            yield "template_embedded", name


def _of_references(tree: Any) -> Iterator[tuple[str, str]]:
    for row in tree:
        kind = (row.get("Type") or "").rpartition("/")[2]
        target = row.get("Target") or ""
        if kind == CHUNK:
            yield "template_embedded", target
        if row.get("TargetMode") != EXTERNAL:
            continue
        is_clicked = kind == "hyperlink" and urlsplit(target).scheme.lower() in CLICKED
        if not is_clicked:
            yield "template_outside", f"{kind}: {target}"


def _of_clicks(tree: Any) -> Iterator[tuple[str, str]]:
    for element in tree.iter():
        action = (element.get("action") or "").lower() if isinstance(element.tag, str) else ""
        if action.startswith(ACTIONS):
            yield "template_action", action.partition("?")[0]


def _of_fields(tree: Any) -> Iterator[tuple[str, str]]:
    for text in _instructions(tree):
        word = (text.split() or [""])[0].upper()
        if word in FIELDS:
            yield "template_field", word


def _instructions(tree: Any) -> Iterator[str]:
    """Yield what fields say, whole: Word may cut a field into many pieces, and nest fields."""
    for simple in tree.iter(qn("w:fldSimple")):
        yield simple.get(qn("w:instr")) or ""
    stack: list[str] = []
    for element in tree.iter(qn("w:fldChar"), qn("w:instrText"), qn("w:delInstrText")):
        if element.tag != qn("w:fldChar"):
            if stack:
                stack[-1] += element.text or ""
            else:
                yield element.text or ""
            continue
        kind = element.get(qn("w:fldCharType"))
        if kind == "begin":
            stack.append("")
        elif kind == "separate" and stack:
            yield stack[-1]
        elif kind == "end" and stack:
            yield stack.pop()
