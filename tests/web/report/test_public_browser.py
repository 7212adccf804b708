"""What anybody may open, in a browser: one request, no fault of access, no sideways scrolling."""

import pytest

from tests.browser.axe import axe_violations
from tests.web.report.exporting import at
from tests.web.report.test_feedback import STEPS
from tests.web.report.test_published import published_at
from tests.web.test_browser import BOTH_LANGUAGES, visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (320, 390, 1440)


@BOTH_LANGUAGES
def test_the_public_page_asks_for_nothing_but_itself(
    locked, owner, chromium, live_server, language
):
    owner.post(at(locked, "publish"))
    asked: list[str] = []
    with visitor(chromium, live_server, None) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto(published_at(locked, language))
        page.wait_for_load_state("networkidle")

    assert [url.removeprefix(live_server.url) for url in asked] == [published_at(locked, language)]


@BOTH_LANGUAGES
def test_axe_finds_nothing_on_the_public_page(locked, owner, chromium, live_server, language):
    owner.post(at(locked, "publish"))
    for width in WIDTHS:
        with visitor(chromium, live_server, None, viewport={"width": width, "height": 800}) as page:
            page.goto(published_at(locked, language))
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert axe_violations(page) == [], width


@BOTH_LANGUAGES
def test_axe_finds_nothing_on_the_page_for_those_who_answered(
    locked, owner, chromium, live_server, language
):
    owner.post(at(locked, "tell"), STEPS | {"report": ""})
    path = locked.snapshot.feedback.token
    for width in WIDTHS:
        with visitor(chromium, live_server, None, viewport={"width": width, "height": 800}) as page:
            page.goto(f"/h/{path}/?lang={language}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert axe_violations(page) == [], width
