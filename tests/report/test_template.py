import io
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from materiality.report.edition import Edition
from materiality.report.figure.drawings import Drawings
from materiality.report.files.word import template
from tests.report.rounds import badly_named, made, register_round, sample


def a_template(*paragraphs, header=""):
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.sections[0].header.paragraphs[0].text = header
    return saved(document)


def saved(document):
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def filled(content, results=None, language="en"):
    drawings = Drawings(Edition(results or sample(), language))
    return docx.Document(io.BytesIO(template.fill(drawings, content)))


def test_parts_stand_where_the_template_names_them():
    result = filled(a_template("Before", "{{ changes }}", "Between", "{{engagement}}", "After"))
    texts = [p.text for p in result.paragraphs]

    order = [texts.index(text) for text in ("Before", "Changes from 2019", "Between", "After")]
    assert order == sorted(order)
    assert [len(table.columns) for table in result.tables] == [3, 3]
    assert not any("{{" in text for text in texts)


def test_facts_are_filled_in_anywhere_even_where_word_has_cut_a_field():
    document = docx.Document()
    paragraph = document.add_paragraph("In ")
    for piece in ("{{ ye", "ar", " }}"):
        paragraph.add_run(piece).bold = True
    document.sections[0].header.paragraphs[0].text = "{{ organisation }}"

    result = filled(saved(document))

    assert "In 2020" in [p.text for p in result.paragraphs]
    assert result.sections[0].header.paragraphs[0].text == "Example Tech"


def test_only_the_field_is_replaced_a_logo_and_a_page_number_stay():
    document = docx.Document()
    document.add_paragraph("Text")
    part = document.sections[0]
    header, footer = part.header.paragraphs[0], part.footer.paragraphs[0]
    header.add_run().add_picture(io.BytesIO(made("en", "matrix.png")))
    header.add_run(" {{ organisation }}")
    footer.add_run("{{ organisation }} · page ")
    for kind in ("begin", "end"):
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        footer.add_run()._r.append(mark)

    result = filled(saved(document)).sections[0]

    assert result.header.paragraphs[0].text == " Example Tech"
    assert len(result.header._element.xpath(".//w:drawing")) == 1
    assert result.footer.paragraphs[0].text == "Example Tech · page "
    assert len(result.footer._element.xpath(".//w:fldChar")) == 2


def test_a_fact_may_stand_in_a_link():
    document = docx.Document()
    paragraph = document.add_paragraph("Read ")
    link = OxmlElement("w:hyperlink")
    link.append(paragraph.add_run("the report of {{ year }}")._r)
    paragraph._p.append(link)

    result = filled(saved(document))

    assert "Read the report of 2020" in [p.text for p in result.paragraphs]
    assert result.element.xpath("//w:hyperlink//w:t")[0].text == "the report of 2020"


def test_the_styles_of_the_template_stay():
    document = docx.Document()
    document.styles["Heading 2"].font.name = "Georgia"
    document.add_paragraph("{{ topics }}")

    result = filled(saved(document))

    assert result.styles["Heading 2"].font.name == "Georgia"


def test_the_picture_is_described_and_as_wide_as_the_text():
    result = filled(a_template("{{ matrix }}"))
    page, shape = result.sections[0], result.inline_shapes[0]

    assert shape.width == page.page_width - page.left_margin - page.right_margin
    assert "Scatter plot" in shape._inline.docPr.get("descr")


def test_simulated_answers_are_said_even_if_the_template_does_not():
    assert "Simulated answers" in filled(a_template("Only a text")).paragraphs[0].text


def test_an_unknown_field_is_named_with_those_that_are_known():
    with pytest.raises(template.TemplateError, match=r"unknown field “topix”.*topics, changes"):
        filled(a_template("{{ topix }}"))


@pytest.mark.parametrize(
    "content", [a_template("See {{ matrix }}."), a_template("x", header="{{ topics }}")]
)
def test_a_part_must_stand_alone(content):
    with pytest.raises(template.TemplateError, match="must stand alone"):
        filled(content)


@pytest.mark.parametrize("content", [b"", b"not a document", b"PK\x03\x04broken"])
def test_what_is_no_document_is_refused_in_one_line(content):
    with pytest.raises(template.TemplateError, match="not a usable Word document"):
        filled(content)


def with_a_password():
    content = bytearray(a_template("x"))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(sign)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(sign, at + 1)
    return bytes(content)


def rewritten(name, text):
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(a_template("x"))) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for row in old.infolist():
            new.writestr(row.filename, text if row.filename == name else old.read(row))
    return target.getvalue()


def damaged():
    content = bytearray(a_template("x"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo("[Content_Types].xml").header_offset
    start = at + 30 + len("[Content_Types].xml")
    content[start : start + 20] = b"\xff" * 20
    return bytes(content)


def without_a_body():
    kind = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return rewritten("word/document.xml", f'<w:document xmlns:w="{kind}"/>')


@pytest.mark.parametrize("content", [with_a_password, damaged, without_a_body])
def test_a_locked_or_broken_document_is_refused_in_one_line(content):
    with pytest.raises(template.TemplateError, match="not a usable Word document"):
        template.check(content(), "en")


def test_messages_speak_chinese_too():
    with pytest.raises(template.TemplateError, match="未知字段“topix”"):
        filled(a_template("{{ topix }}"), language="zh-hans")


def test_a_name_that_looks_like_a_field_is_only_a_name():
    result = filled(a_template("{{ topics }}"), badly_named())
    cells = [cell.text for table in result.tables for row in table.rows for cell in row.cells]

    assert "]]> --> <!-- {{ }} %s" in cells


def test_the_register_stands_where_the_template_names_it_and_nothing_where_there_is_none():
    content = a_template("Before", "{{ register }}", "After")

    result = filled(content, register_round())
    heads = [table.rows[0].cells[0].text for table in result.tables]

    assert heads == ["No.", "No.", "Topic", "Kind"]
    assert len(result.inline_shapes) == 2
    assert not filled(content).tables
