"""A whole round by program: from an organisation to the files of the report, and its second year.

No builder makes a row: every call is one that `docs/api.md` describes. Only the first account is
made as the first page makes it, and its tokens as their owners do.
"""

import io
import itertools
import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
import xlsxwriter
from django.contrib.auth.models import User
from django.core import mail as outbox
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from python_calamine import CalamineWorkbook
from rest_framework.test import APIClient

from materiality import actions
from materiality.locking.verification import faults_of
from materiality.models import Assessment, Package
from materiality.report.files.make import make
from surveys.actions import mail
from tests import files
from tests.rounds import token_of

pytestmark = pytest.mark.django_db
STANDARD = [["GRI", "2016", code] for code in ("201", "205", "301", "302", "305", "404", "405")]
RATED = (5, 4, 4, 3, 5, 2, 4, 3, 5, 4, 3)


class Program:
    """A program that calls the API as one person, and is never refused."""

    def __init__(self, person: User) -> None:
        self.client = APIClient()
        token = token_of(person)
        self.client.credentials(HTTP_AUTHORIZATION=f"Token {token}", HTTP_ACCEPT_LANGUAGE="en")

    def __call__(self, verb: str, path: str, body=None, status: int | None = None):
        sent = None if body is None else json.dumps(body)
        answer = self.client.generic(
            verb, f"/api/v1/{path}", sent or "", content_type="application/json"
        )
        wanted = (status,) if status else (200, 201, 204)
        assert answer.status_code in wanted, (verb, path, answer.content.decode()[:1000])
        is_json = answer["Content-Type"] == "application/json" if answer.content else False
        return answer.json() if is_json else answer

    def upload(self, path: str, name: str, content: bytes, **fields):
        file = SimpleUploadedFile(name, content)
        answer = self.client.post(f"/api/v1/{path}", {"file": file, **fields})
        assert answer.status_code == 200, (path, answer.content.decode()[:1000])
        return answer.json()


@pytest.fixture
def owner(settings, tmp_path, monkeypatch) -> Program:
    settings.MEDIA_ROOT = tmp_path
    settings.MAIL_IS_LIVE = True
    monkeypatch.setattr(mail, "DELAY", timedelta(0))
    person, _organisation = actions.first_owner(
        name="Li Min",
        email="li.min@example.com",
        password="a-long-password",
        company={"en": "Holding"},
        contact={"en": "Li Min"},
    )
    return Program(person)


def begin(api: Program, *, name: dict, year: str = "2026", **more) -> int:
    company = api("POST", "organisations/", {"name": name, "contact": name})["id"]
    values = {"organisation": company, "year": year, **more}
    return api("POST", "assessments/", values)["id"]


def set_up(api: Program, round_: int, *, languages: tuple[str, ...]) -> None:
    """Add topics of a standard and own ones, groups suggested and own, a panel; weigh and rule."""
    own = [{"name": dict.fromkeys(languages, "Night work"), "category": "social"}]
    values = {"standard": STANDARD, "topics": own}
    assert len(api("POST", f"assessments/{round_}/topics/", values)) == 8
    words = {"definition": dict.fromkeys(languages, "Work between ten and six")}
    api("PATCH", f"assessments/{round_}/topics-table/", {"topics": {"night-work": words}})
    add_by_sheet(api, round_)
    suggested = ["shareholders", "customers", "employees", "regulators", "media", "ngos"]
    api("POST", f"assessments/{round_}/groups/", {"suggested": suggested})
    for name in ("Schools", "Neighbours"):
        named = [{"name": dict.fromkeys(languages, name)}]
        api("POST", f"assessments/{round_}/groups/", {"groups": named})
    groups = api("POST", f"assessments/{round_}/groups/", {"suggested": ["managers", "experts"]})
    assert [group["kind"] for group in groups].count("stakeholders") == 8
    weights = {"stakeholder": {"employees": 2, "media": 0.5}}
    api("PATCH", f"assessments/{round_}/weights/", {"weights": weights})
    api("PATCH", f"assessments/{round_}/rule/", {"cut_high": 3.9, "cut_low": 3.6})


def add_by_sheet(api: Program, round_: int) -> None:
    """Take the list as a spreadsheet, and send it back with one more topic."""
    address = f"assessments/{round_}/topics-sheet/"
    book = CalamineWorkbook.from_filelike(io.BytesIO(api("GET", address).content))
    header, *rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 8
    names = [heading.startswith("Name") for heading in header]
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        new = ["Noise" if is_name else "" for is_name in names]
        for row, cells in enumerate([header, *rows, new]):
            sheet.write_row(row, 0, cells)
    assert api.upload(address, "topics.xlsx", target.getvalue()) == {"added": 1, "changed": 0}


