"""What a production site writes to standard error: read from a process of its own."""

import json
import subprocess
import sys
from typing import Any

from tests.project.test_door import COMPLETE
from tests.project.test_settings import ROOT

SITE = """
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from tests.builders import make_link, make_survey
from surveys.actions.erase import erase_person
call_command("migrate", verbosity=0)
survey = make_survey(topics=3)
token = make_link(survey, email="ann@example.com")
"""
ERROR = """
from unittest.mock import patch
client = Client(raise_request_exception=False, headers={"x-forwarded-proto": "https"})
with patch("surveys.views.landing.begins_with_a_page", side_effect=ValueError("no such thing")):
    print(client.get(f"/r/{token}/", secure=True, headers={"host": "example.org"}).status_code)
print(token)
"""
ERASURE = """
print(erase_person(survey.organisation, "ann@example.com"))
"""


def lines_of(tmp_path, code: str, **environment: str) -> tuple[list[str], list[dict[str, Any]]]:
    """Return what a process of production printed, and its log."""
    surroundings = COMPLETE | {
        "DJANGO_SETTINGS_MODULE": "materiality.project.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "DATA": str(tmp_path),
        "PATH": "/usr/bin:/bin",
    }
    ran = subprocess.run(
        [sys.executable, "-c", SITE + code], cwd=ROOT, env=surroundings | environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    written = [line for line in ran.stderr.splitlines() if line.startswith("{")]
    return ran.stdout.split(), [json.loads(line) for line in written]


def test_an_error_is_in_the_log_of_production_without_the_token_of_its_link(tmp_path):
    (status, token), log = lines_of(tmp_path, ERROR)

    assert status == "500"
    [error] = [line for line in log if line["level"] == "error"]
    assert "ValueError: no such thing" in error["error"]
    assert error["logger"] == "django.request"
    assert token not in json.dumps(log)


def test_an_erasure_is_in_the_log_of_production_without_the_address(tmp_path):
    (count,), log = lines_of(tmp_path, ERASURE)

    assert count == "1"
    [erased] = [line for line in log if line["logger"] == "surveys.erase"]
    assert erased["message"] == "Erased one person from 1 surveys, as asked."
    assert "ann@example.com" not in json.dumps(log)


def test_the_control_where_nothing_happened_nothing_of_it_is_logged(tmp_path):
    _printed, log = lines_of(tmp_path, "")

    assert not [line for line in log if line["level"] == "error"]
    assert not [line for line in log if line["logger"] == "surveys.erase"]
