"""The content index through its page: headings, rows, what the check says, files."""

import csv
import io
import re

import pytest
from python_calamine import CalamineWorkbook

from materiality import actions
from materiality.models import Assessment, IndexRow
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import text, url

pytestmark = pytest.mark.django_db
HEADINGS = (
    "公司治理 | Governance | 12\n"
    "能源管理\tEnergy management\t61\tGRI 302-1 (2016); GRI 302-4 (2016)"
)


@pytest.fixture
def referring(assessment) -> Assessment:
    """A round whose topics refer to standards."""
    for code, key in (("energy", "302"), ("ethics", "205"), ("safety", "403"), ("privacy", "418")):
        edition = "2018" if code == "safety" else "2016"
        actions.describe_topic(
            topic=assessment.topics.get(code=code), references=[["GRI", edition, key]], by=None
        )
    return Assessment.objects.get(pk=assessment.pk)


def form_of(page: str) -> dict[str, str]:
    """Return what the browser would send of the rows."""
    part = page.split('aria-labelledby="rw"', 1)[1]
    sent = dict(
        re.findall(r'<input type="hidden" name="(version|seen|count)" value="([^"]*)"', part)
    )
    for tag in re.findall(r"<input [^>]*>", part):
        name = re.search(r'name="((?:code|heading|note)[^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name:
            sent[name[1]] = value[1] if value else ""
    for name, inner in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', part, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        sent[name] = chosen[1] if chosen else re.search(r'value="([^"]*)"', inner)[1]
    return sent


def paste(owner, assessment, lines, **changes):
    page = text(owner.get(url(assessment, "index")))
    match = re.search(r'name="seen" value="([^"]*)"', page)[1]
    sent = {"version": assessment.version, "seen": match, "lines": lines, "published": ""} | changes
    return owner.post(url(assessment, "index/headings") + "?lang=en", sent)


def test_headings_are_pasted_from_text_or_a_spreadsheet(referring, owner):
    assert paste(owner, referring, HEADINGS).status_code == 302

    kept = [(row.title["en"], row.page, len(row.prints)) for row in referring.headings.all()]
    assert kept == [("Governance", "12", 0), ("Energy management", "61", 2)]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("a | b | 1 | GRI 302-1 (2016) | x", "Line 1 has 5 parts"),
        ("公司治理 | Governance\n | | 12", "Line 2 has no title"),
        ("a | b | on the page after the next", "is no page"),
    ],
)
def test_a_line_that_is_no_heading_is_named_and_nothing_is_lost(referring, owner, lines, said):
    answered = paste(owner, referring, lines)

    assert said in text(answered)
    assert lines.splitlines()[0] in text(answered)
    assert not referring.headings.exists()


def test_rows_are_suggested_from_the_topics_and_saved_with_their_headings(referring, owner):
    paste(owner, referring, HEADINGS)
    page = text(owner.get(url(referring, "index") + "?lang=en&suggest=1"))
    sent = form_of(page)
    at = next(name for name, value in sent.items() if value == "GRI 302 (2016)").partition(":")[2]

    answered = owner.post(
        url(referring, "index/rows") + "?suggest=1",
        sent | {f"heading:{at}": "Energy management"},
    )

    assert answered.url == url(referring, "index")
    assert referring.index_rows.count() == 4
    row = referring.index_rows.get(code="302")
    assert (row.topic.code, row.heading.title["zh-hans"]) == ("energy", "能源管理")


def test_the_check_says_what_points_nowhere_and_leads_to_the_row(referring, owner):
    paste(owner, referring, HEADINGS)
    sent = form_of(text(owner.get(url(referring, "index") + "?lang=en")))
    owner.post(
        url(referring, "index/rows"),
        sent
        | {
            "code:0": "GRI 302-1 (2016)",
            "heading:0": "Energy managment",
            "topic:0": "energy",
            "code:1": "GRI 403-2 (2018)",
            "heading:1": "Governance",
        },
    )

    page = text(owner.get(url(referring, "index") + "?lang=en"))

    result = re.findall(r'<a href="#(row-\d|headings-of|rw)">([^<]+)</a>', page)
    assert (
        "row-0",
        "GRI 302-1 (2016) points to “Energy managment”, which is no heading of the report "
        "(“Energy management”?).",
    ) in result
    assert any("GRI 302-4 (2016)" in said and place == "rw" for place, said in result)
    assert "to put right" in page


def test_a_code_without_a_standard_is_refused_and_stays_entered(referring, owner):
    sent = form_of(text(owner.get(url(referring, "index"))))

    answered = owner.post(
        url(referring, "index/rows") + "?lang=en",
        sent | {"code:0": "302-1", "heading:1": "Governance"},
    )

    assert "“302-1” names no standard: write it like GRI 418-1 (2016)." in text(answered)
    assert "Which code stands under this heading?" in text(answered)
    assert 'value="302-1"' in text(answered)


def test_a_row_is_taken_out_by_emptying_its_code(referring, owner):
    sent = form_of(text(owner.get(url(referring, "index"))))
    owner.post(url(referring, "index/rows"), sent | {"code:0": "GRI 302-1 (2016)"})
    sent = form_of(text(owner.get(url(referring, "index"))))

    owner.post(url(referring, "index/rows"), sent | {"code:0": ""})

    assert not IndexRow.objects.exists()


def test_the_second_of_two_editors_is_told_and_can_then_save_over_it(referring, owner):
    sent = form_of(text(owner.get(url(referring, "index"))))
    owner.post(url(referring, "index/rows"), sent | {"code:0": "GRI 302-1 (2016)"})
    second = sent | {"code:0": "GRI 305-1 (2016)"}

    answered = signed_in("editor").post(url(referring, "index/rows") + "?lang=en", second)

    assert answered.status_code == 409
    assert "Somebody else saved changes" in text(answered)
    match = re.search(r'name="seen" value="([^"]*)"', text(answered).split('"rw"', 1)[1])[1]
    again = signed_in("editor").post(url(referring, "index/rows"), second | {"seen": match})
    assert again.status_code == 302


