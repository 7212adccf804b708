"""The company's own presentation: its layouts are filled, what it brings along stays behind."""

import io
import zipfile
from functools import cache

import pytest
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml.ns import qn
from pptx.util import Mm

from materiality.report.edition import Edition, Look
from materiality.report.files import harmless, package
from materiality.report.files.slides import template
from tests.report.rounds import made, sample

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WIDE = (Mm(338.67), Mm(190.5))
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


def a_presentation(size=WIDE):
    """Return a presentation of a company: one sample slide, a background, names of people."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = size
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "Old strategy, confidential"
    slide.notes_slide.notes_text_frame.text = "Ask Ms Wang"
    presentation.core_properties.author = "An Agency"
    presentation.core_properties.keywords = "draft for Ms Wang"
    presentation.slide_master.background.fill.solid()
    presentation.slide_master.background.fill.fore_color.theme_color = 5
    authors = Part(
        PackURI("/ppt/commentAuthors.xml"),
        "application/vnd.openxmlformats-officedocument.presentationml.commentAuthors+xml",
        presentation.part.package,
        b"<p:cmAuthorLst xmlns:p='x'><p:cmAuthor name='Ms Wang'/></p:cmAuthorLst>",
    )
    presentation.part.relate_to(authors, f"{OFFICE}/commentAuthors")
    return presentation


def saved(presentation) -> bytes:
    target = io.BytesIO()
    presentation.save(target)
    return target.getvalue()


@cache
def filled(language: str) -> bytes:
    look = Look(slides=saved(a_presentation()))
    return package.file(Edition(sample(), language, look), "slides.pptx")


def opened(content: bytes):
    return Presentation(io.BytesIO(content))


@LANGUAGES
def test_the_deck_says_the_same_on_the_companys_layouts(language):
    own, usual = opened(filled(language)), opened(made(language, "slides.pptx"))

    titles = [
        list(dict.fromkeys(slide.shapes.title.text.split(" (")[0] for slide in deck.slides))
        for deck in (own, usual)
    ]
    assert titles[0] == titles[1]
    used = {slide.slide_layout.name for slide in own.slides}
    assert used == {"Title Slide", "Title and Content", "Title Only"}
    assert own.slide_master.background.fill.fore_color.theme_color == 5


@LANGUAGES
def test_titles_and_texts_stand_in_its_placeholders_and_tables_within_its_text(language):
    deck = opened(filled(language))
    content = next(layout for layout in deck.slide_layouts if layout.name == "Title and Content")
    body = template.body_of(content)

    for slide in deck.slides:
        assert slide.shapes.title.text
        assert all(
            shape.text_frame.text
            for shape in slide.placeholders
            if shape.placeholder_format.type in (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)
        )
        for shape in slide.shapes:
            if shape.has_table or shape.has_chart:
                assert shape.left >= body.left - Mm(1)
                assert shape.left + shape.width <= body.left + body.width + Mm(1)


def test_nothing_that_the_presentation_brought_along_is_handed_on():
    archive = zipfile.ZipFile(io.BytesIO(filled("en")))
    everything = b"".join(archive.read(name) for name in archive.namelist())

    for word in (b"Ms Wang", b"An Agency", b"Old strategy", b"Canny"):
        assert word not in everything
    assert not [name for name in archive.namelist() if "comment" in name.lower()]
    core = opened(filled("en")).core_properties
    assert core.author == core.last_modified_by == "Example Tech"
    assert core.keywords == ""


def test_the_control_before_it_is_emptied_all_of_it_is_there():
    archive = zipfile.ZipFile(io.BytesIO(saved(a_presentation())))
    everything = b"".join(archive.read(name) for name in archive.namelist())

    for word in (b"Ms Wang", b"An Agency", b"Old strategy"):
        assert word in everything


def without_title_only():
    presentation = a_presentation()
    slides = presentation.slides._sldIdLst
    presentation.part.drop_rel(slides[0].rId)
    slides.remove(slides[0])
    for layout in list(presentation.slide_layouts):
        if layout.name in ("Title Only", "Blank", "Title and Vertical Text"):
            presentation.slide_layouts.remove(layout)
    return presentation


def with_a_narrow_text():
    presentation = a_presentation()
    body = template.body_of(presentation.slide_layouts[1])
    body.left, body.top, body.width, body.height = Mm(20), Mm(40), Mm(90), Mm(100)
    for layout in list(presentation.slide_layouts)[2:]:
        if layout.name != "Title Only":
            presentation.slide_layouts.remove(layout)
    return presentation


def with_a_click_that_starts_a_program():
    presentation = a_presentation()
    shape = presentation.slide_layouts[5].placeholders[0]
    click = shape._element.nvSpPr.cNvPr.get_or_add_hlinkClick()
    click.set("action", "ppaction://program?file=calc.exe")
    click.set(qn("r:id"), "")
    return presentation


def with_a_picture_from_elsewhere():
    presentation = a_presentation()
    presentation.slide_layouts[5].part.relate_to(
        "http://203.0.113.9/a.png", RELATIONSHIP_TYPE.IMAGE, is_external=True
    )
    return presentation


REFUSED = {
    "another size": (lambda: a_presentation((Mm(254), Mm(190.5))), "254.0 × 190.5 mm"),
    "no layout": (without_title_only, "lacks a layout: “Title only”"),
    "no room": (with_a_narrow_text, "leaves 90 × 100 mm"),
    "a program": (with_a_click_that_starts_a_program, "starts a program (ppaction://program)"),
    "outside": (with_a_picture_from_elsewhere, "refers to something outside"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_used_is_refused_in_one_sentence(kind):
    make, said = REFUSED[kind]

    with pytest.raises(harmless.TemplateError) as refused:
        template.check(saved(make()), "en")

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_macro_is_refused_and_the_way_out_named():
    target = io.BytesIO(saved(a_presentation()))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("ppt/vbaProject.bin", b"x")

    with pytest.raises(harmless.TemplateError, match=r"Save it as \.pptx without macros"):
        template.check(target.getvalue(), "en")


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.4"])
def test_what_is_no_presentation_is_refused(content):
    with pytest.raises(harmless.TemplateError, match="not a usable presentation"):
        template.check(content, "en")
