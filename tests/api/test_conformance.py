"""The API answers what its schema says, to calls nobody would think of."""

import re
from socketserver import StreamRequestHandler
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from rest_framework.response import Response

from materiality.api import access
from materiality.api.access import TeamThrottle
from materiality.api.repeats import key_of
from materiality.api.rounds import OrganisationViewSet
from surveys.models import Role
from tests.api.fuzzing import Reach, fuzz, taken_back
from tests.api.routes import RULES, make_world
from tests.rounds import token_of


@pytest.fixture
def site(live_server, transactional_db, settings, tmp_path, monkeypatch):
    """A live server with rounds in every state, whose throttle lets a fuzzer call on."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(TeamThrottle, "allow_request", lambda *_call: True)
    # A fuzzer sends the same key with everything; here each key is a new one, if it is one at all.
    monkeypatch.setattr(access, "key_of", lambda call: key_of(call) and str(uuid4()))
    # Head and body are two packets, and the second would wait 40 ms for news of the first.
    monkeypatch.setattr(StreamRequestHandler, "disable_nagle_algorithm", True)
    monkeypatch.setattr(BaseHandler, "get_response", taken_back(BaseHandler.get_response))
    cache.clear()
    world = make_world()
    return live_server.url, world


def reach(world: SimpleNamespace) -> dict[str, Reach]:
    """Return of each operation the keys of rows that are there, and a body that works."""
    ways = {}
    for route, rule in RULES.items():
        method, address = route.split(" ")
        path = re.sub(r"<\w+:(\w+)>", r"{\1}", address).replace("{pk}", "{id}")
        keys: dict[str, Any] = rule.kwargs(world)
        if "pk" in keys:
            keys["id"] = keys.pop("pk")
        if rule.status == 409:  # its rule is of a round without results
            keys["id"] = world.scored.pk
        body = None if rule.files else rule.told(world)
        caller = f"Invitation {world.token}" if rule.caller == "respondent" else ""
        ways[f"{method} /api/v1/{path}"] = Reach(keys, body, caller)
    return ways


def run(site, folder, examples, **options):
    url, world = site
    token = token_of(world.users[Role.OWNER])
    outcome = fuzz(url, token, folder, examples=examples, reach=reach(world), **options)
    print(
        f"requests {outcome.requests}, 5xx {outcome.server_errors}, outside the schema "
        f"{len(outcome.failures)}, statuses {dict(sorted(outcome.statuses.items()))}"
    )
    for failure in sorted(set(outcome.failures)):
        print(failure)
    return outcome


@pytest.mark.drill
def test_a_hundred_made_up_calls_are_answered_as_the_schema_says(site, tmp_path):
    """A taste of the drill below."""
    outcome = run(site, tmp_path, examples=12, only="/organisations/", phases="fuzzing")

    assert outcome.server_errors == 0, outcome.said[-4000:]
    assert outcome.failures == [], outcome.said[-8000:]
    assert outcome.requests >= 60


@pytest.mark.drill
def test_the_control_a_status_that_the_schema_does_not_tell_is_noticed(site, tmp_path, monkeypatch):
    def teapot(view, *_call, **_options):
        return Response({"code": "teapot", "detail": "I am one."}, status=418)

    monkeypatch.setattr(OrganisationViewSet, "list", teapot)

    outcome = run(site, tmp_path, examples=2, only="/organisations/$", phases="fuzzing")

    assert any("status_code_conformance" in failure for failure in outcome.failures)


@pytest.mark.drill
@pytest.mark.machine
def test_five_thousand_made_up_calls_are_answered_as_the_schema_says(site, tmp_path):
    outcome = run(site, tmp_path, examples=40)

    assert outcome.server_errors == 0, outcome.said[-4000:]
    assert outcome.failures == [], outcome.said[-8000:]
    assert outcome.requests >= 5000
    assert without_success(outcome) == set(NEVER_DONE)


def without_success(outcome):
    """Return the operations that never answered that something was done."""
    return {
        operation
        for operation, statuses in outcome.by_operation.items()
        if not any(200 <= status < 300 for status in statuses)
    }


PUBLIC = [route for route, rule in RULES.items() if rule.caller == "public"]
TABLE = "asks for a table that can be read; tests/api/test_attacks.py sends one"
NEVER_DONE = {
    "POST /api/v1/assessments/{id}/register-sheet/": TABLE,
    "POST /api/v1/assessments/{id}/topics-sheet/": TABLE,
    "POST /api/v1/surveys/{id}/answers/": TABLE,
    "POST /api/v1/surveys/{id}/people-files/": TABLE,
}
"""Operation → why no call of a fuzzer gets it done."""


@pytest.mark.drill
def test_every_operation_is_reached_and_does_what_it_is_for(site, tmp_path):
    outcome = run(site, tmp_path, examples=1, phases="examples,fuzzing")

    assert len(outcome.by_operation) == len(RULES) - len(PUBLIC), outcome.said[-4000:]
    assert outcome.server_errors == 0, outcome.said[-4000:]
    assert outcome.failures == [], outcome.said[-8000:]
    assert without_success(outcome) == set(NEVER_DONE)


@pytest.mark.drill
def test_the_control_with_keys_of_nothing_it_is_noticed_that_nothing_was_reached(
    site, tmp_path, monkeypatch
):
    nowhere = {operation: Reach({"id": 10**9}) for operation in reach(site[1])}
    monkeypatch.setattr(f"{__name__}.reach", lambda _world: nowhere)

    outcome = run(site, tmp_path, examples=1, only="/surveys/.id./$", phases="fuzzing")

    assert without_success(outcome) == set(outcome.by_operation) != set()
