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


BROKEN = """() => {
  const broken = [];
  for (const cell of document.querySelectorAll('td, th')) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
      for (const found of node.data.matchAll(/[A-Za-z]+/g)) {
        const range = document.createRange();
        range.setStart(node, found.index);
        range.setEnd(node, found.index + found[0].length);
        if (range.getClientRects().length > 1) broken.push(found[0]);
      }
    }
  }
  return broken;
}"""


def test_no_word_of_the_list_is_broken_on_the_smallest_phone(locked, owner, chromium, live_server):
    owner.post(at(locked, "publish"))
    with visitor(chromium, live_server, None, viewport={"width": 320, "height": 800}) as page:
        page.goto(published_at(locked))
        assert page.evaluate(BROKEN) == []
        page.evaluate(
            "() => document.querySelectorAll('td').forEach("
            "(cell) => { cell.style.overflowWrap = 'anywhere'; cell.style.maxWidth = '20px' })"
        )
        assert page.evaluate(BROKEN), "control: narrow cells break words"
