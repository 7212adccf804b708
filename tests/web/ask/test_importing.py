"""Importing answers in the workspace: file, meaning, check, import."""

import re

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
    fields = page.context["form"]
    return {one.html_name: "" if one.value() is None else one.value() for one in fields}


def look(client, survey):
    address = page_of(survey, AnswerTable.objects.get())
    page = client.get(address, headers={"accept-language": "en"})
    return page, markup_of(page)


WORDS = {"很重要": "5", "重要": "4", "一般": "3", "不重要": "2"}
"""What the words of that program mean here: the scale is not ours, so somebody must say it."""


def say(client, survey, **more):
    """Say on the page what the words mean, and what else is given."""
    page, _text = look(client, survey)
    ratings = {f"rating-stakeholder-{word}": rating for word, rating in WORDS.items()}
    address = page_of(survey, AnswerTable.objects.get())
    client.post(address, chosen(page) | ratings | more | {"look": "1"})


def test_a_file_is_shown_as_it_is_read_and_imported(survey, editor):
    result = hand_in(editor, survey, CSV.encode("gbk"))
    table = AnswerTable.objects.get()
    assert result.url == page_of(survey, table)
    page, text = look(editor, survey)
    assert chosen(page)["column-4"] == "stakeholder:privacy"
    assert (chosen(page)["column-0"], chosen(page)["column-3"]) == ("row", "group")
    assert {"Employees, Customers", "Customers, Employees"} & set(re.findall(r"\w+, \w+", text))
    assert "The file does not tell its encoding." in text

    say(editor, survey, encoding="gb18030")
    assert "“很重要” stands there 1 times" in look(editor, survey)[1]  # read anew, so asked anew
    say(editor, survey)

    _page, text = look(editor, survey)
    assert "2 answers will be imported." in text
    assert "很重要 → <b>5</b> ×1" in text

    editor.post(page_of(survey, table), {"import": "1"})

    assert Intake.objects.count() == 2
    event = Event.objects.filter(verb="import").get()
    assert (event.after["answers"], event.after["file"]) == (2, "导出.csv")
    assert "2 answers were imported." in look(editor, survey)[1]


def test_every_value_can_be_changed_and_is_read_anew(survey, editor):
    hand_in(editor, survey, CSV.encode())
    page, _text = look(editor, survey)
    said = {"rating-stakeholder-不重要": "1", "look": "1"}

    editor.post(page_of(survey, AnswerTable.objects.get()), chosen(page) | said)

    page, text = look(editor, survey)
    assert "不重要 → <b>1</b> ×1" in text
    assert chosen(page)["rating-stakeholder-不重要"] == "1"


def test_what_nobody_knows_yet_is_asked_for_and_then_understood(survey, editor):
    hand_in(editor, survey, CSV.replace("很重要", "顶顶重要").replace("Employees", "同事").encode())
    page, text = look(editor, survey)
    assert (chosen(page)["rating-stakeholder-顶顶重要"], chosen(page)["group-同事"]) == ("", "")
    assert "“顶顶重要” stands there 1 times: say which rating it means." in text
    assert 'name="import"' not in text

    say(editor, survey, **{"rating-stakeholder-顶顶重要": "5", "group-同事": "employees"})

    assert "2 answers will be imported." in look(editor, survey)[1]


def test_rows_that_a_comma_cut_are_named_and_can_be_left_out(survey, editor):
    more = "3,2026/3/1 10:06,61秒,Customers,很重要,不重要,\r\n"
    hand_in(editor, survey, (CSV.replace("95秒,", "95秒,更多,") + more).encode())
    _page, text = look(editor, survey)
    assert "1 rows have more cells than there are headings (rows 2)" in text
    assert 'name="import"' not in text

    say(editor, survey, rows_left_out="2")

    text = look(editor, survey)[1]
    assert "2 answers will be imported." in text
    assert "2 (left out by number)" in text


def test_an_import_is_taken_back_and_the_log_keeps_it(survey, editor):
    hand_in(editor, survey, CSV.encode())
    table = AnswerTable.objects.get()
    say(editor, survey)
    editor.post(page_of(survey, table), {"import": "1"})
    editor.post(page_of(survey, table), {"take_back": "1"})

    assert not Intake.objects.exists()
    assert Event.objects.filter(verb="take_back_import").get().after["answers"] == 2
    assert "This import was taken back" in look(editor, survey)[1]
    assert "Taken back" in editor.get(page_of(survey), {"lang": "en"}).content.decode()


def test_what_does_not_fit_together_is_refused_and_nothing_chosen_is_lost(survey, editor):
    hand_in(editor, survey, CSV.encode())
    page, _text = look(editor, survey)
    twice = chosen(page) | {"column-5": "stakeholder:privacy", "look": "1"}

    answered = editor.post(
        page_of(survey, AnswerTable.objects.get()), twice, headers={"accept-language": "en"}
    )

    assert "Two columns cannot mean the same" in markup_of(answered)
    assert chosen(answered)["column-5"] == "stakeholder:privacy"


def test_columns_that_do_not_tell_the_group_are_refused_in_view(survey, editor):
    hand_in(editor, survey, CSV.encode())
    page, _text = look(editor, survey)
    table = AnswerTable.objects.get()
    untold = chosen(page) | {"column-3": "", "look": "1"}

    editor.post(page_of(survey, table), untold, headers={"accept-language": "en"})

    page, text = look(editor, survey)
    assert "Choose the group, or the column that names it." in text
    assert chosen(page)["column-3"] == ""


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
    table = AnswerTable.objects.get()
    say(editor, survey)
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
