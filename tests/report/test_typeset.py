import io
import re
import struct

import pytest
from pypdf import PdfReader

from materiality.report.edition import Edition
from materiality.report.figure import svg, typeset
from materiality.report.files import package
from tests.report.rounds import badly_named, made, results_of, sample
from tests.samples import sample_inputs

LANGUAGES = ["zh-hans", "en"]


def reader(content):
    return PdfReader(io.BytesIO(content))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_holds_the_names_as_text_that_can_be_searched(language):
    results = sample()
    content = package.file(Edition(results, language), "matrix.pdf")
    text = re.sub(r"\s", "", reader(content).pages[0].extract_text())

    for topic in results.topics:
        assert re.sub(r"\s", "", topic.name[language]) in text


def test_the_pdf_is_tagged_titled_and_claims_both_standards():
    document = reader(made("en", "matrix.pdf"))
    metadata = document.trailer["/Root"]["/Metadata"].get_data().decode()

    assert document.metadata.title == "Materiality matrix 2020"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "Simulated answers" in metadata


def test_the_pdf_embeds_its_fonts():
    document = reader(made("en", "matrix.pdf"))
    fonts = _fonts(document.pages[0]["/Resources"])

    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile3" in descriptor


def _fonts(resources):
    result = [font.get_object() for font in resources.get("/Font", {}).values()]
    for inner in resources.get("/XObject", {}).values():
        result += _fonts(inner.get_object().get("/Resources", {}))
    return result


def test_the_pdf_is_as_large_as_the_figure():
    box = reader(made("en", "matrix.pdf")).pages[0].mediabox

    assert (float(box.width), float(box.height)) == pytest.approx((481.89, 317.48), abs=0.01)


def test_the_png_has_300_dots_per_inch_and_says_so():
    content = made("en", "matrix.png")
    width, height = struct.unpack(">II", content[16:24])
    at = content.index(b"pHYs")
    per_metre = struct.unpack(">I", content[at + 4 : at + 8])[0]

    assert (width, height) == (2008, 1323)  # 170 x 112 mm at 300 dpi
    assert per_metre == round(300 / 0.0254)


def test_shipped_fonts_are_enough_for_names_of_people_and_places():
    figure = svg.figure(Edition(sample(), "zh-hans")).replace("数据安全", "堃喆镕昉")

    assert typeset.printable(figure) == typeset.Printable(figure, system_fonts=False, missing=())


def test_a_character_in_no_font_is_replaced_and_named():
    figure = svg.figure(Edition(sample(), "en")).replace("Data security", "Data \U00010e80")

    result = typeset.printable(figure)

    assert result.missing == ("\U00010e80",)
    assert "Data 〓" in result.svg


def test_without_that_replacement_the_file_is_refused():
    figure = svg.figure(Edition(sample(), "en")).replace("Data security", "Data \U00010e80")

    with pytest.raises(typeset.MissingGlyph):
        typeset.pdf(typeset.Printable(figure, True, ()), title="t", alt="a", language="en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_names_can_be_set(language):
    document = reader(package.file(Edition(badly_named(), language), "matrix.pdf"))
    text = document.pages[0].extract_text()

    assert '<a href="https://example.org">link</a>' in re.sub(r"\s+", " ", text)
    assert not _links(document)


def _links(document):
    return [page["/Annots"] for page in document.pages if "/Annots" in page]


HARD_TO_SET = {
    "Recycling ♻\ufe0f": "Recycling ♻",
    "Family \U0001f469\u200d\U0001f469": "Family 〓〓",
    "China \U0001f1e8\U0001f1f3": "China 〓",
    "Good \U0001f44d\U0001f3fd": "Good 〓",
    "Hindi हिन्दी": "Hindi 〓〓〓",
    "Own \ue000": "Own 〓",
    "Plane \U000f0000": "Plane 〓",
    "Zalgo Z" + "\u0351\u036b\u0313\u0489\u20dd" * 3: "Zalgo 〓",
    "Tamil \u0bcd": "Tamil",
    "\u0bcd\u0bcd": "〓",
    "\u0338 first": "first",
    "All ♻\ufe0f हि \U0001f1e8\U0001f1f3 \ue000": "All ♻ 〓 〓 〓",
}


def named(name):
    inputs = sample_inputs(14)
    inputs["topics"][0]["name"] = {"zh-hans": name, "en": name}
    return results_of(inputs)


EVERYTHING = "All ♻\ufe0f हि \U0001f1e8\U0001f1f3 \ue000"


def shows(document, name):
    printed = "".join(page.extract_text() for page in document.pages)
    return re.sub(r"\s", "", HARD_TO_SET[name]) in re.sub(r"\s", "", printed)


def is_archival(document):
    return "<pdfaid:part>3" in document.trailer["/Root"]["/Metadata"].get_data().decode()


@pytest.mark.parametrize("name", HARD_TO_SET)
def test_one_name_that_is_hard_to_set_does_not_stop_the_figure(name):
    result = typeset.printable(svg.figure(Edition(named(name), "en")))

    document = reader(typeset.pdf(result, title="t", alt="a", language="en"))
    assert shows(document, name)
    assert is_archival(document)
    assert bool(result.missing) == ("〓" in HARD_TO_SET[name] or name.startswith("Tamil"))


@pytest.mark.parametrize(
    "name",
    [EVERYTHING, *(pytest.param(name, marks=pytest.mark.drill) for name in HARD_TO_SET)],
)
def test_one_name_that_is_hard_to_set_stops_no_file(name):
    results = named(name)

    content = package.files(
        Edition(results, "en"), names=("matrix.svg", "matrix.pdf", "matrix.png", "report.pdf")
    )

    for file in ("matrix.pdf", "report.pdf"):
        document = reader(content[file])
        assert shows(document, name)
        assert is_archival(document)
    said = any("U+" in problem for problem in package.problems(Edition(results, "en")))
    assert said == ("〓" in HARD_TO_SET[name] or name.startswith("Tamil"))


def test_a_text_that_fits_in_no_way_is_set_without_the_standards(monkeypatch):
    def refused(files, inputs, *, standard=True, **rest):
        if standard:
            raise typeset.MissingGlyph
        return b"set"

    monkeypatch.setattr(typeset, "compile_document", refused)

    result = typeset.settled({"main.typ": "plain"}, {})

    assert (result.pdf, result.standard, result.files) == (b"set", False, {"main.typ": "plain"})


def test_an_error_that_is_not_about_glyphs_is_passed_on():
    with pytest.raises(Exception, match="unknown variable"):
        typeset.compile_document({"main.typ": "#nothing"}, {})
