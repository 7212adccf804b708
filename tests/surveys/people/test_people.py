"""People: lists to invite from, QR codes, progress."""

import io
import re
import time
import zipfile
from tempfile import TemporaryFile
from uuid import uuid4

import pytest
import xlsxwriter
from django.db import IntegrityError
from django.test import override_settings

from surveys import answers
from surveys.actions import answer
from surveys.actions.invite import add_people, invite, opt_out
from surveys.actions.publish import close
from surveys.actions.revise import revise_audience
from surveys.actions.seal import seal
from surveys.errors import RuleBroken
from surveys.fieldwork.progress import progress
from surveys.models import Invitation, Mode
from surveys.people import links
from surveys.people.columns import COLUMNS, FIELDS, HEADINGS, guess_columns, read_list
from surveys.people.person import Person
from surveys.people.rows import RowError, check_people
from surveys.people.tokens import token_of
from surveys.tables import upload as tables
from surveys.tables.plan import TableOptions
from surveys.tables.upload import Table, UnreadableTable
from tests.builders import (
    consent_of,
    invitation_of,
    make_link,
    make_links,
    make_survey,
    ratings_for,
)
from tests.surveys.conftest import workbook

pytestmark = pytest.mark.django_db
ROWS = [["姓名", "邮箱"], ["李雷", "li@example.com"], ["Ann", "ann@example.com"]]


def read_table(content):
    with TemporaryFile() as file:
        file.write(content)
        return read_list(file, TableOptions())


# ---- reading tables ----


@pytest.mark.parametrize(
    "content",
    [
        workbook(ROWS),
        "姓名,邮箱\r\n李雷,li@example.com\r\nAnn,ann@example.com\r\n".encode("utf-8-sig"),
        "姓名;邮箱\n李雷;li@example.com\nAnn;ann@example.com".encode(),
        "姓名\t邮箱\n李雷\tli@example.com\nAnn\tann@example.com\n\n".encode("gb18030"),
    ],
    ids=["xlsx", "utf-8 with mark", "semicolons", "gb18030 with tabs"],
)
def test_a_table_reads_the_same_from_every_kind_of_file(content):
    assert read_table(content) == Table(ROWS[0], ROWS[1:])


def test_numbers_and_missing_cells_read_as_people_see_them():
    result = read_table(workbook([["a", "b", "c"], [5, 2.5], [None, True, "=1+1"]]))

    assert result.rows[0] == ["5", "2.5", ""]


