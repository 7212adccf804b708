"""What a variable of the environment says reaches what it is about."""

import json

import pytest

from tests.project.test_settings import django_says

SITE = {
    "EMAIL_URL": "smtp+tls://mail.example.org:587",
    "EMAIL_TIMEOUT": "7",
    "SESSION_IDLE": "5",
    "BACKUP_DAYS": "3",
    "OIDC_URL": "https://id.example.org/realm",
    "OIDC_CLIENT_ID": "x",
    "OIDC_CLIENT_SECRET": "x",
    "OIDC_ORIGINS": "https://login.example.org,https://id.example.org",
    "FILES": "s3",
    "S3_BUCKET": "files",
    "S3_PREFIX": "materiality/one",
}
TOLD = """
import json
from django.conf import settings
from django.core.files.storage import storages
from django.core.mail import get_connection
print(json.dumps({
    "EMAIL_TIMEOUT": get_connection().timeout,
    "SESSION_IDLE": settings.SESSION_IDLE,
    "BACKUP_DAYS": settings.BACKUP_DAYS,
    "OIDC_ORIGINS": settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"][1:],
    "S3_PREFIX": settings.S3["location"],
    "storage": str(settings.STORAGES["default"]),
}))
"""
DEFAULTS = {"EMAIL_TIMEOUT": 20, "SESSION_IDLE": 1800, "BACKUP_DAYS": 30, "S3_PREFIX": ""}


def told(**environment: str):
    answer = django_says(TOLD, **environment)
    assert answer.returncode == 0, answer.stderr[-2000:]
    return json.loads(answer.stdout)


def test_each_reaches_what_it_is_about():
    values = told(**SITE)

    assert values["EMAIL_TIMEOUT"] == 7  # of the connection itself
    assert values["SESSION_IDLE"] == 5 * 60
    assert values["BACKUP_DAYS"] == 3
    assert values["OIDC_ORIGINS"] == ["https://login.example.org", "https://id.example.org"]
    assert values["S3_PREFIX"] == "materiality/one"
    assert "'location': 'materiality/one'" in values["storage"]


def test_left_out_they_are_what_the_page_about_operating_says():
    values = told(EMAIL_URL=SITE["EMAIL_URL"])

    assert {name: values[name] for name in DEFAULTS} == DEFAULTS
    assert values["OIDC_ORIGINS"] == []


def test_a_companys_sign_in_without_further_origins_is_where_its_address_is():
    names = ("OIDC_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")

    values = told(EMAIL_URL=SITE["EMAIL_URL"], **{name: SITE[name] for name in names})

    assert values["OIDC_ORIGINS"] == ["https://id.example.org"]


@pytest.mark.parametrize("name", ["EMAIL_TIMEOUT", "SESSION_IDLE", "BACKUP_DAYS"])
def test_what_is_no_number_stops(name):
    assert django_says("from django.conf import settings as s; s.DEBUG", **{name: "x"}).returncode
