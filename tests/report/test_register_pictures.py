"""The register in pictures: what lies where, what is said of it, and that nothing is left out."""

import re
from xml.etree import ElementTree

import pytest

from materiality.report.figure import typeset
from materiality.report.figure.register import pen
from materiality.report.figure.register.chain import ChainStep, chain, three_stages
from materiality.report.figure.register.heat import TALLEST, heat_maps, sheet
from materiality.report.figure.register.marks import PITCH, Entry, Line, Setting, Sign
from materiality.report.palette import COLOUR, GREY
from materiality.report.words import LANGUAGES
from tests.report.rounds import BAD_NAMES

SETTING = Setting(5.0, "scaled", {"negative": 3.0, "risk": 3.0})
SPACE = "{http://www.w3.org/2000/svg}"


def entry(at, kind="negative", gravity=4.0, likelihood=4.0, **others):
    value = gravity if likelihood is None else gravity * likelihood / 5
    told = {"value": value, "is_material": value >= 3.0, "title": f"Entry {at}"} | others
    return Entry(f"IRO-{at:03d}", kind=kind, gravity=gravity, likelihood=likelihood, **told)


def signs(drawing):
    return {
        shape.entry.code: shape
        for shape in drawing.shapes
        if isinstance(shape, Sign) and shape.entry
    }


def texts(document):
    root = ElementTree.fromstring(document.encode())
    return ["".join(node.itertext()) for node in root.iter(f"{SPACE}text")]


def map_of(*entries, setting=SETTING, language="en"):
    (found,) = heat_maps(entries, setting, language)
    return found


def test_graver_lies_higher_and_likelier_further_right():
    places = signs(map_of(entry(1), entry(2, gravity=2.0), entry(3, likelihood=1.0)).drawing)

    assert places["IRO-001"].y < places["IRO-002"].y
    assert places["IRO-003"].x < places["IRO-001"].x


def test_where_likelihood_does_not_count_entries_stand_in_a_column_of_their_own():
    places = signs(map_of(entry(1, likelihood=5.0), entry(2, likelihood=None)).drawing)

    assert places["IRO-002"].x > places["IRO-001"].x
    assert places["IRO-002"].y == places["IRO-001"].y


def test_what_reaches_the_threshold_lies_beyond_its_line_and_is_filled():
    drawing = map_of(entry(1, gravity=4.0, likelihood=4.0), entry(2, likelihood=3.0)).drawing
    (curve, flat) = [
        shape for shape in drawing.shapes if isinstance(shape, Line) and shape.role == "cut"
    ]
    places = signs(drawing)

    def height_at(x):
        return min(curve.points, key=lambda point: abs(point[0] - x))[1]

    assert places["IRO-001"].y < height_at(places["IRO-001"].x)
    assert places["IRO-002"].y > height_at(places["IRO-002"].x)
    assert [places[code].role for code in ("IRO-001", "IRO-002")] == ["material", "immaterial"]
    assert flat.points[0][1] == flat.points[1][1]


def test_the_line_of_the_other_rule_is_bent_where_likelihood_is_below_the_threshold():
    capped = Setting(5.0, "capped", {"negative": 3.0})
    drawing = map_of(entry(1), setting=capped).drawing
    curve = next(
        shape for shape in drawing.shapes if isinstance(shape, Line) and shape.role == "cut"
    )
    heights = [y for _x, y in curve.points]

    assert heights[-1] == heights[-2]
    assert heights[0] < heights[-1]


def test_a_risk_is_always_severity_times_likelihood():
    scaled, capped = (
        map_of(entry(1, "risk"), setting=Setting(5.0, rule, {"risk": 3.0})).drawing.shapes
        for rule in ("scaled", "capped")
    )

    assert scaled == capped


def test_no_line_is_drawn_without_a_threshold():
    drawing = map_of(entry(1, is_material=None), setting=Setting(5.0, "scaled", {})).drawing

    assert not [
        shape for shape in drawing.shapes if isinstance(shape, Line) and shape.role == "cut"
    ]
    assert signs(drawing)["IRO-001"].role == "open"
    assert "material from" not in " ".join(texts(pen.on_page(drawing, name="x")))


def crowd(many):
    """Entries in as many places as there are, ten in one."""
    return [entry(at, gravity=1 + at % 9 / 2, likelihood=1 + at % 7 / 2) for at in range(many)]


@pytest.mark.parametrize("many", [30, 100])
def test_entries_stand_beside_each_other_and_get_smaller_where_they_crowd(many):
    places = list(signs(map_of(*crowd(many)).drawing).values())

    assert len(places) == many
    nearest = min(
        (a.x - b.x) ** 2 + (a.y - b.y) ** 2 for at, a in enumerate(places) for b in places[:at]
    )
    assert nearest >= ((PITCH - 0.1) * places[0].scale) ** 2
    assert (places[0].scale < 1) == (many == 100)


def test_of_many_in_one_place_the_first_stand_near_it_and_the_others_are_a_number():
    found = map_of(*(entry(at) for at in range(1, 101)), entry(101, likelihood=1.0))
    places = signs(found.drawing)
    centre = places["IRO-001"]
    shown = texts(pen.on_page(found.drawing, name="x"))

    assert len(places) == 10
    assert "+91" in shown
    assert all(abs(sign.y - centre.y) < 8 for sign in places.values())
    assert len(found.entries) == 101


