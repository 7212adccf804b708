"""Top three, best and worst, and remarks in a real browser."""

import re

import pytest

from surveys.actions import answer
from surveys.models import Intake
from tests.builders import make_link, make_survey
from tests.surveys.views.test_browser import PHONE, SAVED, begun, check, phone

__all__ = ["phone"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def survey(transactional_db):
    return make_survey(topics=25, top_three=True, best_worst=True, topic_comments=True)


@pytest.fixture
def link(survey):
    token = make_link(survey)
    begun(survey, token)
    answer.save(token, dict.fromkeys(survey.questions.values_list("pk", flat=True), 4))
    return f"/r/{token}"


def saved(page):
    page.locator("#saved", has_text=re.compile(f"^{SAVED['en']}$")).wait_for()


def test_each_tap_saves_itself_and_a_fourth_is_not_taken(phone, link):
    page = phone()
    page.goto(f"{link}/top/1/?lang=en")

    for at in range(3):
        page.locator(".pick label").nth(at).click()
    saved(page)

    boxes = page.locator("#boxes input")
    assert boxes.nth(3).is_disabled()
    page.reload()
    assert page.locator("input:checked").count() == 3
    assert boxes.nth(3).is_disabled()
    assert len(Intake.objects.get().contents.picks["top"]) == 3
    boxes.nth(0).click()
    assert boxes.nth(3).is_enabled()


def test_a_topic_leaves_one_end_of_its_set_when_it_goes_to_the_other(phone, link):
    page = phone()
    page.goto(f"{link}/best/1/?lang=en")

    page.locator("input[name=b0]").nth(1).click()
    page.locator("input[name=w0]").nth(1).click()
    saved(page)

    assert page.locator("input:checked").count() == 1
    picks = Intake.objects.get().contents.picks
    assert (len(picks["best"]), len(picks["worst"])) == (0, 1)


def test_a_remark_saves_itself_and_is_there_on_another_device(phone, link):
    page = phone()
    page.goto(f"{link}/1/?lang=en")
    page.locator("summary").first.click()
    page.locator("textarea").first.fill("Please say more.")
    page.locator("h1").click()
    saved(page)

    other = phone()
    other.goto(f"{link}/1/?lang=en")

    assert other.locator("textarea").first.input_value() == "Please say more."
    assert other.locator("textarea").first.is_visible()


def test_taps_made_offline_are_sent_on_return(phone, link):
    page = phone()
    page.goto(f"{link}/top/1/?lang=en")
    page.context.set_offline(True)
    page.locator(".pick label").first.click()
    page.locator("#offline").wait_for()

    page.context.set_offline(False)
    saved(page)

    assert len(Intake.objects.get().contents.picks["top"]) == 1


@pytest.mark.parametrize(("width", "zoom"), [(320, 1), (390, 1.5)])
def test_nothing_scrolls_sideways(phone, link, width, zoom):
    page = phone(viewport=PHONE | {"width": width})

    for path in ("1/", "top/", "best/1/"):
        page.goto(f"{link}/{path}?lang=en")
        page.evaluate(f"document.documentElement.style.fontSize = '{zoom * 100}%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_axe_finds_nothing(phone, link):
    page = phone()
    for language in ("zh-hans", "en"):
        for path in ("1/", "top/", "best/1/"):
            check(page, f"{link}/{path}", language)


def test_without_scripts_the_sets_are_chosen_and_kept(phone, link):
    page = phone(java_script_enabled=False)
    page.goto(f"{link}/best/1/?lang=en")
    page.locator("input[name=b0]").nth(0).click()
    page.locator("input[name=w0]").nth(1).click()
    with page.expect_navigation():
        page.locator("button.btn").click()

    assert page.url.split("?")[0].endswith("/best/2/")
    picks = Intake.objects.get().contents.picks
    assert (len(picks["best"]), len(picks["worst"])) == (1, 1)


def test_where_nothing_can_be_stored_answers_are_saved_all_the_same(phone, link):
    """WeChat and private windows may refuse the page any storage."""
    page = phone()
    refuse = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied'); }})"
    page.add_init_script(refuse)
    page.goto(f"{link}/1/?lang=en")
    with pytest.raises(Exception, match="denied"):
        page.evaluate("localStorage.length")  # control

    page.locator('label[for$="-1"]').first.click()
    saved(page)

    assert 1 in Intake.objects.get().contents.ratings.values()
