"""A call whose answer was lost is sent again under its key, and done once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from materiality import actions
from materiality.api.access import TeamViewSet
from materiality.models import Call, Scope, Topic
from surveys.models import Invitation, Membership, Role
from tests.builders import both
from tests.rounds import ask, make_round, make_user, token_of
from tests.stored import stored

pytestmark = pytest.mark.django_db
KEY = "7f3c2f0a-5f0e-4d0e-9d8e-3c1f6b1d2a10"
WATER = {"topics": [{"name": both("水", "Water"), "category": "social"}]}


@pytest.fixture
def round_(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_round()


@pytest.fixture
def client(round_):
    return client_of(make_user("editor", round_.organisation))


def client_of(user, language="en"):
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Token {token_of(user)}", HTTP_ACCEPT_LANGUAGE=language)
    return client


def add_topic(client, round_, body=WATER, key=KEY):
    headers = {"Idempotency-Key": key} if key else {}
    path = f"/api/v1/assessments/{round_.pk}/topics/"
    return client.post(path, body, format="json", headers=headers)


def test_the_same_call_again_gets_the_same_answer_and_does_nothing(client, round_):
    first = add_topic(client, round_)
    before = stored()

    again = add_topic(client, round_)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert stored() == before


def test_the_control_without_a_key_it_is_done_twice(client, round_):
    add_topic(client, round_, key=None)
    before = Topic.objects.count()

    add_topic(client, round_, key=None)

    assert Topic.objects.count() == before + 1


def test_another_call_under_the_same_key_is_refused(client, round_):
    add_topic(client, round_)
    before = stored()
    soil = {"topics": [{"name": both("土", "Soil"), "category": "social"}]}

    other_body = add_topic(client, round_, body=soil)
    other_path = client.patch(
        f"/api/v1/assessments/{round_.pk}/", {"year": "2030"}, format="json",
        headers={"Idempotency-Key": KEY},
    )  # fmt: skip

    for refused in (other_body, other_path):
        assert (refused.status_code, refused.json()["code"]) == (422, "key_used")
    assert stored() == before


def test_a_key_is_its_callers_own(client, round_):
    add_topic(client, round_)
    other = client_of(make_user("other", round_.organisation))

    answered = add_topic(other, round_)

    assert answered.status_code == 201
    assert "Idempotency-Replayed" not in answered.headers


def test_a_refusal_is_not_kept_so_the_same_key_works_once_its_cause_is_mended(client, round_):
    wrong = {"topics": [{"name": both("", ""), "category": "social"}]}
    assert add_topic(client, round_, body=wrong).status_code == 400
    assert not Call.objects.exists()

    assert add_topic(client, round_).status_code == 201


def test_an_answer_without_content_is_repeated_too(client, round_):
    path = f"/api/v1/assessments/{round_.pk}/"
    headers = {"Idempotency-Key": KEY}

    first, again = (client.delete(path, headers=headers) for _time in range(2))

    assert (first.status_code, again.status_code) == (204, 204)
    assert client.delete(path).status_code == 404  # the control: the round is gone


def test_a_file_sent_again_is_the_same_call_and_another_file_is_not(client, round_):
    survey = ask(round_)[0]
    path = f"/api/v1/surveys/{survey.pk}/answers/"

    def send(content):
        file = SimpleUploadedFile("a.csv", content)
        return client.post(path, {"file": file}, headers={"Idempotency-Key": KEY})

    table = b"Group,Privacy,Energy\nCustomers,5,3\n"
    first, again = send(table), send(table)

    assert first.status_code == 200, first.content
    assert again.content == first.content
    assert send(table + b"Customers,4,3\n").status_code == 422


def test_a_form_without_its_boundary_is_refused_as_json_with_a_key_or_without(client, round_):
    survey = ask(round_)[0]
    for headers in ({}, {"Idempotency-Key": KEY}):
        refused = client.generic(
            "POST", f"/api/v1/surveys/{survey.pk}/answers/", "x",
            content_type="multipart/form-data", headers=headers,
        )  # fmt: skip
        assert (refused.status_code, refused.json()["code"]) == (400, "parse_error")


def test_more_than_a_call_may_hold_is_refused_as_json(client, round_, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = {"topics": [{"name": both("水" * 50, "Water"), "category": "social"}]}

    refused = add_topic(client, round_, body=body)

    assert (refused.status_code, refused.json()["code"]) == (413, "too_much")


def test_after_a_day_a_key_is_free_again(client, round_):
    add_topic(client, round_)
    Call.objects.update(at=timezone.now() - timedelta(days=1, seconds=1))

    answered = add_topic(client, round_)

    assert "Idempotency-Replayed" not in answered.headers


def test_whose_token_has_ended_is_told_nothing_of_before(client, round_):
    add_topic(client, round_)
    client.credentials(HTTP_AUTHORIZATION="Token 0000")

    assert add_topic(client, round_).status_code == 401


@pytest.mark.parametrize("key", ["x" * 101, "ключ", "a\tb"])
def test_what_is_no_key_is_refused(client, round_, key):
    refused = add_topic(client, round_, key=key)

    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")


def test_neither_the_key_nor_the_links_of_an_answer_are_stored_in_clear(client, round_):
    survey = ask(round_)[0]
    path = f"/api/v1/surveys/{survey.pk}/links/"
    sent = {"audience": "customers", "count": 1, "language": "en"}

    link = client.post(path, sent, format="json", headers={"Idempotency-Key": KEY}).json()["links"]

    secret = link[0].split("/r/")[1].strip("/")
    held = str(stored()) + str([bytes(call.answer) for call in Call.objects.all()])
    assert secret not in held
    assert KEY not in held
    again = client.post(path, sent, format="json", headers={"Idempotency-Key": KEY})
    assert again.json()["links"] == link  # the control: whoever has the key reads the answer


def test_what_broke_half_way_leaves_nothing_and_may_be_sent_again(client, round_, monkeypatch):
    before = stored()
    original = TeamViewSet.finalize_response

    def broken(view, *args, **kwargs):
        raise RuntimeError("the machine died")

    monkeypatch.setattr(TeamViewSet, "finalize_response", broken)
    assert add_topic(client, round_).status_code == 500
    assert stored() == before

    monkeypatch.setattr(TeamViewSet, "finalize_response", original)
    assert add_topic(client, round_).status_code == 201


# ---- two at once, on PostgreSQL ----


def at_once(client_names, round_, user, key):
    """Return the answers to as many equal calls at the same moment."""
    barrier = Barrier(len(client_names))

    def call(_name):
        try:
            client = client_of(user)
            barrier.wait()
            return add_topic(client, round_, key=key)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(client_names)) as callers:
        return list(callers.map(call, client_names))


@pytest.mark.postgres
@pytest.mark.usefixtures("postgresql")
@pytest.mark.parametrize("key", [KEY, None])
def test_of_eight_at_once_one_is_done_and_all_get_its_answer(transactional_db, key):
    round_ = make_round()
    user = make_user("editor", round_.organisation)
    before = Topic.objects.count()

    answers = at_once(range(8), round_, user, key)

    made = Topic.objects.count() - before
    if key is None:
        assert made > 1  # the control
        return
    assert made == 1
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1


# ---- who may hear its answer again ----


def test_a_narrower_token_of_the_same_person_is_not_told_the_answer(client, round_):
    add_topic(client, round_)
    person = Membership.objects.get(organisation=round_.organisation).user
    narrower = APIClient()
    narrower.credentials(HTTP_AUTHORIZATION=f"Token {token_of(person, scopes=[Scope.COLLECT])}")

    refused = add_topic(narrower, round_)

    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert add_topic(client, round_).headers["Idempotency-Replayed"] == "true"  # the control


def test_whose_role_is_less_by_now_is_not_told_the_answer(client, round_):
    add_topic(client, round_)
    Membership.objects.filter(organisation=round_.organisation).update(role=Role.VIEWER)

    refused = add_topic(client, round_)

    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")


def test_while_an_organisation_is_suspended_no_answer_is_told_again(client, round_):
    add_topic(client, round_)
    actions.suspend_organisation(organisation=round_.organisation, by=None)

    assert add_topic(client, round_).status_code == 404

    actions.resume_organisation(organisation=round_.organisation, by=None)
    assert add_topic(client, round_).headers["Idempotency-Replayed"] == "true"


def test_who_has_left_is_not_told_the_answer(client, round_):
    add_topic(client, round_)
    Membership.objects.filter(organisation=round_.organisation).delete()

    assert add_topic(client, round_).status_code == 404


def test_people_are_invited_once(client, round_):
    survey = ask(round_)[0]
    path = f"/api/v1/surveys/{survey.pk}/links/"
    sent = {"audience": "customers", "count": 3, "language": "en"}
    key = str(uuid4())
    for _time in range(3):
        client.post(path, sent, format="json", headers={"Idempotency-Key": key})

    assert Invitation.objects.filter(audience__survey=survey).count() == 3


@pytest.mark.parametrize("path", ["organisations/-1/", "surveys/x/", "nothing/"])
def test_an_address_that_leads_nowhere_answers_a_program_as_json(client, path):
    refused = client.get(f"/api/v1/{path}")

    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
