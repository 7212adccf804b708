"""Comments are read in a real browser: no scripts needed, axe finds nothing, also in an error."""

import pytest

from tests.browser.axe import axe_violations
from tests.web.ask.asking import tab
from tests.web.ask.test_comments import PLAIN, SAID, SHOWN, written
from tests.web.test_browser import visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("en", "dark", 320), ("zh-hans", "light", 1440)]
)
def test_axe_finds_nothing_and_a_refusal_keeps_what_was_written(
    anonymous, chromium, live_server, language, theme, width
):
    written(anonymous, SAID, PLAIN)
    size = {"width": width, "height": 800}
    with visitor(
        chromium, live_server, "reviewer", viewport=size, color_scheme=theme, expected="409"
    ) as page:
        page.goto(f"{tab(anonymous, 'comments/')}?lang={language}")
        assert axe_violations(page) == []
        card = page.locator("article.card", has_text=PLAIN)
        card.locator('input[value="release"]').check()
        card.locator("textarea").fill("Something else")
        page.click("main form button")

        assert axe_violations(page) == []
        assert page.locator("textarea", has_text="Something else").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_proposal_is_accepted_without_scripts(anonymous, chromium, live_server):
    written(anonymous, SAID)
    with visitor(chromium, live_server, "reviewer", java_script_enabled=False) as page:
        page.goto(f"{tab(anonymous, 'comments/')}?lang=en")
        page.check('input[value="release"]')
        page.click("main form button")

    assert anonymous.comments.get().released == SHOWN
