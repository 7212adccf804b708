"""The documentation tells of this house: its rooms, and of no file that is gone."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSES = ("surveys", "materiality", "materiality/web")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def rooms() -> set[str]:
    """Return every package of the two apps and of the pages."""
    result = {file.parent for house in HOUSES for file in (ROOT / house).glob("*/__init__.py")}
    return {str(folder.relative_to(ROOT)) for folder in result}


def paragraphs(text: str) -> set[str]:
    return set(re.findall(r"^- \*\*`([a-z_/]+)/`\*\* [A-Z]", text, re.MULTILINE))


def gone(text: str) -> list[str]:
    """Return what a text names of our files and folders and what is not there."""
    named = re.findall(r"`((?:materiality|surveys|tests|docs|templates|deploy)/[\w./-]*)`", text)
    return [path for path in named if not (ROOT / path).exists()]


def test_every_room_has_its_paragraph_and_every_paragraph_its_room():
    assert paragraphs((ROOT / "docs/architecture.md").read_text()) == rooms()


def test_the_control_a_room_without_a_paragraph_is_noticed():
    text = (ROOT / "docs/architecture.md").read_text()

    assert paragraphs(text.replace("- **`surveys/sql/`**", "")) == rooms() - {"surveys/sql"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page):
    assert gone(page.read_text()) == []


def test_the_control_a_file_that_is_gone_is_noticed():
    assert gone("see `materiality/snapshots.py`") == ["materiality/snapshots.py"]


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs/decisions").glob("*.md")), ids=lambda page: page.name
)
def test_a_decision_has_its_day_and_its_status(page):
    text = page.read_text()

    assert re.search(r"\b20\d\d-\d\d-\d\d\b", text.split("**Context")[0])
    assert re.search(r"Status(\.\*\*|:)? *(Accepted|accepted|Superseded|superseded)", text)


def walks(text: str) -> dict[str, int]:
    """Return how many files each first change says it touches, and so numbers."""
    parts = re.split(r"^## A first change: (.*)$", text, flags=re.MULTILINE)[1:]
    return {name: len(re.findall(r"^\d+\. ", part, re.MULTILINE)) for name, part in pairs(parts)}


def pairs(parts: list[str]) -> list[tuple[str, str]]:
    return [
        (name, part.split("\n## ")[0]) for name, part in zip(parts[::2], parts[1::2], strict=True)
    ]


def test_the_three_first_changes_number_the_files_they_touch():
    assert walks((ROOT / "CONTRIBUTING.md").read_text()) == {
        "a new export": 3,
        "a statistic on the results page": 5,
        "a new kind of question": 7,
    }