def test_each_kind_has_its_map_and_positive_never_stands_with_negative():
    kinds = ("opportunity", "risk", "positive", "negative")
    maps = heat_maps([entry(at, kind) for at, kind in enumerate(kinds)], SETTING, "en")

    assert [one.kind for one in maps] == ["negative", "positive", "risk", "opportunity"]
    assert all(len(one.entries) == 1 for one in maps)


def test_what_is_not_scored_is_named_and_on_no_map():
    unscored = Entry("IRO-009", "Unseen", "negative")
    found = map_of(entry(1), unscored)

    assert "IRO-009" not in signs(found.drawing)
    drawn = sheet([entry(1), unscored], SETTING, "en", title="x")
    assert "Not scored: 9" in texts(pen.on_page(drawn, name="x"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("many", [4, 40, 400])
def test_a_sheet_fits_a_page_and_lists_titles_while_they_fit(language, many):
    kinds = ("negative", "positive", "risk", "opportunity")
    rows = [
        entry(at, kinds[at % 4], gravity=1 + at % 9 / 2, likelihood=1.0 + at % 5)
        for at in range(1, many + 1)
    ]
    drawn = sheet(rows, SETTING, language, title="x")

    assert drawn.height <= TALLEST
    assert len(signs(drawn)) == many
    listed = [text for text in texts(pen.on_page(drawn, name="x")) if text.startswith("Entry ")]
    assert len(listed) == (many if many < 400 else 0)


def test_the_picture_says_what_it_shows_to_those_who_cannot_see_it():
    drawn = sheet([entry(1), entry(2, likelihood=1.0)], SETTING, "en", title="Heat")

    assert drawn.description == (
        "Heat maps of 2 entries. Negative impacts: 2 scored, 1 material. The most significant: "
        "1 Entry 1 (3.20), 2 Entry 2 (0.80)."
    )


def test_on_a_page_each_sign_leads_to_its_entry_and_says_its_name():
    drawn = map_of(entry(1, address="/a/1/register/IRO-001/")).drawing
    document = pen.on_page(drawn, name="x")

    assert (
        'href="/a/1/register/IRO-001/" aria-label="1 Entry 1, IRO-001, 3.20, material"' in document
    )
    assert "#" not in document.replace("http://www.w3.org/2000/svg", "")


def test_print_uses_nothing_that_layout_programs_do_not_know_and_no_link():
    rows = [entry(1, address="/secret/", is_disputed=True), entry(2, "risk")]
    for drawn in (
        sheet(rows, SETTING, "en", title="x"),
        chain(three_stages(rows), "en", title="x"),
    ):
        document = pen.printed(drawn, COLOUR, name="x", stamp="s")
        for unknown in ("var(", "<style", "filter", "class=", "href", "script", "/secret/"):
            assert unknown not in document


def test_grey_uses_no_colour_and_material_is_told_by_its_filling():
    rows = [entry(1), entry(2, likelihood=1.0, is_disputed=True)]
    document = pen.printed(sheet(rows, SETTING, "en", title="x"), GREY, name="x")

    for colour in re.findall(r"#([0-9a-f]{6})", document):
        assert colour[:2] == colour[2:4] == colour[4:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_names_are_shown_as_text_and_can_be_set(language):
    rows = [
        entry(at, title=name, place=name, likelihood=1.0 + at % 5)
        for at, name in enumerate(BAD_NAMES)
    ]
    steps = [ChainStep("own", BAD_NAMES[0], BAD_NAMES, BAD_NAMES[1], rows)]
    for drawn in (
        sheet(rows, SETTING, language, title="x"),
        chain(steps, language, title=BAD_NAMES[0]),
    ):
        document = pen.printed(drawn, COLOUR, name="x")
        ElementTree.fromstring(document.encode())
        assert "<a href" not in document
        assert typeset.printable(document).svg


def test_the_chain_holds_each_entry_once_at_its_side():
    stages = ("upstream", "own", "downstream")
    rows = [entry(at, stage=stages[at % 3], place=f"P{at}") for at in range(30)]
    drawn = chain(three_stages(rows), "en", title="x")
    places = signs(drawn)

    assert len(places) == 30
    for at in range(30):
        third = int(places[f"IRO-{at:03d}"].x / (drawn.width / 3))
        assert third == at % 3


def test_named_stages_stand_under_their_side_with_places_and_relation():
    steps = [
        ChainStep("upstream", "Cotton", ("India", "Mali"), "Suppliers of suppliers", [entry(1)]),
        ChainStep("upstream", "Spinning", ("Vietnam",), "Suppliers", [entry(2)]),
    ]
    drawn = chain(steps, "en", title="x")
    shown = texts(pen.on_page(drawn, name="x"))

    assert [text for text in shown if text in ("Cotton", "Spinning")] == ["Cotton", "Spinning"]
    assert "Places: India, Mali" in shown
    assert "Suppliers of suppliers" in shown
    assert shown.count("no entry") == 2
    assert drawn.description == (
        "The value chain from upstream to downstream. Upstream, Cotton: Negative impacts: 1, "
        "1 material. Upstream, Spinning: Negative impacts: 1, 1 material."
    )


def test_on_a_phone_the_sides_stand_below_each_other():
    rows = [entry(at, stage=stage) for at, stage in enumerate(("upstream", "own", "downstream"))]
    places = signs(chain(three_stages(rows), "en", title="x", wide=82.0, is_upright=True))

    assert places["IRO-000"].y < places["IRO-001"].y < places["IRO-002"].y
    assert len({sign.x for sign in places.values()}) == 1
