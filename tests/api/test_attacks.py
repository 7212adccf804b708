"""What nobody may do through any route: each has a rule in `tests.api.routes`, or this fails."""

import re
from unittest.mock import Mock

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import path
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.test import APIClient
from rest_framework.views import APIView

from materiality.api.access import Pages, TeamViewSet
from surveys.api.fields import SentSerializer
from surveys.models.organisations import OwnedQuerySet, Role
from tests.api.calls import address_of, call, caller
from tests.api.routes import EVERYBODY, RULES, routes
from tests.stored import stored

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS")
WRITES = [key for key in RULES if not key.startswith("GET")]
SENDS = [key for key in WRITES if RULES[key].body is not None]
JSON = [key for key in SENDS if not RULES[key].files]
TEAM = [key for key, rule in RULES.items() if rule.caller == "team"]
ADDRESSED = [key for key in TEAM if RULES[key].on]
DEEP = (
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"[" * 900 + b"]" * 900,
    b'{"a":' * 900 + b"1" + b"}" * 900,
)
NO_OBJECT = (b"", b"null", b"[]", b'"x"', b"5", b"{")
NO_JSON = (b"\xff", b'{"a": NaN}', b"9" * 5000, *DEEP)
"""What the parser refuses, which is one for all routes: each route is sent one of them, in turn."""


# ---- the rules ----


def test_every_route_has_a_rule_and_every_rule_a_route():
    assert sorted(map(" ".join, routes())) == sorted(RULES)


def test_a_new_route_without_a_rule_is_noticed():
    class Secret(APIView):
        def get(self, request):
            raise AssertionError

    result = set(map(" ".join, routes([path("api/v1/secret/", Secret.as_view())])))

    assert result - set(RULES) == {"GET secret/"}


def test_every_route_is_described_in_the_schema(client):
    schema = client.get("/api/v1/schema/", headers={"accept": "application/json"}).json()
    described = {
        f"{method.upper()} {address.removeprefix('/api/v1/')}"
        for address, methods in schema["paths"].items()
        for method in methods
    }
    named = {re.sub(r"<\w+:(\w+)>", r"{\1}", key).replace("{pk}", "{id}") for key in RULES}

    assert described == named - {"GET schema/", "GET docs/"}


@pytest.mark.parametrize("key", RULES)
def test_what_the_rule_says_works(world, key):
    """The control of all that follows: the same calls, refused for the one thing changed."""
    rule, before = RULES[key], stored()

    answered = call(world, key, rule.told(world))

    assert answered.status_code == rule.status, answered.content
    assert (stored() != before) == (key in WRITES and rule.stores and answered.status_code < 300)


# ---- who may ----


@pytest.mark.parametrize("key", ADDRESSED)
def test_a_stranger_finds_nothing(world, key):
    rule, before = RULES[key], stored()

    answered = call(world, key, rule.told(world), client=caller(world, rule, world.stranger))

    assert answered.status_code == 404
    assert stored() == before


def test_a_stranger_would_be_told_where_something_is_if_rows_were_not_owned(world, monkeypatch):
    monkeypatch.setattr(OwnedQuerySet, "visible_to", lambda rows, user: rows.all())
    for key in ADDRESSED:
        rule = RULES[key]
        client = caller(world, rule, world.stranger)
        assert call(world, key, rule.told(world), client=client).status_code == 403


@pytest.mark.parametrize("key", [key for key in RULES if RULES[key].caller != "public"])
def test_nobody_is_told_anything_without_a_token(world, key):
    before = stored()

    answered = call(world, key, RULES[key].told(world), client=APIClient())

    assert answered.status_code == 401
    assert set(answered.json()) == {"code", "detail"}
    assert stored() == before


@pytest.mark.parametrize("key", [key for key in TEAM if RULES[key].roles != EVERYBODY])
def test_whoever_may_not_is_refused(world, key):
    rule, before = RULES[key], stored()
    for role in set(Role) - set(rule.roles):
        client = caller(world, rule, world.users[role])
        for body in (rule.told(world), None):
            answered = call(world, key, body, client=client)
            assert (answered.status_code, answered.json()["code"]) == (403, "permission_denied")
    assert stored() == before


def test_without_its_guard_whoever_may_not_would_be_let_in(world, monkeypatch):
    monkeypatch.setattr(TeamViewSet, "require_role", lambda view, role: None)
    for key in [key for key in TEAM if key in WRITES and not RULES[key].files]:
        client = caller(world, RULES[key], world.users[Role.VIEWER])
        with transaction.atomic():
            answered = call(world, key, RULES[key].told(world), client=client)
            transaction.set_rollback(True)
        assert answered.status_code == RULES[key].status, key


def test_every_write_of_the_team_is_closed_to_viewers():
    open_to_them = {key for key in TEAM if key in WRITES and Role.VIEWER in RULES[key].roles}

    # Having files made changes nothing of the round, and a viewer may do so on the page as well.
    # An expert is whoever is asked to score an entry: the action refuses everybody else.
    assert open_to_them == {
        "POST assessments/<int:pk>/files/",
        "PUT assessments/<int:pk>/register/<slug:code>/scores/",
    }


