"""The one-time sign-in link."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from materiality.web.round import signin
from materiality.web.round.signin import sign_in_link
from tests.rounds import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db):
    return make_user("person")


def is_signed_in(client: Client) -> bool:
    return client.get("/a/").status_code == 200


def test_the_link_shows_a_button_and_only_the_button_signs_in(person, client):
    link = sign_in_link(person)

    page = client.get(link)

    assert page.status_code == 200
    assert not is_signed_in(client)
    assert client.post(link).url == "/a/"
    assert is_signed_in(client)


def test_the_link_works_once(person):
    link, first, second = sign_in_link(person), Client(), Client()
    first.post(link)

    assert second.get(link).status_code == 410
    assert second.post(link).status_code == 410
    assert not is_signed_in(second)


def test_the_link_dies_after_a_day(person, client, monkeypatch):
    link = sign_in_link(person)
    later = timezone.now().replace(tzinfo=None) + timedelta(hours=24, minutes=1)
    monkeypatch.setattr(signin.tokens, "_now", lambda: later + timedelta(hours=14))

    assert client.post(link).status_code == 410
    assert not is_signed_in(client)


def test_the_link_still_works_after_an_hour(person, client, monkeypatch):
    link = sign_in_link(person)
    now = signin.tokens._now()
    monkeypatch.setattr(signin.tokens, "_now", lambda: now + timedelta(hours=1))

    assert client.post(link).status_code == 302


@pytest.mark.parametrize("link", ["/signin/x/y/", "/signin/MQ/bad-token/", "/signin/OTk5OQ/a-b/"])
def test_a_made_up_link_signs_nobody_in(person, client, link):
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410
    assert not is_signed_in(client)


def test_one_persons_token_does_not_open_anothers_account(person, client):
    other = make_user("other")
    uid = re.search(r"/signin/([^/]+)/", sign_in_link(other))[1]
    token = sign_in_link(person).rstrip("/").rsplit("/", 1)[1]

    assert client.post(f"/signin/{uid}/{token}/").status_code == 410


def test_an_inactive_person_cannot_sign_in(person, client):
    link = sign_in_link(person)
    person.is_active = False
    person.save()

    assert client.post(link).status_code == 410


def test_a_new_password_or_address_ends_the_link(person, client):
    link = sign_in_link(person)
    person.email = "new@example.com"
    person.save()

    assert client.post(link).status_code == 410


def test_the_page_is_never_kept_by_a_cache(person, client):
    assert "no-store" in client.get(sign_in_link(person)).headers["Cache-Control"]
