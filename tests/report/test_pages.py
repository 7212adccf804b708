import csv
import io
import re

import pytest
from pypdf import PdfReader

from materiality.report import palette, signs
from materiality.report.edition import Edition
from materiality.report.files import opendata, package
from materiality.report.sentences import counts
from materiality.results import Score, Unit, UnitScore
from tests.report.rounds import BAD_NAMES, badly_named, made, results_of, sample
from tests.samples import sample_inputs

LANGUAGES = ["zh-hans", "en"]


def text_of(content):
    pages = PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_double_page_is_two_pages_and_holds_every_part(language):
    content = made(language, "report.pdf")
    text = text_of(content)

    assert len(PdfReader(io.BytesIO(content)).pages) == 2
    for row in sample().changes:
        for cell in row.columns(language):
            assert re.sub(r"\s+", "", cell) in text
    for topic in sample().topics:
        assert text.count(re.sub(r"\s+", "", topic.name[language])) >= 2


def test_the_double_page_is_tagged_with_headings_tables_and_a_described_figure():
    root = PdfReader(io.BytesIO(made("en", "report.pdf"))).trailer["/Root"]
    tags = set()
    described = []
    _walk(root["/StructTreeRoot"], tags, described)

    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"} <= tags
    assert described[0].startswith("Scatter plot of 14 topics.")


def _walk(node, tags, described):
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            _walk(child, tags, described)
    elif hasattr(node, "get"):
        tags.add(node.get("/S"))
        if "/Alt" in node:
            described.append(node["/Alt"])
        if "/K" in node:
            _walk(node["/K"], tags, described)


@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_names_are_texts_on_the_double_page(language):
    text = text_of(package.file(Edition(badly_named(), language), "report.pdf"))

    assert re.sub(r"\s", "", BAD_NAMES[0]) in text
    assert "=1+1" in text


def test_forty_topics_give_the_matrix_a_page_of_its_own():
    pages = PdfReader(io.BytesIO(package.file(Edition(sample(40), "en"), "report.pdf"))).pages

    assert len(pages) == 3


# -- the page for a browser ----------------------------------------------------------------------


def test_the_web_page_loads_nothing_and_trusts_only_itself():
    page = made("en", "matrix.html").decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page).group(1)

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=", page)


def test_the_web_page_is_complete_without_scripts():
    page = made("en", "matrix.html").decode()
    body = page[: page.index('<script type="application/json"')]

    assert body.count("<svg") == 2  # for a wide screen, and with numbers for a phone
    assert body.count("Data security") >= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_web_page_is_light(language):
    assert len(made(language, "matrix.html")) <= 150_000


def test_a_draft_says_so_on_its_web_page():
    draft = package.file(Edition(sample(locked=False), "en"), "matrix.html").decode()

    assert '<p class="warning">' in draft
    assert "Draft" in draft


@pytest.fixture
def web_page(chromium, tmp_path):
    """The page of a round with bad names, opened from a file, with nothing to load it from."""
    target = tmp_path / "matrix.html"
    target.write_bytes(package.file(Edition(badly_named(), "en"), "matrix.html"))
    page = chromium.new_page()
    page.goto(target.as_uri())
    yield page
    page.close()


@pytest.mark.browser
def test_names_stay_text_where_one_points(web_page):
    web_page.locator("tr[data-code]").filter(has_text="<a href").click()

    assert web_page.locator("#detail a, #detail b").count() == 0
    assert "<a href" in web_page.locator("#detail h2").inner_text()


@pytest.mark.browser
def test_the_points_are_reached_by_keys_alone(web_page):
    web_page.keyboard.press("Tab")
    first = web_page.evaluate("document.activeElement.dataset.code")
    reached = {first}
    for key in ("ArrowDown", "ArrowLeft", "ArrowUp", "ArrowRight") * 3:
        web_page.keyboard.press(key)
        reached.add(web_page.evaluate("document.activeElement.dataset.code"))

    assert first
    assert len(reached) > 1
    assert web_page.locator("#detail").is_visible()
    web_page.keyboard.press("Escape")
    assert not web_page.locator("#detail").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_web_page_shows_one_figure_that_fits(web_page, width):
    web_page.set_viewport_size({"width": width, "height": 800})

    shown = [name for name in ("wide", "phone") if web_page.locator(f".{name}").is_visible()]
    beyond = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert shown == (["wide"] if width > 640 else ["phone"])
    assert not web_page.evaluate(beyond)


@pytest.mark.browser
def test_a_frame_around_the_web_page_is_told_its_height(chromium, tmp_path):
    (tmp_path / "matrix.html").write_bytes(made("en", "matrix.html"))
    (tmp_path / "host.html").write_text(
        '<iframe src="matrix.html" width="400" height="100" sandbox="allow-scripts"></iframe>'
        "<script>addEventListener('message', e => { window.height = e.data.materialityHeight })"
        "</script>"
    )
    page = chromium.new_page()
    page.goto((tmp_path / "host.html").as_uri())
    page.wait_for_function("window.height > 400")
    page.close()


