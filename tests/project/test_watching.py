"""What those see who watch the site: figures and errors, and nothing of anybody."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client

from surveys.actions import answer
from surveys.actions.answer_tables import read_later
from tests.builders import consent_of, make_link, make_survey
from tests.project.test_settings import django_says
from tests.surveys.actions.test_reading_tables import table_of

WORD = "a long word for who watches"


@pytest.fixture
def watched(db, settings):
    """A site with a token for figures, and how to ask for them."""
    settings.METRICS_TOKEN = WORD
    client = Client()

    def figures() -> str:
        said = client.get("/metrics", headers={"authorization": f"Bearer {WORD}"})
        assert said.status_code == 200
        return said.content.decode()

    return client, figures


def test_pages_are_counted_by_their_name_and_no_token_is_told(watched):
    client, figures = watched
    survey = make_survey(topics=3)
    token = make_link(survey)
    answer.start(token, consent_of(survey))

    client.get(f"/r/{token}/")
    client.get("/nowhere/at/all/")

    told = figures()
    assert 'page="landing",status="' in told.replace('method="GET",', "")
    assert 'page="none",status="404"' in told
    assert token not in told
    assert "nowhere" not in told


def test_what_waits_for_a_worker_is_told(watched):
    _client, figures = watched
    assert "materiality_tasks_due 0.0" in figures()
    read_later(table_of(3))

    told = figures()

    assert "materiality_tasks_due 1.0" in told
    assert "materiality_work_left 1.0" in told
    assert "materiality_keys_missing 0.0" in told


@pytest.mark.parametrize("sent", [{}, {"authorization": "Bearer x"}, {"authorization": WORD + " "}])
def test_for_all_others_there_is_no_such_page(watched, sent):
    client, _figures = watched

    assert client.get("/metrics", headers=sent).status_code == 404


def test_without_a_token_nobody_may_ask_at_all(db, settings):
    settings.METRICS_TOKEN = ""

    assert Client().get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


FAILING = """
import logging
from django.test import Client
from django.urls import path, include
from materiality.project import urls

def failing(request, token):
    comment = request.POST["comment"]
    raise ValueError(f"cannot store the answer of /r/{token}/")

urls.urlpatterns.insert(0, path("r/<token>/fails/", failing))
said = Client(raise_request_exception=False).post(
    "/r/aVerySecretToken1/fails/?lang=en", {"comment": "my secret thought"},
    headers={"cookie": "sessionid=stolen"},
)
print(said.status_code)
import sentry_sdk
sentry_sdk.flush(10)
"""


@pytest.fixture
def service():
    """A service for errors on loopback, and what it was told."""
    told: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            is_zipped = self.headers.get("Content-Encoding") == "gzip"
            told.append((gzip.decompress(sent) if is_zipped else sent).decode())
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listening)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, told
    server.shutdown()
    server.server_close()


def test_an_error_reaches_the_service_without_token_answer_or_cookie(service):
    port, told = service

    done = django_says(
        f"exec({FAILING!r})",
        ERRORS_DSN=f"http://public@127.0.0.1:{port}/1",
        DATABASE_URL="sqlite://:memory:",
        ALLOWED_HOSTS="testserver",
    )

    assert done.stdout.strip() == "500", done.stderr
    sent = "\n".join(told)
    assert '"ValueError"' in sent
    assert "cannot store the answer of /r/\\u2026/" in sent or "answer of /r/…/" in sent
    assert '"failing"' in sent
    for secret in ("aVerySecretToken1", "my secret thought", "stolen"):
        assert secret not in sent
    assert "ValueError" in done.stderr  # and in the log as always
    json.dumps(sent)
