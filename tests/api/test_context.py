"""The context of a round and its value chain by program: what is not sent stays as it was."""

import pytest

from tests.api.test_assessments import client_of
from tests.builders import both
from tests.rounds import make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    assessment = make_round()
    found = client_of(make_user("owner", assessment.organisation))
    found.round = f"/api/v1/assessments/{assessment.pk}"
    return found


def say(client, version, **fields):
    return client.patch(f"{client.round}/context/", {"version": version, **fields}, format="json")


def chain(client, version, *names, kept=()):
    steps = [{"side": "own", "name": both(name, name)} for name in names]
    steps += [{"side": "own", "name": both(code, code), "code": code} for code in kept]
    body = {"version": version, "steps": steps}
    return client.put(f"{client.round}/value-chain/", body, format="json")


def test_a_text_keeps_the_languages_that_are_not_sent(client):
    say(client, 0, entity=both("甲公司", "Company A"))

    answer = say(client, 1, entity={"en": "Company B"}, scope={"en": "All sites"})

    assert answer.json()["entity"] == both("甲公司", "Company B")
    assert answer.json()["scope"] == {"en": "All sites"}
    emptied = say(client, 2, entity={"zh-hans": ""})  # control: what is sent counts
    assert emptied.json()["entity"] == {"en": "Company B"}


def test_a_change_of_what_was_not_read_is_refused_and_one_without_version_too(client):
    say(client, 0, entity=both("甲公司", "Company A"))

    assert say(client, 0, entity={"en": "Company B"}).status_code == 409
    assert chain(client, 0, "Plant").status_code == 409
    for path, send, body in (
        ("context", client.patch, {"approach": "both"}),
        ("value-chain", client.put, {"steps": []}),
    ):
        answer = send(f"{client.round}/{path}/", body, format="json")
        assert answer.status_code == 400
        assert "version" in answer.content.decode()
    assert chain(client, 1, "Plant").status_code == 200  # control


def test_the_code_of_a_stage_that_was_taken_out_is_never_given_again(client):
    first = chain(client, 0, "Mine", "Plant", "Shop").json()
    chain(client, first["version"], kept=("VC-01", "VC-02"))

    after = chain(client, first["version"] + 1, "School", kept=("VC-01", "VC-02")).json()

    assert {row["code"] for row in after["steps"]} == {"VC-01", "VC-02", "VC-04"}
