"""Files as other programs write them, brought through the page and through the API.

A case is right if its answers are those that the file holds, person by person, or if it is asked or
refused with a sentence where nobody could know. It is never other answers.
"""

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from rest_framework.authtoken.models import Token

from surveys.models import AnswerTable, Intake, Question, Survey
from surveys.secrecy.contents import decrypted
from tests.surveys.tables.right import CASES, C, E
from tests.surveys.tables.world import make_open_round
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent / "tables" / "cases"
TOPICS = ("user-privacy", "energy-management", "anti-corruption", "data-security")
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


def answers_of(survey, topics):
    """Return group and ratings of everybody, sorted; blank is 0."""
    keys = {question.item: str(question.pk) for question in Question.objects.filter(survey=survey)}
    rows = Intake.objects.filter(survey=survey).values_list(
        "invitation__audience__code", "ciphertext"
    )
    told = [(code, decrypted(stored).ratings) for code, stored in rows]
    return sorted(
        (code, tuple(ratings.get(keys[topic], 0) for topic in TOPICS[:topics]))
        for code, ratings in told
    )


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
    token, _new = Token.objects.get_or_create(user=User.objects.get(username="editor"))
    fields = {"file": upload(name), **more}
    if mapping:
        fields["mapping"] = json.dumps(mapping)
    return client.post(
        f"/api/v1/surveys/{survey.pk}/answers/",
        fields,
        headers={"authorization": f"Token {token.key}", "accept-language": "en"},
    )


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


def say_on_page(page, case, mapping):
    """Return the form filled in as somebody would who says what the mapping says."""
    filled = shown(page)
    plan = page.context["form"].plan
    for part, names in (("ratings", "rating"), ("counts", "counts")):
        for key, values in mapping.get(part, {}).items():
            for value, told in values.items():
                filled[f"{names}-{key}-{value.lower()}"] = str(told)
    for value, code in mapping.get("groups", {}).items():
        filled[f"group-{value}"] = code
    for name, meaning in mapping.get("columns", {}).items():
        at = int(name[1:]) - 1 if name.startswith("#") else plan.header.index(name)
        filled[f"column-{at}"] = meaning
    for prompt, scale in mapping.get("scales", {}).items():
        filled[f"scale-{prompt}-lowest"] = str(scale["lowest"])
        filled[f"scale-{prompt}-highest"] = str(scale["highest"])
        filled[f"scale-{prompt}-most"] = "up" if scale["most"] == scale["highest"] else "down"
    filled["rows_left_out"] = ", ".join(map(str, mapping.get("rows_left_out", ())))
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
    asked = send(editor, survey, "596-corrected-answer.csv").json()
    assert asked["code"] == "unclear_people"
    [people] = [one for one in asked["people"] if one["import"] == first]
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
