"""The API answers what its schema says, to calls nobody would think of."""

import pytest
from django.core.cache import cache

from materiality.api.access import TeamThrottle
from surveys.models import Role
from tests.api.fuzzing import fuzz
from tests.api.routes import make_world
from tests.rounds import token_of


@pytest.fixture
def site(live_server, transactional_db, settings, tmp_path, monkeypatch):
    """A live server with rounds in every state, whose throttle lets a fuzzer call on."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(TeamThrottle, "allow_request", lambda *_call: True)
    cache.clear()
    world = make_world()
    return live_server.url, world


def run(site, folder, examples):
    url, world = site
    ids = {
        "/assessments/": world.unasked.pk,
        "/surveys/": world.open.pk,
        "/organisations/": world.company.pk,
    }
    token = token_of(world.users[Role.OWNER])
    outcome = fuzz(url, token, folder, examples=examples, ids=ids)
    print(
        f"requests {outcome.requests}, 5xx {outcome.server_errors}, outside the schema "
        f"{len(outcome.failures)}, statuses {dict(sorted(outcome.statuses.items()))}"
    )
    return outcome


@pytest.mark.drill
def test_five_thousand_made_up_calls_are_answered_as_the_schema_says(site, tmp_path):
    outcome = run(site, tmp_path, examples=40)

    assert outcome.server_errors == 0, outcome.said[-4000:]
    assert outcome.failures == [], outcome.said[-8000:]
    assert outcome.requests >= 5000