def build(api: Program, round_: int) -> list[int]:
    """Build both questionnaires, open from now on; return their ids."""
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    surveys = []
    for dimension in ("stakeholder", "impact"):
        made = api("POST", f"assessments/{round_}/surveys/", {"dimension": dimension})
        api("PATCH", f"surveys/{made['id']}/", {"opens_at": since})
        surveys.append(made["id"])
    return surveys


def open_to_schools(api: Program, survey: int) -> list[tuple[str, str]]:
    """Open the running survey to a further group, and put its people on the list."""
    group = {
        "name": {"zh-hans": "乡村学校", "en": "Village schools"},
        "code": "village-schools",
        "dimension": "stakeholder",
        "weight": 1,
    }
    audiences = api("POST", f"surveys/{survey}/audiences/", group)
    assert [row["code"] for row in audiences if row["is_later"]] == ["village-schools"]
    people = [("village-schools", f"school{at}@example.com") for at in range(5)]
    told = [{"audience": code, "email": email} for code, email in people]
    api("POST", f"surveys/{survey}/invitations/", {"people": told})
    return people


def ask_everybody(
    api: Program, surveys: list[int], *, each: int, is_opened_later: bool = False
) -> None:
    """Publish, put people on the lists, write to them, and let all of them answer by their mail."""
    liked = itertools.cycle(RATED)
    for survey in surveys:
        audiences = api("GET", f"surveys/{survey}/audiences/")
        count = each if len(audiences) > 2 else 2
        people = [
            (row["code"], f"{row['code']}{at}@s{survey}.example.com")
            for row in audiences
            for at in range(count)
        ]
        rows = [{"audience": code, "email": email} for code, email in people]
        added = api("POST", f"surveys/{survey}/invitations/", {"people": rows})
        assert added == {"added": len(people), "known": 0}
        assert api("GET", f"surveys/{survey}/questionnaire/")["missing"] == []
        api("POST", f"surveys/{survey}/publish/", {})
        if len(audiences) > 2 and is_opened_later:
            people += open_to_schools(api, survey)
        outbox.outbox.clear()
        api("POST", f"surveys/{survey}/mail/invitation/send/", {"count": len(people)})
        mail.deliver_all()
        assert len(outbox.outbox) == len(people)
        for sent in outbox.outbox:
            token = re.search(r"/r/([^/\s]+)/", sent.body)[1]
            respond(token, liked)
        api("POST", f"surveys/{survey}/end/", {"sure": True})


def respond(token: str, liked) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Invitation {token}")
    body = client.get("/api/v1/questionnaire/").json()
    ratings = {str(question["id"]): next(liked) for question in body["questions"]}
    response = {
        "submission": str(uuid4()),
        "consent": body["consent"][0]["sha256"],
        "ratings": ratings,
    }
    answered = client.post("/api/v1/responses/", response, format="json")
    assert answered.status_code in (200, 201), answered.content


def decide_and_lock(api: Program, round_: int, colleague: Program) -> dict[str, str]:
    """Decide one tier otherwise, let the colleague approve, lock; return what the files say."""
    matrix = api("GET", f"assessments/{round_}/matrix/")
    first = matrix["topics"][0]
    tier = 2 if first["suggested_tier"] != 2 else 1
    told = {
        first["code"]: {
            "tier": tier,
            "reason": {"zh-hans": "董事会战略", "en": "The board’s strategy"},
        }
    }
    decided = api("PATCH", f"assessments/{round_}/decisions/", {"decisions": told})
    assert decided[first["code"]] == tier
    refused = api("POST", f"assessments/{round_}/lock/", {"sure": True}, status=409)
    assert refused["code"] == "not_approved"
    digest = api("GET", f"assessments/{round_}/results/")["digest"]
    verdict = {"verdict": "approved", "digest": digest, "comment": {"en": "Checked"}}
    mine = api("POST", f"assessments/{round_}/approvals/", verdict, status=409)
    assert mine["code"] == "four_eyes"
    colleague("POST", f"assessments/{round_}/approvals/", verdict)
    assert api("POST", f"assessments/{round_}/lock/", {"sure": True})["is_locked"]
    assert not list(faults_of(Assessment.objects.get(pk=round_)))
    asked = api("POST", f"assessments/{round_}/files/", status=202)
    assert (asked, api("GET", f"assessments/{round_}/files/", status=202)) == 2 * (
        {"state": "waiting"},
    )
    make(Package.objects.get(assessment=round_).pk)  # as a worker does
    packed = files.unpacked(api("GET", f"assessments/{round_}/files/").content)
    spoken = Assessment.objects.get(pk=round_).languages
    return files.opened(packed, languages=spoken)


