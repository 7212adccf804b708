"""Letting somebody in: whose account may be opened by a link, and which role is kept."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from surveys.models import Membership
from tests.web.conftest import letters_are_sent, signed_in
from tests.web.score.test_results_page import text, url

pytestmark = pytest.mark.django_db


def let_in(owner, assessment, email, role="viewer"):
    person = {"name": "Wang Fang", "email": email, "role": role}
    return owner.post(url(assessment, "people") + "?lang=en", person)


def test_a_new_account_is_handed_over_by_a_link(assessment, owner):
    assert "/signin/" in text(let_in(owner, assessment, "new@example.com"))


def invited_to(owner, assessment, email="Stranger@example.com", role="viewer"):
    page = text(let_in(owner, assessment, email, role))
    assert "/signin/" not in page
    return re.search(r"http://127.0.0.1:8000(/join/[^<]+/)", page)[1]


def is_member(person, assessment):
    return person.memberships.filter(organisation=assessment.organisation).exists()


def test_an_account_that_was_there_gets_its_role_only_when_its_holder_joins(
    assessment, owner, stranger
):
    link = invited_to(owner, assessment, role="editor")
    assert not is_member(stranger, assessment)

    assert "Example Tech" in text(signed_in("stranger").get(link + "?lang=en"))
    assert not is_member(stranger, assessment)
    answered = signed_in("stranger").post(link)

    assert answered.url == "/a/"
    assert stranger.memberships.get(organisation=assessment.organisation).role == "editor"
    stranger.refresh_from_db()
    assert stranger.first_name == "stranger"


def test_whoever_holds_a_link_signs_in_first(assessment, owner, stranger, client):
    link = invited_to(owner, assessment)

    assert client.post(link).url.startswith("/accounts/login/")
    assert not is_member(stranger, assessment)


def test_an_invitation_is_of_no_use_to_anybody_else(assessment, owner, stranger):
    link = invited_to(owner, assessment)

    answered = signed_in("viewer").post(link + "?lang=en")

    assert answered.status_code == 410
    assert "not for you" in text(answered)
    assert not is_member(stranger, assessment)


def test_a_forged_or_old_invitation_lets_nobody_in(assessment, owner, stranger, monkeypatch):
    link = invited_to(owner, assessment)
    forged = link.replace("/join/", "/join/x")
    assert signed_in("stranger").post(forged).status_code == 410

    monkeypatch.setattr("materiality.web.round.accounts.WITHIN", timedelta(seconds=-1))
    assert signed_in("stranger").post(link).status_code == 410
    assert not is_member(stranger, assessment)


def test_an_invitation_is_used_once(assessment, owner, stranger):
    link = invited_to(owner, assessment)
    signed_in("stranger").post(link)

    assert signed_in("stranger").post(link).status_code == 410


def test_somebody_who_was_removed_cannot_let_themselves_in_again(assessment, owner, stranger):
    first, second = (invited_to(owner, assessment) for _press in range(2))
    assert signed_in("stranger").post(first).status_code == 410  # the second stands for it
    assert signed_in("stranger").post(second).status_code == 302  # control
    member = stranger.memberships.get(organisation=assessment.organisation)

    owner.post(url(assessment, "people"), {"member": member.pk, "role": ""})
    assert not is_member(stranger, assessment)
    signed_in("stranger").post(second)

    assert not is_member(stranger, assessment)


def test_no_link_opens_the_account_of_a_superuser(assessment, owner):
    User.objects.create_superuser(username="root", email="root@example.com")

    invited_to(owner, assessment, "root@example.com")


def test_a_person_let_in_once_gets_no_second_link(assessment, owner):
    let_in(owner, assessment, "new@example.com")
    Membership.objects.get(user__email="new@example.com").delete()

    assert "/signin/" not in text(let_in(owner, assessment, "new@example.com"))


@pytest.mark.parametrize(("allowed", "status"), [(True, 200), (False, 302)])
def test_a_second_factor_needs_no_proof_of_the_address(settings, db, client, allowed, status):
    """Asking for a new password notes the address as unproved, and its page is shut."""
    settings.MFA_ALLOW_UNVERIFIED_EMAIL &= allowed
    User.objects.create_user("a@example.com", "a@example.com", "a-long-password")
    client.post(reverse("account_reset_password"), {"email": "a@example.com"})
    letters_are_sent()
    client.post(reverse("account_login"), {"login": "a@example.com", "password": "a-long-password"})
    client.post(reverse("account_reauthenticate"), {"password": "a-long-password"})

    assert client.get(reverse("mfa_activate_totp")).status_code == status


def test_letting_in_a_member_again_changes_no_role_so_the_last_owner_stays(assessment, owner):
    answered = let_in(owner, assessment, "owner@example.com", role="viewer")

    assert answered.status_code == 409
    assert "is a member already" in text(answered)
    assert assessment.organisation.memberships.get(user__username="owner").role == "owner"


def test_letting_in_somebody_new_gives_the_role_asked_for(assessment, owner):
    assert let_in(owner, assessment, "new@example.com", role="editor").status_code == 200

    assert Membership.objects.get(user__email="new@example.com").role == "editor"


def roles_in_the_log(assessment):
    entries = assessment.events.filter(verb__in=["set_role", "offer_role"]).order_by("number")
    return [(entry.verb, entry.name, entry.subject, entry.before, entry.after) for entry in entries]


def test_the_log_tells_who_gave_whom_which_role(assessment, owner):
    let_in(owner, assessment, "new@example.com", role="viewer")
    member = Membership.objects.get(user__email="new@example.com")
    for role in ("editor", "editor", ""):
        owner.post(url(assessment, "people"), {"member": member.pk, "role": role})

    assert roles_in_the_log(assessment) == [
        ("set_role", "owner", "Wang Fang", None, {"role": "viewer"}),
        ("set_role", "owner", "Wang Fang", {"role": "viewer"}, {"role": "editor"}),
        ("set_role", "owner", "Wang Fang", {"role": "editor"}, None),
    ]


def test_the_log_tells_of_an_offer_and_of_who_took_it(assessment, owner, stranger):
    link = invited_to(owner, assessment, role="editor")
    signed_in("stranger").post(link)

    assert roles_in_the_log(assessment) == [
        ("offer_role", "owner", "stranger", None, {"role": "editor"}),
        ("set_role", "stranger", "stranger", None, {"role": "editor"}),
    ]


def test_a_role_that_could_not_be_changed_leaves_no_trace(assessment, owner):
    last = assessment.organisation.memberships.get(role="owner")

    owner.post(url(assessment, "people"), {"member": last.pk, "role": "viewer"})

    assert roles_in_the_log(assessment) == []


def test_a_locked_round_is_left_as_it_is(locked, owner):
    let_in(owner, locked, "new@example.com")

    assert Membership.objects.filter(user__email="new@example.com").exists()
    assert roles_in_the_log(locked) == []
