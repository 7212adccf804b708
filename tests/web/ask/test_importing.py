"""Importing answers in the workspace: file, meaning, check, import."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from materiality.models import Event
from materiality.web.ask import importing
from surveys.actions.answer_tables import read_table
from surveys.models import AnswerTable, Intake, Role
from tests.markup import page_of as markup_of
from tests.rounds import ask, make_round, make_user
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

CSV = (
    "序号,提交答卷时间,所用时间,1、您的身份是？,2、有多重要？—Privacy,2、有多重要？—议题energy,3、备注\r\n"
    "1,2026/3/1 10:00,95秒,Employees,很重要,不重要,\r\n"
    "2,2026/3/1 10:05,61秒,Customers,一般,重要,\r\n"
)


@pytest.fixture
def survey(db):
    assessment = make_round()
    survey = ask(assessment)[0]
    survey.round = assessment
    for role in Role:
        make_user(str(role), assessment.organisation, role)
    return survey


@pytest.fixture
def editor(survey):
    return signed_in("editor")


def page_of(survey, table=None):
    arguments = [survey.round.pk, survey.pk, *([table.pk] if table else [])]
    return reverse(f"materiality:answer_table{'' if table else 's'}", args=arguments)


def hand_in(client, survey, content, name="导出.csv"):
    file = SimpleUploadedFile(name, content)
    return client.post(page_of(survey), {"file": file}, headers={"accept-language": "en"})


def chosen(page):
    """Return the mapping form as the page shows it."""
    return {field.html_name: field.value() or "" for field in page.context["form"]}


def look(client, survey):
    address = page_of(survey, AnswerTable.objects.get())
    page = client.get(address, headers={"accept-language": "en"})
    return page, markup_of(page)


def test_a_file_is_mapped_checked_and_imported(survey, editor):
    found = hand_in(editor, survey, CSV.encode("gbk"))
    table = AnswerTable.objects.get()
    assert found.url == page_of(survey, table)
    page, text = look(editor, survey)
    assert chosen(page)["column-4"] == "stakeholder:privacy"
    assert (chosen(page)["column-0"], chosen(page)["column-3"]) == ("row", "audience")
    assert "Employees, Customers" in text

    editor.post(page_of(survey, table), chosen(page) | {"check": "1"})
    assert "2 answers will be imported." in look(editor, survey)[1]
    editor.post(page_of(survey, table), {"import": "1"})

    assert Intake.objects.count() == 2
    event = Event.objects.filter(verb="import").get()
    assert (event.after["answers"], event.after["file"]) == (2, "导出.csv")
    assert "is imported already" in look(editor, survey)[1]


def test_what_nobody_knows_yet_is_asked_for_and_then_understood(survey, editor):
    hand_in(editor, survey, CSV.replace("很重要", "顶顶重要").replace("Employees", "同事").encode())
    page, _text = look(editor, survey)
    assert (chosen(page)["word-顶顶重要"], chosen(page)["group-同事"]) == ("", "")
    address = page_of(survey, AnswerTable.objects.get())
    editor.post(address, chosen(page) | {"check": "1"})
    page, text = look(editor, survey)
    assert "1 row cannot be used, so nothing can be imported yet." in text
    assert "顶顶重要" in text
    assert 'name="import"' not in text

    said = {"word-顶顶重要": "5", "group-同事": "employees", "check": "1"}
    editor.post(address, chosen(page) | said)

    assert "2 answers will be imported." in look(editor, survey)[1]


def test_what_does_not_fit_together_is_refused_and_nothing_chosen_is_lost(survey, editor):
    hand_in(editor, survey, CSV.encode())
    page, _text = look(editor, survey)
    twice = chosen(page) | {"column-5": "stakeholder:privacy", "check": "1"}

    answered = editor.post(
        page_of(survey, AnswerTable.objects.get()), twice, headers={"accept-language": "en"}
    )

    assert "Two columns cannot mean the same" in markup_of(answered)
    assert chosen(answered)["column-5"] == "stakeholder:privacy"


def test_columns_that_do_not_tell_the_group_are_refused_in_view(survey, editor):
    hand_in(editor, survey, CSV.encode())
    page, _text = look(editor, survey)
    table = AnswerTable.objects.get()
    untold = chosen(page) | {"column-3": "", "check": "1"}

    answered = editor.post(page_of(survey, table), untold, headers={"accept-language": "en"})

    assert "Choose the group, or the column that names it." in markup_of(answered)
    assert chosen(answered)["column-3"] == ""


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04rubbish"])
def test_a_file_that_is_no_table_is_refused_with_a_sentence(survey, editor, content):
    answered = hand_in(editor, survey, content)

    assert answered.status_code == 200
    assert 'class="errm"' in markup_of(answered)
    assert not AnswerTable.objects.exists()


def test_a_long_file_is_read_in_the_background_and_the_page_says_how_far(
    survey, editor, monkeypatch
):
    monkeypatch.setattr(importing, "AT_ONCE", 0)
    hand_in(editor, survey, CSV.encode())
    page, _text = look(editor, survey)
    table = AnswerTable.objects.get()
    editor.post(page_of(survey, table), chosen(page) | {"check": "1"})
    _page, text = look(editor, survey)
    assert "0 rows read so far." in text
    assert '<meta http-equiv="refresh" content="3">' in text

    read_table.call(table.pk)

    assert "2 answers will be imported." in look(editor, survey)[1]


def test_a_table_can_be_dropped(survey, editor):
    hand_in(editor, survey, CSV.encode())
    editor.post(page_of(survey, AnswerTable.objects.get()), {"drop": "1"})

    assert not AnswerTable.objects.exists()


def test_only_owners_and_editors_import(survey, editor):
    hand_in(editor, survey, CSV.encode())
    table = AnswerTable.objects.get()

    for role, status in (("reviewer", 403), ("viewer", 403), ("owner", 200)):
        for address in (page_of(survey), page_of(survey, table)):
            assert signed_in(role).get(address).status_code == status
        assert signed_in(role).post(page_of(survey), {}).status_code == status


def test_a_table_of_another_survey_is_not_found(survey, editor):
    hand_in(editor, survey, CSV.encode())
    other = survey.round.surveys.exclude(pk=survey.pk).get()
    other.round = survey.round

    assert editor.get(page_of(other, AnswerTable.objects.get())).status_code == 404
