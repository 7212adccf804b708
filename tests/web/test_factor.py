"""Owners and editors have a second factor, and what matters most is confirmed again.

Codes are typed in `tests/web/door/test_codes.py`, passkeys used in `tests/browser/test_passkey.py`.
"""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.urls import reverse

from materiality.models import Access
from tests.web.conftest import signed_in

PASSWORD = "correct horse battery"


@pytest.fixture
def strict(settings):
    """Production's rules."""
    settings.FACTOR_REQUIRED = settings.REAUTHENTICATE = True


def with_factor(user: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})


@pytest.mark.parametrize("role", ["owner", "editor"])
def test_without_a_factor_they_see_only_where_to_set_one_up(strict, assessment, role):
    client = signed_in(role)

    for path in (reverse("materiality:overview", args=[assessment.pk]), "/a/"):
        sent = client.get(path)
        assert (sent.status_code, sent.headers["Location"]) == (302, reverse("mfa_index"))
    refused = client.get("/api/v1/assessments/")
    assert (refused.status_code, refused.json()["code"]) == (403, "factor_required")
    assert client.get(reverse("mfa_index")).status_code == 200  # control: the way out is open


def test_with_a_factor_they_go_on(strict, assessment):
    with_factor(User.objects.get(username="owner"))

    assert signed_in("owner").get("/a/").status_code == 200


def test_who_only_reads_needs_none(strict, assessment):
    assert signed_in("viewer").get("/a/").status_code == 200


@pytest.mark.parametrize("name", ["lock", "weights", "rule", "people", "second_person"])
def test_what_matters_most_is_confirmed_again(strict, settings, assessment, name):
    owner = User.objects.get(username="owner")
    owner.set_password(PASSWORD)
    owner.save()
    with_factor(owner)
    client = signed_in("owner")
    client.force_login(owner)
    path = reverse(f"materiality:{name}", args=[assessment.pk])

    asked = client.post(path, {})

    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))

    settings.REAUTHENTICATE = False
    said = client.post(path, {})  # control: without the rule the view answers itself
    assert reverse("account_reauthenticate") not in said.headers.get("Location", "")


@pytest.mark.parametrize("name", ["archive"])
def test_bulk_export_is_confirmed_again(strict, assessment, name):
    owner = User.objects.get(username="owner")
    owner.set_password(PASSWORD)
    owner.save()
    with_factor(owner)
    client = signed_in("owner")
    client.force_login(owner)

    asked = client.get(reverse(f"materiality:{name}", args=[assessment.pk]))

    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_a_confirmation_holds_for_a_while_and_the_request_goes_on(strict, assessment):
    owner = User.objects.get(username="owner")
    owner.set_password(PASSWORD)
    owner.save()
    client = signed_in("owner")
    client.force_login(owner)
    with_factor(owner)
    path = reverse("materiality:second_person", args=[assessment.pk])
    asked = client.post(path, {"second_person": "on"})

    said = client.post(asked.headers["Location"], {"password": PASSWORD})

    assert reverse("account_reauthenticate") not in said.headers.get("Location", "")
    again = client.post(path, {})
    assert reverse("account_reauthenticate") not in again.headers.get("Location", "")


# ---- the log of access ----


def test_sign_ins_are_noted_those_that_failed_too(db, client):
    person = User.objects.create_user("a@example.com", "a@example.com", PASSWORD)
    for password in ("wrong", PASSWORD):
        client.post(reverse("account_login"), {"login": "a@example.com", "password": password})

    noted = list(Access.objects.order_by("pk").values_list("kind", "by"))
    assert noted == [("sign_in_failed", person.pk), ("sign_in", person.pk)]


def test_an_address_nobody_has_is_not_noted(db, client):
    client.post(reverse("account_login"), {"login": "nobody@example.com", "password": "wrong"})

    assert "nobody@example.com" not in json.dumps(list(Access.objects.values()), default=str)


def test_who_takes_answers_away_is_noted_for_owners(assessment):
    assert signed_in("editor").get(reverse("materiality:archive", args=[assessment.pk])).content

    table = signed_in("owner").get(reverse("materiality:access_csv", args=[assessment.pk]))

    assert "download" in table.content.decode()
    forbidden = signed_in("editor").get(reverse("materiality:access_csv", args=[assessment.pk]))
    assert forbidden.status_code == 403


def test_six_wrong_guesses_of_somebody_else_do_not_shut_the_owner_out(db, client):
    User.objects.create_user("a@example.com", "a@example.com", PASSWORD)
    stranger = {"REMOTE_ADDR": "203.0.113.9"}
    for _guess in range(12):
        client.post(
            reverse("account_login"), {"login": "a@example.com", "password": "wrong"}, **stranger
        )

    said = client.post(reverse("account_login"), {"login": "a@example.com", "password": PASSWORD})

    assert said.status_code == 302
