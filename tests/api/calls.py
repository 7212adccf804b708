"""Calls of the API, as their rules say."""

import json

from rest_framework.test import APIClient

from surveys.models.organisations import Role
from tests.api.routes import RULES


def caller(world, rule, user=None):
    """Return a client of whom the rule is for: a respondent, somebody of the team, or anybody."""
    header = {
        "respondent": f"Invitation {world.token}",
        "team": f"Token {world.tokens[user or world.users[Role.OWNER]]}",
        "public": "",
    }[rule.caller]
    if header not in world.clients:  # a new one loads the middleware again
        world.clients[header] = client = APIClient(raise_request_exception=False)
        client.credentials(**({"HTTP_AUTHORIZATION": header} if header else {}))
    return world.clients[header]


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