def test_hidden_rows_and_merged_cells_are_read_as_they_are_stored():
    """Case 60: what a person does not see in the sheet is shown before anybody is added."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(ROWS):
            sheet.write_row(at, 0, row)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.merge_range(3, 0, 3, 1, "North")

    assert read_table(file.getvalue()) == Table(ROWS[0], [*ROWS[1:], ["North", ""]])


@pytest.mark.parametrize("told", ["A1", "A1:XFD1048576"])
def test_what_a_sheet_says_of_its_own_size_is_not_believed(told):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(ROWS))) as source, zipfile.ZipFile(file, "w") as lying:
        for name in source.namelist():
            part = source.read(name)
            lie = part.replace(b'<dimension ref="A1:B3"/>', f'<dimension ref="{told}"/>'.encode())
            assert (lie != part) == name.endswith("sheet1.xml")  # control: it does lie
            lying.writestr(name, lie)

    assert read_table(file.getvalue()) == Table(ROWS[0], ROWS[1:])


def bomb(size=30 << 20):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * size)
    return file.getvalue()


def with_macros():
    file = io.BytesIO(workbook(ROWS))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"%PDF\x00", bomb(), with_macros(), workbook(ROWS)[:-200], b"PK\x03\x04",
     b"\xd0\xcf\x11\xe0old", bytes(range(128, 256)) * 9, zipfile.ZipFile],
    ids=["empty", "blank", "binary", "bomb", "macros", "cut", "stub", "xls", "bytes", "other zip"],
)  # fmt: skip
def test_what_is_not_a_decent_table_is_refused_at_once(content):
    if content is zipfile.ZipFile:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("letter.txt", "Hello")
        content = file.getvalue()
    start = time.perf_counter()
    with pytest.raises(UnreadableTable):
        read_table(content)

    assert time.perf_counter() - start < 2


def test_limits_are_settings():
    content = b"name\n" + b"x\n" * 6
    assert len(read_table(content).rows) == 6  # control

    for limits in ({"rows": 5}, {"megabytes": 0}, {"seconds": 0.001}, {"columns": 0}):
        with override_settings(SURVEYS_TABLE_LIMITS=limits), pytest.raises(UnreadableTable):
            read_table(content)


def test_a_hundred_thousand_rows_are_read_in_seconds():
    content = b"email\n" + b"".join(b"p%d@example.com\n" % n for n in range(100_000))
    start = time.perf_counter()

    assert len(read_table(content).rows) == 100_000
    assert time.perf_counter() - start < 10


# ---- lists of people ----


@pytest.fixture
def survey(db):
    return make_survey(topics=2, audiences=("customers", "employees"))


def table(*rows, header=("email", "name", "audience", "subgroup", "language")):
    return Table(list(header), [list(row) for row in rows])


def test_columns_are_guessed_from_headings_in_both_languages():
    assert guess_columns(["姓名", " E-Mail ", "城市", "群体"]) == {
        "name": 0, "email": 1, "audience": 3
    }  # fmt: skip


def test_good_rows_are_kept_and_bad_ones_named_with_row_value_and_reason(survey):
    result = check_people(
        survey,
        table(
            ["ann@example.com", "Ann", "customers", "North", "en"],
            ["not an address", "Bob", "customers", "", "en"],
            ["", "", "", "", ""],
            ["cy@example.com", "Cy", "martians", "", "en"],
            ["di@example.com", "Di", "Customers", "", "Klingon"],
            ["", "", "employees", "", "en"],
            ["eve@example.com\nBcc: all@example.com", "Eve", "customers", "", "en"],
            ["flo@example.com", "Flo\r\nBcc: x@example.com", "customers", "", "en"],
        ),
        {"email": 0, "name": 1, "audience": 2, "subgroup": 3, "language": 4},
    )

    assert [person for _audience, person in result.people] == [
        Person("Ann", "ann@example.com", "en", "North")
    ]
    assert [(error.row, error.value) for error in result.errors[:4]] == [
        (3, "not an address"), (5, "martians"), (6, "Klingon"), (7, "")
    ]  # fmt: skip
    assert [error.row for error in result.errors[4:]] == [8, 9]
    assert all(isinstance(error, RowError) and error.reason for error in result.errors)


def test_a_second_import_adds_nobody(survey):
    audience = survey.audiences.first()
    rows = table(["ANN@example.com", "Ann"], ["ann@example.com", "Ann"], ["", "Paper Bob"],
                 header=("email", "name"))  # fmt: skip
    added = []
    for _time in range(2):
        result = check_people(survey, rows, {"email": 0, "name": 1}, audience)
        added.append((add_people(result.people), result.known))

    assert added == [(2, 1), (0, 3)]
    assert Invitation.objects.count() == 2


def test_two_imports_at_once_add_everybody_once(survey):
    audience = survey.audiences.first()
    result = check_people(
        survey, table(["a@example.com"], header=["email"]), {"email": 0}, audience
    )

    assert [add_people(result.people), add_people(result.people)] == [1, 0]
    with pytest.raises(IntegrityError):  # control: the database has the last word
        Invitation.objects.create(audience=audience, email="a@example.com", token_hash="x" * 64)


@pytest.mark.parametrize("columns", [{}, {"email": 9}, {"password": 0}, {"subgroup": 0}])
def test_columns_must_exist_and_tell_who(survey, columns):
    with pytest.raises(RuleBroken):
        check_people(
            survey, table(["a@example.com"], header=["email"]), columns, survey.audiences.first()
        )
    with pytest.raises(RuleBroken):
        check_people(survey, table(["a@example.com"], header=["email"]), {"email": 0})


def test_every_field_can_be_guessed():
    assert set(HEADINGS) == set(COLUMNS) > set(FIELDS)
    assert issubclass(tables.UnreadableTable, RuleBroken)


# ---- the link of a mail ----


def test_the_link_for_a_mail_is_told_again_by_seed_and_key_only(survey, settings):
    [(invitation, token)] = invite(survey.audiences.first(), [Person(email="a@example.com")])

    assert token_of(invitation) == token
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values())
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert token_of(invitation) == token
    settings.SECRET_KEY_FALLBACKS = []
    assert token_of(invitation) is None


def test_the_seal_forgets_the_seeds(survey):
    token = make_link(survey, email="a@example.com")
    close(survey)
    seal(survey)

    assert token_of(invitation_of(token)) is None


# ---- opting out ----


def test_only_a_post_opts_out_and_the_link_still_works(survey, visitor):
    token = make_link(survey, email="a@example.com")
    for _time in range(3):
        assert b"Stop mail" in visitor.get(f"/r/{token}/opt-out/").content
    assert invitation_of(token).reach == "open"

    visitor.post(f"/r/{token}/opt-out/", {"List-Unsubscribe": "One-Click"})

    assert invitation_of(token).reach == "opted_out"
    assert visitor.get(f"/r/{token}/").status_code == 200
    assert visitor.post("/r/unknown/opt-out/").status_code == 404


# ---- QR ----


def test_codes_hold_the_link_with_the_configured_address_as_svg_and_png(survey, settings):
    settings.SITE_URL = "https://csr.example.com/"
    audience = survey.audiences.first()
    address = links.open_link(audience)
    png = links.qr_png(address)

    assert address == f"https://csr.example.com/s/{survey.slug}/{audience.code}/"
    assert links.qr_svg(address).startswith("<svg")
    assert not re.search(r"(href|script|style)=", links.qr_svg(address))
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") >= 1000


# ---- progress ----


def respond(survey, token):
    answer.submit(
        token, submission=uuid4(), ratings=ratings_for(survey), consent=consent_of(survey)
    )


@pytest.mark.parametrize("sealed", [False, True])
def test_the_rate_is_over_invited_people_with_declined_and_bounced_among_them(sealed):
    survey = make_survey(topics=2, mode=Mode.NAMED)
    audience = survey.audiences.get()
    revise_audience(audience, {"target": 5})
    tokens = [make_link(survey) for _person in range(10)]
    for token in tokens[:3]:
        respond(survey, token)
    answer.decline(tokens[4])
    Invitation.objects.filter(pk=invitation_of(tokens[5]).pk).update(reach="bounced")
    [(_made, by_open_link)] = invite(audience, [Person()], source=Invitation.Source.OPEN)
    respond(survey, by_open_link)
    if sealed:
        close(survey)
        seal(survey)

    [found] = progress(survey)

    assert (found.invited, found.answered, found.answered_invited) == (10, 4, 3)
    assert (found.declined, found.bounced, found.started) == (1, 1, 3)
    assert found.response_rate == pytest.approx(0.3)
    assert found.missing == 1


def counters_while_answered(survey, people=9):
    """Return the counter after each answer."""
    seen = []
    for token in make_links(survey, people):
        respond(survey, token)
        seen.append(progress(survey)[0].answered)
    return seen


def test_one_more_answer_does_not_show_while_an_anonymous_survey_is_open(survey):
    assert counters_while_answered(survey) == [0, 0, 0, 0, 5, 5, 5, 5, 5]
    assert progress(survey)[0].started == 5
    assert progress(survey)[1].response_rate is None


def test_the_control_without_steps_each_answer_would_show(survey, monkeypatch):
    monkeypatch.setattr(answers, "COUNTING_STEP", 1)

    assert counters_while_answered(survey, 3) == [1, 2, 3]


def test_opting_out_is_not_declining(survey):
    token = make_link(survey)
    opt_out(invitation_of(token).pk)

    assert progress(survey)[0].declined == 0
