"""Files as other programs write them, brought through the page and through the API.

A case is right if its answers are those that the file holds, person by person, or if it is asked or
refused with a sentence where nobody could know. It is never other answers.
"""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from surveys.models import AnswerTable, Intake, Invitation, PeopleList, Survey
from tests.surveys.tables.bring import TOPICS, answers_of, send_file
from tests.surveys.tables.right import CASES, C, E
from tests.surveys.tables.world import make_open_round
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent / "tables" / "cases"
NAMES = [case.file for case in CASES]


@pytest.fixture(scope="module")
def open_round(django_db_setup, django_db_blocker):
    """Make the round once a module; each test takes back its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_open_round()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def survey(db, open_round):
    return Survey.objects.get(pk=open_round[0].pk)


@pytest.fixture
def panel(db, open_round):
    return Survey.objects.get(pk=open_round[1].pk)


@pytest.fixture
def editor(survey):
    return signed_in("editor")


def upload(name):
    return SimpleUploadedFile(name, (FOLDER / name).read_bytes())


def width(case):
    return len(case.answers[0][1]) if case.answers else 0


def mapping_of(case, survey):
    """Return what is said of a case, for the one prompt of this survey."""
    prompt = survey.prompts.get().code
    said = json.loads(json.dumps(case.said))
    for name in ("ratings", "scales"):
        if name in said:
            said[name] = {prompt: said[name]["*"]}
    if "columns" in said:
        columns = said["columns"].items()
        said["columns"] = {at: meaning.replace("*", prompt) for at, meaning in columns}
    return said


# ---- through the API ----


def send(client, survey, name, mapping=None, **more):
    return send_file(client, survey, more.pop("file", upload(name)), mapping, **more)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_api_reads_a_case_or_says_what_it_must_be_told(survey, editor, case):
    answered = send(editor, survey, case.file)

    if case.refused:
        assert answered.status_code in (400, 409)
        assert case.refused in answered.json()["detail"]
    elif case.asks:
        assert answered.status_code == 400, answered.json()
        assert case.asks in {one["step"] for one in answered.json()["questions"]}
        assert not Intake.objects.filter(survey=survey).exists()
        if case.said:
            answered = send(editor, survey, case.file, mapping_of(case, survey))
            assert answered.status_code == 200, answered.json()
    else:
        assert answered.status_code == 200, answered.json()

    assert answers_of(survey, width(case)) == sorted(case.answers)
    assert AnswerTable.objects.filter(survey=survey).count() == bool(case.answers)


@pytest.mark.parametrize("case", [case for case in CASES if case.answers][::6])
def test_a_rehearsal_shows_the_same_and_imports_nothing(survey, editor, case):
    mapping = mapping_of(case, survey)
    rehearsed = send(editor, survey, case.file, mapping, rehearsal="true")
    assert rehearsed.status_code == 200
    assert not Intake.objects.filter(survey=survey).exists()
    assert not AnswerTable.objects.filter(survey=survey).exists()

    imported = send(editor, survey, case.file, mapping)

    assert imported.json()["summary"] == rehearsed.json()["summary"]
    assert imported.json()["imported"] == len(case.answers)


# ---- through the page ----


def page_of(survey, table=None):
    arguments = [survey.assessments.get().pk, survey.pk, *([table.pk] if table else [])]
    return reverse(f"materiality:answer_table{'' if table else 's'}", args=arguments)


def shown(page):
    """Return the fields of the form as the page shows them."""
    form = page.context["form"]
    return {field.html_name: "" if (v := field.value()) is None else v for field in form}


def column_of(name, plan):
    return int(name[1:]) - 1 if name.startswith("#") else plan.header.index(name)


def say_on_page(page, case, mapping):
    """Return the form filled in as somebody would who says what the mapping says."""
    filled = shown(page)
    plan = page.context["form"].plan
    for prompt, values in mapping.get("ratings", {}).items():
        for value, told in values.items():
            filled[f"rating-{prompt}-{value.lower()}"] = str(told)
    for name, values in mapping.get("counts", {}).items():
        at = name if name == "*" else column_of(name, plan)
        for value, told in values.items():
            filled[f"counts-{at}-{value.lower()}"] = str(told)
    for value, code in mapping.get("groups", {}).items():
        filled[f"group-{value}"] = code
    for name, meaning in mapping.get("columns", {}).items():
        filled[f"column-{column_of(name, plan)}"] = meaning
    for prompt, scale in mapping.get("scales", {}).items():
        filled[f"scale-{prompt}-lowest"] = str(scale["lowest"])
        filled[f"scale-{prompt}-highest"] = str(scale["highest"])
        filled[f"scale-{prompt}-most"] = "up" if scale["most"] == scale["highest"] else "down"
    filled["rows_left_out"] = ", ".join(map(str, mapping.get("rows_left_out", ())))
    for name in {"hidden_rows", "short_rows"} & mapping.keys():
        filled[name] = mapping[name]
    filled["everybody"] = mapping.get("everybody", filled["everybody"])
    return filled


def get(client, address):
    return client.get(address, headers={"accept-language": "en"})


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_page_reads_a_case_or_asks_in_a_sentence(survey, editor, case):
    handed_in = editor.post(
        page_of(survey), {"file": upload(case.file)}, headers={"accept-language": "en"}
    )
    if case.refused:
        assert case.refused in handed_in.content.decode()
        assert not AnswerTable.objects.filter(survey=survey).exists()
        return
    table = AnswerTable.objects.get(survey=survey)
    address = page_of(survey, table)
    page = get(editor, address)
    text = page.content.decode()
    if case.asks:
        assert 'name="import"' not in text
    if case.asks:
        assert case.asks in {question.step for question, _sentence in page.context["asks"]}
    mapping = mapping_of(case, survey)
    rounds = 0
    while case.said and page.context["asks"] and rounds < 3:
        editor.post(address, say_on_page(page, case, mapping) | {"look": "1"})
        page = get(editor, address)
        rounds += 1
    if case.answers:
        assert f"Import {len(case.answers)} answer" in page.content.decode(), page.context["asks"]
    editor.post(address, {"import": "1"})

    assert answers_of(survey, width(case)) == sorted(case.answers)


@pytest.mark.parametrize("first", [None, "591-r-write-csv-row-names.csv", "12-msforms.xlsx"])
@pytest.mark.parametrize("name", ["36b-scale-with-不重要-1.csv", "591-r-write-csv-row-names.csv"])
def test_what_was_imported_before_changes_no_reading(survey, editor, first, name):
    if first:
        send(editor, survey, first)
    before = answers_of(survey, 2)
    if first == name:
        return
    assert send(editor, survey, name).status_code == 200

    [case] = [case for case in CASES if case.file == name]
    assert answers_of(survey, 2) == sorted(before + case.answers)


# ---- the product's own answers ----


def test_the_products_own_answers_come_back_in_whole(survey, panel, editor):
    sent = send(editor, survey, "597-own-answers-stakeholder.csv").json()
    assert sent["imported"] == 252, sent
    lines = (FOLDER / "597-own-answers-stakeholder.csv").read_text("utf-8-sig").splitlines()
    header, *rows = [line.split(",") for line in lines]
    at = [header.index(topic) for topic in TOPICS]
    codes = {"": 0, "cannot judge": 255}
    expected = [(row[0], tuple(codes.get(row[i]) or int(codes.get(row[i], 0) or row[i] or 0)
                 if row[i] != "" else 0 for i in at)) for row in rows]  # fmt: skip
    assert answers_of(survey, 4) == sorted(expected)

    assert send(editor, panel, "597-own-answers-impact.csv").json()["imported"] == 46


# ---- who is who ----


def test_questionnaires_that_each_number_from_one_are_different_people(survey, editor):
    for name, group in (("35a-wjx-customers.csv", C), ("35b-wjx-employees.csv", E)):
        assert send(editor, survey, name, {"everybody": group}).json()["imported"] == 3

    assert [code for code, _ratings in answers_of(survey, 2)] == [C] * 3 + [E] * 3


def test_other_answers_under_the_same_numbers_are_other_people_of_another_group(survey, editor):
    send(editor, survey, "35a-wjx-customers.csv", {"everybody": C})
    sent = send(editor, survey, "35c-wjx-employees-other.csv", {"everybody": E})

    assert sent.json()["imported"] == 3
    assert len(answers_of(survey, 2)) == 6


def test_the_same_file_twice_adds_nobody(survey, editor):
    for name in ("35a-wjx-customers.csv", "36a-scale-with-不重要-2.csv"):
        said = {"everybody": C} if name.startswith("35a") else {}
        send(editor, survey, name, said)
        before = answers_of(survey, 2)
        again = send(editor, survey, name, said).json()

        assert again["imported"] == 0, again
        assert answers_of(survey, 2) == before


def test_the_same_file_as_another_group_is_asked_about(survey, editor):
    send(editor, survey, "35a-wjx-customers.csv", {"everybody": C})
    asked = send(editor, survey, "35a-wjx-customers.csv", {"everybody": E})

    assert asked.json()["code"] == "unclear_people"
    assert len(answers_of(survey, 2)) == 3


def test_a_corrected_file_replaces_the_import_and_says_what_changes(survey, editor):
    wrong = (FOLDER / "596-corrected-answer.csv").read_bytes().replace(b"4,5", b"4,1")
    file = SimpleUploadedFile("wrong.csv", wrong)
    first = send(editor, survey, "596-corrected-answer.csv", file=file).json()["import"]
    body = send(editor, survey, "596-corrected-answer.csv").json()
    assert body["code"] == "unclear_people"
    [people] = [one for one in body["people"] if one["import"] == first]
    assert (people["changed"], people["new"], people["gone"]) == (1, 0, 0)

    said = {"identity": "replaces", "of": first}
    sent = send(editor, survey, "596-corrected-answer.csv", said)

    assert sent.json()["imported"] == 2, sent.json()
    assert answers_of(survey, 2) == [(C, (4, 5)), (C, (5, 2))]
    assert AnswerTable.objects.get(pk=first).state == "taken_back"


def test_an_import_is_listed_looked_at_and_taken_back_whole(survey, editor):
    send(editor, survey, "44-pipe.csv")
    send(editor, survey, "36a-scale-with-不重要-2.csv")
    table = AnswerTable.objects.get(name="44-pipe.csv")
    assert "44-pipe.csv" in get(editor, page_of(survey)).content.decode()
    page = get(editor, page_of(survey, table)).content.decode()
    assert "User privacy protection" in page

    editor.post(page_of(survey, table), {"take_back": "1"})

    assert answers_of(survey, 2) == [(C, (5, 2)), (E, (1, 3))]
    assert send(editor, survey, "44-pipe.csv").json()["imported"] == 2  # and it may come again


# ---- lists of people ----


def list_page(survey):
    return reverse("materiality:people_list", args=[survey.assessments.get().pk, survey.pk])


def bring_list(client, survey, name, **said):
    return client.post(
        list_page(survey),
        {"file": upload(name), "upload": "1", **said},
        headers={"accept-language": "en"},
    )


def list_form(client, survey, **said):
    page = get(client, list_page(survey))
    fields = {one.html_name: one.value() for one in page.context["form"]}
    fields["everybody"] = getattr(fields["everybody"], "pk", fields["everybody"])
    return page, {name: "" if value is None else value for name, value in fields.items()} | said


def add_list(client, survey, **said):
    _page, form = list_form(client, survey, **said)
    client.post(list_page(survey), form | {"check": "1"})
    page, form = list_form(client, survey, **said)
    client.post(list_page(survey), form | {"import": "1"})
    return [error.row for error in page.context["errors"]]


def people_of(survey, *fields):
    people = Invitation.objects.filter(audience__survey=survey, source="personal")
    return sorted(people.values_list(*fields))


PEOPLE = {
    "60-limesurvey-participants.csv": (
        [("Ann Example", C, "en", "open"), ("Bo Sample", E, "en", "bounced"),
         ("李雷", C, "zh-hans", "opted_out")], []),
    "61-first-last-name.csv": ([("Ann Example", C, "zh-hans", "open"),
                                ("Bo Sample", E, "zh-hans", "open")], []),
    "62-two-namesakes.csv": ([("李娜", E, "zh-hans", "open"), ("王伟", E, "zh-hans", "open"),
                              ("王伟", E, "zh-hans", "open")], []),
    "68-group-merged.xlsx": ([(name, C if name in "甲乙丙" else E, "zh-hans", "open")
                              for name in "丁丙乙甲戊"], []),
    "74-quoted-newline.csv": ([("Bo Sample", E, "zh-hans", "open")], [2, 4]),
    "80-same-person-two-groups.csv": ([("Ann Example", C, "zh-hans", "open"),
                                       ("Ann Example", E, "zh-hans", "open")], []),
    "81-semicolon-people.csv": ([("Ann Example", C, "en", "open")], []),
    "72-blank-tail.csv": ([("A", C, "zh-hans", "open")], []),
}  # fmt: skip


@pytest.mark.parametrize("name", PEOPLE)
def test_a_list_of_people_is_read_or_its_rows_are_named(survey, editor, name):
    right, errors = PEOPLE[name]
    assert bring_list(editor, survey, name).status_code == 302
    assert add_list(editor, survey) == errors

    assert people_of(survey, "name", "audience__code", "language", "reach") == sorted(right)


@pytest.mark.parametrize("name", ["71-phantom-people.xlsx", "83-phantom-rows-people.xlsx"])
def test_formatted_cells_without_a_person_are_nobody(survey, editor, name):
    bring_list(editor, survey, name)
    add_list(editor, survey)

    assert people_of(survey, "name") == [("甲",)]


def test_a_list_without_headings_keeps_its_first_person(survey, editor):
    bring_list(editor, survey, "73-no-heading.csv")
    add_list(editor, survey, name="1", audience="2")

    assert people_of(survey, "name", "email") == [
        ("Ann", "a@example.com"), ("Bo", "b@example.com"), ("Cy", "c@example.com")
    ]  # fmt: skip


def test_addresses_are_read_or_refused_by_name(survey, editor):
    bring_list(editor, survey, "63-mail-addresses.csv")
    page, _form = list_form(editor, survey)
    refused = {error.value: error.row for error in page.context["errors"]}
    add_list(editor, survey)

    emails = [email for (email,) in people_of(survey, "email")]
    assert emails.count("ann@example.com") == 1
    for email in ("li@example.com", "bo@example.com", "cy@example.com", "fa@example.com",
                  "gu@example.com", "ha@example.com"):  # fmt: skip
        assert email in emails
    assert any("di@example.com" in value for value in refused)


def test_languages_are_understood_and_traditional_chinese_is_asked_about(survey, editor):
    bring_list(editor, survey, "64-languages.csv")
    _page, form = list_form(editor, survey)
    asked = [name for name in form if name.startswith("languages:")]
    assert asked
    add_list(editor, survey, **dict.fromkeys(asked, "zh-hans"))

    told = dict(people_of(survey, "email", "language"))
    assert len(told) == 16
    assert {told[f"p{n}@example.com"] for n in range(6)} == {"zh-hans"}
    assert {told[f"p{n}@example.com"] for n in range(6, 11)} == {"en"}


def test_groups_can_be_told_once(survey, editor):
    bring_list(editor, survey, "67-groups-otherwise.csv")
    page, form = list_form(editor, survey)
    assert "The groups are:" in page.content.decode()
    asked = {name.removeprefix("groups:") for name in form if name.startswith("groups:")}
    assert "clients" in asked
    said = {f"groups:{value}": C for value in asked} | {"groups:员工(含外包)": E}
    assert add_list(editor, survey, **said) == []

    assert len(people_of(survey, "email")) == 6


@pytest.mark.parametrize(
    ("name", "encoding", "right"),
    [("65-cp1252.csv", "cp1252", "José Müller"), ("66-big5-people.csv", "big5hkscs", "陳大文")],
)
def test_letters_are_those_of_the_file_or_asked_for(survey, editor, name, encoding, right):
    assert bring_list(editor, survey, name).status_code == 302
    page = get(editor, list_page(survey))
    if PeopleList.objects.get().waits:  # the encoding is asked, and the file is there already
        assert right in page.content.decode()  # as one of the readings
        told = {"encoding": encoding, "headings": "1", "look": "1"}
        assert editor.post(list_page(survey), told).status_code == 302
    _page, form = list_form(editor, survey)
    add_list(editor, survey, **{name: C for name in form if name.startswith("groups:")})

    assert right in {told for (told,) in people_of(survey, "name")}


def test_addresses_of_the_company_come_before_private_ones(survey, editor):
    bring_list(editor, survey, "78-wecom.csv")
    add_list(editor, survey, everybody=str(survey.audiences.get(code=E).pk))

    assert people_of(survey, "email") == [("jia@example.com",), ("yi@example.com",)]


def test_an_address_that_is_none_is_named_in_an_outlook_list(survey, editor):
    bring_list(editor, survey, "77-outlook.csv")
    everybody = str(survey.audiences.get(code=C).pk)
    assert add_list(editor, survey, everybody=everybody) == [3]

    assert people_of(survey, "name") == [("Ann Example",)]
