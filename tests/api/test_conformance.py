"""The API answers what its schema says, to calls nobody would think of."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from rest_framework.response import Response

from materiality.api import access
from materiality.api.access import TeamThrottle
from materiality.api.repeats import key_of
from materiality.api.rounds import OrganisationViewSet
from surveys.models import Role
from tests.api.fuzzing import fuzz
from tests.api.routes import make_world
from tests.rounds import token_of


@pytest.fixture
def site(live_server, transactional_db, settings, tmp_path, monkeypatch):
    """A live server with rounds in every state, whose throttle lets a fuzzer call on."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(TeamThrottle, "allow_request", lambda *_call: True)
    # A fuzzer sends the same key with everything; here each key is a new one, if it is one at all.
    monkeypatch.setattr(access, "key_of", lambda call: key_of(call) and str(uuid4()))
    cache.clear()
    world = make_world()
    return live_server.url, world


def run(site, folder, examples, **options):
    url, world = site
    ids = {
        "/assessments/": world.unasked.pk,
        "/surveys/": world.open.pk,
        "/organisations/": world.company.pk,
    }
    token = token_of(world.users[Role.OWNER])
    outcome = fuzz(url, token, folder, examples=examples, ids=ids, **options)
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
