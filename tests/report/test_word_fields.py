"""What Word counts and draws by itself: captions, the vector figure, the languages of the theme."""

import io
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from tests.report.rounds import made

LANGUAGES = ["zh-hans", "en"]


def part(language, name):
    archive = zipfile.ZipFile(io.BytesIO(made(language, "section.docx")))
    return archive.read(name).decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_and_tables_are_numbered_by_fields_in_their_order(language):
    document = part(language, "word/document.xml")

    numbers = {
        sequence: [
            int(shown)
            for shown in re.findall(
                rf'w:instr="SEQ {sequence} [^"]*">.*?<w:t[^>]*>(\d+)</w:t>', document, re.DOTALL
            )
        ]
        for sequence in ("Figure", "Table")
    }
    tables = len(docx.Document(io.BytesIO(made(language, "section.docx"))).tables)
    assert numbers == {"Figure": [1], "Table": list(range(1, tables + 1))}


def test_a_caption_says_what_it_numbers():
    paragraphs = docx.Document(io.BytesIO(made("en", "section.docx"))).paragraphs

    captions = [
        "".join(node.text or "" for node in paragraph._p.iter(qn("w:t")))
        for paragraph in paragraphs
        if paragraph.style.name == "Caption"
    ]
    assert "Figure 1  Materiality matrix 2020" in captions
    assert "Table 1  Material topics" in captions


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figure_is_a_vector_with_a_picture_for_older_programs(language):
    archive = zipfile.ZipFile(io.BytesIO(made(language, "section.docx")))
    document = archive.read("word/document.xml").decode()
    relations = archive.read("word/_rels/document.xml.rels").decode()

    relation = re.search(r'svgBlip[^>]*r:embed="(\w+)"', document)[1]
    target = re.search(
        rf'Id="{relation}"[^>]*Target="([^"]+)"|Target="([^"]+)"[^>]*Id="{relation}"', relations
    )
    name = next(group for group in target.groups() if group)
    assert archive.read(f"word/{name}") == made(language, "matrix.svg")
    assert any(entry.endswith(".png") for entry in archive.namelist())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_theme_speaks_japanese(language):
    settings = part(language, "word/settings.xml")

    assert "ja-JP" not in settings
    assert 'w:eastAsia="zh-CN"' in settings
