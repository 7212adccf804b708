"""Scripts and style sheets keep to what Chrome 80 and Safari 13 read: company browsers are old.

A page whose script an old browser cannot parse has no script at all; an unknown rule of a style
sheet is left out alone. So scripts use no later syntax, and style sheets hide nothing behind one.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(
    path
    for folder in ("materiality/static", "surveys/static", "materiality/report")
    for path in (ROOT / folder).rglob("*.js")
    if ".min." not in path.name
)
SHEETS = sorted(
    path
    for folder in ("materiality/static", "surveys/static")
    for path in (ROOT / folder).rglob("*.css")
)

LATER_SCRIPT = {
    "??= ||= &&= (Chrome 85, Safari 14)": r"\?\?=|\|\|=|&&=",
    "private members (Chrome 84, Safari 14.1)": r"(?:this|\b\w+)\.#\w",
    "?. and ?? (Safari 13.1)": r"\?\.(?!\d)|\?\?",
    "replaceAll (Chrome 85)": r"\.replaceAll\(",
    ".at( (Chrome 92)": r"\.at\(",
    "Object.hasOwn (Chrome 93)": r"Object\.hasOwn\b",
    "structuredClone (Chrome 98)": r"\bstructuredClone\(",
    "findLast (Chrome 97)": r"\.findLast(?:Index)?\(",
    "toSorted (Chrome 110)": r"\.to(?:Sorted|Reversed|Spliced)\(",
    "replaceChildren (Chrome 86)": r"\.replaceChildren\(",
    "randomUUID (Chrome 92)": r"\.randomUUID\(",
    "static blocks (Chrome 94)": r"\bstatic\s*\{",
    "lookbehind (Safari 16.4)": r"\(\?<[=!]",
    "AbortSignal.timeout (Chrome 103)": r"AbortSignal\.timeout\(",
    "Promise.any (Chrome 85)": r"Promise\.any\(",
    "import at top level": r"^\s*(?:import|export)\s",
}
LATER_SHEET = {
    "nesting (Chrome 112)": r"^\s+&",
    "@layer (Chrome 99)": r"@layer\b",
    "@container (Chrome 105)": r"@container\b",
    "(scripting) (Chrome 120)": r"\(scripting\b",
    "color-mix (Chrome 111)": r"(?<!\()\bcolor-mix\(",
    ":is( (Chrome 88, Safari 14)": r":is\(",
    ":where( (Chrome 88, Safari 14)": r":where\(",
    "inset: (Chrome 87, Safari 14.1)": r"(?<![-\w])inset\s*:",
    "aspect-ratio (Chrome 88)": r"(?<![-\w])aspect-ratio\s*:",
    "range media queries (Chrome 104)": r"@media[^{]*[<>]=?\s*\d",
}


def _without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/|^\s*//[^\n]*", "", text, flags=re.S | re.M)


def _without_supports(text: str) -> str:
    """Leave out what stands within @supports: an old browser leaves it out too."""
    kept, rest = "", text
    while "@supports" in rest:
        before, _word, rest = rest.partition("@supports")
        kept += before
        depth = 0
        for at, letter in enumerate(rest):
            depth += (letter == "{") - (letter == "}")
            if letter == "}" and depth == 0:
                rest = rest[at + 1 :]
                break
    return kept + rest


def later_in(text: str, later: dict[str, str]) -> list[str]:
    plain = _without_supports(_without_comments(text))
    return [name for name, pattern in later.items() if re.search(pattern, plain, re.M)]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_uses_no_syntax_that_an_old_browser_lacks(path):
    assert later_in(path.read_text(encoding="utf-8"), LATER_SCRIPT) == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_hides_nothing_behind_a_later_rule(path):
    assert later_in(path.read_text(encoding="utf-8"), LATER_SHEET) == []


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("const a = b?.c;", LATER_SCRIPT),
        ("a ??= 1;", LATER_SCRIPT),
        ("x.replaceAll('a', 'b')", LATER_SCRIPT),
        (".a { inset: 0 }", LATER_SHEET),
        ("@media (width >= 40rem) {}", LATER_SHEET),
        (".heat { background: color-mix(in srgb, red, blue) }", LATER_SHEET),
    ],
)
def test_what_is_later_would_be_noticed(text, later):
    assert later_in(text, later)


def test_what_stands_within_supports_or_a_comment_is_no_harm():
    guarded = "@supports (inset: 0) { .a { inset: 0 } } .b { top: 0 } /* inset: 0 */"

    assert later_in(guarded, LATER_SHEET) == []
