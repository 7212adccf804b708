"""A kept connection is known to live without a question, and known to be dead without a visitor."""

import pytest
from django.db import OperationalError, connection
from django.db.backends.postgresql.base import DatabaseWrapper

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL"),
]


@pytest.fixture
def idle():
    """A connection between two requests."""
    connection.ensure_connection()
    connection.health_check_enabled = True
    yield connection
    connection.close()


def begin_request():
    connection.health_check_done = False


def test_a_living_connection_is_not_asked(idle, monkeypatch):
    asked = []
    monkeypatch.setattr(DatabaseWrapper, "is_usable", lambda _wrapper: asked.append(1) or True)
    begin_request()

    with idle.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert asked == []


def test_a_connection_that_the_server_ended_is_replaced_before_it_is_used(idle):
    with idle.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [ended] = cursor.fetchone()
    other = idle.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [ended])
    other.close()
    begin_request()

    with idle.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [fresh] = cursor.fetchone()

    assert fresh != ended


def test_the_control_unasked_the_ended_connection_fails(idle):
    with idle.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [ended] = cursor.fetchone()
    other = idle.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [ended])
    other.close()

    with pytest.raises(OperationalError), idle.cursor() as cursor:
        cursor.execute("SELECT 1")