@pytest.mark.parametrize("key", [key for key in ADDRESSED if RULES[key].keys])
def test_what_is_elsewhere_is_not_found_here(world, key):
    """People and exclusions of other surveys, topics and mails that do not exist."""
    rule, before = RULES[key], stored()
    elsewhere = {
        "person": (world.person_elsewhere.pk, world.foreigner.pk, 10**30),
        "exclusion": (world.exclusion.pk + 1, 10**30),
        "webhook": (world.webhook.pk + 1, 10**30),
    }
    [name] = rule.keys
    for value in elsewhere.get(name, ("nothing", "x" * 300)):
        address = address_of(key, rule.kwargs(world) | {name: value})
        assert call(world, key, rule.told(world), address=address).status_code == 404
    assert stored() == before


@pytest.mark.parametrize("key", ADDRESSED)
@pytest.mark.parametrize("pk", [0, 10**30])
def test_what_does_not_exist_is_not_found(world, key, pk):
    rule = RULES[key]
    address = address_of(key, rule.kwargs(world) | {"pk": pk})

    assert call(world, key, rule.told(world), address=address).status_code == 404


# ---- what is sent ----


def is_refused(answered):
    """Tell whether it is one sentence with a code, and its words."""
    body = answered.json()
    assert {"code", "detail"} <= set(body) <= {"code", "detail", "problems"}, body
    assert isinstance(body["detail"], str)
    assert body["detail"]
    return answered.status_code in (400, 409)


@pytest.mark.parametrize("key", SENDS)
def test_a_field_too_many_too_few_or_out_of_range_is_refused_and_nothing_stored(world, key):
    rule, before = RULES[key], stored()
    right = rule.told(world)
    bodies = (
        [right | {"surprise": 1}, {"surprise": 1}]
        if not rule.files
        else [right | {"surprise": "1"}]
    )
    bodies += [{name: right[name] for name in right if name != lost} for lost in rule.needs]
    bodies += [right | {name: value} for name, values in rule.wrong.items() for value in values]
    for body in bodies:
        cache.clear()
        answered = call(world, key, body)
        assert is_refused(answered), body
    assert stored() == before


def test_without_its_guard_a_field_too_many_would_pass(world, monkeypatch):
    monkeypatch.delattr(SentSerializer, "to_internal_value")
    passed = {
        key
        for key in JSON
        if call(world, key, RULES[key].told(world) | {"surprise": 1}).status_code < 300
    }
    assert len(passed) > 10


@pytest.mark.parametrize("key", JSON)
def test_what_is_no_object_of_json_is_refused(world, key):
    before = stored()
    for raw in (*NO_OBJECT, NO_JSON[JSON.index(key) % len(NO_JSON)]):
        if raw == b"" and not RULES[key].needs:
            continue
        answered = call(world, key, raw=raw)
        assert (answered.status_code, is_refused(answered)) == (400, True), raw[:20]
    assert stored() == before


def test_every_route_reads_by_the_one_parser(world, monkeypatch):
    """So what it refuses of one route it refuses of all."""
    unread = Mock(side_effect=ParseError("Unread"))
    monkeypatch.setattr(JSONParser, "parse", unread)
    for key in JSON:
        answered = call(world, key, RULES[key].told(world))
        assert (answered.status_code, is_refused(answered)) == (400, True), key
    assert unread.call_count == len(JSON)


@pytest.mark.parametrize("key", SENDS)
def test_another_type_of_content_is_refused(world, key):
    before = stored()
    kinds = ["text/plain", "application/x-www-form-urlencoded", "application/xml", "x"]
    kinds.append("application/json" if RULES[key].files else "multipart/form-data; boundary=x")
    for kind in kinds:
        assert call(world, key, raw=b"a=b", kind=kind).status_code == 415
    assert stored() == before


@pytest.mark.parametrize("place", sorted({key.partition(" ")[2] for key in RULES}))
def test_other_methods_are_not_allowed(world, place):
    before = stored()
    known = {key.partition(" ")[0] for key in RULES if key.partition(" ")[2] == place}
    key = next(key for key in RULES if key.partition(" ")[2] == place)
    for method in set(METHODS) - known:
        assert call(world, key, method=method, raw=b"{}").status_code == 405, method
    assert stored() == before


# ---- pages ----

LISTS = [key for key in TEAM if key.startswith("GET")]


@pytest.mark.parametrize("key", LISTS)
def test_no_limit_breaks_a_list_or_makes_it_endless(world, key):
    rule = RULES[key]
    there = address_of(key, rule.kwargs(world))

    answered = caller(world, rule).get(f"{there}?limit={10**20}")

    assert answered.status_code == rule.status, answered.content


def test_a_page_holds_a_thousand_at_most(world, monkeypatch):
    monkeypatch.setattr(Pages, "max_limit", 1)

    body = caller(world, RULES["GET surveys/"]).get("/api/v1/surveys/?limit=5").json()

    assert (len(body["results"]), body["count"] > 1) == (1, True)
