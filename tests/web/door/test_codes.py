"""Codes of a phone and codes on paper: set up, right, wrong and used twice, by the pages alone."""

import re
import time

import pytest
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from surveys.models import Role
from tests.builders import make_organisation
from tests.markup import page_of
from tests.rounds import make_user

PASSWORD = "correct horse battery"
LOGIN, CODE = reverse("account_login"), reverse("mfa_authenticate")
PERIOD = 30


class Phone:
    """An app that shows a code for every half minute of a clock one can set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.secret, self.now = "", time.time()
        monkeypatch.setattr(auth.time, "time", lambda: self.now)

    def code(self) -> str:
        return format_hotp_value(hotp_value(self.secret, int(self.now) // PERIOD))

    def wait(self) -> None:
        self.now += PERIOD


@pytest.fixture(autouse=True)
def production(settings):
    settings.FACTOR_REQUIRED = settings.REAUTHENTICATE = True
    cache.clear()


@pytest.fixture
def anna(db) -> User:
    """An owner without a second factor."""
    person = make_user("anna", make_organisation(), Role.OWNER)
    person.email = "anna@example.com"
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def phone(anna, monkeypatch) -> Phone:
    """Her phone, which she set up on the page that she was sent to."""
    phone, client = Phone(monkeypatch), Client()
    type_password(client)
    assert client.get("/a/").headers["Location"] == reverse("mfa_index")
    page = confirmed(client, reverse("mfa_activate_totp"))
    [phone.secret] = re.findall(r'value="([A-Z2-7]{32})"', page)
    client.post(reverse("mfa_activate_totp"), {"code": phone.code()})
    assert client.get("/a/").status_code == 200
    phone.wait()
    return phone


def type_password(client: Client):
    return client.post(LOGIN, {"login": "anna@example.com", "password": PASSWORD})


def confirmed(client: Client, path: str) -> str:
    """Return a page that asks for the password again."""
    sent = client.get(path)
    assert sent.headers["Location"].startswith(reverse("account_reauthenticate"))
    return page_of(client.post(sent.headers["Location"], {"password": PASSWORD}, follow=True))


def is_let_in(client: Client) -> bool:
    return client.get("/a/").status_code == 200


def sign_in(code: str) -> Client:
    client = Client()
    sent = type_password(client)
    assert sent.headers["Location"].startswith(CODE)
    assert not is_let_in(client)  # the password alone opens nothing
    client.post(CODE, {"code": code})
    return client


def test_the_code_of_the_phone_lets_in(phone):
    assert is_let_in(sign_in(phone.code()))


def test_a_wrong_code_does_not_and_the_page_says_so(phone):
    wrong = f"{(int(phone.code()) + 1) % 10**6:06d}"
    client = Client()
    type_password(client)

    answer = client.post(CODE, {"code": wrong})

    assert not is_let_in(client)
    assert 'role="alert"' in page_of(answer)
    client.post(CODE, {"code": phone.code()})  # the right one still does
    assert is_let_in(client)


def test_a_code_that_somebody_saw_is_used_up(phone):
    code = phone.code()
    assert is_let_in(sign_in(code))

    assert not is_let_in(sign_in(code))

    phone.wait()
    assert is_let_in(sign_in(phone.code()))  # the next one is new


def test_an_old_code_is_none(phone):
    old = phone.code()
    phone.wait()

    assert not is_let_in(sign_in(old))


def test_who_guesses_codes_is_slowed_down(phone):
    wrong = f"{(int(phone.code()) + 1) % 10**6:06d}"
    client = Client()
    type_password(client)
    for _guess in range(12):
        client.post(CODE, {"code": wrong})

    client.post(CODE, {"code": phone.code()})

    assert not is_let_in(client)


def test_a_code_on_paper_lets_in_once(phone):
    client = sign_in(phone.code())
    page = confirmed(client, reverse("mfa_view_recovery_codes"))
    codes = re.findall(r"\b\d{8}\b", page)
    assert len(codes) == 10

    assert is_let_in(sign_in(codes[0]))

    assert not is_let_in(sign_in(codes[0]))
    assert is_let_in(sign_in(codes[1]))


def test_new_codes_on_paper_end_the_old_ones(phone):
    client = sign_in(phone.code())
    old = re.findall(r"\b\d{8}\b", confirmed(client, reverse("mfa_view_recovery_codes")))

    client.post(reverse("mfa_generate_recovery_codes"))

    new = re.findall(r"\b\d{8}\b", page_of(client.get(reverse("mfa_view_recovery_codes"))))
    assert not set(old) & set(new)
    assert not is_let_in(sign_in(old[0]))
    assert is_let_in(sign_in(new[0]))
