"""A standard held against the report, as people read it."""

import csv
import io

import pytest

from materiality.catalogue.profiles import profile, profiles
from materiality.report.edition import Edition
from materiality.report.files import package
from materiality.report.tables import clauses
from tests.report.rounds import sample, szse_round


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("made", [sample, szse_round])
def test_every_clause_of_every_standard_is_a_row_of_the_file_in_both_languages(language, made):
    edition = Edition(made(), language)

    content = package.file(edition, "clauses.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))

    assert len(rows) == sum(len(each.clauses) for each in profiles())
    for row in rows:
        assert row["where"] or row["missing"], row
        assert "{" not in "".join(row.values())


def test_the_row_names_whom_something_is_missing_of():
    rows = {row[0]: row for row in clauses.table(Edition(sample(), "en"), profile("gri")).rows}

    assert "How they were chosen is not said of:" in rows["3-1-b"][4]
    assert rows["3-2-a"][2:] == ["Printed", "list of topics", ""]


def test_the_right_exchange_is_named():
    titles = [clauses.table(Edition(sample(), "zh-hans"), profile(code)).heading
              for code in ("szse", "sse", "bse")]  # fmt: skip

    assert [title[:3] for title in titles] == ["深交所", "上交所", "北交所"]
