"""A passkey, kept by a key that Chromium plays: added on the page, then it opens the door.

The pages are served with the policy of production, so a script that it forbids breaks the test.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from surveys.models import Role
from tests.browser.people import Person
from tests.builders import make_organisation
from tests.rounds import make_user

PASSWORD = "correct horse battery"
MAIL = "anna@example.com"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def anna(chromium, live_server, settings, tmp_path) -> Iterator[Person]:
    """An owner at a browser; she has no second factor yet, and must have one."""
    settings.FACTOR_REQUIRED = settings.REAUTHENTICATE = True
    address = live_server.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    settings.SITE_URL, settings.MEDIA_ROOT = address, tmp_path
    cache.clear()
    owner = make_user("anna", make_organisation(), Role.OWNER)
    owner.email = MAIL
    owner.set_password(PASSWORD)
    owner.save()
    person = Person(chromium, address)
    yield person
    person.leave()


@pytest.fixture
def refused(anna) -> list[str]:
    """What the browser would not run or load, as its console says."""
    lines: list[str] = []
    anna.page.on("console", lambda line: lines.append(line.text) if line.type == "error" else None)
    return lines


@pytest.fixture
def key(anna) -> "Key":
    return Key(anna.context.new_cdp_session(anna.page))


class Key:
    """What holds passkeys: a chip in the machine, which says its owner was there."""

    def __init__(self, line: Any) -> None:
        self.line = line
        line.send("WebAuthn.enable")
        made = line.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        self.place = {"authenticatorId": made["authenticatorId"]}

    def passkeys(self) -> list[Any]:
        return list(self.line.send("WebAuthn.getCredentials", self.place)["credentials"])

    def lose(self) -> None:
        self.line.send("WebAuthn.clearCredentials", self.place)


def type_password(person: Person) -> None:
    person.open(f"{reverse('account_login')}?lang=en")
    person.type("Email", MAIL)
    person.type("Password", PASSWORD)
    person.press("Sign in", within="main", exact=True)


def add_passkey(person: Person) -> None:
    """From the page an owner without a second factor is sent to."""
    type_password(person)
    person.open("/a/")
    person.sees("Owners and editors need a second factor")
    person.open(reverse("mfa_add_webauthn"))
    person.type("Password", PASSWORD)
    person.press("Confirm", within="main", exact=True)
    person.tick("Passwordless")
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="Add", exact=True).click()


def sign_out(person: Person) -> None:
    """Leave; no word of hers is left but the passkey in the machine."""
    person.open(reverse("account_logout"))
    person.press("Sign Out", within="main form")


def is_let_in(person: Person) -> bool:
    person.open("/a/")
    return "/accounts/" not in person.page.url


def test_a_passkey_that_was_added_signs_in_without_a_password(anna, key, refused):
    add_passkey(anna)
    assert len(key.passkeys()) == 1
    assert is_let_in(anna)
    sign_out(anna)
    assert not is_let_in(anna)

    anna.open(reverse("account_login"))
    with anna.page.expect_navigation():
        anna.page.get_by_role("button", name="Sign in with your passkey").click()

    assert is_let_in(anna)
    assert refused == []


def test_it_is_the_second_factor_of_who_types_the_password(anna, key, refused):
    add_passkey(anna)
    sign_out(anna)

    type_password(anna)
    assert reverse("mfa_authenticate") in anna.page.url
    assert not is_let_in(anna)
    anna.open(reverse("mfa_authenticate"))
    with anna.page.expect_navigation():
        anna.page.get_by_role("button", name="Use a security key").click()

    assert is_let_in(anna)
    assert refused == []


def test_without_the_key_nothing_opens(anna, key):
    add_passkey(anna)
    sign_out(anna)
    key.lose()

    type_password(anna)
    anna.page.get_by_role("button", name="Use a security key").click()
    anna.page.wait_for_timeout(1500)

    assert not is_let_in(anna)


def test_guesses_from_the_same_office_do_not_keep_out_who_has_a_passkey(anna, key):
    add_passkey(anna)
    sign_out(anna)
    anna.context.clear_cookies()  # a browser that is not known
    for _guess in range(12):
        Client().post(reverse("account_login"), {"login": MAIL, "password": "wrong"})
    type_password(anna)
    assert not is_let_in(anna)  # the control: the password waits

    anna.open(f"{reverse('account_login')}?lang=en")
    with anna.page.expect_navigation():
        anna.page.get_by_role("button", name="Sign in with your passkey").click()

    assert is_let_in(anna)
