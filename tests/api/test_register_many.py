"""Many entries by program: spreadsheets, bulk changes, reminders, years unchanged, passages."""

import io

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook
from rest_framework.test import APIClient

from materiality import actions
from materiality.models import Scope
from surveys.models import Role
from tests.api.calls import call, caller
from tests.api.routes import RULES
from tests.builders import both
from tests.rounds import token_of

pytestmark = pytest.mark.django_db
SHEET = "assessments/<int:pk>/register-sheet/"
MANY = "assessments/<int:pk>/register-many/"
REMINDERS = "POST assessments/<int:pk>/register-experts/reminders/"
UNCHANGED = "assessments/<int:pk>/reassessments/"
PASSAGES = "assessments/<int:pk>/sources/<slug:code>/passages/"


def as_role(world, role):
    return caller(world, RULES[f"GET {SHEET}"], world.users[role])


def refusal(answered):
    return answered.status_code, answered.json()["code"]


def sheet(*lines):
    head = "Code,Topic,Kind,标题 · 中文,Title · English"
    return SimpleUploadedFile("register.csv", "\n".join([head, *lines]).encode())


# ---- spreadsheets ----


def test_the_sheet_goes_out_and_comes_back_unchanged(world):
    written = call(world, f"GET {SHEET}")
    rows = CalamineWorkbook.from_object(io.BytesIO(written.content)).get_sheet_by_index(0)

    again = SimpleUploadedFile("register.xlsx", written.content)
    taken = call(world, f"POST {SHEET}", {"file": again}).json()

    assert [row[0] for row in rows.to_python()[1:]] == ["IRO-001", "IRO-002"]
    assert (taken["added"], taken["changed"], taken["unchanged"]) == (0, 0, 2)


def test_a_rehearsal_says_what_a_sheet_would_do_and_does_nothing(world):
    lines = ("IRO-001,,,,Dust", ",energy,Risk,断电,Power cuts")
    before = world.asked.events.count()

    rehearsed = call(world, f"POST {SHEET}", {"file": sheet(*lines), "rehearsal": "true"}).json()
    untouched = world.asked.iros.count()
    taken = call(world, f"POST {SHEET}", {"file": sheet(*lines)}).json()

    assert (rehearsed["added"], rehearsed["changed"]) == (1, 1)
    assert (untouched, world.asked.iros.count()) == (2, 3)
    assert taken == rehearsed
    assert world.asked.events.count() == before + 1


def test_a_sheet_with_one_row_that_cannot_be_used_changes_nothing_and_names_it(world):
    lines = (",energy,Risk,断电,Power cuts", ",love,Risk,爱,Love")

    answered = call(world, f"POST {SHEET}", {"file": sheet(*lines)})

    assert refusal(answered) == (400, "unusable_rows")
    [problem] = answered.json()["problems"]
    assert (problem["row"], problem["title"]) == (3, "爱")
    assert world.asked.iros.count() == 2


def test_the_same_sheet_sent_again_under_its_key_is_taken_in_once(world):
    client = as_role(world, Role.OWNER)
    address = f"/api/v1/assessments/{world.asked.pk}/register-sheet/"
    key = {"Idempotency-Key": "5f1b"}

    answers = [
        client.post(address, {"file": sheet(",energy,Risk,断电,Power cuts")}, headers=key)
        for _twice in range(2)
    ]

    assert [one.status_code for one in answers] == [200, 200]
    assert world.asked.iros.count() == 3


# ---- several at once ----


def added(world, number):
    title = both(f"风险{number}", f"Risk {number}")
    return actions.add_iro(
        assessment=world.asked, topic="energy", kind="risk", by=None, title=title
    )


def test_entries_are_changed_alike_or_not_at_all(world):
    rows = [added(world, number) for number in range(2)]
    chosen = {row.code: 1 for row in rows}

    changed = call(world, f"PATCH {MANY}", {"entries": chosen, "stage": "upstream"})
    stale = call(world, f"PATCH {MANY}", {"entries": chosen, "stage": "own"})
    nothing = call(world, f"PATCH {MANY}", {"entries": dict.fromkeys(chosen, 2)})

    assert changed.json() == {"codes": [row.code for row in rows]}
    assert refusal(stale) == (409, "conflict")
    assert refusal(nothing) == (409, "bad_iro")
    assert set(world.asked.iros.filter(kind="risk").values_list("stage", flat=True)) == {"upstream"}


