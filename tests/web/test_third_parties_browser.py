"""No page of the product asks another server for anything (case 52)."""

import pytest

from tests.builders import make_link, make_survey
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
        page.goto(f"/r/{make_link(survey)}/")
        page.click("main form button >> nth=0")
        while "/end/" not in page.url:
            page.click("#f button[value=next], #f button >> nth=-1")
            page.wait_for_load_state("networkidle")

    assert any("/end/" in url for url in ours)
    assert others == []


def test_the_control_a_request_elsewhere_is_noticed(chromium, live_server):
    with visitor(chromium, live_server, None, expected="ERR_") as page:
        _ours, others = asked_of(page, live_server.url)
        page.set_content('<img src="http://127.0.0.1:9/pixel.png">', wait_until="networkidle")

    assert others == ["http://127.0.0.1:9/pixel.png"]