def let_in(api: Program, round_: int) -> Program:
    company = api("GET", f"assessments/{round_}/")
    [organisation] = [
        row["id"]
        for row in api("GET", "organisations/")["results"]
        if row["name"] == company["organisation"]
    ]
    values = {"name": "Wang Fang", "email": f"wang{round_}@example.com", "role": "reviewer"}
    api("POST", f"organisations/{organisation}/members/", values)
    return Program(User.objects.get(email=values["email"]))


@pytest.mark.drill
def test_a_company_by_program_alone_and_its_second_year(owner):
    round_ = begin(owner, name={"zh-hans": "味禾食品", "en": "Weihe Foods"})
    set_up(owner, round_, languages=("zh-hans", "en"))
    criteria = {"impact": ["scale", "scope", "irremediability", "likelihood"]}
    owner("PATCH", f"assessments/{round_}/design/", {"criteria": criteria})
    ask_everybody(owner, build(owner, round_), each=7, is_opened_later=True)
    colleague = let_in(owner, round_)
    decide_and_lock(owner, round_, colleague)

    second = begin_second_year(owner, round_)
    ask_everybody(owner, second["surveys"], each=6)
    explain_changes(owner, second["round"])
    printed = decide_and_lock(owner, second["round"], colleague)
    [section] = [
        name for name in printed if name.endswith("section.docx") and "en" in name.split("/")
    ]
    assert "Artificial intelligence" in printed[section]
    assert "Groups were merged and split" in "".join(printed.values())
    changes = owner("GET", f"assessments/{second['round']}/changes/")
    assert {"added"} <= {row["kind"] for row in changes}


def begin_second_year(api: Program, first: int) -> dict:
    """Take last year over; merge two groups, split one, add a topic."""
    company = next(
        row["id"]
        for row in api("GET", "organisations/")["results"]
        if row["name"].get("en") == "Weihe Foods"
    )
    values = {"organisation": company, "year": "2027", "previous": first}
    round_ = api("POST", "assessments/", values)["id"]
    merged = {
        "groups": ["media", "ngos"],
        "name": {"zh-hans": "媒体及社会组织", "en": "Media and NGOs"},
    }
    api("POST", f"assessments/{round_}/groups-merged/", merged)
    parts = [{"zh-hans": "一线员工", "en": "Workers"}, {"zh-hans": "职员", "en": "Office staff"}]
    groups = api("POST", f"assessments/{round_}/groups/employees/split/", {"names": parts})
    codes = [group["code"] for group in groups]
    assert {"media-and-ngos", "workers", "office-staff"} <= set(codes)
    topic = {"name": {"zh-hans": "人工智能", "en": "Artificial intelligence"}}
    topic["category"] = "governance"
    api("POST", f"assessments/{round_}/topics/", {"topics": [topic]})
    surveys = [row["id"] for row in api("GET", f"assessments/{round_}/surveys/")["results"]]
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    for survey in surveys:
        api("PATCH", f"surveys/{survey}/", {"opens_at": since})
    return {"round": round_, "surveys": surveys}


def explain_changes(api: Program, round_: int) -> None:
    """Say why the new topic came; the others go on."""
    reason = {"zh-hans": "新业务", "en": "A new business"}
    lines = [
        {"kind": "added", "before": None, "after": "artificial-intelligence", "reason": reason}
    ]
    for topic in api("GET", f"assessments/{round_}/topics/"):
        if topic["code"] != "artificial-intelligence":
            same = {"before": topic["code"], "after": topic["code"]}
            lines.append({"kind": "continued", **same})
    api("PUT", f"assessments/{round_}/successions/", {"changes": lines})
    method = {"reason": {"zh-hans": "群体有合并与拆分", "en": "Groups were merged and split"}}
    api("PUT", f"assessments/{round_}/method-reason/", method)
    result = api("GET", f"assessments/{round_}/results/")["results"]["open_questions"]
    assert result == []


def test_an_english_only_company_by_program(owner):
    round_ = begin(owner, name={"en": "Weihe Foods"})
    set_up(owner, round_, languages=("en",))
    ask_everybody(owner, build(owner, round_), each=5)
    printed = decide_and_lock(owner, round_, let_in(owner, round_))

    assert not [name for name in printed if "zh" in name]


@pytest.mark.drill
def test_a_double_round_by_program(owner):
    round_ = begin(owner, name={"zh-hans": "味禾食品", "en": "Weihe Foods"})
    owner("PUT", f"assessments/{round_}/preset/", {"preset": "double"})
    set_up(owner, round_, languages=("zh-hans", "en"))
    ask_everybody(owner, build(owner, round_), each=5)
    printed = decide_and_lock(owner, round_, let_in(owner, round_))

    assert any(name.endswith("double.svg") for name in printed)
