"""Letting somebody in: whose account may be opened by a link, and which role is kept."""

import pytest
from django.contrib.auth.models import User

from surveys.models import Membership
from tests.web.test_results_page import text, url

pytestmark = pytest.mark.django_db


def let_in(owner, assessment, email, role="viewer"):
    person = {"name": "Wang Fang", "email": email, "role": role}
    return owner.post(url(assessment, "people") + "?lang=en", person)


def test_a_new_account_is_handed_over_by_a_link(assessment, owner):
    assert "/signin/" in text(let_in(owner, assessment, "new@example.com"))


def test_no_link_opens_the_account_of_somebody_elses_member(assessment, owner, stranger):
    page = text(let_in(owner, assessment, "Stranger@example.com"))

    assert "/signin/" not in page
    assert "signs in as always" in page
    assert stranger.memberships.filter(organisation=assessment.organisation).exists()


def test_no_link_opens_the_account_of_a_superuser(assessment, owner):
    User.objects.create_superuser(username="root", email="root@example.com")

    page = text(let_in(owner, assessment, "root@example.com"))

    assert "/signin/" not in page
    assert "signs in as always" in page


def test_a_person_let_in_once_gets_no_second_link(assessment, owner):
    let_in(owner, assessment, "new@example.com")
    Membership.objects.get(user__email="new@example.com").delete()

    assert "/signin/" not in text(let_in(owner, assessment, "new@example.com"))


def test_letting_in_a_member_again_changes_no_role_so_the_last_owner_stays(assessment, owner):
    answered = let_in(owner, assessment, "owner@example.com", role="viewer")

    assert answered.status_code == 409
    assert "is a member already" in text(answered)
    assert assessment.organisation.memberships.get(user__username="owner").role == "owner"


def test_letting_in_somebody_new_gives_the_role_asked_for(assessment, owner):
    assert let_in(owner, assessment, "new@example.com", role="editor").status_code == 200

    assert Membership.objects.get(user__email="new@example.com").role == "editor"
