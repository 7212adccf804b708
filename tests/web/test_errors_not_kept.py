"""No cache keeps a page of an error: what is forbidden or away now may be there in a minute."""

import pytest
from django.test import Client
from django.urls import reverse

from materiality.project.errors import ErrorsAreNotKept
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken(monkeypatch):
    def breaks(*_arguments, **_options):
        raise ValueError("no such thing")

    monkeypatch.setattr("materiality.web.round.assessments.rounds_of", breaks, raising=False)


def forbidden(assessment):
    return signed_in("viewer").get(reverse("materiality:access_csv", args=[assessment.pk]))


def not_allowed(assessment):
    return signed_in("viewer").post(reverse("materiality:overview", args=[assessment.pk]))


def nowhere(_assessment):
    return Client().get("/nowhere/")


def nowhere_by_program(_assessment):
    return Client().get("/api/v1/nowhere/")


def unauthorised(_assessment):
    return Client().get("/api/v1/assessments/")


def went_wrong(_assessment):
    client = signed_in("owner")
    client.raise_request_exception = False
    return client.get("/a/")


ERRORS = {
    forbidden: 403,
    not_allowed: 405,
    nowhere: 404,
    nowhere_by_program: 404,
    unauthorised: 401,
    went_wrong: 500,
}


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("visit", ERRORS)
def test_an_error_is_not_kept_by_any_cache(assessment, visit):
    answer = visit(assessment)

    assert answer.status_code == ERRORS[visit]
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_its_guard_a_cache_might_keep_it(assessment, monkeypatch):
    monkeypatch.setattr(ErrorsAreNotKept, "__call__", lambda self, visit: self.get_response(visit))

    assert nowhere(assessment).headers.get("Cache-Control") != "no-store"
