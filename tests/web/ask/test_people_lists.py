"""Lists of people on their page: read again without a second upload, and beside last round's."""

import io

import pytest
import xlsxwriter
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from surveys.actions.invite import add_people, opt_out, revoke
from surveys.models import Invitation, PeopleList, Role
from surveys.people.person import Person
from tests.rounds import ask, make_round, make_user
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db
BIG5 = "Name,Mail,Group\r\n陳大文,chan@example.com,Customers\r\n".encode("big5hkscs")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def survey(db):
    before = make_round(year="2019")
    asked = ask(before)[0]
    customers = asked.audiences.get(code="customers")
    employees = asked.audiences.get(code="employees")
    add_people([
        (customers, Person("李雷", "li@example.com", "zh-hans", "North")),
        (customers, Person("Ann", "ann@example.com", "en")),
        (employees, Person("王伟", "", "zh-hans", "Plant 1")),
        (employees, Person("王伟", "", "zh-hans", "Plant 2")),
        (employees, Person("Bo", "bo@example.com", "en")),
    ])  # fmt: skip
    opt_out(Invitation.objects.get(name="Ann").pk)
    revoke(Invitation.objects.get(name="Bo"))
    now = make_round(year="2020", organisation=before.organisation, previous=before)
    survey = ask(now)[0]
    survey.round = now
    make_user("editor", now.organisation, Role.EDITOR)
    return survey


@pytest.fixture
def editor(survey):
    return signed_in("editor")


def address(survey):
    return reverse("materiality:people_list", args=[survey.round.pk, survey.pk])


def get(client, survey):
    return client.get(address(survey), headers={"accept-language": "en"})


def hand_in(client, survey, content, name="list.csv"):
    sent = {"file": SimpleUploadedFile(name, content), "upload": "1"}
    return client.post(address(survey), sent, headers={"accept-language": "en"})


def add(client, survey, **said):
    page = get(client, survey)
    form = {one.html_name: one.value() for one in page.context["form"]}
    form["everybody"] = getattr(form["everybody"], "pk", form["everybody"])
    filled = {name: "" if value is None else value for name, value in form.items()}
    client.post(address(survey), filled | said | {"import": "1"})


def people_of(survey, *fields):
    people = Invitation.objects.filter(audience__survey=survey, source="personal")
    return sorted(people.values_list(*fields))


# ---- the file is read otherwise ----


def test_an_encoding_that_nobody_can_tell_is_asked_without_a_second_upload(survey, editor):
    assert hand_in(editor, survey, BIG5).status_code == 302
    page = get(editor, survey).content.decode()
    assert "陳大文" in page
    assert 'name="import"' not in page

    editor.post(address(survey), {"encoding": "big5hkscs", "headings": "1", "look": "1"})
    add(editor, survey)

    assert people_of(survey, "name") == [("陳大文",)]


def test_the_sheet_and_the_headings_can_be_said_afterwards(survey, editor):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for name, person in (("2020", "ann@example.com"), ("2021", "cy@example.com")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Contacts", ""])
            sheet.write_row(1, 0, ["Mail", "Group"])
            sheet.write_row(2, 0, [person, "Customers"])
    hand_in(editor, survey, file.getvalue(), "people.xlsx")
    assert "More than one sheet" in get(editor, survey).content.decode()

    editor.post(address(survey), {"sheet": "2021", "headings": "2", "look": "1"})
    add(editor, survey)

    assert people_of(survey, "email") == [("cy@example.com",)]


def test_the_file_of_a_list_is_gone_once_it_is_added_dropped_or_replaced(
    survey, editor, django_capture_on_commit_callbacks
):
    passing = storages["passing"]
    plain = b"Name,Mail,Group\nCy,cy@example.com,Customers\n"

    def name():
        return PeopleList.objects.get().file.name

    with django_capture_on_commit_callbacks(execute=True):
        hand_in(editor, survey, plain)
    first = name()
    assert passing.exists(first)
    with django_capture_on_commit_callbacks(execute=True):
        hand_in(editor, survey, plain)
    assert not passing.exists(first)
    second = name()
    with django_capture_on_commit_callbacks(execute=True):
        add(editor, survey)
    assert not passing.exists(second)
    assert name() == ""


# ---- last round's list ----


def test_last_rounds_list_is_taken_over_with_groups_languages_and_wishes(survey, editor):
    assert "4 people were asked by name" in get(editor, survey).content.decode()

    editor.post(address(survey), {"take_over": "1"})
    page = get(editor, survey).content.decode()
    assert "4 people as last round" in page
    add(editor, survey)

    assert people_of(survey, "name", "subgroup", "audience__code", "language", "reach") == [
        ("Ann", "", "customers", "en", "opted_out"),
        ("李雷", "North", "customers", "zh-hans", "open"),
        ("王伟", "Plant 1", "employees", "zh-hans", "open"),
        ("王伟", "Plant 2", "employees", "zh-hans", "open"),
    ]


def test_a_new_list_says_what_it_changes_beside_last_rounds(survey, editor):
    rows = (
        "Name,Mail,Group,Sub-group\n李雷,li@example.com,Employees,North\n"
        "Ann,ann@example.com,Customers,\nDi,di@example.com,Customers,\n"
    )
    hand_in(editor, survey, rows.encode())

    changes = get(editor, survey).context["changes"]

    assert (changes.same, changes.new, changes.moved_count, changes.gone_count) == (1, 1, 1, 2)
    [moved] = changes.moved
    assert (moved.who, moved.before, moved.after) == (
        "李雷", "customers · North", "employees · North",
    )  # fmt: skip
    assert changes.gone == ["王伟", "王伟"]


def test_without_a_last_round_nothing_is_offered(survey, editor):
    survey.round.previous = None
    survey.round.save(update_fields=["previous"])

    assert "Take it over" not in get(editor, survey).content.decode()
    editor.post(address(survey), {"take_over": "1"})
    assert not PeopleList.objects.exists()
