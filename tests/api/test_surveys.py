"""Surveys by program: who may, what is refused, and the examples of docs/api.md as they stand."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from materiality.models import Event
from surveys.models import AnswerTable, Intake, Invitation, Role
from tests.api.test_assessments import client_of
from tests.builders import make_organisation
from tests.conftest import missing
from tests.rounds import answer, ask, close_and_seal, make_round, make_user, token_of

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
CSV = "Group,Privacy,Energy\nCustomers,5,3\nEmployees,4,2\n"


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def survey(db):
    assessment = make_round()
    result = ask(assessment)[0]
    result.round = assessment
    return result


@pytest.fixture
def editor(survey):
    return client_of(make_user("editor", survey.organisation, Role.EDITOR))


def address(survey, part=""):
    return f"/api/v1/surveys/{survey.pk}/{part}"


def people(*rows):
    return {"people": [dict(zip(("audience", "email"), row, strict=True)) for row in rows]}


# ---- the documentation ----


@pytest.mark.django_db(transaction=True)
def test_the_examples_of_the_documentation_run_as_they_stand(live_server, tmp_path, settings):
    for program in ("bash", "curl", "jq"):
        if shutil.which(program, path="/usr/bin:/bin") is None:
            missing(program, f"apt-get install {program}")
    settings.MAIL_TEST_ADDRESSES = ["li@example.com"]
    settings.SITE_URL = live_server.url
    assessment = make_round()
    token = token_of(make_user("alice", assessment.organisation, Role.OWNER))
    script = "\n".join(re.findall(r"```sh\n(.*?)```", DOCS.read_text(), re.DOTALL))
    assert script.count("curl") > 30

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env={"SITE": live_server.url, "TOKEN": token, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r'{"receipt":"[2-9A-Z]{4}-[2-9A-Z]{4}"}', done.stdout)
    survey = assessment.surveys.get()
    assert (survey.is_sealed, survey.sealed.respondents, survey.version) == (True, 3, 2)
    assert not Invitation.objects.filter(email="ann@example.com").exists()
    verbs = set(Event.objects.filter(assessment=assessment).values_list("verb", flat=True))
    assert verbs >= {
        "ask", "set_survey", "describe_topic", "publish", "reword", "invite", "correct_person",
        "opt_out", "forget_person", "hand_out", "write_mail", "send", "stop_mail",
        "plan_reminder", "import", "seal", "exclude", "include",
    }  # fmt: skip


# ---- who may ----

READ = ("", "audiences/", "progress/")


@pytest.mark.parametrize("role", list(Role))
def test_every_member_reads_and_editors_write(survey, role):
    client = client_of(make_user("someone", survey.organisation, role))
    edits = role in (Role.OWNER, Role.EDITOR)

    assert {client.get(address(survey, part)).status_code for part in READ} == {200}
    assert client.get(address(survey, "invitations/")).status_code == (200 if edits else 403)
    for part, form in (("invitations/", "json"), ("links/", "json"), ("answers/", "multipart")):
        assert client.post(address(survey, part), {}, form).status_code == (400 if edits else 403)


def test_a_stranger_finds_nothing_and_nobody_reads_without_a_token(survey, client):
    stranger = client_of(make_user("stranger", make_organisation(), Role.OWNER))

    for part in (*READ, "invitations/"):
        assert stranger.get(address(survey, part)).status_code == 404
        assert client.get(address(survey, part)).status_code == 401
    assert stranger.get("/api/v1/surveys/").json()["count"] == 0


def test_calls_are_limited_per_person(survey, editor, monkeypatch):
    monkeypatch.setattr("materiality.api.access.TeamThrottle.rate", "3/min", raising=False)

    assert [editor.get(address(survey)).status_code for _call in range(4)] == [200, 200, 200, 429]


# ---- people ----


def test_people_are_added_once_and_in_pages_listed(survey, editor):
    rows = people(("customers", "li@example.com"), ("employees", "ann@example.com"))
    first = editor.post(address(survey, "invitations/"), rows, "json").json()
    again = editor.post(address(survey, "invitations/"), rows, "json").json()

    page = editor.get(address(survey, "invitations/"), {"limit": 1}).json()

    assert (first, again) == ({"added": 2, "known": 0}, {"added": 0, "known": 2})
    assert (page["count"], len(page["results"])) == (2, 1)
    assert "limit=1" in page["next"]
    assert set(page["results"][0]) == {
        "id", "audience", "name", "email", "subgroup", "language", "source", "reach"
    }  # fmt: skip
    assert Event.objects.filter(verb="invite").count() == 1


def test_one_row_that_cannot_be_used_and_nobody_is_added(survey, editor):
    rows = people(("customers", "li@example.com"), ("love", "x@example.com"), ("customers", "x"))
    answered = editor.post(address(survey, "invitations/"), rows, "json")

    assert answered.status_code == 400
    assert [(p["row"], p["value"]) for p in answered.json()["problems"]] == [(1, "love"), (2, "x")]
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"people": ' * 50_000, b'{"people": [{"audience": "\xff"}]}',
     b'{"people": [{"audience": "customers", "name": "\\ud800"}]}',
     b'{"people": [{"audience": "customers", "name": "a\\u0000b"}]}', b"", b"null",
     b'{"people": []}', b'{"people": {}}', b'{"people": [1]}'],
    ids=["deep list", "deep object", "no unicode", "half a pair", "NUL", "empty", "null",
         "nobody", "object", "number"],
)  # fmt: skip
def test_what_is_no_list_of_people_is_refused(survey, editor, body):
    result = editor.post(address(survey, "invitations/"), body, content_type="application/json")

    assert result.status_code == 400
    assert not Invitation.objects.exists()


def test_a_thousand_people_at_once_and_not_one_more(survey, editor):
    rows = [("customers", f"p{number}@example.com") for number in range(1001)]

    assert editor.post(address(survey, "invitations/"), people(*rows), "json").status_code == 400
    added = editor.post(address(survey, "invitations/"), people(*rows[1:]), "json").json()
    assert added["added"] == 1000


def test_links_open_the_landing_page_and_are_kept_as_hashes(survey, editor, client):
    values = {"audience": "customers", "count": 2}
    links = editor.post(address(survey, "links/"), values, "json").json()["links"]

    assert len(set(links)) == 2
    assert client.get(links[0]).status_code == 200
    token = links[0].rstrip("/").rpartition("/")[2]
    assert token not in str(list(Invitation.objects.values()))


# ---- answers and progress ----


def upload(content=CSV):
    return {"file": SimpleUploadedFile("answers.csv", content.encode())}


def test_a_table_is_imported_whole_or_not_at_all(survey, editor):
    bad = editor.post(address(survey, "answers/"), upload(CSV.replace("4,2", "4,9.5")))
    assert (bad.status_code, bad.json()["questions"][0]["value"]) == (400, "9.5")
    assert not Intake.objects.exists()
    assert not AnswerTable.objects.exists()

    good = editor.post(address(survey, "answers/"), upload()).json()
    again = editor.post(address(survey, "answers/"), upload()).json()

    counts = [(one["imported"], one["known"], one["unfinished"]) for one in (good, again)]
    assert counts == [(2, 0, 0), (0, 2, 0)]


def test_an_import_is_listed_and_taken_back(survey, editor):
    body = editor.post(address(survey, "answers/"), upload()).json()
    [listed] = editor.get(address(survey, "imports/")).json()["results"]
    assert (listed["id"], listed["name"], listed["imported"]) == (body["import"], "answers.csv", 2)
    one = editor.get(address(survey, f"imports/{body['import']}/")).json()
    assert one["summary"] == body["summary"]

    back = editor.post(
        address(survey, f"imports/{body['import']}/take-back/"), {"sure": True}, "json"
    )

    assert back.json() == {"taken_back": 2}
    assert not Intake.objects.exists()


def test_a_refused_table_leaves_no_file(
    survey, editor, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        refused = editor.post(address(survey, "answers/"), upload("What,Ever\nAnn,5\n"))

    assert refused.status_code == 400
    assert not AnswerTable.objects.exists()
    assert [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()] == []


def test_progress_moves_in_steps_of_five_and_hides_small_groups_for_good(survey, editor):
    answer(survey, {"customers": [[3, 3, 3, 3]] * 7, "employees": [[3, 3, 3, 3]] * 4})
    while_open = editor.get(address(survey, "progress/")).json()
    close_and_seal(survey)
    sealed = editor.get(address(survey, "progress/")).json()

    told = {row["audience"]: row["answered"] for row in while_open}
    assert (told["customers"], told["employees"]) == (5, 0)
    rows = {row["audience"]: row for row in sealed}
    assert rows["employees"]["is_hidden"]
    assert rows["employees"]["answered"] == 0


def test_a_sealed_survey_takes_nobody_and_nothing_more(survey, editor):
    close_and_seal(survey)

    for part, body in (("invitations/", people(("customers", "a@example.com"))),
                       ("links/", {"audience": "customers"})):  # fmt: skip
        answered = editor.post(address(survey, part), body, "json")
        assert (answered.status_code, answered.json()["code"]) == (409, "conflict")
    assert editor.post(address(survey, "answers/"), upload()).status_code == 409
