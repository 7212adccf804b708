"""What a link's secret gives away, and the short way that answers it."""

import logging

import pytest
from django.conf import settings as project
from django.http import HttpRequest
from django.test import Client

from surveys.actions import answer
from surveys.models import Intake
from surveys.people import logs
from surveys.visit.bots import LiveClient, respond
from tests.builders import consent_of, make_link, make_survey

pytestmark = pytest.mark.django_db
SHORT_WAY = "surveys.views.middleware.RespondentMiddleware"
SECURITY = (
    "Content-Security-Policy", "Referrer-Policy", "X-Frame-Options", "X-Content-Type-Options",
    "Cross-Origin-Opener-Policy", "Cache-Control", "Content-Language",
)  # fmt: skip


def the_long_way() -> list[str]:
    return [each for each in project.MIDDLEWARE if each != SHORT_WAY]


def the_short_way() -> list[str]:
    return list(project.MIDDLEWARE)


def visit_every_page(survey, visitor) -> list:
    token = make_link(survey)
    pages = [visitor.get(f"/r/{token}/"), visitor.get("/r/unknown/"), visitor.get("/r/x/y/z/")]
    answer.start(token, consent_of(survey))
    pages += [visitor.get(f"/r/{token}/{path}") for path in ("", "1/", "end/", "withdraw/", "no/")]
    pages += [visitor.post(f"/r/{token}/1/", {"q1": "9"}), visitor.get(f"/r/{token}")]
    return [*pages, visitor.get(f"/s/{survey.slug}/privacy/")]


# ---- the short way ----


def test_both_ways_lead_to_the_same_pages_with_the_same_protection(survey, visitor, settings):
    result = []
    for way in (the_long_way(), the_short_way()):
        settings.MIDDLEWARE = way
        pages = visit_every_page(survey, Client(headers={"accept-language": "en"}))
        result.append([(page.status_code, [page.headers.get(name) for name in SECURITY])
                      for page in pages])  # fmt: skip

    assert result[0] == result[1]


def test_the_short_way_needs_no_session_and_no_sign_in(survey, settings, monkeypatch):
    settings.MIDDLEWARE = the_short_way()

    def fail(*_args, **_options):
        raise AssertionError("the long way was taken")

    monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.__call__", fail)
    respond(Client(), f"/r/{make_link(survey)}/", lambda asked: 3)
    with pytest.raises(AssertionError):
        Client().get("/accounts/login/")

    assert Intake.objects.get().submitted


def test_pages_allow_less_than_the_rest_of_the_site(survey, visitor, token):
    policy = visitor.get(f"/r/{token}/").headers["Content-Security-Policy"]
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    site = project.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert allowed["default-src"] == "'none'"
    for name, sources in allowed.items():
        assert set(sources.split()) <= set(map(str, site[name])), name
    assert {"base-uri", "form-action", "frame-ancestors"} <= set(allowed)


# ---- logs ----


def test_no_log_holds_the_secret_of_a_link(survey, visitor, caplog):
    caplog.set_level(logging.DEBUG)
    token = make_link(survey)

    visitor.get(f"/r/{token}/nowhere/")
    visitor.post(f"/r/{token}/1/", {"q0": "9"})
    answer.start(token, consent_of(survey))
    visitor.post(f"/r/{token}/1/", {"q0": "9"})

    assert "Bad Request: /r/…/1/" in caplog.text
    assert token not in caplog.text
    assert not any(token in str(vars(record)) for record in caplog.records)


def test_the_control_without_the_filter_the_log_holds_it(survey, visitor, caplog, monkeypatch):
    monkeypatch.setattr(logs.WithoutTokens, "filter", lambda self, record: True)
    token = make_link(survey)

    visitor.get(f"/r/{token}/nowhere/")

    assert token in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_servers_request_log_holds_no_secret(live_server, caplog):
    caplog.set_level(logging.INFO)
    token = make_link(make_survey())

    LiveClient(live_server.url).get(f"/r/{token}/")
    logging.getLogger("django.server").info('"%s" %s', f"GET /r/{token}/1/ HTTP/1.1", "200")
    logging.getLogger("granian.access").info(f"GET /r/{token}/ HTTP/1.1")

    assert "/r/…/1/" in caplog.text
    assert token not in caplog.text


def test_an_error_report_does_not_carry_the_request_of_a_link(token):
    request = HttpRequest()
    request.path = f"/r/{token}/1/"
    record = logging.makeLogRecord({"msg": "Internal Server Error: %s", "args": (request.path,)})
    record.request = request

    logs.WithoutTokens().filter(record)

    assert record.getMessage() == "Internal Server Error: /r/…/1/"
    assert not hasattr(record, "request")
