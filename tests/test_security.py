"""docs/security.md is whole: every item of ASVS 5.0 at levels 1 and 2, every test it names."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text()
# The numbers of each section that are of level 1 or 2.
ITEMS = {
    "1.1": "1-2", "1.2": "1-9", "1.3": "1-11", "1.4": "1-3", "1.5": "1-2",
    "2.1": "1-3", "2.2": "1-3", "2.3": "1-4", "2.4": "1",
    "3.2": "1-2", "3.3": "1-4", "3.4": "1-6", "3.5": "1-5", "3.7": "1-2",
    "4.1": "1-3", "4.2": "1", "4.3": "1-2", "4.4": "1-4",
    "5.1": "1", "5.2": "1-3", "5.3": "1-2", "5.4": "1-3",
    "6.1": "1-3", "6.2": "1-12", "6.3": "1-4", "6.4": "1-4", "6.5": "1-5", "6.6": "1-3",
    "6.8": "1-4",
    "7.1": "1-3", "7.2": "1-4", "7.3": "1-2", "7.4": "1-5", "7.5": "1-2", "7.6": "1-2",
    "8.1": "1-2", "8.2": "1-3", "8.3": "1", "8.4": "1",
    "9.1": "1-3", "9.2": "1-4",
    "10.1": "1-2", "10.2": "1-2", "10.3": "1-4", "10.4": "1-11", "10.5": "1-5", "10.6": "1-2",
    "10.7": "1-3",
    "11.1": "1-2", "11.2": "1-3", "11.3": "1-3", "11.4": "1-4", "11.5": "1", "11.6": "1",
    "12.1": "1-3", "12.2": "1-2", "12.3": "1-4",
    "13.1": "1", "13.2": "1-5", "13.3": "1-2", "13.4": "1-5",
    "14.1": "1-2", "14.2": "1-4", "14.3": "1-3",
    "15.1": "1-3", "15.2": "1-3", "15.3": "1-7",
    "16.1": "1", "16.2": "1-5", "16.3": "1-4", "16.4": "1-3", "16.5": "1-3",
    "17.1": "1", "17.2": "1-4", "17.3": "1-2",
}  # fmt: skip


def items() -> list[str]:
    every = []
    for section, numbers in ITEMS.items():
        first, _dash, last = numbers.partition("-")
        every += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return every


def rows(page: str) -> dict[str, str]:
    """Return what the table says of each item; an item that stands twice is an error."""
    found: dict[str, str] = {}
    for line in re.findall(r"^\| (\d+\.\d+\.\d+[^|]*) \| (.+) \|$", page, re.MULTILINE):
        for item in line[0].split(", "):
            assert item not in found, f"{item} stands twice"
            found[item] = line[1]
    return found


def named_tests(text: str) -> list[tuple[str, str]]:
    return re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", text)


def is_there(path: str, name: str) -> bool:
    file = ROOT / "tests" / path
    if not file.is_file():
        return (ROOT / "materiality" / path).is_file()
    functions = [
        node.name
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
    ]
    return name in functions or not name


def test_there_are_253_items_and_each_has_its_line():
    assert len(items()) == 253
    assert sorted(rows(PAGE)) == sorted(items())


def test_every_line_names_a_test_that_is_there_or_a_reason():
    for item, text in rows(PAGE).items():
        for path, name in named_tests(text):
            assert is_there(path, name), f"{item}: {path}::{name}"
        assert named_tests(text) or len(text) > 8, item


def test_the_control_a_test_that_is_gone_is_noticed():
    assert not is_there("web/door/test_door.py", "test_nothing_of_the_kind")
    assert not is_there("web/door/test_doors.py", "")


def test_security_md_says_how_to_report_and_leads_here():
    text = (ROOT / "SECURITY.md").read_text()

    assert "privately" in text
    assert "docs/security.md" in text
