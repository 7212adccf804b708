"""Answers and names of people are never put into a browser's store."""

from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "templates/materiality"


@pytest.mark.parametrize(
    "name", ["ask_entry", "ask_comments", "ask_person", "ask_invitations", "ask_people_list"]
)
def test_a_form_about_people_is_not_kept(name):
    page = (PAGES / f"{name}.html").read_text(encoding="utf-8")

    assert "data-unkept" in page
    assert "data-unkept" not in (PAGES / "engagement.html").read_text(encoding="utf-8")
