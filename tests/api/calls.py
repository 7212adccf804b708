"""Calls of the API, as their rules say."""

import json

from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from surveys.models.organisations import Role
from tests.api.routes import RULES


def caller(world, rule, user=None):
    client = APIClient(raise_request_exception=False)
    if rule.caller == "respondent":
        client.credentials(HTTP_AUTHORIZATION=f"Invitation {world.token}")
    elif rule.caller == "team":
        user = user or world.users[Role.OWNER]
        token, _made = Token.objects.get_or_create(user=user)
        client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
    return client


def address_of(key, kwargs):
    address = key.partition(" ")[2]
    for name, value in kwargs.items():
        for kind in ("int", "slug"):
            address = address.replace(f"<{kind}:{name}>", str(value))
    return f"/api/v1/{address}"


def call(world, key, body=None, *, client=None, method="", address="", raw=None, kind=""):
    """Call a route as its rule says, otherwise where told, and return the answer."""
    rule = RULES[key]
    client = client or caller(world, rule)
    address = address or address_of(key, rule.kwargs(world))
    verb = (method or key.partition(" ")[0]).lower()
    if raw is not None:
        return client.generic(verb.upper(), address, raw, content_type=kind or "application/json")
    if verb == "get":
        return client.get(address)
    if rule.files:
        return client.generic(verb, address) if body is None else client.post(address, body)
    sent = json.dumps({} if body is None else body)
    return client.generic(verb.upper(), address, sent, content_type="application/json")
