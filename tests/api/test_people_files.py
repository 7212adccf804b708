# ruff: noqa: E501
"""Lists of people by program: rehearsed, asked about, added; never a person read wrong."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from surveys.models import Invitation, Role
from tests.rounds import ask, make_round, make_user, token_of

pytestmark = pytest.mark.django_db
OUTLOOK = (
    "First Name,Last Name,Company,Department,E-mail Address,E-mail Display Name\r\n"
    "Ann,Example,Example Ltd,Sales,ann@example.com,Ann Example (ann@example.com)\r\n"
    "Bo,Sample,Example Ltd,Works,/o=EX/ou=Exchange/cn=Recipients/cn=bo,Bo Sample\r\n"
).encode("utf-8-sig")
WECOM = (
    "填写须知：请勿修改表头,,,,,\r\n姓名,账号,部门,企业邮箱,个人邮箱,手机\r\n"
    "甲,jia,销售,jia@corp.example.com,jia@home.example.com,13800000000\r\n"
    "乙,yi,生产,yi@corp.example.com,,13900000000\r\n"
).encode("utf-8-sig")
SEEN = (
    "Mail,Name,Group,Opt out\nfa\u200b@example.com,Fa,Customers,no\nFA@example.com,Fa,Customers,\n"
)


@pytest.fixture
def survey(db):
    survey = ask(make_round())[0]
    make_user("editor", survey.organisation, Role.EDITOR)
    return survey


@pytest.fixture
def send(survey, client):
    from django.contrib.auth.models import User

    token = token_of(User.objects.get(username="editor"))

    def sending(content, mapping=None, **more):
        fields = {"file": SimpleUploadedFile("people.csv", content), **more}
        if mapping:
            fields["mapping"] = json.dumps(mapping)
        return client.post(
            f"/api/v1/surveys/{survey.pk}/people-files/",
            fields,
            headers={"authorization": f"Token {token}", "accept-language": "en"},
        )

    return sending


def people(survey, *fields):
    rows = Invitation.objects.filter(audience__survey=survey, source="personal")
    return sorted(rows.values_list(*fields))


def test_what_is_not_understood_comes_back_and_is_answered_in_the_mapping(survey, send):
    rows = "Name,Mail,Who,Spoken\nAnn,ann@example.com,Clients,English\n李雷,li@example.com,Staff,繁體\n"
    asked = send(rows.encode())
    assert asked.status_code == 400
    assert {tuple(one["choices"]) for one in asked.json()["questions"]} == {("audience",)}
    mapping = {"columns": {"Who": "audience", "Spoken": "language"}}

    asked = send(rows.encode(), mapping).json()["questions"]
    assert {(one["step"], one["value"]) for one in asked} == {
        ("groups", "clients"), ("groups", "staff"),
    }  # fmt: skip
    mapping["groups"] = {"Clients": "customers", "Staff": "employees"}
    [language] = send(rows.encode(), mapping).json()["questions"]
    assert (language["step"], language["value"]) == ("languages", "繁體")
    mapping["languages"] = {"繁體": "zh-hans"}
    rehearsed = send(rows.encode(), mapping, rehearsal="true").json()
    assert (rehearsed["to_add"], rehearsed["added"]) == (2, 0)
    assert people(survey, "name") == []

    sent = send(rows.encode(), mapping).json()

    assert sent["added"] == 2
    assert people(survey, "email", "audience__code", "language") == [
        ("ann@example.com", "customers", "en"), ("li@example.com", "employees", "zh-hans"),
    ]  # fmt: skip
    assert send(rows.encode(), mapping).json()["known"] == 2


def test_an_encoding_that_nobody_can_tell_is_asked_with_examples(survey, send):
    rows = "Name,Mail,Group\n陳大文,chan@example.com,Customers\n".encode("big5hkscs")
    [asked] = send(rows).json()["questions"]
    assert asked["step"] == "encoding"
    assert asked["examples"]["big5hkscs"] == ["陳大文"]

    assert send(rows, {"encoding": "big5hkscs"}).json()["added"] == 1
    assert people(survey, "name") == [("陳大文",)]


def test_outlook_contacts_keep_their_names_and_name_what_is_no_address(survey, send):
    sent = send(OUTLOOK, audience="customers").json()

    assert people(survey, "name", "email") == [("Ann Example", "ann@example.com")]
    assert [problem["row"] for problem in sent["problems"]] == [3]


def test_an_export_of_wecom_is_read_below_its_instructions(survey, send):
    send(WECOM, audience="employees")

    assert people(survey, "name", "email", "subgroup") == [
        ("乙", "yi@corp.example.com", "生产"), ("甲", "jia@corp.example.com", "销售"),
    ]  # fmt: skip


def test_letters_that_nobody_sees_make_no_second_person(survey, send):
    sent = send(SEEN.encode()).json()

    assert (sent["added"], sent["known"]) == (1, 1)
    assert people(survey, "email") == [("fa@example.com",)]


def test_opt_outs_and_bounces_are_obeyed_and_namesakes_kept(survey, send):
    rows = (
        "Name,Mail,Group,Sub-group,Email status\n王伟,,Employees,Plant 1,\n王伟,,Employees,Plant 2,\n"
        "Bo,bo@example.com,Customers,,bounced\nDi,di@example.com,Customers,,OptOut\n"
        "Ed,ed@example.com,Customers,,maybe\n"
    )
    [asked] = send(rows.encode()).json()["questions"]
    assert (asked["step"], asked["value"]) == ("states", "maybe")

    sent = send(rows.encode(), {"states": {"maybe": "open"}}).json()

    assert (sent["added"], sent["not_written_to"], sent["without_mail"]) == (5, 2, 2)
    assert people(survey, "name", "reach") == [
        ("Bo", "bounced"), ("Di", "opted_out"), ("Ed", "open"), ("王伟", "open"), ("王伟", "open"),
    ]  # fmt: skip


def test_a_file_without_headings_keeps_its_first_person(survey, send):
    rows = b"ann@example.com,Ann,Customers\nbo@example.com,Bo,Customers\n"

    [asked] = send(rows).json()["questions"]
    assert asked["choices"] == ["audience"]
    sent = send(rows, {"columns": {"#2": "name", "#3": "audience"}}).json()

    assert (sent["added"], sent["first"]) == (2, 1)
    assert people(survey, "name") == [("Ann",), ("Bo",)]
