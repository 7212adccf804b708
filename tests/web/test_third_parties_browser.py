"""No page of the product asks another server for anything (case 52)."""

from uuid import uuid4

import pytest

from surveys.actions.answer import start, submit
from tests.builders import consent_of, make_link, make_survey, ratings_for
from tests.web.test_browser import every_path, visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def asked_of(page, server: str) -> tuple[list[str], list[str]]:
    """Return two lists that fill: what this server is asked, and what others are."""
    ours: list[str] = []
    others: list[str] = []

    def note(request):
        inside = ("data:", "blob:", server)
        (ours if request.url.startswith(inside) else others).append(request.url)

    page.on("request", note)
    return ours, others


def test_no_page_of_the_workspace_asks_anybody_else(assessment, chromium, live_server):
    with visitor(chromium, live_server) as page:
        ours, others = asked_of(page, live_server.url)
        for path in [*every_path(assessment), "/api/v1/docs/"]:
            page.goto(path, wait_until="networkidle")

    assert len(ours) > 100
    assert others == []


def test_no_page_of_a_respondent_asks_anybody_else(chromium, live_server):
    survey = make_survey(topics=3)
    survey.audiences.update(open_link=True)
    with visitor(chromium, live_server, None) as page:
        ours, others = asked_of(page, live_server.url)
        for path in (f"/s/{survey.slug}/", f"/s/{survey.slug}/privacy/", "/accounts/login/"):
            page.goto(path, wait_until="networkidle")
        token = make_link(survey)
        page.goto(f"/r/{token}/", wait_until="networkidle")
        start(token, consent_of(survey))
        for name in ("1/", "end/", "withdraw/", "opt-out/"):
            page.goto(f"/r/{token}/{name}", wait_until="networkidle")
        submit(token, submission=uuid4(), ratings=ratings_for(survey))
        page.goto(f"/r/{token}/done/", wait_until="networkidle")

    assert len(ours) > 16
    assert others == []


def test_the_control_a_request_elsewhere_is_noticed(chromium, live_server):
    with visitor(chromium, live_server, None, expected="ERR_") as page:
        _ours, others = asked_of(page, live_server.url)
        page.set_content('<img src="http://127.0.0.1:9/pixel.png">', wait_until="networkidle")

    assert others == ["http://127.0.0.1:9/pixel.png"]
