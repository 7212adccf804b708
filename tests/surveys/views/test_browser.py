"""The respondent pages in a real browser, on a phone."""

import re

import pytest

from surveys.actions import answer
from surveys.actions.invite import revoke
from surveys.actions.publish import close, publish
from surveys.models import Intake, Invitation, Mode
from tests.browser.axe import axe_violations
from tests.builders import consent_of, invitation_of, make_link, make_survey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 760}
LANGUAGES = ("zh-hans", "en")
SAVED = {"zh-hans": "已保存", "en": "Saved"}
UNSAVED = "Not saved yet. Will retry when online"


@pytest.fixture
def survey(transactional_db):
    return make_survey()


@pytest.fixture
def token(survey):
    return make_link(survey)


@pytest.fixture
def phone(chromium, live_server):
    """Opens pages as a phone does, and fails on anything a page complains about or fetches away."""
    contexts, faults = [], []

    def complain(message):
        meant = ("status of 4", "status of 503", "ERR_INTERNET_DISCONNECTED")
        if message.type == "error" and not any(words in message.text for words in meant):
            faults.append(message.text)

    def watch(request):
        if not request.url.startswith((live_server.url, "data:")):
            faults.append(f"fetched {request.url}")

    def open_page(*, viewport=PHONE, **options):
        context = chromium.new_context(viewport=viewport, base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", complain)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", watch)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def rate_all(page, rating="4"):
    for label in page.locator(f'label[for$="-{rating}"]').all():
        label.click()


def press(page):
    page.locator("button.btn").click()


def go_on(page):
    """Press the button and wait for the next page."""
    with page.expect_navigation():
        press(page)


def begun(survey, token):
    answer.start(token, consent_of(survey))
    return f"/r/{token}/1/"


def ratings():
    return Intake.objects.get().contents.ratings


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_survey_is_answered_on_a_phone(phone, survey, token, language, scripts):
    page = phone(java_script_enabled=scripts)
    page.goto(f"/r/{token}/?lang={language}")
    go_on(page)
    rate_all(page, "4")
    go_on(page)
    rate_all(page, "2")
    page.locator(".dk label").first.click()
    page.fill("textarea", "Good work")
    go_on(page)

    intake = Intake.objects.get()
    assert intake.submitted
    assert intake.contents.comment == "Good work"
    assert sorted(intake.contents.ratings.values()) == [2] * 6 + [4] * 7 + [255]
    assert intake.receipt in page.inner_text("main")
    assert page.locator("html").get_attribute("lang") == language


def test_the_main_button_needs_no_scrolling(phone, token):
    page = phone()
    page.goto(f"/r/{token}/?lang=zh-hans")

    box = page.locator("button.btn").bounding_box()

    assert box["y"] + box["height"] <= PHONE["height"]


def test_choosing_saves_at_once_and_does_not_move_the_page(phone, survey, token):
    page = phone()
    page.goto(begun(survey, token) + "?lang=en")
    label = page.locator(".opt label").nth(3)
    before = label.bounding_box()

    label.click()
    page.get_by_text(SAVED["en"]).wait_for()

    assert list(ratings().values()) == [4]
    assert label.bounding_box() == before
    assert page.inner_text("#done") == "1"


def test_who_opens_the_link_on_another_device_goes_on_there(phone, survey, token):
    first, second = phone(), phone()
    first.goto(begun(survey, token) + "?lang=en")
    first.locator(".opt label").nth(2).click()
    first.get_by_text(SAVED["en"]).wait_for()

    second.goto(f"/r/{token}/?lang=en")
    second.locator("a.btn").click()

    assert second.locator("input:checked").count() == 1


def test_what_is_chosen_offline_is_kept_and_sent_once_on_return(phone, survey, token):
    page = phone()
    page.goto(begun(survey, token) + "?lang=en")
    page.context.set_offline(True)
    page.locator(".opt label").nth(4).click()
    page.locator("#offline").wait_for()
    page.locator(".opt label").nth(5).click()

    press(page)  # stays: the page would be lost

    assert page.inner_text("#offline") == UNSAVED
    assert ratings() == {}
    page.context.set_offline(False)
    page.get_by_text(SAVED["en"]).wait_for()
    assert sorted(ratings().values()) == [1, 5]
    assert page.evaluate("localStorage.length") == 0


LOSES_REPLIES = """
    const carry = window.fetch;
    window.replies = 0;
    window.lost = 0;
    window.fetch = async (...request) => {
      const reply = await carry(...request);
      if (window.replies++ % 10 >= 3) return reply;
      window.lost += 1;
      throw new TypeError('the server has it, the phone does not know');
    };"""
