import re
from xml.etree import ElementTree

import pytest

from materiality.report.edition import Edition, Look, Options
from materiality.report.figure import svg
from materiality.report.figure.layout import compose
from materiality.report.figure.layout.sizes import SIZES
from materiality.report.palette import GREY
from tests.report.rounds import BAD_NAMES, badly_named, sample

SPACE = "{http://www.w3.org/2000/svg}"
LANGUAGES = ["zh-hans", "en"]


def on_screen():
    return Edition(sample(), "en").drawn(size="screen", tails=True)


def tree(document):
    return ElementTree.fromstring(document.encode())


def texts(document):
    return ["".join(node.itertext()) for node in tree(document).iter(f"{SPACE}text")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_is_live_text_in_the_figure_and_in_its_list(language):
    results = sample()
    result = texts(svg.figure(Edition(results, language)))

    for topic in results.topics:
        shown = "".join(result).replace(" ", "")
        assert shown.count(topic.name[language].replace(" ", "")) >= 2


def test_layers_have_names():
    layers = [
        node.get("id") for node in tree(svg.figure(Edition(sample(), "en"))).iter(f"{SPACE}g")
    ]

    assert [layer for layer in layers if layer] == [
        "bands", "axes", "boundaries", "leaders", "points", "labels", "list", "note",
    ]  # fmt: skip


def test_the_figure_says_what_it_is_to_those_who_cannot_see_it():
    root = tree(svg.figure(Edition(sample(), "en")))

    assert root.get("role") == "img"
    assert root.find(f"{SPACE}title").text == "Materiality matrix 2020"
    assert "Highly material, 5: Driving the digital" in root.find(f"{SPACE}desc").text


@pytest.mark.parametrize("options", [Options(), Options(tails=True), Options(size="full")])
def test_nothing_is_used_that_layout_programs_do_not_know(options):
    document = svg.figure(Edition(sample(), "zh-hans", Look(options)))

    for unknown in ("var(", "<style", "filter", "mask", "paint-order", "class=", "href", "script"):
        assert unknown not in document


def test_both_scripts_are_set_in_the_same_family():
    root = tree(svg.figure(Edition(sample(), "en")))

    assert root.get("font-family").startswith("Noto Sans SC, Source Han Sans SC, ")


def test_tiers_differ_in_shape_not_only_in_colour():
    points = next(
        node
        for node in tree(svg.figure(Edition(sample(), "en"))).iter()
        if node.get("id") == "points"
    )
    shapes = {child[0].tag.removeprefix(SPACE) for child in points}

    assert shapes == {"circle", "path", "rect"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_names_are_shown_as_text(language):
    document = svg.figure(Edition(badly_named(), language))
    shown = "".join(texts(document))

    assert "<a href" not in document
    assert '<a href="https://example.org">' in shown
    assert "=1+1" in shown
    assert "\x00" not in document
    assert "\u202e" not in document
    assert "emoji 😀 green 🌱" in shown
    assert BAD_NAMES[5] in shown


def test_a_draft_says_so_and_a_locked_round_does_not():
    assert "Draft" in texts(svg.figure(Edition(sample(locked=False), "en")))
    assert "Draft" not in texts(svg.figure(Edition(sample(), "en")))


def test_simulated_answers_are_said_on_the_figure():
    assert any("Simulated answers" in text for text in texts(svg.figure(Edition(sample(), "en"))))


def test_the_file_carries_year_date_and_digest():
    results = sample()
    stamp = tree(svg.figure(Edition(results, "en"))).find(f"{SPACE}metadata").text

    assert "2020" in stamp
    assert "12 March 2021" in stamp
    assert results.digest.removeprefix("sha256:")[:12] in stamp


def test_grey_uses_no_colour():
    document = svg.figure(Edition(sample(), "en", Look(palette=GREY)))

    for colour in re.findall(r"#([0-9a-f]{6})", document):
        assert colour[:2] == colour[2:4] == colour[4:]


def test_the_page_figure_follows_the_theme_by_classes_alone():
    document = svg.page_figure(on_screen())

    assert "#" not in document.replace("http://www.w3.org/2000/svg", "")
    assert "style" not in document
    assert {"m circle", "m diamond", "m square"} <= set(re.findall(r'class="([^"]+)"', document))


def test_each_point_of_the_page_takes_the_focus_and_says_its_scores():
    points = [
        node
        for node in tree(svg.page_figure(on_screen())).iter()
        if "pt" in (node.get("class") or "").split()
    ]
    first = next(node for node in points if node.get("data-code") == "digital-trade")

    assert len(points) == 14
    assert [node.get("tabindex") for node in points].count("0") == 1
    assert first.get("aria-label") == (
        "1 Driving the digital transformation of global trade, Importance of the company's impact "
        "on society, economy and environment 4.25, Importance to stakeholders 4.34, Highly material"
    )


def test_two_figures_on_a_page_share_no_id():
    one, two = (svg.page_figure(on_screen(), name=name) for name in ("wide", "phone"))

    assert not set(re.findall(r' id="([^"]+)"', one)) & set(re.findall(r' id="([^"]+)"', two))


def test_the_same_results_give_the_same_bytes():
    assert svg.figure(Edition(sample(), "en")) == svg.figure(Edition(sample(), "en"))


def test_an_ellipse_that_reaches_beyond_the_plot_ends_at_its_frame():
    matrix = compose(Edition(sample(40), "en").drawn(size="square", ellipses=True))

    drawn = svg.draw(matrix)

    layer = drawn.split('id="ellipses"')[1].split("</g>")[0]
    places = [tuple(map(float, pair.split(","))) for pair in re.findall(r"[\d.]+,[\d.]+", layer)]
    assert "<ellipse" in layer
    assert "<polygon" in layer
    plot, rounding = matrix.plot, 0.01
    assert all(plot.x - rounding <= x <= plot.right + rounding for x, _ in places)
    assert all(plot.y - rounding <= y <= plot.bottom + rounding for _, y in places)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("size", [*SIZES, "half", "full"])
@pytest.mark.parametrize("topics", [5, 14, 40, 60])
def test_no_figure_of_any_size_prints_an_ellipsis(topics, size, language):
    drawn = svg.figure(Edition(sample(topics), language).drawn(size=size))

    assert "…" not in drawn
