"""Sort into three in a real browser: by drag, tap and keyboard, with and without scripts."""

import re

import pytest

from surveys.actions import answer
from surveys.models import Intake
from tests.browser.axe import axe_violations
from tests.builders import make_link, make_survey
from tests.surveys.views.test_browser import PHONE, SAVED, begun, phone

__all__ = ["phone"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def link(transactional_db):
    survey = make_survey(topics=8, sort_three=True)
    token = make_link(survey)
    begun(survey, token)
    answer.save(token, dict.fromkeys(survey.questions.values_list("pk", flat=True), 4))
    return f"/r/{token}"


def saved(page):
    page.locator("#saved", has_text=re.compile(f"^{SAVED['en']}$")).wait_for()


def places():
    return sorted(Intake.objects.get().contents.picks.get("sorted", {}).values())


def middle_of(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_topic_is_dragged_onto_a_place(phone, link):
    page = phone()
    page.goto(f"{link}/sort/1/?lang=en")

    page.mouse.move(*middle_of(page.locator(".grip").nth(1)))
    page.mouse.down()
    page.mouse.move(*middle_of(page.locator("[data-place=high]")), steps=6)
    assert page.locator(".bins .over").count() == 1
    page.mouse.up()
    saved(page)

    assert places() == ["high"]
    assert page.locator("[data-card]").nth(1).locator("input[value=high]").is_checked()
    assert page.inner_text("[data-place=high] b") == "1"


def test_dropped_elsewhere_nothing_changes(phone, link):
    """Control of the test before."""
    page = phone()
    page.goto(f"{link}/sort/1/?lang=en")

    page.mouse.move(*middle_of(page.locator(".grip").nth(1)))
    page.mouse.down()
    page.mouse.move(200, 120, steps=6)
    page.mouse.up()

    assert page.locator("input:checked").count() == 0
    assert page.inner_text("[data-place=high] b") == "0"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_topics_are_tapped_into_place(phone, link, scripts):
    page = phone(java_script_enabled=scripts)
    page.goto(f"{link}/sort/1/?lang=en")

    for at, place in enumerate(("low", "middle", "high")):
        page.locator(f"[data-card] label[for$={place}]").nth(at).click()
    with page.expect_navigation():
        page.locator("button.btn").click()

    assert page.url.split("?")[0].endswith("/end/")
    assert places() == ["high", "low", "middle"]


def test_topics_are_sorted_by_keyboard(phone, link):
    page = phone()
    page.goto(f"{link}/sort/1/?lang=en")

    page.locator("[data-card] input").first.focus()
    page.keyboard.press("ArrowRight")
    saved(page)

    assert places() == ["middle"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_axe_finds_nothing_and_nothing_is_cut(phone, link, language, scheme, width):
    page = phone(viewport={**PHONE, "width": width}, color_scheme=scheme)
    page.goto(f"{link}/sort/1/?lang={language}")

    assert axe_violations(page) == []
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) == 0
