"""Columns of the printed tables hold their longest word: no program has to break one."""

import io
from dataclasses import replace

import docx
import pytest

from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.figure.layout.type import POINT, width
from materiality.report.files import package
from tests.report.rounds import double_round, made, sample

MARGINS = 3.9  # millimetres in a cell, left and right, as Word has them
TYPE = 8.5 * POINT
WIDER = 1.09  # Arial against the shipped font
EMU = 36000  # a millimetre


def too_narrow(section: bytes) -> list[str]:
    """Return each word that is wider than its column in Word."""
    found = []
    for table in docx.Document(io.BytesIO(section)).tables:
        for line, row in enumerate(table.rows):
            for cell, column in zip(row.cells, table.columns, strict=True):
                room = column.width / EMU - MARGINS
                for word in cell.text.replace("-", "- ").replace("/", "/ ").split():
                    if word.isascii() and width(word, TYPE, bold=line == 0) * WIDER > room:
                        found.append(f"{word} in {table.rows[0].cells[0].text}")
    return found


@pytest.mark.parametrize("name", ["section.docx", "method.docx"])
def test_no_word_is_wider_than_its_column(name):
    assert too_narrow(made("en", name)) == []


def test_no_word_of_a_double_round_is_wider_than_its_column():
    section = package.file(Edition(double_round(), "en"), "section.docx")
    assert too_narrow(section) == []


def test_a_column_that_is_too_narrow_is_noticed(monkeypatch):
    whole = tables.who_answered

    def narrow(edition):
        table = whole(edition)
        columns = [replace(table.columns[0], width=30.0), *table.columns[1:]]
        return replace(table, columns=columns)

    monkeypatch.setattr(tables, "who_answered", narrow)
    assert too_narrow(package.file(Edition(sample(), "en"), "section.docx"))


def test_who_answered_has_room_for_what_answers_count_like(monkeypatch):
    """The widest it gets: weighted to known shares, with the column that says so."""
    monkeypatch.setattr(
        tables, "_counts_like", lambda _edition: {"employees": "differs by question"}
    )
    section = package.file(Edition(sample(), "en"), "section.docx")
    headings = [
        cell.text
        for table in docx.Document(io.BytesIO(section)).tables
        for cell in table.rows[0].cells
    ]

    assert "Answers count like" in headings
    assert too_narrow(section) == []