"""The network: of ten answers of the server, the first three never reach the page."""


def test_fifty_times_offline_with_replies_lost_leaves_the_last_choice_once(phone, survey, token):
    """Case 22: three of ten replies are lost, and nothing chosen is lost or stored twice."""
    page = phone()
    page.add_init_script(LOSES_REPLIES)
    page.goto(begun(survey, token) + "?lang=en")
    for time in range(50):
        page.context.set_offline(True)
        page.locator(".opt label").nth(time % 5).click()
        replies = page.evaluate("replies")
        page.context.set_offline(False)
        # A save leaves each time the network is back, however quick the machine is.
        page.wait_for_function("before => replies > before", arg=replies)
    while page.evaluate("localStorage.length"):
        replies = page.evaluate("replies")
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_function("before => replies > before", arg=replies)

    assert list(ratings().values()) == [5]
    assert Intake.objects.count() == 1
    assert page.evaluate("lost") >= 15  # control: three of each ten were lost


def choose_offline_and_close(page, address):
    """Return the same page opened anew, with the network back."""
    page.goto(address)
    page.context.set_offline(True)
    page.locator(".opt label").nth(4).click()
    page.locator("#offline").wait_for()
    page.close()
    assert ratings() == {}
    again = page.context.new_page()
    again.context.set_offline(False)
    again.goto(address)
    return again


def test_what_was_chosen_offline_survives_a_closed_page(phone, survey, token):
    again = choose_offline_and_close(phone(), begun(survey, token) + "?lang=en")
    again.get_by_text(SAVED["en"]).wait_for()

    assert list(ratings().values()) == [5]
    assert again.locator("input:checked").count() == 1


def test_the_control_what_the_phone_does_not_keep_is_lost_with_the_page(phone, survey, token):
    page = phone()
    page.add_init_script("Storage.prototype.setItem = () => {}")
    # The browser may keep a farewell of its own until the network is back; here nothing is kept.
    page.add_init_script("navigator.sendBeacon = () => true")
    again = choose_offline_and_close(page, begun(survey, token) + "?lang=en")
    again.wait_for_load_state("networkidle")

    assert ratings() == {}
    assert again.locator("input:checked").count() == 0


def test_nobody_elses_draft_shows_on_a_shared_phone(phone, survey, token):
    page, other = phone(), make_link(survey)
    page.add_init_script("window.fetch = async () => { throw new TypeError('no network') }")
    page.goto(begun(survey, token))
    page.locator(".opt label").nth(4).click()
    page.locator("#offline").wait_for()

    page.goto(begun(survey, other))

    assert page.locator("input:checked").count() == 0
    move = "key => localStorage.setItem('answers:' + key, Object.values(localStorage)[0])"
    page.evaluate(move, invitation_of(other).token_hash[:16])
    page.reload()
    assert page.locator("input:checked").count() == 1  # control: a key of one's own hides it


def test_a_survey_closed_meanwhile_says_so_and_keeps_what_was_saved(phone, survey, token):
    page = phone()
    page.goto(begun(survey, token) + "?lang=en")
    page.locator(".opt label").nth(4).click()
    page.get_by_text(SAVED["en"]).wait_for()
    close(survey)

    page.locator(".opt label").nth(6).click()
    page.get_by_text("This survey has closed").wait_for()

    assert "The 1 rating you saved has been counted" in page.inner_text("main")
    assert list(ratings().values()) == [5]


def test_the_language_is_switched_without_losing_what_was_chosen(phone, survey, token):
    page = phone(java_script_enabled=False)
    page.goto(begun(survey, token) + "?lang=en")
    page.locator(".opt label").nth(2).click()

    page.get_by_role("button", name="中文").click()

    assert page.inner_text("h1") == "这些议题对您有多重要？"
    assert page.locator("input:checked").count() == 1


def test_blank_topics_are_pointed_out_and_the_mark_goes_when_they_are_answered(
    phone, survey, token
):
    page = phone()
    page.goto(begun(survey, token) + "?lang=en")

    go_on(page)

    assert page.locator("[role=alert]:visible").inner_text().startswith("7 topics are not answered")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.locator(".opt label").first.click()
    assert page.locator(".miss").count() == 6
    go_on(page)
    assert page.url.endswith("/2/?lang=en")


