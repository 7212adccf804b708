"""The admin pages: off, and where they are on, by the door everybody takes."""

import os
import subprocess
import sys

import pytest

from tests.project.test_settings import ROOT, django_says

RESOLVE = """
from django.test import Client
from django.contrib.admin import site
response = Client().get("/admin/login/", headers={"host": "localhost"})
print(response.status_code, response.headers.get("Location", ""))
names = [model.__name__ for model in site._registry]
print([name for name in names if "oken" in name or "App" in name])
"""


def test_there_are_no_admin_pages_unless_somebody_turns_them_on(client, db):
    assert client.get("/admin/").status_code == 404


def test_admin_pages_are_entered_by_the_sign_in_with_its_limits_and_second_factor(tmp_path):
    environment = {
        "PATH": os.environ["PATH"], "ADMIN": "1", "DJANGO_SETTINGS_MODULE":
        "materiality.project.settings", "DATABASE_URL": f"sqlite:///{tmp_path / 'db'}",
    }  # fmt: skip
    code = f"import django; django.setup(){RESOLVE}"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=True,
    )  # fmt: skip

    way, tokens = said.stdout.splitlines()
    assert way.startswith("302 /accounts/login/")
    assert tokens == "[]"


COMPLETE = {
    "PRODUCTION": "1",
    "SECRET_KEY": "".join(chr(65 + at % 57) for at in range(70)),
    "ALLOWED_HOSTS": "example.org",
    "SITE_URL": "https://example.org",
    "TRUSTED_PROXIES": "127.0.0.1",
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
    "BACKUPS": "/var/backups/materiality",
}
CHECK = (
    "from django.core.management import call_command;"
    "call_command('check', deploy=True, fail_level='WARNING')"
)
ONLY_SECURITY = CHECK.replace("deploy=True", "deploy=True, tags=['security']")


@pytest.mark.drill
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"CACHE_URL": "locmemcache://"}, "memory of each process"),
        ({"DATABASE_URL": "postgres://u:p@db.example.org/n"}, "need not be encrypted"),
        ({"EMAIL_URL": "consolemail://"}, "reach nobody"),
        ({"TRUSTED_PROXIES": ""}, "No proxy is trusted"),
        ({"SITE_URL": "http://example.org"}, "Links in mails begin with http://"),
        ({"ADMIN": "1"}, "admin pages are on"),
        ({"SURVEY_KEYS": "/nowhere/at/all"}, "cannot be made"),
        ({"FILES": "disk"}, "another host does not have them"),
        ({"WORKER": "0"}, "No worker is said to run"),
        ({"BACKUPS": ""}, "Nothing makes backups"),
    ],
)
def test_half_a_setup_is_refused_with_what_to_do(change, sentence):
    refused = django_says(ONLY_SECURITY, **COMPLETE | change)  # ours are of this kind

    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert "HINT" in refused.stderr


def test_a_whole_setup_is_not_refused():
    done = django_says(CHECK, **COMPLETE)

    assert done.returncode == 0, done.stderr
