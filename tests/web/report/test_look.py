"""How the figure and the section look: colours, titles, template, labels."""

import io
import re
import zipfile

import docx
import pytest
from django.core.management import call_command
from pptx import Presentation
from pptx.util import Mm

from materiality.actions import set_look
from materiality.models import Event
from materiality.selectors.looks import look_of
from surveys.models import Role
from tests.markup import page_of
from tests.web.conftest import signed_in
from tests.web.report.exporting import AS_USUAL, at, packed, text

pytestmark = pytest.mark.django_db

COLOURS = {"colour0": "#7a1f5c", "colour1": "#8a5300", "colour2": "#555555"}
NO_TITLES = {"y:zh-hans": "", "y:en": "", "x:zh-hans": "", "x:en": ""}


def test_company_colours_are_offered_and_drawn(locked, owner):
    owner.post(at(locked, "look"), COLOURS | NO_TITLES)

    drawn = text(owner.get(at(locked, "figure"), AS_USUAL | {"palette": "company"}))

    assert 'fill="#7a1f5c"' in drawn
    assert "Company colours" in text(owner.get(at(locked), {"lang": "en"}))


@pytest.mark.parametrize(
    ("colour", "said"),
    [
        ("#ffee88", "has a contrast of 1.0 : 1"),
        ("red", "Write the colour as #rrggbb"),
        ("", "Write the colour as #rrggbb"),
    ],
)
def test_a_colour_that_cannot_be_seen_or_read_is_refused_and_kept(locked, owner, colour, said):
    sent = COLOURS | NO_TITLES | {"colour1": colour, "y:en": "Entered"}

    page = text(owner.post(at(locked, "look") + "?lang=en", sent))

    assert said in page
    assert 'value="Entered"' in page
    assert look_of(locked).colours == []


def tried(owner, locked, **changes) -> str:
    sent = COLOURS | NO_TITLES | changes
    page = text(owner.post(at(locked, "try_look") + "?lang=en", sent))
    return page.split('id="preview"')[1].split("</section>")[0]


def test_what_is_entered_is_shown_as_it_would_look_and_not_saved(locked, owner):
    shown = tried(owner, locked, **{"y:en": "Weight for stakeholders"})

    assert 'fill="#7a1f5c"' in shown
    assert "Weight for stakeholders" in shown
    assert re.search(r"\d\.\d : 1", shown)
    assert look_of(locked).colours == []
    assert look_of(locked).axis_titles == {}


def test_a_colour_that_would_not_be_seen_is_said_beside_its_contrast(locked, owner):
    shown = tried(owner, locked, colour1="#ffee88")

    assert "1.0 : 1" in shown
    assert "no: 3 : 1 is needed" in shown
    assert "<figure" not in shown


def test_the_axes_are_called_as_this_report_wants_it_everywhere(locked, owner):
    sent = COLOURS | NO_TITLES | {"y:en": "Weight for stakeholders"}
    owner.post(at(locked, "look"), sent)

    drawn = text(owner.get(at(locked, "figure"), AS_USUAL))
    archive = packed(owner, locked, **AS_USUAL, parts=["section", "data"])

    assert "Weight for stakeholders" in drawn
    section = docx.Document(io.BytesIO(archive.read("en/section.docx")))
    assert "Weight for stakeholders" in "\n".join(p.text for p in section.paragraphs)
    assert locked.snapshot.digest.encode() in archive.read("en/scores.json")


def a_template(*paragraphs: str) -> io.BytesIO:
    document, target = docx.Document(), io.BytesIO()
    for line in paragraphs:
        document.add_paragraph(line)
    document.save(target)
    target.name = "house.docx"
    target.seek(0)
    return target


def test_the_companys_template_is_filled_as_the_section(locked, owner):
    sent = {"file": a_template("Our words", "{{ topics }}")}
    owner.post(at(locked, "word_template"), sent)

    archive = packed(owner, locked, **AS_USUAL, parts=["section"])

    section = docx.Document(io.BytesIO(archive.read("en/section.docx")))
    assert "Our words" in [p.text for p in section.paragraphs]
    assert "Privacy" in str([cell.text for row in section.tables[0].rows for cell in row.cells])


def a_presentation(size=(338.67, 190.5)) -> io.BytesIO:
    presentation, target = Presentation(), io.BytesIO()
    presentation.slide_width, presentation.slide_height = map(Mm, size)
    presentation.slide_layouts[0].name = "House opening"
    presentation.save(target)
    target.name = "house.pptx"
    target.seek(0)
    return target


