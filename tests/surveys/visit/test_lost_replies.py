"""Answers whose replies are lost on the way, sent again by the client: each is stored once."""

import http.client
import json
import random
import socket
import time
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from surveys.models import Intake
from tests.builders import consent_of, invitation_of, make_links, make_survey, ratings_for

ADDRESS = "/api/v1/responses/"


def responses_of(survey, people):
    """Return a response by token, no two alike."""
    return {
        token: {
            "submission": str(uuid4()),
            "consent": consent_of(survey),
            "ratings": dict(ratings_for(survey, 1 + number % 5)),
            "comment": f"Comment {number}",
        }
        for number, token in enumerate(make_links(survey, people))
    }


def stored():
    return {
        intake.invitation_id: (
            intake.receipt,
            intake.contents.comment,
            set(intake.contents.ratings.values()),
        )
        for intake in Intake.objects.filter(submitted=True)
    }


def expected(responses, receipts):
    return {
        invitation_of(token).pk: (
            receipts[token], response["comment"], set(response["ratings"].values())
        )
        for token, response in responses.items()
    }  # fmt: skip


@pytest.mark.django_db
def test_of_two_hundred_answers_over_a_network_that_loses_a_third_none_is_lost_or_doubled():
    """Case 22: half of what is lost never arrives, of the other half only the reply is lost."""
    cache.clear()
    responses, chance, lost, receipts = responses_of(make_survey(), 200), random.Random(22), 0, {}
    for token, response in responses.items():
        client = Client(headers={"authorization": f"Invitation {token}"})
        while token not in receipts:
            way_out, way_back = (chance.random() >= 0.15 for _way in range(2))
            lost += not (way_out and way_back)
            if not way_out:
                continue
            reply = client.post(ADDRESS, response, content_type="application/json")
            assert reply.status_code == 200
            if way_back:
                receipts[token] = reply.json()["receipt"]

    assert stored() == expected(responses, receipts)
    assert Intake.objects.count() == len(set(receipts.values())) == 200
    assert lost > 50  # control: the network was as bad as that


def post_and_hang_up(server, token, response):
    """Send a whole request and cut the connection before the reply."""
    body = json.dumps(response).encode()
    head = (
        f"POST {ADDRESS} HTTP/1.1\r\nHost: {server.netloc}\r\nConnection: close\r\n"
        f"Authorization: Invitation {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((server.hostname, server.port)) as line:
        line.sendall(head.encode() + body)


def post(server, token, response):
    line = http.client.HTTPConnection(server.hostname, server.port, timeout=20)
    headers = {"Authorization": f"Invitation {token}", "Content-Type": "application/json"}
    line.request("POST", ADDRESS, json.dumps(response), headers)
    reply = line.getresponse()
    body = json.loads(reply.read())
    line.close()
    return reply.status, body.get("receipt")


@pytest.mark.postgres
def test_a_hundred_times_cut_off_after_sending_the_second_try_gets_the_same_receipt(
    postgresql, live_server
):
    """Case 23. On SQLite both tries would share the one connection of the database in memory."""
    cache.clear()
    server, responses = urlsplit(live_server.url), responses_of(make_survey(), 100)
    receipts = {}
    for token, response in responses.items():
        post_and_hang_up(server, token, response)
        status, receipts[token] = post(server, token, response)
        assert (status, receipts[token]) == post(server, token, response)
        assert status == 200

    assert stored() == expected(responses, receipts)
    assert Intake.objects.count() == len(set(receipts.values())) == 100


@pytest.mark.django_db(transaction=True)
def test_the_control_what_is_cut_off_arrives_without_a_second_try(live_server):
    cache.clear()
    server, [(token, response)] = urlsplit(live_server.url), responses_of(make_survey(), 1).items()

    post_and_hang_up(server, token, response)
    for _wait in range(50):
        if Intake.objects.exists():
            break
        time.sleep(0.1)

    assert Intake.objects.get().contents.comment == "Comment 0"


@pytest.mark.django_db
def test_the_control_another_submission_with_the_same_id_is_refused():
    [(token, response)] = responses_of(make_survey(), 1).items()
    client = Client(headers={"authorization": f"Invitation {token}"})
    statuses = [
        client.post(ADDRESS, response | {"comment": words}, content_type="application/json")
        for words in ("First", "Other")
    ]

    assert [reply.status_code for reply in statuses] == [200, 409]
    assert Intake.objects.get().contents.comment == "First"