def test_rows_that_arrive_cut_short_delete_nothing(referring, owner):
    sent = form_of(text(owner.get(url(referring, "index"))))
    owner.post(url(referring, "index/rows"), sent | {"code:0": "GRI 302-1 (2016)"})
    sent = form_of(text(owner.get(url(referring, "index"))))

    cut = {name: value for name, value in sent.items() if ":" not in name}
    answered = owner.post(url(referring, "index/rows"), cut)

    assert 'role="alert"' in text(answered)
    assert referring.index_rows.count() == 1


def test_the_index_is_written_after_the_lock_by_editors_only(locked, owner):
    sent = form_of(text(owner.get(url(locked, "index"))))

    owner.post(url(locked, "index/rows"), sent | {"code:0": "GRI 302-1 (2016)"})

    assert locked.index_rows.get().code == "302-1"
    assert 'name="code:0"' not in text(signed_in("viewer").get(url(locked, "index")))


def test_the_index_is_handed_out_as_csv_and_as_a_workbook(referring, owner):
    paste(owner, referring, HEADINGS)
    sent = form_of(text(owner.get(url(referring, "index"))))
    row = {"code:0": "GRI 302-1 (2016)", "heading:0": "Energy management", "topic:0": "energy"}
    owner.post(url(referring, "index/rows"), sent | row | {"note:0:en": "=1+1"})

    rows = list(
        csv.DictReader(
            io.StringIO(owner.get(f"/a/{referring.pk}/index.csv").content.decode("utf-8-sig"))
        )
    )
    assert (rows[0]["code"], rows[0]["heading_zh"], rows[0]["note_en"]) == (
        "302-1",
        "能源管理",
        "'=1+1",
    )
    book = owner.get(f"/a/{referring.pk}/index.xlsx?lang=en").content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert sheet[2][:6] == [
        "GRI 2016",
        "302-1",
        "Energy consumption within the organization",
        "Energy",
        "Energy management",
        "61",
    ]


def test_editions_count_as_of_the_day_of_publication(referring, owner):
    """GRI 403 (2016) was superseded by GRI 403 (2018) on 2021-01-01, as the catalogue says."""
    paste(owner, referring, "员工 | Employees | 30")
    rows = form_of(text(owner.get(url(referring, "index")))) | {"code:0": "GRI 403-2 (2016)"}
    owner.post(url(referring, "index/rows"), rows)
    assert "was withdrawn or superseded on 2021-01-01" in text(
        owner.get(url(referring, "index") + "?lang=en")
    )

    assert paste(owner, referring, "员工 | Employees", published="2020-12-31").status_code == 302

    page = text(owner.get(url(referring, "index") + "?lang=en"))
    assert "was withdrawn or superseded" not in page
    assert 'value="2020-12-31"' in page
    assert referring.events.last().after == {"published": "2020-12-31"}


def test_a_day_that_is_none_is_refused_and_kept_on_the_form(referring, owner):
    answered = paste(owner, referring, HEADINGS, published="2020-13-01")

    assert 'value="2020-13-01"' in text(answered)
    assert not referring.headings.exists()


TABLES = (
    "Awards\nNo.\tAward\n15\tA\n16\tB\n18\tC\n\n"
    "Members\nNo.\tAward\n1\tD\n2\tE\n\n"
    "排放\n来源\t吨\t占比\n甲\t1,200\t60%\n乙\t800.5\t40%\n合计\t2,001\t100%\n"
)


def check_tables(owner, assessment, tables, language="en"):
    sent = {"tables": tables}
    return text(owner.post(url(assessment, "index/tables") + f"?lang={language}", sent))


def test_tables_of_the_report_are_looked_through(referring, owner):
    page = check_tables(owner, referring, TABLES)

    assert "Awards: number 16 is followed by 18." in page
    assert "Members has the column heads of “Awards”: No., Award." in page
    assert "排放 · 吨: the parts add up to 2,000.5, the total says 2,001." in page
    assert page.count("<li>", page.index('id="tables-of"')) == 3
    assert "18\tC" in page  # what was pasted is still there
    assert "排放 · 吨：各项合计 2,000.5" in check_tables(owner, referring, TABLES, "zh-hans")


def test_tables_in_order_are_said_to_be(referring, owner):
    page = check_tables(
        owner, referring, TABLES.replace("18", "17").replace("Award\n1\t", "X\n1\t")
    )
    sound = check_tables(owner, referring, "No.\tAward\n1\tA\n2\tB")

    assert "add up to" in page
    assert "is followed by" not in page
    assert "has the column heads" not in page
    assert "1 table looked through: nothing found." in sound


def test_too_many_tables_at_once_are_refused_and_kept(referring, owner):
    page = check_tables(owner, referring, "No.\tAward\n\n" * 51)

    assert "There are 51 tables; paste at most 50 at a time." in page
    assert page.count("No.\tAward") == 51


@pytest.mark.parametrize(
    "pasted",
    [
        *("", " ", "\t", "one", "\t\t\n\t", "Total\nTotal", "1\t2\nTotal", "a\x00\tb"),
        "No.\tA\n" + "9" * 5000 + "\t9e999999999\n2\t9e999999999\nTotal\t" + "9" * 5000,
    ],
)
def test_what_is_hardly_a_table_breaks_nothing(referring, owner, pasted):
    assert "tables-of" in check_tables(owner, referring, pasted)
