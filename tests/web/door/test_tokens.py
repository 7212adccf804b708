"""Tokens of the API: made on a page, shown once, kept as a hash, ended."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from materiality.models import Access, ApiToken
from surveys.models import Membership, Role
from tests.builders import both, make_organisation
from tests.markup import page_of
from tests.rounds import make_user, token_of
from tests.stored import stored
from tests.web.conftest import signed_in

TOKENS = reverse("materiality:tokens")
FORM = {"name": "Dashboard", "organisation": "", "days": "30", "scopes": []}


def make(person: str, **changes: object) -> str:
    """Return the token that somebody made on the page."""
    page = signed_in(person).post(TOKENS, FORM | changes)
    return page.context["secret"]


def way_to_end(token: ApiToken) -> str:
    return reverse("materiality:end_token", args=[token.token_key])


def calls(secret: str) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    return client


def test_it_is_shown_once_and_no_table_holds_it(assessment):
    page = signed_in("editor").post(TOKENS, FORM)
    secret = page.context["secret"]

    assert secret in page_of(page)
    assert secret not in page_of(signed_in("editor").get(TOKENS))
    assert secret not in str(stored())
    assert ApiToken.objects.get().digest in str(stored())  # the control: its hash is there
    assert calls(secret).get("/api/v1/assessments/").status_code == 200


def test_it_reads_and_does_what_was_ticked_and_nothing_else(assessment):
    topics = f"/api/v1/assessments/{assessment.pk}/topics/"
    own = {"topics": [{"name": both("水", "Water"), "category": "social"}]}
    reading, deciding = make("editor"), make("editor", scopes=["decide"])

    refused = calls(reading).post(topics, own, format="json")

    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert calls(reading).get(topics).status_code == 200
    assert calls(deciding).post(topics, own, format="json").status_code == 409  # sealed: a rule
    survey = assessment.surveys.first().pk
    people = f"/api/v1/surveys/{survey}/invitations/"
    assert calls(deciding).get(people).json()["code"] == "scope_missing"
    assert calls(make("editor", scopes=["collect"])).get(people).status_code == 200


def test_it_gives_no_more_than_its_person_has(assessment):
    survey = assessment.surveys.first().pk
    everything = make("viewer", scopes=["collect", "decide", "own"])

    refused = calls(everything).get(f"/api/v1/surveys/{survey}/invitations/")

    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")


def test_one_for_an_organisation_finds_nothing_of_another(assessment):
    here = assessment.organisation
    elsewhere = make_organisation(name=both("别家公司", "Other Ltd"))
    Membership.objects.create(
        organisation=elsewhere, user=User.objects.get(username="owner"), role=Role.OWNER
    )
    both_of_them = calls(make("owner", scopes=["own"]))
    one = calls(make("owner", scopes=["own"], organisation=elsewhere.pk))

    path = f"/api/v1/assessments/{assessment.pk}/"
    assert both_of_them.get(path).status_code == 200
    assert one.get(path).status_code == 404
    seen = [row["id"] for row in one.get("/api/v1/organisations/").json()["results"]]
    assert seen == [elsewhere.pk]
    new = {"name": both("新", "New"), "contact": both("谁", "Who")}
    assert one.post("/api/v1/organisations/", new, format="json").status_code == 403
    assert both_of_them.post("/api/v1/organisations/", new, format="json").status_code == 201
    started = {"organisation": here.pk, "year": "2031"}
    refused = calls(make("owner", scopes=["decide"], organisation=elsewhere.pk)).post(
        "/api/v1/assessments/", started, format="json"
    )
    assert refused.status_code == 400
    assert "organisation" in refused.json()["detail"]


def test_it_ends_on_its_day_and_stays_on_the_list(assessment):
    secret = make("editor")
    ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))

    assert calls(secret).get("/api/v1/assessments/").status_code == 401
    assert '<span class="tag">' in page_of(signed_in("editor").get(TOKENS))


def test_its_person_ends_it(assessment):
    secret = make("editor")
    token = ApiToken.objects.get()

    answered = signed_in("editor").post(
        reverse("materiality:end_token", args=[token.token_key]), follow=True
    )

    assert answered.status_code == 200
    assert calls(secret).get("/api/v1/assessments/").status_code == 401


def test_owners_see_the_tokens_that_reach_them_and_end_those_for_them_alone(assessment):
    here = assessment.organisation
    secret = make("editor", organisation=here.pk)
    make("editor", name="Everywhere")
    page = page_of(signed_in("owner").get(reverse("materiality:organisation", args=[here.pk])))
    mine = ApiToken.objects.get(name="Dashboard")
    whole = ApiToken.objects.get(name="Everywhere")

    assert "Dashboard" in page
    assert "Everywhere" in page

    assert signed_in("owner").post(way_to_end(whole)).status_code == 404
    assert signed_in("viewer").post(way_to_end(mine)).status_code == 404
    assert signed_in("owner").post(way_to_end(mine)).status_code == 302
    assert calls(secret).get("/api/v1/assessments/").status_code == 401


def test_whoever_left_reaches_nothing_with_a_token_they_kept(assessment):
    secret = token_of(User.objects.get(username="editor"))
    path = f"/api/v1/assessments/{assessment.pk}/"
    assert calls(secret).get(path).status_code == 200

    Membership.objects.filter(user__username="editor").delete()

    assert calls(secret).get(path).status_code == 404


def test_whoever_was_shut_out_reaches_nothing_at_all(assessment):
    secret = token_of(User.objects.get(username="editor"))
    User.objects.filter(username="editor").update(is_active=False)

    assert calls(secret).get("/api/v1/assessments/").status_code == 401


def test_a_new_password_ends_all_tokens_of_its_person_and_no_others(assessment):
    person = User.objects.get(username="editor")
    person.set_password("correct horse battery")
    person.save()
    client = signed_in("editor")
    client.force_login(person)
    secret, other = token_of(person), token_of(User.objects.get(username="owner"))
    new = "a stable for lone ponies"

    sent = client.post(
        reverse("account_change_password"),
        {"oldpassword": "correct horse battery", "password1": new, "password2": new},
    )

    assert sent.status_code == 302
    assert calls(secret).get("/api/v1/assessments/").status_code == 401
    assert calls(other).get("/api/v1/assessments/").status_code == 200


def test_making_and_ending_is_in_the_log_of_access_and_the_last_use_on_the_page(assessment):
    secret = make("editor", organisation=assessment.organisation.pk)
    assert ApiToken.objects.get().last_used_at is None
    calls(secret).get("/api/v1/assessments/")
    assert ApiToken.objects.get().last_used_at is not None
    signed_in("editor").post(
        reverse("materiality:end_token", args=[ApiToken.objects.get().token_key])
    )

    lines = Access.objects.filter(kind="token").order_by("pk").values_list("subject", flat=True)
    assert list(lines) == ["+ Dashboard", "- Dashboard"]
    table = signed_in("owner").get(reverse("materiality:access_csv", args=[assessment.pk]))
    assert "Dashboard" in table.content.decode()
    assert secret not in table.content.decode()


def test_it_takes_a_recent_sign_in_to_make_one(assessment, settings):
    settings.REAUTHENTICATE = True
    person = User.objects.get(username="editor")
    person.set_password("correct horse battery")
    person.save()
    client = signed_in("editor")
    client.force_login(person)

    asked = client.post(TOKENS, FORM)

    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    "header", ["Token", "Token a b", "Token ÿ", "Token " + "0" * 64, "Bearer x"]
)
def test_what_is_no_token_is_refused(db, header):
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=header.encode("latin-1"))

    assert client.get("/api/v1/assessments/").status_code == 401


@pytest.mark.django_db(transaction=True)
def test_tokens_that_stood_in_clear_go_on_as_hashes(transactional_db):
    from importlib import import_module

    from django.apps import apps

    person = make_user("old", make_organisation())
    key = "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE authtoken_token (key varchar(40), user_id integer)")
        cursor.execute("INSERT INTO authtoken_token VALUES (%s, %s)", [key, person.pk])
    migration = import_module("materiality.migrations.0026_old_tokens_are_hashed")

    with connection.schema_editor() as editor:
        migration.hash_plain_tokens(apps, editor)

    assert "authtoken_token" not in connection.introspection.table_names()
    assert calls(key).get("/api/v1/assessments/").status_code == 200
    assert key not in str(stored())
    assert timedelta(days=89) < ApiToken.objects.get().expiry - timezone.now() <= timedelta(days=90)