def test_the_keyboard_is_enough(phone, survey, token):
    page = phone()
    page.goto(f"/r/{token}/?lang=en")
    page.locator("button.btn").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/1/"))

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _topic in range(7):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
    page.get_by_text(SAVED["en"]).wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/2/"))

    assert list(ratings().values()) == [2] * 7


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "zoom"), [(320, 1), (390, 1.5)])
def test_nothing_is_cut_off_or_scrolls_sideways(phone, survey, token, language, width, zoom):
    page = phone(viewport={"width": width, "height": 700})
    addresses = ["", "1/", "1/?unanswered=1", "2/", "end/", "withdraw/"]
    answer.start(token, consent_of(survey))

    for path in addresses:
        page.goto(f"/r/{token}/{path}{'&' if '?' in path else '?'}lang={language}")
        page.evaluate(f"document.documentElement.style.fontSize = '{100 * zoom}%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate(CLIPPED) == [], path


CLIPPED = """Array.from(document.querySelectorAll('label, legend, h1, h2, p, a, button'))
    .filter((e) => e.offsetWidth && !e.closest('.vh, .skip') && e.scrollWidth > e.clientWidth + 1
                   && getComputedStyle(e).display !== 'inline')
    .map((e) => e.textContent)"""


def test_controls_are_large_enough_for_a_thumb(phone, survey, token):
    page = phone()
    page.goto(begun(survey, token) + "?lang=en")

    for control in page.locator("label:visible, button:visible").all():
        assert control.bounding_box()["height"] >= 44


def test_a_scanner_that_runs_scripts_changes_nothing(phone, survey, token):
    """Some mail scanners open links in a real browser and wait."""
    begun(survey, token)
    before = [*Invitation.objects.values(), *Intake.objects.values()]
    page = phone()

    for path in ("", "1/", "2/", "end/", "withdraw/"):
        for _visit in range(10):
            page.goto(f"/r/{token}/{path}")
            page.mouse.wheel(0, 2000)
        page.wait_for_load_state("networkidle")

    assert [*Invitation.objects.values(), *Intake.objects.values()] == before
    page.goto(f"/r/{token}/1/?lang=en")
    page.locator(".opt label").first.click()
    page.get_by_text(SAVED["en"]).wait_for()
    assert [*Invitation.objects.values(), *Intake.objects.values()] != before  # control: a click


# ---- accessibility: every page and state, both languages, light and dark ----


def check(page, address, language, prepare=None):
    page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
    if prepare:
        prepare(page)
    assert axe_violations(page) == [], f"{address} {language}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_while_answering(phone, survey, token, language):
    page = phone()
    check(page, f"/r/{token}/", language)
    address = begun(survey, token)
    check(page, address, language, lambda page: page.locator(".opt label").first.click())
    check(page, f"{address}?unanswered=1", language)
    check(page, f"/r/{token}/", language)
    check(page, f"/r/{token}/end/", language, lambda page: page.fill("textarea", "x" * 450))
    check(page, f"/r/{token}/withdraw/", language)
    page.goto(f"/r/{token}/end/")
    go_on(page)
    check(page, f"/r/{token}/done/", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_the_other_pages(phone, survey, token, language):
    page = phone()
    two = make_survey(prompts=("importance", "impact"), simulated=True)
    check(page, begun(two, make_link(two)), language)
    check(page, f"/r/{make_link(make_survey(mode=Mode.NAMED))}/", language)
    everybody = make_survey(audiences=("customers", "employees"), publish_it=False)
    everybody.audiences.update(open_link=True)
    publish(everybody)
    check(page, f"/s/{everybody.slug}/", language)
    check(page, f"/s/{everybody.slug}/privacy/", language)
    close(survey)
    check(page, f"/r/{token}/", language)
    revoke(invitation_of(token))
    check(page, f"/r/{token}/", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_refusals(phone, survey, token, language):
    page = phone()
    page.route("**/survey.js", lambda route: route.fulfill(body=""))
    page.goto(begun(survey, token) + f"?lang={language}")
    forge = "document.querySelectorAll('input[type=radio]').forEach((i) => { i.value = '9' })"
    page.evaluate(forge)
    page.locator(".opt label").first.click()
    go_on(page)
    page.locator(".note.bad").wait_for()

    assert axe_violations(page) == []


def test_the_control_axe_finds_a_picture_without_words(phone, token):
    page = phone()
    page.goto(f"/r/{token}/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")

    assert any(line.startswith("image-alt") for line in axe_violations(page))


def test_the_control_axe_finds_grey_on_grey_in_the_dark_alone(phone, token):
    page = phone()
    page.goto(f"/r/{token}/")
    style = "@media (prefers-color-scheme: dark) { main { color: #333; background: #222 } }"
    page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css);"
        " document.adoptedStyleSheets = [s] }",
        style,
    )

    result = axe_violations(page)
    assert result
    assert all(line.startswith("dark: color-contrast") for line in result)
