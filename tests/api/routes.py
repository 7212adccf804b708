"""Every route of the API with what it is for: who may, what is sent, what is no use to it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from materiality import actions
from materiality.actions.drafting import draft_survey
from materiality.locking.snapshots import lock, results_for
from materiality.models import Iro
from surveys.actions.answer import submit
from surveys.actions.invite import add_people, join
from surveys.actions.publish import publish
from surveys.models import Invitation, Role
from surveys.models.organisations import MAY_DECIDE, MAY_EDIT
from surveys.people.person import Person
from tests.builders import both, consent_of, make_link, make_organisation, ratings_for
from tests.rounds import (
    STEADY,
    answer,
    ask,
    close_and_seal,
    make_round,
    make_user,
    plan_for,
    sealed_round,
    token_of,
)

EVERYBODY = tuple(Role)
SUBMISSION = "0d4f2c9e-5c1e-4a53-9a3f-2f6f5a1f7f10"
LONG = "x" * 6000


def make_world() -> SimpleNamespace:
    """Return rounds and surveys in every state, the people of one company, and a stranger."""
    unasked = make_round(year="2018")
    company = unasked.organisation
    source = actions.add_source(
        assessment=unasked, by=None, kind="media", title="A report", dated=date(2018, 5, 1)
    )
    actions.add_passage(source=source, text="Dust rose", by=None)
    scored = sealed_round(year="2017")
    users = {role: make_user(str(role), company, role) for role in Role}
    drafted = make_round(year="2019")
    draft = draft_survey(
        assessment=drafted, dimension=drafted.dimensions.get(code="stakeholder"), by=None
    )
    asked = make_round(year="2020")
    anonymous, named = ask(asked, open_links=True)
    sealed = _sealed()
    other = make_organisation(name=both("别家公司", "Other Ltd"))
    foreign = ask(make_round(year="2020", organisation=other))[0]
    world = SimpleNamespace(
        users=users,
        stranger=make_user("stranger", other, Role.OWNER),
        company=company,
        scored=scored,
        following=make_round(year="2022", previous=scored),
        unasked=unasked,
        drafted=drafted,
        draft=draft,
        asked=asked,
        open=anonymous,
        named=named,
        sealed=sealed,
        person=_person(anonymous, "li@example.com"),
        person_elsewhere=_person(named, "wu@example.com", "panel"),
        foreigner=_person(foreign, "eve@example.com"),
        token=make_link(anonymous),
        table=anonymous.answer_tables.create(
            name="a.csv", at=timezone.now(), state="imported", summary={"rows": 0}
        ),
        exclusion=actions.exclude_answers(
            assessment=sealed.assessments.get(),
            survey=sealed,
            criterion="staff",
            reason="Test",
            by=users[Role.OWNER],
        ),
    )
    world.webhook = actions.add_webhook(
        organisation=company, url="https://hooks.example.com/b", kinds=["round.locked"],
        by=users[Role.OWNER],
    )  # fmt: skip
    world.entry = _register(world)
    world.past = sealed_round(year="2016")
    lock(assessment=world.past, by=None)
    world.reassessment = actions.reassess(
        assessment=world.past, by=None, year="2017", concluded_on=date(2018, 2, 1),
        looked_at=both("行业动态", "News"), reason=both("无变化", "As before"), people="Board",
    )  # fmt: skip
    members = [*users.values(), world.stranger]
    world.tokens = {one: token_of(one) for one in members}
    world.clients = {}
    return world


def _register(world: SimpleNamespace) -> Iro:
    """Return an entry that everybody is asked to score and an editor has; the next is closed.

    The round before the one that follows has two, and the second does not go on.
    """
    rows = []
    for assessment in (world.asked, world.scored):
        for at in range(2):
            row = actions.add_iro(
                assessment=assessment, topic="safety", kind="negative", by=None,
                title=both(f"条目{at}", f"Entry {at}"),
            )  # fmt: skip
            rows.append(row)
    everybody = list(world.users.values())
    codes = [row.code for row in rows[:1]]
    actions.assign_iros(assessment=world.asked, codes=codes, experts=everybody, by=None)
    actions.score_iro(iro=rows[0], expert=world.users[Role.EDITOR], marks=MARKS, reason="Audit 7")
    reason = both("已出售", "Sold")
    actions.close_iro(iro=rows[1], reason=reason, by=None)
    actions.end_iros(assessment=world.following, codes=["IRO-002"], reason=reason, by=None)
    return rows[0]


def _person(survey: Any, email: str, audience: str = "customers") -> Invitation:
    add_people([(survey.audiences.get(code=audience), Person(email=email))])
    return Invitation.objects.get(email=email)


def _sealed() -> Any:
    """Return a sealed survey whose answers by open link wait for a reviewer."""
    assessment = make_round(year="2021")
    plan = replace(plan_for("stakeholder", assessment), open_answers_wait=True)
    survey = actions.ask(
        assessment=assessment, dimension="stakeholder", plan=plan, by=None, open_links=True
    )
    publish(survey)
    answer(survey, STEADY)
    consent = consent_of(survey)
    token = join(survey.audiences.first(), consent=consent, language="en")
    submit(token, submission=uuid4(), ratings=ratings_for(survey), consent=consent)
    close_and_seal(survey)
    return survey


@dataclass(frozen=True)
class Rule:
    """What one route is for.

    :param on: which round or survey of the world its `pk` is. :param keys: the rest of the address.
    :param body: what works. :param needs: the fields that may not be missing.
    :param wrong: values that are refused: field → some of them.
    :param stores: whether what works leaves a trace.
    """

    on: str = ""
    roles: tuple[Role, ...] = EVERYBODY
    keys: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    needs: tuple[str, ...] = ()
    wrong: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    status: int = 200
    stores: bool = True
    files: bool = False
    caller: str = "team"

    def told(self, world: SimpleNamespace) -> Any:
        return self.body(world) if isinstance(self.body, Callable) else self.body

    def kwargs(self, world: SimpleNamespace) -> dict[str, Any]:
        result = {
            name: getattr(world, key.removeprefix("@")).pk if key[0] == "@" else key
            for name, key in self.keys.items()
        }
        return result | ({"pk": getattr(world, self.on).pk} if self.on else {})


def in_days(number: int) -> str:
    return (timezone.now() + timedelta(days=number)).isoformat()


TEXTS = ("x", {"en": "x"}, {"en": "x", "fr": "x"}, {"en": [], "zh-hans": "x"}, [], None,
         {"en": "\x00", "zh-hans": "x"}, {"en": "\ud800", "zh-hans": "x"},
         {"en": LONG, "zh-hans": "x"})  # fmt: skip
WORDS = ("", " ", LONG, None, [], {}, "\x00", "\ud800")
NUMBERS = (-1, 10**30, "many", 1.5, None, [], True)
MOMENTS = ("soon", "0001-01-01T00:00:00", "9999-12-31T23:59:59Z", "2026-13-01T00:00:00Z", 5, None)
SWITCHES = ("perhaps", 2, None, [])
CHOICES = ("\ud800", "else", 5, None, [], {})

SCALES = {"zh-hans": ["无", "少", "中", "多", "极"], "en": ["0", "Little", "Some", "Much", "Most"]}
SCALES_REFUSED = (
    None, [], {}, ["a", "b", "c", "d"], ["a", "b", "c", "d", "e", "f"], ["a", "b", "c", "d", ""],
    ["a", "b", "c", "d", "A "], ["a", "b", "c", "d", "\x00"], ["a", "b", "c", "d", "\ud800"],
    ["a", "b", "c", "d", None], ["a", "b", "c", "d", "x" * 33], ["a", "b", "c", "d", "重" * 17],
    ["", "", "", "", ""],
)  # fmt: skip

NO_CODES = (None, {}, "x", ["\ud800"], [5.5], [None])
MARKS = {"scale": 4, "scope": 3, "irremediability": 2, "likelihood": 3}
MARKS_REFUSED = (
    None,
    [],
    "x",
    {},
    MARKS | {"scale": 9},
    MARKS | {"scale": "x"},
    {"scale": 1},
    MARKS | {"magnitude_short": 1},
    MARKS | {"scale": True},
    MARKS | {"scale": 10**30},
)
CUTS = "议题,类型,标题 · 中文,Title · English\nenergy,Risk,断电,Power cuts\n"
CHOSEN = {
    "entries": (None, [], {}, "x", {"IRO-001": 2}, {"IRO-001": "x"}, {"IRO-002": 1}, {"love": 1},
                {"IRO-001": None}, {"IRO-001": 10**30}),
}  # fmt: skip
ENTRY: dict[str, Any] = {"on": "asked", "keys": {"code": "IRO-001"}}
CLOSED: dict[str, Any] = {"on": "asked", "keys": {"code": "IRO-002"}}
DESCRIBED = {
    "kind": CHOICES, "stage": CHOICES, "horizon": CHOICES,
    "involvement": ("\ud800", "else", 5, [], {}),
    **dict.fromkeys(("is_actual", "human_rights", "is_net"), SWITCHES),
    **dict.fromkeys(("description", "affected", "dependency", "mitigation"),
                    ("x", {"fr": "x"}, [], None, {"en": "\x00"}, {"en": LONG})),
    "links": (None, "x", {"love": []}, {"impact": ["love"]}, {"impact": "x"}, {"impact": [5.5]}),
    **dict.fromkeys(("place", "evidence"), WORDS[2:]), "before": (*NO_CODES, ["love"]),
    "topic": ("love", *CHOICES), "step": ("VC-99", "\ud800", 5, [], {}, None),
}  # fmt: skip
LIST = {"roles": MAY_EDIT}
PERSON = {"on": "open", "keys": {"person": "@person"}, "roles": MAY_EDIT}
SURE = {"body": {"sure": True}, "needs": ("sure",), "wrong": {"sure": (False, *SWITCHES)}}
WRITE: dict[str, Any] = {"on": "open", "roles": MAY_EDIT}
NOTHING: dict[str, Any] = {"body": {}}
SETTINGS = {
    "title": both("新题", "New title"), "headline": both("问", "Ask"), "lead": both("因", "Why"),
    "after": both("后", "Then"), "mode": "named", "languages": ["en"], "page_size": 8,
    "most_ratings": 30, "top_three": True, "best_worst": True, "topic_comments": True,
    "last_comment": False, "feedback": False, "open_answers_wait": True,
    "most_reminders": 1, "reminder_gap": 5,
    "keep_until": "2098-12-31",
}  # fmt: skip


def _ratings(world: SimpleNamespace, audience: str) -> dict[str, int]:
    asked = world.open.audiences.get(code=audience).questions.values_list("pk", flat=True)
    return {str(pk): 4 for pk in asked}


def _entry(world: SimpleNamespace) -> dict[str, Any]:
    return {
        "audience": "customers", "submission": SUBMISSION, "agreed": True, "comment": "Good",
        "ratings": _ratings(world, "customers"),
    }  # fmt: skip


def _response(world: SimpleNamespace) -> dict[str, Any]:
    return {
        "submission": SUBMISSION, "consent": consent_of(world.open), "comment": "Good",
        "ratings": dict(ratings_for(world.open)),
    }  # fmt: skip


RATINGS = (None, [1], "x", {"999999999": 3}, {}, {"1": {"a": 1}})
NO_NAME = ("x", {}, {"fr": "x"}, {"en": ""}, {"en": []}, [], None, {"en": "\x00"}, {"en": LONG})
OWNER = (Role.OWNER,)


def _digest(world: SimpleNamespace) -> str:
    return results_for(world.scored).digest


RULES: dict[str, Rule] = {
    "GET organisations/": Rule(),
    "POST organisations/": Rule(
        body={"name": {"en": "Weihe Foods"}, "contact": {"en": "Office"}}, roles=OWNER, status=201,
        needs=("name", "contact"), wrong={"name": NO_NAME, "contact": NO_NAME},
    ),
    "PATCH organisations/<int:pk>/": Rule(
        "company", OWNER, body={"name": both("新", "New")}, wrong={"name": NO_NAME},
    ),
    "GET organisations/<int:pk>/members/": Rule("company"),
    "POST organisations/<int:pk>/members/": Rule(
        "company", OWNER, body={"name": "Wang", "email": "wang@example.com", "role": "viewer"},
        status=201, needs=("name", "email", "role"),
        wrong={"name": WORDS, "email": ("x", *WORDS), "role": CHOICES},
    ),
    "GET organisations/<int:pk>/webhooks/": Rule("company", OWNER),
    "POST organisations/<int:pk>/webhooks/": Rule(
        "company", OWNER, status=201, needs=("url", "kinds"),
        body={"url": "https://hooks.example.com/a", "kinds": ["round.locked"]},
        wrong={"url": ("x", "ftp://example.com/", *WORDS), "kinds": (None, {}, "x", ["x"], [])},
    ),
    "PATCH organisations/<int:pk>/webhooks/<int:webhook>/": Rule(
        "company", OWNER, keys={"webhook": "@webhook"}, body={"is_on": True}, needs=("is_on",),
        wrong={"is_on": SWITCHES},
    ),
    "DELETE organisations/<int:pk>/webhooks/<int:webhook>/": Rule(
        "company", OWNER, keys={"webhook": "@webhook"}, status=204,
    ),
    "POST assessments/": Rule(
        body=lambda world: {"organisation": world.company.pk, "year": "2031", "preset": "double"},
        roles=MAY_EDIT, status=201, needs=("organisation", "year"),
        wrong={"organisation": (987654, *NUMBERS[1:]), "year": WORDS, "preset": CHOICES,
               "previous": (987654, *NUMBERS[1:3]), "copy": SWITCHES},
    ),
    "PATCH assessments/<int:pk>/": Rule(
        "unasked", MAY_EDIT, body={"year": "2032", "name": {"en": "Review"}, "languages": ["en"]},
        wrong={"year": WORDS, "name": ("x", {"fr": "x"}, [], None), "archived": SWITCHES,
               "languages": (None, {}, "en", [], ["fr"], ["en"] * 9, [1]),
               "previous": (987654, *NUMBERS[1:3])},
    ),
    "DELETE assessments/<int:pk>/": Rule("unasked", OWNER, status=204),
    "POST assessments/<int:pk>/topics/": Rule(
        "unasked", MAY_EDIT, status=201,
        body={"topics": [{"name": {"en": "Noise"}, "category": "social"}],
              "standard": [["GRI", "2016", "301"]]},
        wrong={"topics": (None, {}, [1], [{"name": {"en": "x"}}], [{"category": "social"}],
                          *([{"name": one, "category": "social"}] for one in NO_NAME)),
               "standard": (None, {}, [["GRI"]], ["x"], [["GRI", "1999", "1"]])},
    ),
    "PATCH assessments/<int:pk>/topics-table/": Rule(
        "unasked", MAY_EDIT, needs=("topics",),
        body={"topics": {"energy": {"definition": both("用能", "Use of energy")},
                         "privacy": {"name": both("隐私", "Privacy of data")}}},
        wrong={"topics": (None, [], {"energy": 1}, {"nothing": {"name": {"en": "x"}}},
                          {"energy": {"category": "else"}},
                          *({"energy": {"name": one}} for one in NO_NAME)),
               "reason": WORDS[2:]},
    ),
    "GET assessments/<int:pk>/topics-sheet/": Rule("unasked"),
    "POST assessments/<int:pk>/topics-sheet/": Rule(
        "unasked", MAY_EDIT, files=True, needs=("file",),
        body=lambda world: {"file": SimpleUploadedFile(
            "t.csv", "Name · English,Category\nNoise,Social\n".encode())},
        wrong={"file": ("x", "")},
    ),
    "PUT assessments/<int:pk>/topics-order/": Rule(
        "unasked", MAY_EDIT, needs=("codes",), wrong={"codes": NO_CODES},
        body={"codes": ["energy", "privacy", "safety", "ethics"]},
    ),
    "DELETE assessments/<int:pk>/topics/<slug:code>/": Rule(
        "unasked", MAY_EDIT, keys={"code": "energy"}, status=204),
    "PUT assessments/<int:pk>/topics/<slug:code>/screening/": Rule(
        "unasked", MAY_EDIT, keys={"code": "energy"}, needs=("kind", "reason"),
        body={"kind": "not_relevant", "reason": both("无关", "Not ours")},
        wrong={"kind": CHOICES, "reason": NO_NAME},
    ),
    "DELETE assessments/<int:pk>/topics/<slug:code>/screening/": Rule(
        "unasked", MAY_EDIT, keys={"code": "energy"}, status=204),
    "GET assessments/<int:pk>/impacts/": Rule("asked"),
    "PUT assessments/<int:pk>/impacts/": Rule(
        "unasked", MAY_DECIDE, needs=("actual", "human_rights"),
        body={"actual": ["energy"], "human_rights": []},
        wrong={"actual": (*NO_CODES, ["love"]), "human_rights": (*NO_CODES, ["love"]),
               "reason": WORDS[2:]},
    ),
    "PUT assessments/<int:pk>/preset/": Rule(
        "unasked", MAY_EDIT, body={"preset": "double"}, needs=("preset",),
        wrong={"preset": CHOICES},
    ),
    "GET assessments/<int:pk>/groups/": Rule("unasked"),
    "POST assessments/<int:pk>/groups/": Rule(
        "unasked", MAY_EDIT, status=201,
        body={"groups": [{"name": {"en": "Schools"}}], "suggested": ["media"]},
        wrong={"groups": (None, {}, [1], [{}], *([{"name": one}] for one in NO_NAME)),
               "suggested": NO_CODES, "dimension": CHOICES},
    ),
    "PATCH assessments/<int:pk>/groups/<slug:code>/": Rule(
        "unasked", MAY_EDIT, keys={"code": "customers"},
        body={"name": both("顾客", "Guests"), "chosen_topics": ["energy"],
              "expectations": [{"en": "Fair prices"}], "frequency": {"en": "Once a year"}},
        wrong={"name": NO_NAME, "chosen_topics": NO_CODES, "expectations": (None, "x", [1], [{}]),
               "channels": (None, "x", [1], [{}]), "how_chosen": (None, 5, {"fr": "x"}),
               "frequency": (None, 5, {"fr": "x"})},
    ),
    "DELETE assessments/<int:pk>/groups/<slug:code>/": Rule(
        "unasked", MAY_EDIT, keys={"code": "customers"}, status=204),
    "POST assessments/<int:pk>/groups/<slug:code>/split/": Rule(
        "unasked", MAY_EDIT, keys={"code": "customers"}, needs=("names",),
        body={"names": [{"en": "Firms"}, {"en": "People"}]},
        wrong={"names": (None, {}, "x", *([{"en": "x"}, one] for one in NO_NAME))},
    ),
    "POST assessments/<int:pk>/groups-merged/": Rule(
        "unasked", MAY_EDIT, needs=("groups", "name"),
        body={"groups": ["customers", "employees"], "name": {"en": "Everybody"}},
        wrong={"groups": NO_CODES, "name": NO_NAME},
    ),
    "PUT assessments/<int:pk>/groups-order/": Rule(
        "unasked", MAY_EDIT, needs=("codes",),
        body={"codes": ["panel", "customers", "employees", "regulators"]},
        wrong={"codes": NO_CODES},
    ),
    "PATCH assessments/<int:pk>/weights/": Rule(
        "unasked", MAY_DECIDE, body={"weights": {"stakeholder": {"customers": 3}}},
        needs=("weights",),
        wrong={"weights": (None, [], {"stakeholder": 5}, {"stakeholder": {"customers": -1}},
                           {"stakeholder": {"customers": "x"}}), "reason": WORDS[2:]},
    ),
    "GET assessments/<int:pk>/known-shares/": Rule("asked"),
    "PUT assessments/<int:pk>/known-shares/": Rule(
        "unasked", MAY_DECIDE, needs=("known_shares",),
        body={"known_shares": [{
            "name": "Staff", "groups": ["employees", "customers"],
            "margins": [{"name": "Site", "categories": [
                {"name": "East", "share": 40, "groups": ["employees"]},
                {"name": "West", "share": 60, "groups": ["customers"]},
            ]}],
        }]},
        wrong={"known_shares": (None, 5, "x", [{}], [{"name": "A", "groups": [], "margins": []}]),
               "reason": WORDS[2:]},
    ),
    "GET assessments/<int:pk>/context/": Rule("asked"),
    "PATCH assessments/<int:pk>/context/": Rule(
        "unasked", MAY_EDIT,
        needs=("version",),
        body={"version": 0, "entity": {"en": "Weihe Foods"}, "standards": ["esrs:2026"],
              "short_years": 1, "medium_years": 5, "next_revision": "2031-03-01"},
        wrong={"entity": ("x", {"fr": "x"}, [], None, {"en": LONG}), "as_annual_report": ("x", []),
               "standards": (None, {}, "x", ["sasb:1"], [5]), "approach": ("sideways", 5, []),
               "period_start": ("x", 5, [], "1000-01-01"), "short_years": (0, 101, "x", []),
               "version": (-1, "x", [])},
    ),
    "POST assessments/<int:pk>/context/last-round/": Rule("following", MAY_EDIT, stores=False),
    "GET assessments/<int:pk>/value-chain/": Rule("asked"),
    "PUT assessments/<int:pk>/value-chain/": Rule(
        "unasked", MAY_EDIT, needs=("steps", "version"),
        body={"version": 0, "steps": [
            {"side": "upstream", "name": both("矿山", "Mines"), "places": "Chile"}
        ]},
        wrong={"steps": (None, {}, [1], [{"side": "x", "name": both("矿", "M")}],
                         *([{"side": "own", "name": one}] for one in NO_NAME),
                         [{"side": "own", "name": both("矿", "M"), "code": "VC-99"}]),
               "version": (-1, "x", [])},
    ),
    "GET assessments/<int:pk>/sources/": Rule("asked"),
    "POST assessments/<int:pk>/sources/": Rule(
        "unasked", MAY_EDIT, status=201, needs=("title", "kind", "dated"),
        body={"title": "Dust in town", "kind": "media", "dated": "2020-05-01"},
        wrong={"title": WORDS, "kind": CHOICES, "dated": ("x", None, []),
               "confidentiality": CHOICES, "title_leaves": SWITCHES, "digest": ("x", None, [])},
    ),
    "PATCH assessments/<int:pk>/sources/<slug:code>/": Rule(
        "unasked", MAY_EDIT, keys={"code": "S-001"}, needs=("version",),
        body={"version": 1, "origin": "The town paper"},
        wrong={"title": WORDS, "kind": CHOICES, "version": (-1, "x", [])},
    ),
    "GET assessments/<int:pk>/sources/<slug:code>/passages/": Rule(
        "unasked", keys={"code": "S-001"},
    ),
    "POST assessments/<int:pk>/sources/<slug:code>/passages/": Rule(
        "unasked", MAY_EDIT, keys={"code": "S-001"}, status=201, needs=("text",),
        body={"text": "Dust rose", "place": "p. 3", "released": "Dust rose"},
        wrong={"text": WORDS, "place": (None, [], LONG), "released": (None, [], LONG)},
    ),
    "PUT assessments/<int:pk>/passages/<slug:code>/coding/": Rule(
        "unasked", MAY_DECIDE, keys={"code": "P-001"}, needs=("topics", "entries"),
        body={"topics": ["energy"], "entries": []},
        wrong={"topics": (None, {}, "x", ["nothing"]), "entries": (None, {}, "x", ["nothing"])},
    ),
    "GET assessments/<int:pk>/design/": Rule("asked"),
    "PATCH assessments/<int:pk>/design/": Rule(
        "unasked", MAY_EDIT, body={"points": 7, "criteria": {"impact": ["scale", "scope"]}},
        wrong={"preset": CHOICES, "points": (2, 12, "x", None, []),
               "criteria": (None, [], {"impact": ["x"]}, {"impact": "x"})},
    ),
    "GET assessments/<int:pk>/plan/": Rule("asked"),
    "POST assessments/<int:pk>/plan/": Rule("asked", MAY_DECIDE, status=201),
    "GET assessments/<int:pk>/rule/": Rule("asked"),
    "PATCH assessments/<int:pk>/rule/": Rule(
        "unasked", MAY_DECIDE, body={"cut_high": 4.1, "cut_low": 3.2},
        wrong={"tier_rule": CHOICES, "tier_count": (1, 6, "x", None),
               "tier_names": (None, {}, [1], [{"en": "x" * 50}]),
               "cut_high": ("x", None, [], 10**30), "reason": WORDS[2:]},
    ),
    "PATCH assessments/<int:pk>/decisions/": Rule(
        "scored", MAY_DECIDE, needs=("decisions",),
        body={"decisions": {"energy": {"tier": 1, "reason": both("政策", "Policy")},
                            "privacy": {"tier": 2, "reason": "Policy"}}},
        wrong={"decisions": (None, [], {"energy": 1}, {"energy": {"tier": 0}},
                             {"energy": {"tier": "x"}}, {"energy": {"tier": 1, "reason": LONG}},
                             {"energy": {"tier": 1, "reason": {"fr": "x"}}},
                             {"energy": {"tier": 1, "reason": {"en": LONG}}})},
    ),
    "PUT assessments/<int:pk>/successions/": Rule(
        "following", MAY_EDIT, needs=("changes",),
        body={"changes": [{"kind": "added", "before": None, "after": "energy"}]},
        wrong={"changes": (None, {}, [1], [{"kind": "x", "before": None, "after": "energy"}])},
    ),
    "PUT assessments/<int:pk>/method-reason/": Rule(
        "following", MAY_EDIT, body={"reason": both("因", "Why")}, needs=("reason",),
        wrong={"reason": NO_NAME},
    ),
    "POST assessments/<int:pk>/approvals/": Rule(
        "scored", MAY_DECIDE, status=201, needs=("verdict", "digest"),
        body=lambda world: {"verdict": "changes_requested", "digest": _digest(world),
                            "comment": both("请再看", "Look again")},
        wrong={"verdict": CHOICES, "digest": WORDS[:1],
               "comment": ({"fr": "x"}, {"en": LONG}, *WORDS[2:])},
    ),
    "PUT assessments/<int:pk>/second-person/": Rule(
        "unasked", OWNER, body={"is_needed": True}, needs=("is_needed",),
        wrong={"is_needed": SWITCHES, "reason": WORDS[2:]},
    ),
    "POST assessments/<int:pk>/lock/": Rule("scored", OWNER, **SURE),
    "GET assessments/<int:pk>/files/": Rule("asked", status=409),
    "POST assessments/<int:pk>/files/": Rule("scored", EVERYBODY, status=202),
    "GET assessments/<int:pk>/reassessments/": Rule("past"),
    "POST assessments/<int:pk>/reassessments/": Rule(
        "past", MAY_DECIDE, status=201,
        needs=("year", "looked_at", "reason", "people", "concluded_on"),
        body={"year": "2018", "concluded_on": "2019-02-01", "people": "Board",
              "looked_at": both("行业动态", "News"), "reason": both("无变化", "As before")},
        wrong={"year": ("2016", "2015", *WORDS), "looked_at": ({"en": "News"}, *NO_NAME),
               "reason": ({"en": "News"}, *NO_NAME), "people": WORDS,
               "concluded_on": ("2999-01-01", "x", None, [])},
    ),
    "PUT assessments/<int:pk>/reassessments/<int:number>/confirmation/": Rule(
        "past", MAY_DECIDE, keys={"number": "@reassessment"}, **NOTHING,
    ),
    "GET assessments/<int:pk>/register/": Rule("asked"),
    "POST assessments/<int:pk>/register/": Rule(
        "asked", MAY_EDIT, status=201, needs=("topic", "kind", "title"),
        body={"topic": "energy", "kind": "risk", "title": both("断电", "Power cuts"),
              "place": "Suzhou", "horizon": "medium"},
        wrong=DESCRIBED | {"title": NO_NAME},
    ),
    "GET assessments/<int:pk>/register/<slug:code>/": Rule(**ENTRY),
    "PATCH assessments/<int:pk>/register/<slug:code>/": Rule(
        **ENTRY, roles=MAY_EDIT, needs=("version",),
        body={"version": 1, "title": {"en": "Dust"}, "place": "Suzhou", "involvement": "caused"},
        wrong=DESCRIBED | {"title": NO_NAME, "version": (0, 2, *NUMBERS[:-1])},
    ),
    "PUT assessments/<int:pk>/register/<slug:code>/closing/": Rule(
        **ENTRY, roles=MAY_EDIT, needs=("reason", "version"),
        body={"version": 1, "reason": both("已出售", "Sold")},
        wrong={"reason": NO_NAME, "version": (0, 2, *NUMBERS[:-1])},
    ),
    "DELETE assessments/<int:pk>/register/<slug:code>/closing/": Rule(
        **CLOSED, roles=MAY_EDIT, status=204),
    "GET assessments/<int:pk>/register/<slug:code>/scores/": Rule(**ENTRY),
    "PUT assessments/<int:pk>/register/<slug:code>/scores/": Rule(
        **ENTRY, needs=("marks", "reason", "version"),
        body={"marks": MARKS, "reason": "Audit 8", "version": 0},
        wrong={"marks": MARKS_REFUSED, "reason": WORDS, "version": (1, *NUMBERS[:-1]),
               "is_net": (True, *SWITCHES)},
    ),
    "PUT assessments/<int:pk>/register/<slug:code>/consensus/": Rule(
        **ENTRY, roles=MAY_DECIDE, needs=("marks", "reason", "version"),
        body={"marks": MARKS, "reason": "Agreed", "version": 0},
        wrong={"marks": MARKS_REFUSED, "reason": WORDS, "version": (1, *NUMBERS[:-1])},
    ),
    "DELETE assessments/<int:pk>/register/<slug:code>/consensus/": Rule(
        **ENTRY, roles=MAY_DECIDE, status=204, stores=False),
    "GET assessments/<int:pk>/register-sheet/": Rule("asked"),
    "POST assessments/<int:pk>/register-sheet/": Rule(
        "asked", MAY_EDIT, files=True, needs=("file",),
        body=lambda world: {"file": SimpleUploadedFile("r.csv", CUTS.encode())},
        wrong={"file": ("x", ""), "rehearsal": ("perhaps", "2")},
    ),
    "PATCH assessments/<int:pk>/register-many/": Rule(
        "asked", MAY_EDIT, needs=("entries", "horizon"),
        body={"entries": {"IRO-001": 1}, "horizon": "long"},
        wrong={**CHOSEN, "topic": ("love", *CHOICES), "stage": CHOICES, "horizon": CHOICES},
    ),
    "PUT assessments/<int:pk>/register-many/closing/": Rule(
        "asked", MAY_EDIT, needs=("entries", "reason"),
        body={"entries": {"IRO-001": 1}, "reason": both("已出售", "Sold")},
        wrong={**CHOSEN, "reason": NO_NAME},
    ),
    "GET assessments/<int:pk>/register-lines/": Rule("following"),
    "POST assessments/<int:pk>/register-lines/carried/": Rule("following", MAY_EDIT, **NOTHING),
    "POST assessments/<int:pk>/register-lines/ended/": Rule(
        "following", MAY_EDIT, needs=("codes", "reason"),
        body={"codes": ["IRO-001"], "reason": both("已出售", "Sold")},
        wrong={"codes": ([], ["IRO-009"], ["IRO-002"], *NO_CODES), "reason": NO_NAME},
    ),
    "POST assessments/<int:pk>/register-lines/resumed/": Rule(
        "following", MAY_EDIT, needs=("codes",), body={"codes": ["IRO-002"]},
        wrong={"codes": ([], ["IRO-001"], *NO_CODES)},
    ),
    "GET assessments/<int:pk>/register-experts/": Rule("asked"),
    "POST assessments/<int:pk>/register-experts/": Rule(
        "asked", MAY_EDIT, needs=("experts", "entries"),
        body={"experts": ["viewer@example.com"], "entries": ["IRO-001"], "take_away": True},
        wrong={"experts": ([], ["x"], ["nobody@example.com"], ["stranger@example.com"], None, "x"),
               "entries": ([], ["IRO-002"], *NO_CODES), "take_away": SWITCHES},
    ),
    "POST assessments/<int:pk>/register-experts/reminders/": Rule(
        "asked", MAY_EDIT, needs=("experts",), body={"experts": ["viewer@example.com"]},
        wrong={"experts": ([], ["x"], ["nobody@example.com"], ["stranger@example.com"],
                           ["editor@example.com"], None, "x")},
    ),
    "GET assessments/<int:pk>/register-thresholds/": Rule("asked"),
    "PATCH assessments/<int:pk>/register-thresholds/": Rule(
        "asked", MAY_DECIDE, needs=("thresholds", "version"),
        body={"version": 223132457, "thresholds": [
            {"kind": "negative", "value": 3, "reason": both("政策", "Policy")}]},
        wrong={"thresholds": (None, {}, [], [1], [{"kind": "negative", "value": 3}],
                              [{"kind": "x", "value": 3, "reason": both("政策", "Policy")}],
                              [{"kind": "risk", "value": 0, "reason": both("政策", "Policy")}],
                              [{"kind": "risk", "value": 3, "reason": {"en": "Policy"}}]),
               "version": (1, *NUMBERS[:-1])},
    ),
    "GET assessments/<int:pk>/register-scales/": Rule("asked"),
    "PATCH assessments/<int:pk>/register-scales/": Rule(
        "asked", MAY_DECIDE, needs=("scales", "version"),
        body={"version": 223132457, "scales": [
            {"criterion": "scope", "words": [both(f"{at}级", f"No. {at}") for at in range(5)]},
            {"criterion": "magnitude", "horizon": "long", "currency": "CNY",
             "limits": [1, 5, 10, 50]}]},
        wrong={"scales": (None, {}, [], [1], [{"criterion": "love"}],
                          [{"criterion": "scope", "words": [both("一", "One")]}],
                          [{"criterion": "scope", "words": [{"en": "One"}] * 5}],
                          [{"criterion": "scope", "currency": "CNY", "limits": [1, 2, 3, 4]}],
                          [{"criterion": "magnitude", "currency": "CNY", "limits": [4, 3, 2, 1]}],
                          [{"criterion": "magnitude", "currency": "cny", "limits": [1, 2, 3, 4]}],
                          [{"criterion": "magnitude", "limits": [1, 2, 3, 4]}]),
               "version": (1, *NUMBERS[:-1])},
    ),
    "GET assessments/<int:pk>/register-verdicts/": Rule("asked"),
    "DELETE surveys/<int:pk>/": Rule("draft", MAY_EDIT, status=204),
    "GET assessments/": Rule(),
    "GET assessments/<int:pk>/": Rule("asked"),
    "GET assessments/<int:pk>/topics/": Rule("asked"),
    "GET assessments/<int:pk>/results/": Rule("asked", status=409),
    "GET assessments/<int:pk>/matrix/": Rule("asked", status=409),
    "GET assessments/<int:pk>/changes/": Rule("asked", status=409),
    "GET assessments/<int:pk>/surveys/": Rule("asked"),
    "POST assessments/<int:pk>/surveys/": Rule(
        "unasked", MAY_EDIT, body={"dimension": "stakeholder"}, needs=("dimension",), status=201,
        wrong={"dimension": ("love", "", None, 5, [], "\ud800", LONG)},
    ),
    "PATCH assessments/<int:pk>/topics/<slug:code>/": Rule(
        "drafted", MAY_EDIT, keys={"code": "energy"},
        body={"name": both("能源", "Energy use"), "example": both("例", "Meters")},
        wrong={"name": TEXTS, "definition": TEXTS, "example": TEXTS, "category": CHOICES,
               "reason": WORDS[2:]},
    ),
    "GET surveys/": Rule(),
    "GET surveys/<int:pk>/": Rule("open"),
    "PATCH surveys/<int:pk>/": Rule(
        "draft", MAY_EDIT, body=lambda world: SETTINGS | {"closes_at": in_days(40)},
        wrong={
            **dict.fromkeys(("title", "headline", "lead", "after"), TEXTS),
            **dict.fromkeys(("mode", "languages"), CHOICES),
            **dict.fromkeys(("opens_at", "closes_at"), MOMENTS),
            **dict.fromkeys(("top_three", "best_worst", "topic_comments", "last_comment",
                             "feedback", "open_answers_wait"), SWITCHES),
            "keep_until": ("0001-01-01", "9999-12-31", "soon", None),
            "page_size": (0, 41, *NUMBERS), "most_ratings": (4, 41, *NUMBERS),
            "most_reminders": (3, *NUMBERS), "reminder_gap": (0, 61, *NUMBERS),
        },
    ),
    "POST surveys/<int:pk>/publish/": Rule("draft", MAY_EDIT, **NOTHING),
    "POST surveys/<int:pk>/end/": Rule(**WRITE, **SURE),
    "GET surveys/<int:pk>/audiences/": Rule("open"),
    "POST surveys/<int:pk>/audiences/": Rule(
        **WRITE, status=201, needs=("name", "dimension", "weight"),
        body={"name": both("学校", "Schools"), "dimension": "stakeholder", "weight": 2,
              "code": "schools", "chosen_topics": ["energy"], "target": 5, "open_link": True},
        wrong={"name": ({"en": "Schools"}, *NO_NAME), "dimension": ("impact", *CHOICES),
               "weight": (-1, 0, "x", None, []),
               "code": ("customers", "\ud800", None, []), "chosen_topics": NO_CODES,
               "target": NUMBERS, "open_link": SWITCHES},
    ),
    "PATCH surveys/<int:pk>/audiences/": Rule(
        "draft", MAY_EDIT,
        body={"minimum_group": 6, "audiences": [{
            "code": "customers", "target": 30, "open_link": True, "asked": ["stakeholder"],
            "head_count": 200,
            "you_are": both("一位客户", "a customer")}]},
        wrong={
            "minimum_group": (2, 51, *NUMBERS),
            "audiences": (
                None, {}, [{}], [[]], [{"code": "love"}], [{"code": "\ud800"}],
                [{"code": "customers"}, {"code": "customers"}],
                *([{"code": "customers", "target": one}] for one in (1_000_001, *NUMBERS)),
                *([{"code": "customers", "open_link": one}] for one in SWITCHES),
                *([{"code": "customers", "you_are": one}] for one in TEXTS),
                *([{"code": "customers", "asked": one}] for one in (None, ["love"], [5], {}, "x")),
                [{"code": "customers", "name": both("x", "x")}],
            ),
        },
    ),
    "GET surveys/<int:pk>/questionnaire/": Rule("draft"),
    "PATCH surveys/<int:pk>/prompts/<slug:code>/": Rule(
        "draft", MAY_EDIT, keys={"code": "stakeholder"},
        body={"text": both("您关心吗？", "Do you care?"), "hint": both("", "Think"),
              "labels": SCALES, "cannot_judge": both("说不上来", "No idea")},
        wrong={"text": (*TEXTS, both("", "x"), both("问" * 81, "x")), "hint": TEXTS,
               "labels": (None, [], {}, "x", both("x", "x"), {"en": SCALES["en"]},
                          *(SCALES | {"en": one} for one in SCALES_REFUSED)),
               "cannot_judge": (*TEXTS, both("x", " "), both("多", "much"))},
    ),
    "GET surveys/<int:pk>/progress/": Rule("open"),
    "GET surveys/<int:pk>/curve/": Rule("open"),
    "GET surveys/<int:pk>/versions/": Rule("open"),
    "POST surveys/<int:pk>/versions/": Rule(
        **WRITE, status=201, needs=("reason",),
        body={"reason": "Typo", "items": {"energy": {"help": both("用能", "Energy we use")}},
              "prompts": {"stakeholder": {"hint": both("想想", "Think")}}},
        wrong={"reason": WORDS, "items": (None, [], {"energy": []}, {"energy": {"title": "x"}},
                                          *({"energy": {"help": one}} for one in TEXTS),
                                          {"energy": {"labels": both("x", "x")}}),
               "prompts": (None, [], {"stakeholder": {"title": both("x", "x")}})},
    ),
    "GET surveys/<int:pk>/invitations/": Rule("open", MAY_EDIT),
    "POST surveys/<int:pk>/invitations/": Rule(
        **WRITE, body={"people": [{"audience": "customers", "email": "new@example.com"}]},
        needs=("people",),
        wrong={"people": (
            None, [], {}, [1], [{"email": "a@example.com"}], [{"audience": "customers"}],
            [{"audience": "love", "email": "a@example.com"}],
            *([{"audience": "customers", "email": one}] for one in ("x", LONG, None, [], "\x00")),
            *([{"audience": "customers", "name": one}] for one in WORDS),
            *([{"audience": "customers", "name": "x", "language": one}] for one in CHOICES),
            [{"audience": "customers", "name": "x", "token": "x"}],
        )},
    ),
    "POST surveys/<int:pk>/people-files/": Rule(
        **WRITE, files=True, needs=("file",),
        body=lambda world: {"file": SimpleUploadedFile(
            "a.csv", b"Mail,Group\nnew@example.com,Customers\n")},
        wrong={"file": ("x", ""), "audience": ("love", LONG),
               "mapping": ("x", "[]", '{"love": 1}', '{"columns": {"Love": ""}}',
                           '{"columns": {"Mail": "love"}}', '{"headings": "1"}')},
    ),
    "GET surveys/<int:pk>/invitations/<int:person>/": Rule(**PERSON),
    "PATCH surveys/<int:pk>/invitations/<int:person>/": Rule(
        **PERSON, body={"subgroup": "North"},
        wrong={"name": WORDS[2:], "subgroup": WORDS[2:], "email": ("x", "", *WORDS[2:])},
    ),
    "DELETE surveys/<int:pk>/invitations/<int:person>/": Rule(**PERSON, status=204),
    "GET surveys/<int:pk>/invitations/<int:person>/data/": Rule(**PERSON),
    "POST surveys/<int:pk>/invitations/<int:person>/erasure/": Rule(**PERSON, **SURE),
    "POST surveys/<int:pk>/invitations/<int:person>/opt-out/": Rule(**PERSON, **NOTHING),
    "POST surveys/<int:pk>/invitations/<int:person>/opt-in/": Rule(**PERSON, **NOTHING),
    "POST surveys/<int:pk>/links/": Rule(
        **WRITE, body={"audience": "customers", "count": 2, "language": "en"}, needs=("audience",),
        wrong={"audience": ("love", *WORDS), "count": (0, 1001, *NUMBERS), "language": CHOICES},
    ),
    "POST surveys/<int:pk>/hand-outs/": Rule(
        **WRITE, body={"audience": "customers"},
        wrong={"audience": ("love", LONG, None, [], {}, "\x00", "\ud800")},
    ),
    "POST surveys/<int:pk>/answers/": Rule(
        **WRITE, files=True, needs=("file",),
        body=lambda world: {"file": SimpleUploadedFile(
            "a.csv", b"Group,Privacy,Energy\nCustomers,5,3\n")},
        wrong={"file": ("x", ""), "audience": ("love", LONG),
               "mapping": ("x", "[]", '{"love": 1}', '{"columns": {"Love": ""}}',
                           '{"ratings": {"x": {"5": 9}}}', '{"headings": "1"}')},
    ),
    "GET surveys/<int:pk>/imports/": Rule("open", MAY_EDIT),
    "GET surveys/<int:pk>/imports/<int:table>/": Rule(
        "open", MAY_EDIT, keys={"table": "@table"}),
    "POST surveys/<int:pk>/imports/<int:table>/take-back/": Rule(
        **WRITE, keys={"table": "@table"}, **SURE),
    "POST surveys/<int:pk>/entries/": Rule(
        **WRITE, body=_entry, needs=("audience", "submission", "ratings", "agreed"),
        wrong={"audience": ("love", *WORDS), "submission": ("x", None, 10**40, []),
               "ratings": RATINGS, "agreed": (False, *SWITCHES), "comment": WORDS[2:],
               "name": WORDS[2:]},
    ),
    "GET surveys/<int:pk>/mail/": Rule("open"),
    "GET surveys/<int:pk>/mail/failures/": Rule("open", MAY_EDIT),
    "GET surveys/<int:pk>/mail/texts/<slug:occasion>/": Rule(
        "open", keys={"occasion": "invitation"}),
    "PUT surveys/<int:pk>/mail/texts/<slug:occasion>/": Rule(
        **WRITE, keys={"occasion": "reminder"}, needs=("subject", "body"),
        body={"subject": both("请", "Please"), "body": both("请点 {link}", "Open {link}")},
        wrong={"subject": (*TEXTS, both("", "x"), both("a\nb", "x")),
               "body": (*TEXTS, both("无", "none"), both("{link}", "{link} {secret}"))},
    ),
    "POST surveys/<int:pk>/mail/<slug:kind>/send/": Rule(
        **WRITE, keys={"kind": "invitation"}, body={"count": 1}, needs=("count",),
        wrong={"count": NUMBERS, "not_before": MOMENTS[:-1]},
    ),
    "POST surveys/<int:pk>/mail/<slug:kind>/stop/": Rule(
        **WRITE, keys={"kind": "invitation"}, **NOTHING, stores=False),
    "POST surveys/<int:pk>/mail/<slug:kind>/retry/": Rule(
        **WRITE, keys={"kind": "invitation"}, **NOTHING, stores=False),
    "POST surveys/<int:pk>/mail/<slug:kind>/plan/": Rule(
        **WRITE, keys={"kind": "reminder_1"}, needs=("at", "most"),
        body=lambda world: {"at": in_days(1), "most": 5},
        wrong={"at": MOMENTS, "most": (0, *NUMBERS)},
    ),
    "GET surveys/<int:pk>/signs/": Rule("sealed"),
    "GET surveys/<int:pk>/picks/": Rule("sealed"),
    "GET surveys/<int:pk>/comments/": Rule("sealed"),
    "GET surveys/<int:pk>/exclusions/": Rule("sealed"),
    "POST surveys/<int:pk>/exclusions/": Rule(
        "sealed", MAY_DECIDE, body={"criterion": "imported", "reason": "Test"}, status=201,
        needs=("criterion", "reason"), wrong={"criterion": CHOICES, "reason": WORDS},
    ),
    "POST surveys/<int:pk>/exclusions/<int:exclusion>/lift/": Rule(
        "sealed", MAY_DECIDE, keys={"exclusion": "@exclusion"}, **NOTHING),
    "GET surveys/<int:pk>/open-answers/": Rule("sealed"),
    "POST surveys/<int:pk>/open-answers/": Rule(
        "sealed", MAY_DECIDE, body={"accept": True, "reason": "Seen"}, needs=("accept", "reason"),
        wrong={"accept": SWITCHES, "reason": WORDS},
    ),
    "GET questionnaire/": Rule(caller="respondent"),
    "POST responses/": Rule(
        caller="respondent", body=_response, needs=("submission", "consent", "ratings"),
        wrong={"submission": ("x", None, 10**40, []), "consent": ("x", None, 5, []),
               "ratings": RATINGS, "comment": WORDS[2:]},
    ),
    "GET schema/": Rule(caller="public"),
    "GET docs/": Rule(caller="public"),
}  # fmt: skip


def routes(patterns: Any = None, above: str = "") -> Iterator[tuple[str, str]]:
    """Yield method and address of every route below /api/v1/."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern) and address.startswith("api/"):
            yield from ((one, address.removeprefix("api/v1/")) for one in _methods(pattern))


def _methods(pattern: URLPattern) -> list[str]:
    view: Any = pattern.callback
    names = getattr(view, "actions", None)
    if names is None:
        names = [name for name in view.cls.http_method_names if hasattr(view.cls, name)]
    return [name.upper() for name in names if name not in ("options", "head")]
