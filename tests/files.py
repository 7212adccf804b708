"""The files of a report, each opened by a program that reads its kind, as its readers do."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import docx
import pptx
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

SPOKEN = {"en": "Material", "zh-hans": "重要"}


def opened(files: Mapping[str, bytes], *, languages: Sequence[str]) -> dict[str, str]:
    """Return what each file says, by name: one of each kind at least, and each language."""
    texts = {name: text_of(name, content) for name, content in files.items()}
    for ending in (".pdf", ".docx", ".pptx", ".xlsx", ".svg", ".csv"):
        named = [name for name in texts if name.endswith(ending)]
        assert named, (ending, list(texts))
        assert all(texts[name].strip() for name in named), named
    for language in languages:
        assert any(SPOKEN[language] in text for text in texts.values()), language
    return texts


def unpacked(content: bytes) -> dict[str, bytes]:
    packed = zipfile.ZipFile(io.BytesIO(content))
    assert packed.testzip() is None
    return {name: packed.read(name) for name in packed.namelist()}


def text_of(name: str, content: bytes) -> str:
    file = io.BytesIO(content)
    if name.endswith(".pdf"):
        return "".join(page.extract_text() for page in PdfReader(file).pages)
    if name.endswith(".docx"):
        document = docx.Document(file)
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(one.text for one in document.paragraphs), *cells])
    if name.endswith(".pptx"):
        shapes = [shape for slide in pptx.Presentation(file).slides for shape in slide.shapes]
        return "\n".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    if name.endswith(".xlsx"):
        book = CalamineWorkbook.from_filelike(file)
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        return "\n".join(str(value) for rows in sheets for row in rows for value in row)
    if name.endswith((".png", ".ttf", ".otf")):
        return "picture" if content else ""
    return content.decode("utf-8-sig")
