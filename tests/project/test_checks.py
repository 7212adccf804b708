"""Every complaint of `check --deploy` is made where it should be, and nowhere else."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import run_checks

from materiality.project import checks
from surveys.encryption import keys
from tests.project.test_settings import django_says
from tests.rounds import ask, make_round

WHOLE = {
    "CACHES": {"default": {"BACKEND": "materiality.project.cache.SqlCache", "LOCATION": ""}},
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "TRUSTED_PROXIES": ["127.0.0.1"],
    "SITE_URL": "https://example.org",
    "ALLOWED_HOSTS": ["example.org"],
    "ADMIN": False,
    "BREACHED_PASSWORDS": True,
    "LOGGING": {"root": {"handlers": ["console"]}},
    "FILES": "database",
    "WORKER": True,
    "BACKUPS": "/var/backups/materiality",
}
STORE = {"bucket_name": "b", "endpoint_url": "", "access_key": "a", "secret_key": "s"}
LOCAL_MEMORY = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
FAULTS = {
    "E001": {"CACHES": LOCAL_MEMORY},
    "W003": {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
    "W004": {"TRUSTED_PROXIES": []},
    "W005": {"SITE_URL": "https://elsewhere.example.org"},
    "W006": {"ADMIN": True},
    "E007": {"LOGGING": {"root": {"handlers": []}}},
    "E008": {"SURVEY_KEYS": "/nowhere/at/all"},
    "W010": {"FILES": "disk"},
    "W011": {"WORKER": False},
    "W012": {"BACKUPS": ""},
    "E013": {"FILES": "s4"},
    "E014": {"FILES": "s3", "S3": STORE | {"bucket_name": ""}},
    "E015": {"FILES": "s3", "S3": STORE | {"secret_key": ""}},
    "E016": {"FILES": "s3", "S3": STORE | {"endpoint_url": "http://store.example.org"}},
    "I020": {"BREACHED_PASSWORDS": False},
}
OTHERWISE = {
    "E002",
    "E009",
    "E017",
    "E018",
    "E019",
}  # not of the settings: tests of their own, below


@pytest.fixture
def whole(settings, tmp_path):
    for name, value in (WHOLE | {"SURVEY_KEYS": str(tmp_path / "keys")}).items():
        setattr(settings, name, value)
    return settings


def complaints() -> set[str]:
    messages = run_checks(tags=["security"], include_deployment_checks=True)
    ours = [str(message.id) for message in messages if "materiality." in str(message.id)]
    return {each.removeprefix("materiality.") for each in ours}


def test_a_whole_set_up_has_no_complaint(whole):
    assert complaints() == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_one_complaint(whole, fault):
    for name, value in FAULTS[fault].items():
        setattr(whole, name, value)

    assert complaints() == {fault}


def test_every_complaint_has_its_test():
    ids = re.findall(r'id="materiality\.(\w+)"', Path(checks.__file__).read_text())

    assert len(ids) == len(set(ids))
    assert set(ids) == FAULTS.keys() | OTHERWISE
    own = Path(__file__).read_text()
    assert [each for each in OTHERWISE if f'== {{"{each}"}}' not in own] == []


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
def test_a_database_elsewhere_without_tls_is_refused(whole, monkeypatch, mode):
    database = settings.DATABASES["default"]
    monkeypatch.setitem(database, "HOST", "db.example.org")
    monkeypatch.setitem(database, "OPTIONS", {"sslmode": "verify-full"})
    assert complaints() == set()

    monkeypatch.setitem(database, "OPTIONS", {"sslmode": mode})
    assert complaints() == {"E002"}

    monkeypatch.setitem(
        database, "HOST", "/var/run/postgresql"
    )  # no network, nothing to read along
    assert complaints() == set()


def test_a_folder_of_keys_that_others_may_look_into_is_refused(whole, tmp_path):
    (tmp_path / "keys").mkdir(mode=0o700)
    assert complaints() == set()

    (tmp_path / "keys").chmod(0o750)

    assert complaints() == {"E009"}


@pytest.mark.parametrize("library", ["storages", "boto3"])
def test_a_store_without_its_library_is_refused(whole, monkeypatch, library):
    whole.FILES, whole.S3 = "s3", STORE
    monkeypatch.setattr(checks, "find_spec", lambda name: None if name == library else checks)

    assert complaints() == {"E017"}


def test_a_cache_without_the_client_of_redis_is_refused(whole, monkeypatch):
    monkeypatch.setattr(checks, "find_spec", lambda name: None)

    assert complaints() == {"E018"}


@pytest.mark.django_db
def test_a_host_without_the_key_of_an_open_survey_is_refused(whole, tmp_path):
    survey = ask(make_round())[0]
    assert keys.exists(survey.key)
    assert keys_missing() == set()

    whole.SURVEY_KEYS = str(tmp_path / "not-mounted")

    assert keys_missing() == {"E019"}
    assert keys_missing(databases=None) == set()  # nobody said that a database is there


def keys_missing(databases=("default",)) -> set[str]:
    messages = checks.keys_that_are_missing(databases=databases)
    return {str(message.id).removeprefix("materiality.") for message in messages}


NAMES = (
    "from django.conf import settings as s; print([v['NAME'] for v in s.AUTH_PASSWORD_VALIDATORS])"
)


@pytest.mark.parametrize(
    ("environment", "is_asked"),
    [
        ({}, False),
        ({"PRODUCTION": "1", "SECRET_KEY": "x" * 60}, True),
        ({"PRODUCTION": "1", "SECRET_KEY": "x" * 60, "BREACHED_PASSWORDS": "0"}, False),
        ({"BREACHED_PASSWORDS": "1"}, True),
    ],
)
def test_production_asks_whether_a_password_has_leaked(environment, is_asked):
    answer = django_says(NAMES, **environment)

    assert ("BreachedPasswordValidator" in answer.stdout) == is_asked, answer.stderr