# -- open data -----------------------------------------------------------------------------------


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dictionary_explains_every_column(language):
    explained = {tuple(row.values())[:2] for row in rows_of(made(language, "dictionary.csv"))}

    for name in ("scores.csv", "groups.csv"):
        columns = rows_of(made(language, name))[0]
        assert {(name, column) for column in columns} <= explained


def with_three_experts_on_privacy():
    inputs = sample_inputs(14)
    inputs["counts"]["impact"]["experts"][2] = [0, 0, 0, 2, 1, 7]
    return results_of(inputs)


def test_no_cell_of_the_group_file_is_of_fewer_than_the_minimum():
    rows = rows_of(opendata.groups_csv(Edition(with_three_experts_on_privacy(), "en")))
    hidden = [row for row in rows if not row["n"]]

    assert [(row["topic"], row["unit"], row["mean"], row["dont_know"]) for row in hidden] == [
        ("privacy", unit, "", "") for unit in ("managers", "experts")
    ]
    assert all(int(row["n"]) >= 5 for row in rows if row["n"])


def test_no_count_of_a_few_follows_from_the_two_files_together():
    assert not list(followed(with_three_experts_on_privacy()))


def test_hiding_the_few_alone_would_let_their_count_follow(monkeypatch):
    def alone(score):
        return {unit.unit.code for unit in score.units if unit.n >= score.minimum_group}

    monkeypatch.setattr(counts, "printable", alone)

    assert list(followed(with_three_experts_on_privacy())) == [("privacy", "impact", 3)]


def followed(results):
    """Yield each count of 1 to 4 that is a topic's total less what is printed of its units."""
    units = rows_of(opendata.groups_csv(Edition(results, "en")))
    for row in rows_of(opendata.scores_csv(Edition(results, "en"))):
        for axis in "xy":
            code = results.axes[axis]["code"]
            of = [u for u in units if (u["topic"], u["dimension"]) == (row["code"], code)]
            left = int(row[f"{axis}_n"] or 0) - sum(int(unit["n"] or 0) for unit in of)
            if 0 < left < 5:
                yield row["code"], code, left


def test_a_total_of_a_few_is_not_printed():
    inputs = sample_inputs(14)
    for unit in ("managers", "experts"):
        inputs["counts"]["impact"][unit][2] = [0, 0, 0, 1, 1, 20 if unit == "managers" else 8]
    results = results_of(inputs)

    row = next(
        row
        for row in rows_of(opendata.scores_csv(Edition(results, "en")))
        if row["code"] == "privacy"
    )

    assert (row["x_n"], row["x"]) == ("", "")
    assert not list(followed(results))


@pytest.mark.parametrize(
    ("n", "shown"),
    [
        ([12, 30, 40], {0, 1, 2}),
        ([3, 30, 12], {1}),  # 3 and 12
        ([2, 2, 30], set()),  # 4 of two units are still a few
        ([3, 4, 30], {2}),
        ([3, 0, 0], set()),
        ([0, 6, 7], {1, 2}),
    ],
)
def test_what_is_kept_back_is_two_units_and_the_minimum_together(n, shown):
    units = [
        UnitScore(Unit(str(at), {}, (str(at),), 1.0, 0.3, 50, True), 3.0 if of else None, of, 0)
        for at, of in enumerate(n)
    ]
    score = Score(3.0, None, None, None, sum(n), None, None, None, tuple(units), minimum_group=5)

    assert counts.printable(score) == set(map(str, shown))


def test_the_method_note_gives_formula_weights_and_digest():
    import docx

    result = docx.Document(io.BytesIO(made("en", "method.docx")))
    text = "\n".join(paragraph.text for paragraph in result.paragraphs)
    cells = [cell.text for table in result.tables for row in table.rows for cell in row.cells]

    assert "S = Σ w·m / Σ w" in text
    assert sample().digest in cells
    assert "Community and public; Government and regulators (pooled)" in cells


# -- colours -------------------------------------------------------------------------------------


def test_a_company_may_bring_its_colours():
    result = palette.company(["#7A1F2B", "#1d4e89", "#555555"])

    assert [result.signs[shape] for shape in signs.shapes(3)] == ["#7a1f2b", "#1d4e89", "#555555"]
    assert palette.contrast(result.accent, result.tint) >= 3


def test_a_colour_that_does_not_stand_out_is_refused_with_its_contrast():
    with pytest.raises(ValueError, match=r"#ffd100 has a contrast of 1\.\d:1"):
        palette.company(["#ffd100", "#1d4e89", "#555555"])


@pytest.mark.parametrize("colours", [["red", "#1d4e89", "#555555"], ["#1d4e89"], ["#12345g"] * 3])
def test_what_is_no_colour_is_refused(colours):
    with pytest.raises(ValueError, match="colour"):
        palette.company(colours)


@pytest.mark.parametrize("colours", [palette.COLOUR, palette.GREY])
def test_the_shipped_colours_stand_out(colours):
    for tiers in range(2, 6):
        for tier, shape in enumerate(signs.shapes(tiers), start=1):
            behind = colours.bands_of(tiers)[0] if tier < tiers else colours.paper
            assert palette.contrast(colours.signs[shape], behind) >= 3


def test_texts_can_be_read_on_paper():
    for colours in (palette.COLOUR, palette.GREY):
        assert palette.contrast(colours.ink2, colours.paper) >= 4.5
