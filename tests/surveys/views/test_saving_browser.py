"""Answers on their way: gathered, and never lost. Closed tabs, a server away, both paces."""

import re

import pytest

from surveys.models import Intake
from tests.builders import make_link, make_survey
from tests.surveys.views.test_browser import (
    PHONE,
    SAVED,
    UNSAVED,
    begun,
    go_on,
    phone,
    press,
    ratings,
)

__all__ = ["PHONE", "phone"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = "Kept on this device"


@pytest.fixture
def survey(transactional_db):
    return make_survey()


@pytest.fixture
def token(survey):
    return make_link(survey)


def label(page, at):
    return page.locator(".opt label").nth(at)


def storage(page):
    return page.evaluate("Object.values(localStorage).map(JSON.parse)")


def count_requests(page):
    """Return a list that grows with every page and every save, and not with files."""
    seen = []

    def note(request):
        if "/r/" in request.url:
            seen.append((request.method, request.url))

    page.on("request", note)
    return seen


def stop_the_clock(page):
    """Let the page's time pass by `pass_time` alone: a slow machine sees what a quick one sees."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)


def pass_time(page, seconds):
    page.clock.run_for(round(1000 * seconds))
    page.wait_for_function("() => document.getElementById('saved').textContent !== 'Saving…'")


@pytest.mark.parametrize(("pace", "requests"), [(0.25, 4), (3, 6)])
def test_a_whole_response_takes_few_requests(phone, survey, token, pace, requests):
    """Pages and saves, whichever pace; a save for each tap would be eighteen."""
    page = phone()
    stop_the_clock(page)
    seen = count_requests(page)
    page.goto(f"/r/{token}/?lang=en")
    go_on(page)
    for _page in range(2):
        for topic in page.locator(".topic").all():
            topic.locator(".opt label").nth(3).click()
            pass_time(page, pace)
        go_on(page)

    assert Intake.objects.get().submitted
    assert len(ratings()) == 14
    assert len(seen) == requests, seen


def test_a_tap_is_in_the_storage_at_once_and_on_the_server_within_ten_seconds(phone, survey, token):
    """However often somebody taps: a pause never comes."""
    page = phone()
    stop_the_clock(page)
    page.goto(begun(survey, token) + "?lang=en")
    label(page, 3).click()

    assert [list(one.values()) for one in storage(page)] == [["4"]]
    assert page.inner_text("#saved") == KEPT
    assert ratings() == {}  # control: it is not sent at once
    for at in range(12):
        pass_time(page, 0.8)
        label(page, 5 + at % 5).click()
    assert 4 in ratings().values()


def test_a_closed_tab_sends_what_is_not_sent_yet(phone, survey, token):
    page = phone()
    stop_the_clock(page)  # no pause in tapping is long enough to send it
    page.goto(begun(survey, token) + "?lang=en")
    label(page, 4).click()
    assert ratings() == {}

    page.close(run_before_unload=True)

    for _wait in range(50):
        if ratings():
            break
        phone().wait_for_timeout(100)
    assert list(ratings().values()) == [5]


def test_a_tab_that_is_killed_sends_it_when_the_link_is_opened_again(phone, survey, token):
    """A killed tab sends nothing: neither hidden nor closed is heard of."""
    page = phone()
    page.add_init_script("navigator.sendBeacon = () => false; addEventListener = () => {}")
    page.goto(begun(survey, token) + "?lang=en")
    page.evaluate("document.addEventListener = () => {}")
    label(page, 4).click()
    page.goto("about:blank")

    page.goto(f"/r/{token}/1/?lang=en")
    page.get_by_text(re.compile(f"^{SAVED['en']}$")).wait_for()

    assert list(ratings().values()) == [5]
    assert page.locator("input:checked").count() == 1


def test_what_was_never_saved_comes_back_although_nothing_had_begun(phone, token):
    page = phone()
    context = page.context
    page.add_init_script("navigator.sendBeacon = () => false")
    page.add_init_script("window.fetch = async () => { throw new TypeError('no network') }")
    page.goto(f"/r/{token}/?lang=en")
    go_on(page)
    label(page, 4).click()
    page.close()
    assert not Intake.objects.exists()

    again = context.new_page()
    again.goto(f"/r/{token}/?lang=en")
    go_on(again)
    again.get_by_text(re.compile(f"^{SAVED['en']}$")).wait_for()

    assert list(ratings().values()) == [5]
    assert again.locator("input:checked").count() == 1


def test_a_page_in_anothers_place_has_its_address_and_the_way_back(phone, survey, token):
    page = phone()
    page.goto(begun(survey, token) + "?lang=en")
    for topic in page.locator(".topic").all():
        topic.locator(".opt label").nth(1).click()

    go_on(page)
    page.get_by_text("Page 2 of 2").wait_for()

    assert page.url.endswith("/2/?lang=en")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.go_back()
    page.get_by_text("Page 1 of 2").wait_for()
    assert page.locator("input:checked").count() == 7


AWAY = "**/r/**"


def away(route):
    """Answer as a server does that is being restarted."""
    if route.request.method == "POST":
        route.fulfill(status=503, body="<h1>Service unavailable</h1>")
    else:
        route.continue_()


def test_a_server_that_is_away_keeps_the_page_and_is_tried_again(phone, survey, token):
    page = phone()
    page.on("console", lambda _message: None)
    page.goto(begun(survey, token) + "?lang=en")
    page.route(AWAY, away)
    for topic in page.locator(".topic").all():
        topic.locator(".opt label").nth(1).click()

    press(page)
    page.locator("#offline:visible").wait_for()

    assert page.inner_text("#offline") == UNSAVED
    assert page.locator("input:checked").count() == 7
    assert ratings() == {}
    page.unroute(AWAY)
    go_on(page)
    assert list(ratings().values()) == [2] * 7


def test_the_phone_says_within_a_second_that_it_is_offline(phone, survey, token):
    page = phone()
    page.goto(begun(survey, token) + "?lang=en")

    page.context.set_offline(True)
    page.locator("#offline:visible").wait_for(timeout=1000)

    assert page.inner_text("#offline") == UNSAVED


def test_what_is_tapped_while_the_page_is_on_its_way_is_sent_by_the_next(phone, survey, token):
    page = phone()
    page.goto(begun(survey, token) + "?lang=en")
    for topic in page.locator(".topic").all():
        topic.locator(".opt label").nth(1).click()
    on_its_way = []
    page.route(AWAY, lambda route: on_its_way.append(route), times=1)

    with page.expect_request(AWAY):
        press(page)
    label(page, 4).click()
    for route in on_its_way:
        route.continue_()
    page.wait_for_url(re.compile("/2/"))
    page.get_by_text(re.compile(f"^{SAVED['en']}$")).wait_for()

    assert sorted(ratings().values()) == [2] * 6 + [5]


def leave_for_the_chat(page):
    """Do what WeChat does to its page: it is hidden, and nothing of it runs any more."""
    page.evaluate(
        """() => {
            const hidden = {value: 'hidden', configurable: true};
            Object.defineProperty(document, 'visibilityState', hidden);
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )


def come_back_from_the_chat(page):
    page.evaluate(
        """() => {
            delete document.visibilityState;
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )


def freeze(page, state="frozen"):
    page.context.new_cdp_session(page).send("Page.setWebLifecycleState", {"state": state})


def arrived(page, wanted):
    """Wait until the server has so many ratings; return whether it came to that."""
    other = page.context.new_page()
    for _wait in range(30):
        if len(ratings()) == wanted:
            break
        other.wait_for_timeout(100)
    other.close()
    return len(ratings()) == wanted


def test_going_back_to_the_chat_sends_what_is_not_sent_yet(phone, survey, token):
    page = phone()
    stop_the_clock(page)
    page.goto(begun(survey, token) + "?lang=en")
    label(page, 4).click()
    assert ratings() == {}

    leave_for_the_chat(page)
    assert arrived(page, 1)
    freeze(page)
    page.close()  # WeChat ends it while it is frozen, and it hears of nothing

    again = phone()
    again.goto(f"/r/{token}/1/?lang=en")
    assert again.locator("input:checked").count() == 1


def test_a_page_that_does_not_hear_of_it_sends_nothing(phone, survey, token):
    """The control of the test above: what was tapped still waits in the storage."""
    page = phone()
    page.add_init_script("document.addEventListener = () => {}")
    stop_the_clock(page)
    page.goto(begun(survey, token) + "?lang=en")
    label(page, 4).click()

    leave_for_the_chat(page)

    assert not arrived(page, 1)
    assert [list(one.values()) for one in storage(page)] == [["5"]]


def test_who_returns_from_the_chat_goes_on_where_it_was(phone, survey, token):
    page = phone()
    page.goto(begun(survey, token) + "?lang=en")
    label(page, 4).click()
    leave_for_the_chat(page)
    freeze(page)

    freeze(page, "active")
    come_back_from_the_chat(page)
    for topic in page.locator(".topic").all()[1:]:
        topic.locator(".opt label").nth(1).click()
    go_on(page)
    page.get_by_text("Page 2 of 2").wait_for()

    assert sorted(ratings().values()) == [2] * 6 + [5]
