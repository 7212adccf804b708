"""Who visits, as a proxy tells it: believed from our own proxies, and from nobody else."""

from importlib import reload
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.cache import cache
from django.core.signals import request_started
from django.db import close_old_connections

from surveys.visit.rates import UNKNOWN

pytestmark = pytest.mark.django_db
PROXY = "192.0.2.1"


@pytest.fixture
def server(settings, monkeypatch):
    # A server that starts gives its connection back; here it is the test's.
    monkeypatch.setattr("materiality.project.welcome.close_old_connections", lambda: None)
    from materiality.project import wsgi  # a server that starts asks the database

    cache.clear()

    def started(proxies):
        settings.TRUSTED_PROXIES = proxies
        return reload(wsgi).application

    # As Django's own test client does: the connection is the test's.
    request_started.disconnect(close_old_connections)
    yield started
    request_started.connect(close_old_connections)
    settings.TRUSTED_PROXIES = []
    reload(wsgi)


def status(application, path, forwarded="", scheme="http"):
    environ = {"PATH_INFO": path, "REMOTE_ADDR": PROXY, "HTTP_HOST": "localhost"}
    environ |= {"HTTP_X_FORWARDED_PROTO": scheme}
    if forwarded:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    setup_testing_defaults(environ)
    said = []
    application(environ, lambda line, _headers: said.append(line))
    return int(said[0].split()[0])


def guesses(application, forwarded, times=UNKNOWN.free):
    return [status(application, f"/r/guess{at}/", forwarded) for at in range(times)]


def test_visitors_behind_our_proxy_are_counted_apart(server):
    application = server([PROXY])
    guesses(application, "203.0.113.7")

    assert status(application, "/r/guess/", "203.0.113.7") == 429
    assert status(application, "/r/guess/", "198.51.100.7") == 404


def test_a_visitor_is_known_behind_two_proxies_where_both_are_ours(server):
    """nginx says who visits, and HAProxy adds that nginx does: X-Forwarded-For has both."""
    nginx = "10.77.0.1"
    both, one = server([PROXY, nginx]), server([PROXY])
    guesses(both, f"203.0.113.7,{nginx}")

    assert status(both, "/r/guess/", f"203.0.113.7,{nginx}") == 429
    assert status(both, "/r/guess/", f"198.51.100.7,{nginx}") == 404
    cache.clear()
    guesses(one, f"203.0.113.7,{nginx}")
    assert status(one, "/r/guess/", f"198.51.100.7,{nginx}") == 429  # all of them are nginx


def test_a_visitor_cannot_choose_an_address(server):
    direct, behind = server([]), server([PROXY])
    guesses(direct, "203.0.113.7")

    assert status(direct, "/r/guess/", "198.51.100.7") == 429
    # What a visitor wrote before the proxy's own entry is not believed.
    guesses(behind, "203.0.113.7")
    assert status(behind, "/r/guess/", "198.51.100.7, 203.0.113.7") == 429


def test_only_our_proxy_may_say_that_a_visit_is_encrypted(server, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert status(server([PROXY]), "/r/", "203.0.113.7", "https") == 200
    assert status(server([PROXY]), "/r/", "203.0.113.7", "http") == 301
    assert status(server([]), "/r/", "203.0.113.7", "https") == 301


def test_the_scheme_alone_is_believed_from_nobody_but_our_proxy(server, settings):
    settings.SECURE_SSL_REDIRECT = True

    assert status(server([]), "/r/", scheme="https") == 301
    assert status(server(["198.51.100.0/24"]), "/r/", scheme="https") == 301
    assert status(server([PROXY]), "/r/", scheme="https") == 200
