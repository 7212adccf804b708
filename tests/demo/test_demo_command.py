"""What `make demo` prints can be opened as it stands, and what stops it is said in one line."""

import io
import os
import re
import socket
import subprocess
import sys

import pytest
from django.core.management import CommandError
from django.test import Client

from materiality.actions.access import note_access
from materiality.demo import checks, rounds
from materiality.management.commands import demo
from materiality.models import Access
from tests.rounds import make_user


@pytest.fixture
def manager(db, monkeypatch):
    made = make_user("manager")
    monkeypatch.setattr(rounds, "MANAGER", made.email)
    return made


@pytest.fixture
def taken():
    """A port on which another program listens, and would share it as our server does."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind((demo.HOST, 0))
        other.listen()
        yield str(other.getsockname()[1])


def test_the_sign_in_link_is_printed_with_its_host_and_signs_in(manager, monkeypatch):
    monkeypatch.setattr(os, "execv", lambda *command: None)
    monkeypatch.setenv("SITE_URL", "http://127.0.0.1:8000")
    printed = io.StringIO()

    demo.Command(stdout=printed)._serve("8000")

    link = re.search(r"Sign in +http://127\.0\.0\.1:8000(/signin/\S+)", printed.getvalue())
    assert link is not None
    assert Client().post(link[1]).status_code == 302


def test_the_links_are_written_before_the_server_takes_over(manager, monkeypatch, tmp_path):
    """Into a file they are kept back until it is full; the server never writes them."""
    written = []
    with (tmp_path / "out").open("w") as file:
        monkeypatch.setattr(sys, "stdout", file)
        monkeypatch.setenv("SITE_URL", "http://127.0.0.1:8000")
        monkeypatch.setattr(
            os, "execv", lambda *command: written.append((tmp_path / "out").read_text())
        )
        demo.Command(stdout=file)._serve("8000")

    assert "/signin/" in written[0]


def test_a_taken_port_stops_the_demo_before_it_makes_anything(taken, monkeypatch):
    monkeypatch.setenv("PORT", taken)
    monkeypatch.setenv("SERVE", "1")
    monkeypatch.setattr(rounds, "is_there", lambda: pytest.fail("It went on."))

    with pytest.raises(CommandError, match=rf"Port {taken} .* make demo PORT=8001"):
        demo.Command().handle()


def test_a_port_that_is_none_is_refused():
    for port in ("love", "0", "70000", "-1"):
        with pytest.raises(CommandError, match="from 1 to 65535"):
            demo.refuse_taken(port)


def test_a_free_port_is_served(taken):
    with socket.socket() as other:
        other.bind((demo.HOST, 0))
        free = str(other.getsockname()[1])

    demo.refuse_taken(free)


def test_a_second_demo_ends_with_one_line_and_no_traceback(taken):
    second = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        env=os.environ | {"PORT": taken, "SERVE": "1"},
        capture_output=True,
        text=True,
    )

    assert second.returncode == 1
    assert second.stderr.strip().count("\n") == 0
    assert "perhaps another `make demo` runs" in second.stderr


def test_looking_at_its_own_pages_the_demo_fills_no_terminal(manager, monkeypatch, caplog):
    """Each file that is taken is told in the server's log, which is the terminal here."""
    monkeypatch.setattr(checks, "MANAGER", manager.email)
    monkeypatch.setattr(checks, "_walk", lambda _client, _language: take_a_file(manager))

    with caplog.at_level("INFO"):
        checks.every_page_answers()
        assert "download" not in caplog.text
        take_a_file(manager)
        assert "download" in caplog.text  # control


def take_a_file(by) -> int:
    note_access(kind=Access.Kind.DOWNLOAD, by=by, subject="report.pdf")
    return 1
