"""What a Word template may not bring along: programs, and references to what lies elsewhere.

The report is sent to others, so whatever their Word would run or fetch on opening it is refused
by name. A link that a reader follows by a click stays, where it leads to a web page or a mail.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

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
