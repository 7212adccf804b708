"""Who is signed in confirms it once more before a program of the page acts; a token need not."""

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from surveys.models import Role
from tests.api.calls import call
from tests.api.routes import EVERYBODY, RULES
from tests.stored import stored

pytestmark = pytest.mark.django_db
TEAM = [key for key, rule in RULES.items() if rule.caller == "team"]


@pytest.fixture
def forgotten_browser(world, settings):
    """An owner's browser whose sign-in is long ago."""
    settings.REAUTHENTICATE = True
    owner = world.users[Role.OWNER]
    owner.set_password("correct horse battery")
    owner.save()
    client = APIClient(raise_request_exception=False)
    client.force_login(owner)
    return client


@pytest.mark.parametrize("key", TEAM)
def test_writing_and_reading_of_people_is_confirmed_again(world, forgotten_browser, key):
    rule, before = RULES[key], stored()
    is_open = key.startswith("GET") and rule.roles == EVERYBODY

    answer = call(world, key, rule.told(world), client=forgotten_browser)

    if is_open:
        assert answer.status_code == rule.status
        return
    assert (answer.status_code, answer.json()["code"]) == (403, "confirm_again")
    assert stored() == before


def test_the_control_where_nobody_is_asked_again_it_is_done(world, forgotten_browser, settings):
    settings.REAUTHENTICATE = False
    key = "PATCH assessments/<int:pk>/"

    with transaction.atomic():
        answer = call(world, key, RULES[key].told(world), client=forgotten_browser)
        transaction.set_rollback(True)

    assert answer.status_code == 200


@pytest.mark.parametrize("key", TEAM)
def test_a_token_was_confirmed_when_it_was_made(world, settings, key):
    settings.REAUTHENTICATE = True

    assert call(world, key, RULES[key].told(world)).status_code == RULES[key].status
