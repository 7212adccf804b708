"""Templates and style sheets are for reading: one idea a line."""

import re
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST = 200
USUALLY = 120
SOURCES = {
    "templates": [*ROOT.glob("templates/**/*.html"), *ROOT.glob("surveys/kinds/**/*.html")],
    "style sheets": [
        *ROOT.glob("materiality/static/**/*.css"),
        *ROOT.glob("surveys/static/**/*.css"),
    ],
}


def too_long(paths: list[Path]) -> list[str]:
    """Name the lines that nobody can take in at a glance."""
    return [
        f"{path.name}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST
    ]


@pytest.mark.parametrize("paths", SOURCES.values(), ids=SOURCES)
def test_no_line_is_longer_than_the_eye_can_follow(paths):
    assert paths
    assert not too_long(paths)


@pytest.mark.parametrize("paths", SOURCES.values(), ids=SOURCES)
def test_nearly_all_lines_fit_beside_another_window(paths):
    lengths = [
        len(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()
    ]

    assert statistics.quantiles(lengths, n=20)[-1] <= USUALLY


def test_a_line_that_is_too_long_is_named(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<p>\n" + "x" * (LONGEST + 1), encoding="utf-8")

    assert too_long([page]) == ["page.html:2"]


def dark_palettes(sheet: str) -> list[dict[str, str]]:
    """Return the colours of the dark theme, by choice and by the machine's setting.

    CSS cannot say once what holds under an attribute or under a media query.
    """
    blocks = re.findall(
        r"^(?:  )?(?:\[data-theme=dark\]|:root:not\(\[data-theme=light\]\)) \{([^}]*)\}",
        sheet,
        re.MULTILINE,
    )
    palettes = [dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block)) for block in blocks]
    # Paper has fewer colours, and no button to write on.
    return [palette for palette in palettes if "--on-accent" in palette]


def test_the_dark_palette_stands_twice_and_is_one():
    sheet = (ROOT / "surveys/static/surveys/core.css").read_text(encoding="utf-8")
    chosen, by_the_machine = dark_palettes(sheet)

    assert len(chosen) > 10
    assert chosen == by_the_machine


def test_the_control_a_colour_changed_in_one_of_them_is_noticed():
    sheet = (ROOT / "surveys/static/surveys/core.css").read_text(encoding="utf-8")
    colour = dark_palettes(sheet)[0]["--bg"]
    chosen, by_the_machine = dark_palettes(sheet.replace(f"--bg: {colour}", "--bg: red", 1))

    assert chosen != by_the_machine
