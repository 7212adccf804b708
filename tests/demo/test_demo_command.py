"""What `make demo` prints can be opened as it stands."""

import io
import os
import re

import pytest
from django.test import Client

from materiality.demo import rounds
from materiality.management.commands import demo
from tests.rounds import make_user


@pytest.mark.django_db
def test_the_sign_in_link_is_printed_with_its_host_and_signs_in(monkeypatch):
    manager = make_user("manager")
    monkeypatch.setattr(rounds, "MANAGER", manager.email)
    monkeypatch.setattr(os, "execv", lambda *command: None)
    printed = io.StringIO()

    demo.Command(stdout=printed)._serve()

    link = re.search(r"Sign in +http://127\.0\.0\.1:8000(/signin/\S+)", printed.getvalue())
    assert link is not None
    assert Client().post(link[1]).status_code == 302
