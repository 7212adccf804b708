"""Every call that writes, sent twice under one key, is done once: no route is left out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from surveys.models import Role
from tests.api.calls import address_of, call
from tests.api.routes import RULES
from tests.stored import stored

pytestmark = pytest.mark.django_db
KEY = "7f3c2f0a-5f0e-4d0e-9d8e-3c1f6b1d2a10"
WRITES = [key for key, rule in RULES.items() if rule.caller == "team" and not key.startswith("GET")]


@pytest.mark.parametrize("key", WRITES)
def test_a_writing_call_under_one_key_is_done_once(world, key):
    rule = RULES[key]
    address = address_of(key, rule.kwargs(world))
    client = APIClient(raise_request_exception=False)
    token = world.tokens[world.users[Role.OWNER]]
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}", HTTP_IDEMPOTENCY_KEY=KEY)
    body = rule.told(world)
    first = call(world, key, body, client=client, address=address)
    before = stored()
    for value in body.values() if rule.files else ():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)

    again = call(world, key, body, client=client, address=address)

    assert first.status_code == again.status_code == rule.status, again.content
    assert stored() == before
    if first.status_code < 300:
        assert again.content == first.content
        assert again.headers["Idempotency-Replayed"] == "true"


def test_the_control_without_a_key_a_call_is_done_twice(world):
    key = "POST surveys/<int:pk>/links/"
    call(world, key, RULES[key].told(world))
    before = stored()

    call(world, key, RULES[key].told(world))

    assert stored() != before
