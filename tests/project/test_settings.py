import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import override_settings

from materiality.locking.snapshots import results_for
from tests.conftest import missing
from tests.rounds import sealed_round

ROOT = Path(__file__).resolve().parents[2]


def django_says(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", f"import django; django.setup(); {code}"]
    settings = {
        "DJANGO_SETTINGS_MODULE": "materiality.project.settings",
        "PATH": os.environ["PATH"],
    }
    return subprocess.run(
        command, cwd=ROOT, env=settings | environment, capture_output=True, text=True, check=False
    )


def test_production_without_a_secret_key_stops_with_advice():
    stopped = django_says("pass", PRODUCTION="1")

    assert stopped.returncode == 1
    assert "SECRET_KEY is not set. Generate one with" in stopped.stderr


@pytest.mark.parametrize("mistyped", ["10.0.0.1/8", "proxy.local"])
def test_a_mistyped_proxy_stops_with_advice_and_is_not_passed_over(mistyped):
    stopped = django_says("pass", TRUSTED_PROXIES=f"127.0.0.1,{mistyped}")

    assert stopped.returncode == 1
    assert "List addresses, or networks like 10.0.0.0/8" in stopped.stderr
    assert django_says("pass", TRUSTED_PROXIES="127.0.0.1,10.0.0.0/8").returncode == 0


def test_production_turns_on_what_a_public_site_needs():
    code = (
        "from django.conf import settings as s;"
        "print(s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_NAME, s.SECURE_HSTS_SECONDS, s.DEBUG,"
        " s.LANGUAGE_COOKIE_SECURE, s.FACTOR_REQUIRED, s.REAUTHENTICATE,"
        " *s.SPECTACULAR_SETTINGS['SERVE_PERMISSIONS'])"
    )

    said = django_says(code, PRODUCTION="1", SECRET_KEY="x" * 60)

    assert said.stdout.split() == [
        *("True", "__Host-sessionid", "31536000", "False", "True", "True", "True"),
        "rest_framework.permissions.IsAuthenticated",
    ]


def test_the_server_says_that_it_is_well(client):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_a_page_that_does_not_exist_says_so_in_both_languages(client):
    for language, word in (("zh-hans", "没有"), ("en", "not")):
        answer = client.get("/nowhere/", headers={"accept-language": language})

        assert answer.status_code == 404
        assert word in answer.content.decode()


@pytest.mark.django_db
def test_results_are_the_same_from_a_shared_cache():
    if not (address := os.environ.get("TEST_REDIS_URL")):
        missing("Redis", "apt-get install redis-server, start it, set TEST_REDIS_URL")
    assessment = sealed_round()
    expected = results_for(assessment).document
    backend = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": address}

    with override_settings(CACHES={"default": backend}):
        cold, warm = results_for(assessment).document, results_for(assessment).document
        caches["default"].clear()
        caches.close_all()

    assert cold == warm == expected
