"""Entering answers, deciding on those that wait, and the picks, in a real browser."""

import pytest

from surveys.models import Survey
from tests.browser.axe import axe_violations
from tests.web.ask.asking import tab
from tests.web.ask.test_entry import seal_six_of_each
from tests.web.test_browser import visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [("en", "light", 1440), ("zh-hans", "dark", 390)]


def look(page, address, language):
    page.goto(f"{address}?lang={language}")
    assert axe_violations(page) == [], address
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) == 0, address


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_axe_finds_nothing(anonymous, named, chromium, live_server, language, theme, width):
    switches = {"open_answers_wait": True, "top_three": True, "best_worst": True}
    Survey.objects.filter(pk=anonymous.pk).update(**switches)
    size = {"width": width, "height": 900}
    with visitor(chromium, live_server, color_scheme=theme, viewport=size) as page:
        look(page, tab(anonymous, "entry/"), language)
        look(page, tab(named, "entry/"), language)
        seal_six_of_each(anonymous)
        for name in ("open-answers/", "picks/", "entry/"):
            look(page, tab(anonymous, name), language)


def test_an_interview_is_entered_by_keyboard(anonymous, chromium, live_server):
    with visitor(chromium, live_server) as page:
        page.goto(tab(anonymous, "entry/") + "?lang=en")
        page.locator("table select").first.focus()
        for _topic in range(page.locator("table select").count()):
            page.keyboard.press("4")
            page.keyboard.press("Tab")
        page.locator("#id_agreed").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.get_by_text("note it on the paper").wait_for()

        assert Survey.objects.get(pk=anonymous.pk).intakes.count() == 1
