import json

import pytest
from plotly import graph_objects

from materiality.report.edition import Edition
from materiality.report.figure.plotly_figure import figure, safe
from tests.report.plotly_css import SCRIPT, TARGET, injected_rules, written
from tests.report.rounds import BAD_NAMES, badly_named, sample

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'"
)
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<link id="plotly.js-style-global" class="no-inline-styles" rel="stylesheet" href="/global.css">
<script src="/plotly.js"></script><script src="/draw.js" defer></script></head>
<body><div id="plot"></div><script type="application/json" id="figure">{figure}</script></body>
</html>"""
DRAW = """const {data, layout, config} = JSON.parse(document.getElementById('figure').textContent);
layout.width = 900; layout.height = 560; config.responsive = false;
Plotly.newPlot('plot', data, layout, config).then(() => document.body.dataset.drawn = 'yes');"""


def test_plotly_knows_every_word_of_the_figure():
    data, layout, _ = figure(Edition(sample(), "en"))

    assert len(graph_objects.Figure(data, layout).data) == len(data)


def test_the_control_a_word_that_plotly_does_not_know_is_refused():
    data, layout, _ = figure(Edition(sample(), "en"))
    data[0]["marker"]["symbl"] = "circle"

    with pytest.raises(ValueError, match="symbl"):
        graph_objects.Figure(data, layout)


def test_there_is_one_trace_per_tier_and_tier_one_is_drawn_last():
    data, _, _ = figure(Edition(sample(), "en"))

    assert [trace["name"] for trace in data] == ["Material", "More material", "Highly material"]
    assert [trace["marker"]["symbol"] for trace in data] == ["square-open", "diamond", "circle"]


def test_numbers_are_plain_lists():
    text = json.dumps(figure(Edition(sample(), "zh-hans")), allow_nan=False)

    assert "bdata" not in text


def test_the_pointer_shows_both_scores_their_interval_and_every_unit():
    data, _, _ = figure(Edition(sample(), "en"))
    at = data[2]["customdata"].index("privacy")
    shown = data[2]["hovertext"][at]

    assert shown.startswith("<b>User privacy protection</b><br>")
    assert "4.28 (4.00–4.56)" in shown
    assert "Employees 4.23 (n = 73)" in shown


def test_markup_in_a_name_is_escaped():
    assert safe("<a href='x'>R&D</a>") == "&lt;a href='x'&gt;R&amp;D&lt;/a&gt;"


def test_no_text_of_people_reaches_plotly_unescaped():
    data, layout, _ = figure(Edition(badly_named(), "en"))
    texts = [text.replace("<br>", "") for trace in data for text in trace["text"]]
    texts += [layout["xaxis"]["title"]["text"], *(note["text"] for note in layout["annotations"])]

    assert not any("<" in text or "\x00" in text for text in texts)


def test_the_title_of_the_vertical_axis_is_not_turned():
    """Plotly turns the title of a vertical axis by 90 degrees, whatever one asks."""
    _, layout, _ = figure(Edition(sample(), "en"))

    assert layout["yaxis"]["title"]["text"] == ""
    assert [row["text"] for row in layout["annotations"]] == ["Importance to stakeholders ↑"]


def test_plotly_offers_no_way_out_of_the_page():
    _, _, config = figure(Edition(sample(), "en"))

    assert config["displaylogo"] is False
    assert config["showSendToCloud"] is False
    assert config["plotlyServerURL"] == ""


def test_the_shapes_hold_bands_and_boundaries():
    _, layout, _ = figure(Edition(sample(), "en"))
    closed = [shape for shape in layout["shapes"] if shape["path"].endswith("Z")]

    assert (len(closed), len(layout["shapes"])) == (2, 4)


@pytest.fixture
def drawn(chromium):
    """A page under the strict policy that draws the badly named round; its complaints beside it."""
    page = chromium.new_page(viewport={"width": 1000, "height": 700})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route("**/*", _answer)
    page.goto("http://report.test/")
    page.wait_for_selector("body[data-drawn=yes]")
    yield page, complaints
    page.close()


def _answer(route):
    data, layout, config = figure(Edition(badly_named(), "en"))
    content = json.dumps({"data": data, "layout": layout, "config": config})
    answers = {
        "/": ("text/html", PAGE.format(figure=content.replace("<", "\\u003c"))),
        "/plotly.js": ("text/javascript", SCRIPT.read_text(encoding="utf-8")),
        "/draw.js": ("text/javascript", DRAW),
        "/global.css": ("text/css", TARGET.read_text(encoding="utf-8")),
    }
    kind, body = answers.get(route.request.url.removeprefix("http://report.test"), ("", ""))
    headers = {"Content-Security-Policy": POLICY, "Content-Type": f"{kind}; charset=utf-8"}
    route.fulfill(status=200 if kind else 404, headers=headers, body=body)


@pytest.mark.browser
def test_bad_names_are_shown_as_text_by_plotly(drawn):
    page, _ = drawn
    shown = page.locator("#plot").text_content()

    assert BAD_NAMES[0].replace(" ", "") in shown.replace(" ", "").replace("\u00a0", "")
    assert page.locator("#plot svg a").count() == 0
    assert page.locator("#plot [style*='bold']").count() == 0


@pytest.mark.browser
def test_plotly_works_under_a_policy_without_unsafe_parts(drawn):
    page, complaints = drawn
    bar = page.locator(".modebar").evaluate("bar => getComputedStyle(bar).position")

    assert bar == "absolute"
    assert [text for text in complaints if "script" in text.lower()] == []
    assert page.locator("[data-title*='cloud' i]").count() == 0


@pytest.mark.browser
def test_without_the_shipped_rules_the_mode_bar_would_fall_apart(chromium):
    page = chromium.new_page()
    page.route("**/*", _answer)
    page.route("**/global.css", lambda route: route.abort())
    page.goto("http://report.test/")
    page.wait_for_selector("body[data-drawn=yes]")
    bar = page.locator(".modebar").evaluate("bar => getComputedStyle(bar).position")
    page.close()

    assert bar == "static"


@pytest.mark.browser
def test_the_shipped_rules_are_those_of_the_installed_plotly(chromium):
    assert TARGET.read_text(encoding="utf-8") == written(injected_rules(chromium))
