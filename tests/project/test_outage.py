"""What is away for now: Redis, the database, a key. Nobody sees a 500, and limits still count."""

import io
import json
import logging
import socket
from uuid import uuid4

import psycopg
import pytest
from django.core.cache import caches
from django.db import InternalError, OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.test import Client

from materiality.project.cache import REST, JsonSerializer, RedisOrSqlCache, SqlCache
from materiality.project.database import database
from materiality.project.logs import JsonLines
from surveys.actions import answer
from surveys.visit.rates import JOINED, UNKNOWN
from tests.builders import consent_of, make_link, make_survey, ratings_for

PAGES = ("/r/guess/", "/accounts/login/", "/accounts/password/reset/", "/a/")


@pytest.fixture
def without_redis(settings):
    """Production's cache, and nobody listens where Redis should be."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = f"redis://127.0.0.1:{port}/1"
    backend = "materiality.project.cache.RedisOrSqlCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": place}}
    yield
    caches.close_all()


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


# ---- Redis ----


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_without_redis_pages_are_answered(without_redis, visitor, path):
    assert visitor.get(path).status_code < 500


@pytest.mark.django_db
def test_without_redis_sign_in_answers_and_is_limited(without_redis, visitor):
    said = [
        visitor.post("/accounts/login/", {"login": "nobody@example.com", "password": str(at)})
        for at in range(11)
    ]

    assert {response.status_code for response in said} <= {200, 429}
    assert (
        "Too many" in said[-1].content.decode()
        or said[-1].status_code == 429
        or ("过多" in said[-1].content.decode())
    )


@pytest.mark.django_db
def test_without_redis_guesses_at_links_are_limited_still(without_redis, visitor):
    said = [visitor.get(f"/r/guess{at}/").status_code for at in range(UNKNOWN.free + 1)]

    assert said == [404] * UNKNOWN.free + [429]


@pytest.mark.django_db
def test_without_redis_the_open_link_counts(without_redis):
    for _visit in range(JOINED.free):
        assert JOINED.take("203.0.113.7")

    assert not JOINED.take("203.0.113.7")


@pytest.mark.django_db
def test_a_redis_that_does_not_answer_is_left_alone_for_a_while(monkeypatch):
    cache = RedisOrSqlCache("redis://127.0.0.1:1/1", {})
    cache.set("key", "value", 60)

    assert cache.get("key") == "value"
    assert cache.rests_until > REST

    def refused(*_arguments):
        raise AssertionError("Redis was asked again")

    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", refused)
    assert cache.get("key") == "value"


@pytest.mark.django_db
def test_the_cache_in_the_database_keeps_what_a_cache_keeps():
    cache = SqlCache("", {})

    assert cache.get("a", "default") == "default"
    cache.set("a", [1.5, "字"], 60)
    cache.set("b", b"\x00PNG", 60)
    assert (cache.get("a"), cache.get("b")) == ([1.5, "字"], b"\x00PNG")
    assert (cache.add("a", 2), cache.add("n", 2)) == (False, True)
    assert (cache.incr("n"), cache.incr("n", 3), cache.get("n")) == (3, 6, 6)
    with pytest.raises(ValueError, match="not found"):
        cache.incr("nowhere")
    assert cache.touch("a", -1)
    assert cache.get("a") is None
    assert cache.add("a", 3)  # what is over is free
    assert cache.delete("a")
    cache.clear()
    assert cache.get("b") is None


def test_what_lies_in_a_cache_is_data_and_runs_nothing():
    serializer = JsonSerializer()

    assert serializer.loads(serializer.dumps({"a": [1, None]})) == {"a": [1, None]}
    with pytest.raises(ValueError, match="Expecting value"):
        serializer.loads(b"cos\nsystem\n(S'true'\ntR.")  # a pickle


# ---- the database ----


@pytest.fixture
def database_away(db):
    """Every statement fails as it does when the server is gone."""
    patch = pytest.MonkeyPatch()

    def fail(*_arguments, **_options):
        raise OperationalError("server closed the connection unexpectedly")

    yield lambda: patch.setattr(CursorWrapper, "execute", fail)
    patch.undo()


@pytest.mark.parametrize("path", ["/r/guess/", "/a/", "/accounts/login/", "/api/v1/assessments/"])
def test_without_the_database_people_and_programs_are_told_to_try_again(
    database_away, visitor, path
):
    visitor.cookies["sessionid"] = "x" * 32
    database_away()

    said = visitor.get(path, headers={"authorization": "Token x"} if "api" in path else {})

    if path == "/accounts/login/" and said.status_code == 200:
        return  # the form needs nothing of the database
    assert (said.status_code, said.headers["Retry-After"]) == (503, "10")
    assert said.headers["Cache-Control"] == "no-store"


def test_an_answer_that_cannot_be_stored_is_not_thanked_for(database_away, visitor):
    survey = make_survey(topics=3)
    token = make_link(survey)
    answer.start(token, consent_of(survey))
    database_away()

    said = visitor.post(f"/r/{token}/1/", {"q1": "3"})

    assert said.status_code == 503
    assert "返回上一页" in said.content.decode()


@pytest.mark.parametrize("path", ["/r/guess/", "/a/", "/api/v1/assessments/"])
def test_a_database_that_is_no_primary_any_more_is_away_and_not_broken(
    db, visitor, monkeypatch, path
):
    """In the middle of a failover a host takes connections and refuses to write."""

    def fail(*_arguments, **_options):
        cause = psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT in a read-only ...")
        raise InternalError(str(cause)) from cause

    visitor.cookies["sessionid"] = "x" * 32
    with monkeypatch.context() as patch:
        patch.setattr(CursorWrapper, "execute", fail)
        answer = visitor.get(path, headers={"authorization": "Token x"} if "api" in path else {})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


def test_another_fault_is_a_500_and_not_a_503(db, visitor, monkeypatch):
    def broken(*_arguments, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr("surveys.visit.visits.find", broken)
    monkeypatch.setattr("surveys.views.visitors.find", broken)

    assert visitor.get("/r/guess/").status_code == 500


def test_ready_is_said_by_what_is_there_and_alive_by_the_process(database_away, client):
    assert client.get("/readyz").content == b"ready"
    database_away()

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert "database: away" in client.get("/readyz").content.decode()


def test_a_host_without_the_keys_of_open_surveys_is_not_ready(db, client, settings, tmp_path):
    make_survey(topics=1)
    assert client.get("/readyz").status_code == 200

    settings.SURVEY_KEYS = str(tmp_path)  # as on a host where the folder is not mounted

    assert client.get("/readyz").content.decode() == "keys: away"


def test_what_the_databases_address_says_is_kept():
    url = {
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": {"sslmode": "verify-full", "target_session_attrs": "read-write"},
    }

    options = database(url)["OPTIONS"]

    assert options["sslmode"] == "verify-full"
    assert options["target_session_attrs"] == "read-write"
    assert options["server_side_binding"]


# ---- the log ----


@pytest.fixture
def log():
    """What a running site writes: every logger's lines, as objects."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_an_error_is_logged_with_where_it_went_wrong_and_without_token_or_answer(
    db, visitor, monkeypatch, log
):
    survey = make_survey(topics=3)
    token = make_link(survey)
    answer.start(token, consent_of(survey))

    def broken(*_arguments, **_options):
        raise ValueError("no such thing")

    monkeypatch.setattr("surveys.actions.answer.store", broken)
    keys = survey.questions.values_list("pk", flat=True)

    said = (
        visitor.post(f"/r/{token}/done/", {"comment": "my secret thought"}),
        visitor.post(f"/r/{token}/1/", {f"q{key}": "3" for key in keys}),
    )

    assert {response.status_code for response in said} & {500}
    errors = [line for line in log() if line["level"] == "error"]
    assert "no such thing" in errors[-1]["error"]
    written = json.dumps(log(), ensure_ascii=False)
    assert token not in written
    assert "my secret thought" not in written


def test_a_databases_detail_is_not_logged(log):
    sentence = "\n".join(["duplicate key", "DETAIL:  Key (email)=(ann@example.com) exists."])
    try:
        raise OperationalError(sentence)
    except OperationalError:
        logging.getLogger("django.request").exception("Internal Server Error")

    assert "ann@example.com" not in json.dumps(log())
    assert "duplicate key" in log()[-1]["error"]


def test_a_connection_is_looked_at_before_it_is_used_again():
    if connection.vendor != "postgresql":
        assert database({"ENGINE": "django.db.backends.postgresql"})["CONN_HEALTH_CHECKS"]
        return
    assert connection.settings_dict["CONN_HEALTH_CHECKS"]


def test_submitting_works_while_redis_is_away(db, without_redis):
    survey = make_survey(topics=3)

    receipt = answer.submit(
        make_link(survey), submission=uuid4(), ratings=ratings_for(survey),
        consent=consent_of(survey),
    )  # fmt: skip

    assert len(receipt) == 9
