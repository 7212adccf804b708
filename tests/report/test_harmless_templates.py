"""Word templates that would run or fetch something are refused, each kind by its name."""

import io
import zipfile

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from materiality.models import ReportLook
from materiality.report.files import harmless
from materiality.report.files.word import template
from tests.markup import page_of
from tests.report.test_template import a_template, rewritten, saved
from tests.web.conftest import assessment, folder, signed_in  # noqa: F401, fixtures

KINDS = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def with_part(name: str, content: bytes = b"x") -> bytes:
    target = io.BytesIO(a_template("{{ matrix }}"))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, content)
    return target.getvalue()


def as_macro_document() -> bytes:
    with zipfile.ZipFile(io.BytesIO(a_template("x"))) as archive:
        kinds = archive.read("[Content_Types].xml").decode()
    plain = "wordprocessingml.document.main+xml"
    assert f"openxmlformats-officedocument.{plain}" in kinds
    macro = "application/vnd.ms-word.document.macroEnabled.main+xml"
    return rewritten(
        "[Content_Types].xml",
        kinds.replace(f"application/vnd.openxmlformats-officedocument.{plain}", macro),
    )


def referring(kind: str, target: str) -> bytes:
    document = docx.Document()
    document.add_paragraph("{{ matrix }}")
    document.part.relate_to(target, f"{OFFICE}/{kind}", is_external=True)
    return saved(document)


def with_settings_of_another_template() -> bytes:
    relation = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/attachedTemplate" Target="http://203.0.113.9/a.dotm" '
        'TargetMode="External"/></Relationships>'
    )
    return with_part("word/_rels/settings.xml.rels", relation.encode())


def with_chunk() -> bytes:
    relation = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/aFChunk" Target="chunk.html"/></Relationships>'
    )
    return with_part("word/_rels/header9.xml.rels", relation.encode())


def with_field(*pieces: str, nested: bool = False) -> bytes:
    """Return a template with a field, cut into pieces as Word does."""
    document = docx.Document()
    run = document.add_paragraph().add_run()

    def mark(kind: str) -> None:
        element = OxmlElement("w:fldChar")
        element.set(qn("w:fldCharType"), kind)
        run._r.append(element)

    if nested:
        mark("begin")
        said(run, " IF 1 = 1 ")
    mark("begin")
    for piece in pieces:
        said(run, piece)
    mark("separate")
    mark("end")
    if nested:
        mark("end")
    return saved(document)


def said(run: object, text: str) -> None:
    element = OxmlElement("w:instrText")
    element.text = text
    run._r.append(element)


def with_simple_field(text: str) -> bytes:
    document = docx.Document()
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), text)
    document.add_paragraph()._p.append(element)
    return saved(document)


HARMFUL = {
    "a macro": (with_part("word/vbaProject.bin"), "a macro (vbaProject.bin)"),
    "a macro's data": (with_part("word/vbaData.xml", b"<a/>"), "a macro (vbaData.xml)"),
    "a document with macros": (as_macro_document(), "a macro (document.xml)"),
    "an OLE object": (with_part("word/embeddings/oleObject1.bin"), "object (oleObject1.bin)"),
    "an ActiveX control": (with_part("word/activeX/activeX1.bin"), "object (activeX1.bin)"),
    "a piece of HTML": (with_chunk(), "object (chunk.html)"),
    "another template": (with_settings_of_another_template(), "attachedTemplate: http://203."),
    "a picture elsewhere": (referring("image", "http://203.0.113.9/a.png"), "image: http://203."),
    "a linked object": (referring("oleObject", "file:///c:/a.xls"), "oleObject: file:"),
    "a part elsewhere": (referring("subDocument", "//203.0.113.9/a.docx"), "subDocument: //203."),
    "a frame": (referring("frame", "http://203.0.113.9/"), "frame: http://203."),
    "a link to a file": (referring("hyperlink", "file://203.0.113.9/a"), "hyperlink: file:"),
    "a link to a share": (referring("hyperlink", r"\\203.0.113.9\a"), "hyperlink: \\\\203."),
    "DDE": (with_field(' DDE Excel "a.xls" '), "a field DDE,"),
    "DDE cut in pieces": (with_field(" D", "DEA", "UTO cmd"), "a field DDEAUTO"),
    "DDE in another field": (with_field("DDEAUTO c:\\\\cmd", nested=True), "a field DDEAUTO"),
    "a fetched picture": (with_simple_field("INCLUDEPICTURE http://203.0.113.9/a"), "INCLUDEPICT"),
    "a fetched text": (with_field(" includetext //203.0.113.9/a "), "a field INCLUDETEXT"),
    "a linked table": (with_field(" LINK Excel.Sheet.8 c:\\\\a.xls "), "a field LINK"),
    "a button with a macro": (with_field(" MACROBUTTON Go press "), "a field MACROBUTTON"),
}


@pytest.mark.parametrize("kind", HARMFUL)
def test_what_runs_or_fetches_is_refused_by_name(kind):
    content, name = HARMFUL[kind]

    with pytest.raises(template.TemplateError) as refused:
        template.check(content, "en")

    assert name in str(refused.value)
    assert "upload it again" in str(refused.value)


@pytest.mark.parametrize("kind", HARMFUL)
def test_the_control_without_the_guard_each_would_be_taken(kind, monkeypatch):
    if kind == "a document with macros":
        pytest.skip("python-docx refuses this kind itself")
    monkeypatch.setattr(harmless, "faults", lambda archive: iter(()))

    template.check(HARMFUL[kind][0], "en")


@pytest.mark.parametrize(
    "content",
    [
        a_template("{{ matrix }}"),
        referring("hyperlink", "https://example.com/csr"),
        referring("hyperlink", "mailto:csr@example.com"),
        with_field(" PAGE \\* MERGEFORMAT "),
        with_field(' HYPERLINK "https://example.com" '),
        with_simple_field(" NUMPAGES "),
    ],
)
def test_links_that_are_clicked_and_page_numbers_stay(content):
    template.check(content, "en")


def test_the_page_says_it_and_keeps_no_template(assessment):  # noqa: F811
    path = reverse("materiality:word_template", args=[assessment.pk])
    file = SimpleUploadedFile("ours.docx", HARMFUL["a macro"][0])

    page = signed_in("editor").post(
        f"{path}?lang=en", {"file": file, "version": assessment.version}, follow=True
    )

    assert "vbaProject.bin" in page_of(page)
    assert not ReportLook.objects.exclude(template=None).exists()