def test_entries_are_closed_for_one_reason(world):
    chosen = {added(world, number).code: 1 for number in range(2)}
    reason = both("已出售", "Sold")

    closed = call(world, f"PUT {MANY}closing/", {"entries": chosen, "reason": reason}).json()

    assert closed == {"codes": sorted(chosen)}
    rows = world.asked.iros.filter(code__in=chosen)
    assert all(row.is_closed and row.closing_reason == reason for row in rows)


# ---- reminders ----


def test_experts_are_reminded_once_and_who_has_scored_is_left_out(world):
    sent = {"experts": ["viewer@example.com", "editor@example.com"]}

    first = call(world, REMINDERS, sent)
    second = call(world, REMINDERS, sent)

    assert first.json() == {"sent": ["viewer@example.com"], "unsent": []}
    assert refusal(second) == (409, "bad_iro")
    assert [letter.to for letter in mail.outbox] == [["viewer@example.com"]]


def test_whom_no_mail_reached_is_named_and_can_be_reminded_again(world, monkeypatch):
    sent = {"experts": ["viewer@example.com"]}
    with monkeypatch.context() as away:
        away.setattr("materiality.actions.register_reminders.send_letter", lambda *_mail: False)
        first = call(world, REMINDERS, sent).json()

    second = call(world, REMINDERS, sent).json()

    assert first == {"sent": [], "unsent": ["viewer@example.com"]}
    assert second == {"sent": ["viewer@example.com"], "unsent": []}


# ---- years unchanged ----


def test_a_year_unchanged_is_recorded_and_confirmed_by_a_second_person(world):
    key = f"POST {UNCHANGED}"
    confirm = f"PUT {UNCHANGED}<int:number>/confirmation/"
    row = call(world, key, RULES[key].told(world)).json()
    address = f"/api/v1/assessments/{world.past.pk}/reassessments/{row['id']}/confirmation/"

    own = call(world, confirm, {}, address=address)
    other = call(world, confirm, {}, address=address, client=as_role(world, Role.REVIEWER))
    read = call(world, f"GET {UNCHANGED}").json()

    assert (row["year"], row["is_confirmed"]) == ("2018", False)
    assert refusal(own) == (409, "four_eyes")
    assert other.json()["is_confirmed"] is True
    assert [(one["year"], one["is_confirmed"]) for one in read] == [("2017", False), ("2018", True)]
    verbs = list(world.past.events.order_by("number").values_list("verb", flat=True))
    assert verbs[-2:] == ["reassess", "confirm_reassessment"]


def test_of_an_open_round_no_year_is_said_to_be_unchanged(world):
    key = f"POST {UNCHANGED}"
    address = f"/api/v1/assessments/{world.asked.pk}/reassessments/"

    assert refusal(call(world, key, RULES[key].told(world), address=address)) == (409, "not_locked")


# ---- passages ----


def passages(world, role):
    return call(world, f"GET {PASSAGES}", client=as_role(world, role)).json()


def test_the_text_of_a_passage_is_read_by_who_may_code_it_and_of_a_secret_source_by_nobody(world):
    source = world.unasked.source_records.get()
    passage = source.passages.get()
    actions.describe_passage(
        passage=passage, text="Dust rose", place="p. 3", released="Dust", by=None
    )

    internal = {role: passages(world, role)[0] for role in (Role.REVIEWER, Role.VIEWER)}
    actions.describe_source(source=source, by=None, confidentiality="confidential")
    secret = {role: passages(world, role)[0] for role in (Role.OWNER, Role.VIEWER)}

    assert internal[Role.REVIEWER] | {"version": 0} == {
        "code": "P-001", "text": "Dust rose", "place": "p. 3", "released": "Dust", "version": 0,
    }  # fmt: skip
    assert (internal[Role.VIEWER]["text"], internal[Role.VIEWER]["place"]) == (None, None)
    assert internal[Role.VIEWER]["released"] == "Dust"
    for row in secret.values():
        assert (row["text"], row["place"], row["released"]) == (None, None, "")


def test_a_token_that_may_not_decide_reads_no_text_whosever_it_is(world):
    reviewer = world.users[Role.REVIEWER]
    rows = {}
    for scope in (Scope.COLLECT, Scope.DECIDE):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {token_of(reviewer, [scope])}")
        rows[scope] = call(world, f"GET {PASSAGES}", client=client).json()[0]

    assert (rows[Scope.COLLECT]["text"], rows[Scope.COLLECT]["place"]) == (None, None)
    assert rows[Scope.DECIDE]["text"]
