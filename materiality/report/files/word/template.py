"""A company's own Word template: its sheet, its styles, our parts where it has put their names.

A part, {{ matrix }} say, stands alone in a paragraph and is replaced by the whole part. A fact,
{{ year }} say, may stand anywhere in a text, a table, a header or a footer.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from materiality.report.edition import Edition
from materiality.report.figure.drawings import Drawings
from materiality.report.files import harmless, parts
from materiality.report.files.harmless import TemplateError
from materiality.report.files.word.document import Writer
from materiality.report.sentences import note
from materiality.report.text import plain
from materiality.report.words import say

FIELD = re.compile(r"\{\{([^{}]*)\}\}")
PARTS: Mapping[str, Callable[[Writer], None]] = {
    "warnings": Writer.warnings,
    "method": Writer.steps,
    "topics": parts.topics,
    "changes": parts.changes,
    "engagement": parts.engagement,
    "who_answered": parts.who_answered,
    "quotes": parts.quotes,
    "note": parts.method_sentences,
    "decisions": parts.decisions,
    "set_topics": parts.set_by_standard,
}
FACTS = ("organisation", "year", "previous_year", "title", "status", "answers", "digest")
KNOWN = ("matrix", "register", *PARTS, *FACTS)
OF_ANSWERS = ("answers", "who_answered", "quotes")
"""What has nothing to say where no survey was held; a template may name it all the same."""


def fill(drawn: Drawings, template: bytes) -> bytes:
    """Return the template with the report's parts in it, as DOCX.

    Drafts and simulated answers are said at the top, wherever the template says them or not.

    :raises TemplateError: no Word document, an unknown field, or a part within a sentence.
    """
    edition = drawn.edition
    document = _checked(template, edition.language)
    writer = Writer(edition, document)
    facts = _facts(edition)
    body = list(_paragraphs(document))
    top = body[0] if body else document.add_paragraph()
    _insert(writer, top, Writer.warnings)
    for paragraph in body:
        name = _part(paragraph)
        if name is None:
            _replace(paragraph, facts)
            continue
        _insert(writer, paragraph, _writes(name, drawn))
        paragraph._p.getparent().remove(paragraph._p)
    return writer.saved()


def check(template: bytes, language: str) -> None:
    """Refuse a template that could not be filled.

    :raises TemplateError: see `filled`.
    """
    _checked(template, language)


def _checked(template: bytes, language: str) -> Any:
    try:
        harmless.refuse(template, language, suffix=".docx")
        document = Document(BytesIO(template))
        _check(document, language)
        return document
    except TemplateError:
        raise
    except (*harmless.BROKEN, PackageNotFoundError) as error:
        raise TemplateError(say(language, "template_unreadable")) from error


def _check(document: Any, language: str) -> None:
    """Refuse fields that nobody fills, and parts where only facts can stand."""
    body = {paragraph._p for paragraph in document.paragraphs}
    for paragraph in _paragraphs(document):
        for field in FIELD.findall(paragraph.text):
            name = field.strip()
            if name not in KNOWN:
                known = say(language, "comma").join(KNOWN)
                raise TemplateError(
                    say(language, "template_unknown", field=plain(name), known=known)
                )
            alone = _part(paragraph) == name and paragraph._p in body
            if name not in FACTS and not alone:
                raise TemplateError(say(language, "template_alone", field=name))


def _paragraphs(document: Any) -> Iterator[Any]:
    """Yield every paragraph: of the text, of tables, of headers and footers."""
    yield from document.paragraphs
    for table in document.tables:
        yield from _of_table(table)
    for part in document.sections:
        for area in (part.header, part.footer, part.first_page_header, part.first_page_footer):
            yield from area.paragraphs
            for table in area.tables:
                yield from _of_table(table)


def _of_table(table: Any) -> Iterator[Any]:
    for row in table.rows:
        for cell in row.cells:
            yield from cell.paragraphs


def _part(paragraph: Any) -> str | None:
    """Return the part that this paragraph stands for."""
    match = FIELD.fullmatch(paragraph.text.strip())
    name = match.group(1).strip() if match else None
    return None if name in FACTS else name


def _writes(name: str, drawn: Drawings) -> Callable[[Writer], None]:
    if name == "matrix":
        return lambda writer: writer.picture(drawn.main)
    if name == "register":
        return lambda writer: parts.impacts_and_risks(writer, drawn)
    return PARTS[name]


def _insert(writer: Writer, before: Any, write: Callable[[Writer], None]) -> None:
    """Write a part, which goes to the end of the document, and move it where it belongs."""
    body = writer.document.element.body
    there = set(body)
    write(writer)
    for element in [element for element in body if element not in there]:
        before._p.addprevious(element)


def _replace(paragraph: Any, facts: Mapping[str, str]) -> None:
    """Fill in facts where their names stand; leave pictures, page numbers and links alone."""
    texts = paragraph._p.xpath("./w:r/w:t | ./w:hyperlink/w:r/w:t")
    whole = "".join(text.text or "" for text in texts)
    for match in reversed(list(FIELD.finditer(whole))):
        _replace_text(texts, *match.span(), facts.get(match[1].strip(), match[0]))


def _replace_text(texts: Sequence[Any], start: int, end: int, fact: str) -> None:
    """Put a fact for these characters; Word may have cut them up, the first keeps its look."""
    at = 0
    for text in texts:
        content = text.text or ""
        low, high = max(start - at, 0), min(end - at, len(content))
        if low < high:
            text.text, fact = content[:low] + fact + content[high:], ""
            text.set(qn("xml:space"), "preserve")
        at += len(content)


def _facts(edition: Edition) -> Mapping[str, str]:
    return {
        "organisation": edition.organisation,
        "year": plain(edition.results.about["year"]),
        "previous_year": plain(edition.results.about.get("previous_year") or ""),
        "title": edition.wording("section_title"),
        "status": note.status(edition),
        "answers": note.answers(edition),
        "digest": edition.results.digest,
    }
