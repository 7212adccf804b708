"""Tables are read row by row, and what is too large or no table is refused soon."""

import io
import time
import zipfile

import pytest
import xlsxwriter
from django.test import override_settings

from surveys.tables.upload import UnreadableTable, look_into, stream_rows, tally_values
from tests.surveys.conftest import on_disk, workbook


def rows_of(content, tmp_path):
    with on_disk(content, tmp_path) as file:
        look = look_into(file)
        first = (look.get("texts") or look["sheets"])[0]
        places = {name: first[name] for name in ("encoding", "delimiter", "sheet") if name in first}
        said = {"kind": look["kind"], "first": 1, **places}
        tally_values(file, said)
        return list(stream_rows(file, said))


def test_a_csv_may_be_longer_than_a_workbook(tmp_path):
    rows = [["energy"]] + [[5]] * 6
    plain = "\n".join(str(row[0]) for row in rows).encode()

    with override_settings(SURVEYS_TABLE_LIMITS={"rows": 5}):
        assert len(rows_of(plain, tmp_path)) == 7
        with pytest.raises(UnreadableTable):
            rows_of(workbook(rows), tmp_path)


def laughs():
    """A workbook whose texts are entities of entities: three gigabytes, if they were expanded."""
    lines = "".join(
        f'<!ENTITY e{at} "{f"&e{at - 1};" * 10 if at else "ha" * 10}">' for at in range(9)
    )
    strings = f'<?xml version="1.0"?><!DOCTYPE sst [{lines}]><sst><si><t>&e8;</t></si></sst>'
    source = zipfile.ZipFile(io.BytesIO(workbook([["energy"], ["a text"]])))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            is_strings = name == "xl/sharedStrings.xml"
            target.writestr(name, strings if is_strings else source.read(name))
    return file.getvalue()


def test_entities_are_never_expanded(tmp_path):
    start = time.perf_counter()
    try:
        result = rows_of(laughs(), tmp_path)
    except UnreadableTable:
        result = []

    assert sum(len(cell) for _number, cells in result for cell in cells) < 10_000
    assert time.perf_counter() - start < 20  # a rectangle would take minutes


@pytest.mark.parametrize(
    "content",
    [b"a," * 1_000_000 + b"\n1", b'"' + b"x" * 300_000 + b'"\n1', b"a\n" + b"\x00" * 9,
     b"%PDF-1.7\n\x00", b"\xd0\xcf\x11\xe0" + b"0" * 99],
    ids=["a million columns", "a long cell", "zeros", "pdf", "xls"],
)  # fmt: skip
def test_what_is_no_decent_table_is_refused_within_seconds(tmp_path, content):
    start = time.perf_counter()
    with pytest.raises(UnreadableTable):
        rows_of(content, tmp_path)

    assert time.perf_counter() - start < 20  # a rectangle would take minutes


def test_formulas_are_text_or_values_and_never_run(tmp_path):
    with zipfile.ZipFile(io.BytesIO(workbook([["energy"], ["=1+1"]]))) as file:
        assert b"<f>" in file.read("xl/worksheets/sheet1.xml")  # it is a formula

    assert rows_of(workbook([["energy"], ["=1+1"]]), tmp_path)[1][1] == ["0"]
    assert rows_of(b'energy\n"=1+1"\n', tmp_path)[1][1] == ["=1+1"]


@pytest.mark.parametrize("place", [(1_048_575, 0), (0, 16_383)])
def test_one_cell_far_away_makes_no_large_table(tmp_path, place):
    """Only rows that hold something count; a column that far away is no table's."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["energy"])
        sheet.write(*place, 5)
    start = time.perf_counter()

    if place[1]:
        with pytest.raises(UnreadableTable):
            rows_of(file.getvalue(), tmp_path)
    else:
        assert rows_of(file.getvalue(), tmp_path) == [[1, ["energy"]], [1_048_576, ["5"]]]
    assert time.perf_counter() - start < 20


def test_rows_of_a_workbook_keep_their_numbers(tmp_path):
    rows = [["energy"], [5], [], [], ["重要"], [2.5]]

    result = rows_of(workbook(rows), tmp_path)

    assert [(n, cells) for n, cells in result if any(cells)] == [
        (1, ["energy"]), (2, ["5"]), (5, ["重要"]), (6, ["2.5"])
    ]  # fmt: skip