def test_the_companys_presentation_gives_its_layouts_and_goes_again(locked, owner):
    owner.post(at(locked, "slides_template"), {"file": a_presentation()})
    archive = packed(owner, locked, **AS_USUAL, parts=["slides"])
    deck = Presentation(io.BytesIO(archive.read("en/slides.pptx")))

    assert deck.slides[0].slide_layout.name == "House opening"
    assert "PPTX · house.pptx" in text(owner.get(at(locked)))
    owner.post(at(locked, "slides_template"), {"remove": ""})
    assert look_of(locked).slides_digest == ""
    archive = packed(owner, locked, **AS_USUAL, parts=["slides"])
    deck = Presentation(io.BytesIO(archive.read("en/slides.pptx")))
    assert deck.slides[0].slide_layout.name != "House opening"


def test_a_presentation_of_another_size_is_refused_in_one_sentence(locked, owner):
    sent = {"file": a_presentation((254, 190.5))}
    page = text(owner.post(at(locked, "slides_template") + "?lang=en", sent))

    assert "The slides of this template are 254.0 × 190.5 mm" in page
    assert look_of(locked).slides_digest == ""


def test_the_usual_section_comes_back(locked, owner):
    owner.post(at(locked, "word_template"), {"file": a_template("{{ topics }}")})
    owner.post(at(locked, "word_template"), {"remove": ""})

    assert look_of(locked).template is None


def a_bomb() -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (61 * 2**20))
    target.name = "bomb.docx"
    target.seek(0)
    return target


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: a_template("{{ profit }}"), "unknown field “profit”"),
        (lambda: io.BytesIO(b"no document"), "not a usable Word document"),
        (a_bomb, "unpacks to more than 60 MB"),
        (lambda: io.BytesIO(b"x" * (6 * 2**20)), "may have up to 5 MB"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_in_one_sentence(locked, owner, make, said):
    page = text(owner.post(at(locked, "word_template") + "?lang=en", {"file": make()}))

    assert said in page
    assert look_of(locked).template_digest == ""


def labels_sent(owner, locked, **changes) -> dict[str, str]:
    page = page_of(owner.get(at(locked, "labels"), AS_USUAL))
    fields = re.findall(r'name="([\w-]+:(?:right|up))" value="([^"]+)"', page)
    return dict(fields) | changes


def label_of(drawn: str, name: str) -> tuple[float, float]:
    match = re.search(rf'<tspan x="([\d.]+)" y="([\d.]+)">{name}', drawn)
    return float(match[1]), float(match[2])


def test_a_label_is_moved_by_numbers_and_stays_with_the_round(locked, owner):
    before = label_of(text(owner.get(at(locked, "figure"), AS_USUAL)), "Energy")
    sent = labels_sent(owner, locked)
    sent["energy:up"] = str(float(sent["energy:up"]) + 6)
    query = "&".join(f"{name}={value}" for name, value in AS_USUAL.items())

    owner.post(f"{at(locked, 'labels')}?{query}", sent)

    after = label_of(text(owner.get(at(locked, "figure"), AS_USUAL)), "Energy")
    assert before[1] - after[1] == pytest.approx(6, abs=0.11)
    assert list(look_of(locked).moved) == ["en:half"]
    assert list(look_of(locked).moved["en:half"]) == ["energy"]


def test_moved_labels_are_set_by_themselves_again(locked, owner):
    set_look(assessment=locked, by=None, moved={"en:half": {"energy": [9.0, -9.0]}})
    query = "&".join(f"{name}={value}" for name, value in AS_USUAL.items())

    owner.post(f"{at(locked, 'labels')}?{query}", {"reset": ""})

    assert look_of(locked).moved == {}


def test_a_label_is_moved_in_its_own_language_and_size_only(locked, owner):
    other = AS_USUAL | {"size": "full"}
    before = owner.get(at(locked, "figure"), other).content
    set_look(assessment=locked, by=None, moved={"en:half": {"energy": [9.0, -9.0]}})

    assert owner.get(at(locked, "figure"), other).content == before


def test_a_changed_look_is_in_the_log_of_a_locked_round(locked, owner):
    owner.post(at(locked, "look"), COLOURS | NO_TITLES)

    event = Event.objects.get(verb="set_look")
    assert event.after == {"colours": list(COLOURS.values())}
    call_command("verify")


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.VIEWER])
@pytest.mark.parametrize("name", ["look", "word_template", "labels"])
def test_only_who_may_edit_changes_the_look(locked, role, name):
    assert signed_in(role).post(at(locked, name)).status_code == 403
