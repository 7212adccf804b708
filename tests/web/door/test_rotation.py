"""A new SECRET_KEY, the former one still believed: no session and no link that was sent dies."""

import pytest
from django.core import mail
from django.test import Client

from tests.web.conftest import signed_in
from tests.web.door.test_door import anna, ask_for_a_new_password  # noqa: F401
from tests.web.round.test_people import invited_to, is_member

pytestmark = pytest.mark.django_db


def rotate(settings, *, former_is_believed: bool) -> None:
    former = settings.SECRET_KEY
    settings.SECRET_KEY = "another secret, " * 4
    settings.SECRET_KEY_FALLBACKS = [former] if former_is_believed else []


BOTH = pytest.mark.parametrize("is_believed", [True, False], ids=["believed", "control"])


@BOTH
def test_a_session_lives_on(settings, owner, is_believed):
    assert owner.get("/a/").status_code == 200

    rotate(settings, former_is_believed=is_believed)

    assert owner.get("/a/").status_code == (200 if is_believed else 302)


def test_a_session_that_lived_on_needs_the_former_key_no_longer(settings, owner):
    rotate(settings, former_is_believed=True)
    owner.get("/a/")

    settings.SECRET_KEY_FALLBACKS = []

    assert owner.get("/a/").status_code == 200


@BOTH
def test_an_invitation_to_join_lives_on(settings, assessment, owner, stranger, is_believed):
    link = invited_to(owner, assessment)

    rotate(settings, former_is_believed=is_believed)
    signed_in("stranger").post(link)

    assert is_member(stranger, assessment) == is_believed


@BOTH
def test_a_mail_that_sets_a_new_password_lives_on(settings, anna, is_believed):  # noqa: F811
    ask_for_a_new_password("anna@example.com")
    [link] = [word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word]

    rotate(settings, former_is_believed=is_believed)
    page = Client().get(link, follow=True).content.decode()

    assert ("password1" in page) == is_believed
