"""Nothing typed is lost: trying weights leaves decisions alone, a bar tells what is not saved."""

import re

import pytest

from tests.web.test_browser import visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TIER, REASON = '[name="tier:energy"]', '[name="reason:energy"]'
WEIGHT = '[name="y:employees"]'


def tiers(page) -> list[str]:
    return page.eval_on_selector_all("#rows select", "all => all.map((one) => one.value)")


def try_weights(page) -> None:
    page.fill(WEIGHT, "100")
    page.fill('[name="y:customers"]', "0")
    page.fill('[name="y:regulators"]', "0")
    page.wait_for_url(re.compile("employees=100"))


@pytest.fixture
def results(assessment) -> str:
    return f"/a/{assessment.pk}/results/?lang=en"


def test_trying_weights_shows_what_would_be_and_leaves_what_is(
    assessment, chromium, live_server, results
):
    with visitor(chromium, live_server) as page:
        page.goto(results)
        before, scores = tiers(page), page.inner_text("#rows")
        try_weights(page)
        page.click("#rows a >> nth=1")

        assert page.inner_text("#rows") != scores, "control: the scores follow the weights"
        assert tiers(page) == before
        assert "not saved" not in page.inner_text("body").lower()
        assert page.is_visible("th .if-tried")
        page.click("#reset")
        assert not page.is_visible("th .if-tried")


def test_the_bar_tells_what_is_unsaved_and_saves_it(assessment, chromium, live_server, results):
    with visitor(chromium, live_server) as page:
        page.goto(results)
        assert not page.is_visible("#unsaved")
        page.select_option(TIER, "1")
        page.fill(REASON, "The board asked for it")
        page.wait_for_selector("#unsaved li")
        assert page.inner_text("#unsaved li span") == "Topics: 2"
        page.click("#unsaved li button")
        page.wait_for_selector("text=The draft is saved.")

        assert not page.is_visible("#unsaved")
        assert assessment.topics.get(code="energy").decision.reason == "The board asked for it"


def test_leaving_warns_only_of_what_is_unsaved(assessment, chromium, live_server, results):
    asked = []
    with visitor(chromium, live_server) as page:
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto(results)
        page.goto("/a/")
        assert asked == []
        page.goto(results)
        page.click(REASON)
        page.keyboard.type("Half a sentence")
        page.goto("/a/")
        assert asked == ["beforeunload"]


def test_what_was_left_is_offered_again(assessment, chromium, live_server, results):
    with visitor(chromium, live_server) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(results)
        page.fill(REASON, "Half a sentence")
        page.wait_for_selector("#unsaved li")
        page.goto("/a/")
        page.goto(results)
        assert page.input_value(REASON) == ""
        page.click("text=Bring them back")
        assert page.input_value(REASON) == "Half a sentence"
        page.goto("/a/")
        page.goto(results)
        page.click("text=Discard them")
        page.goto(results)
        assert not page.is_visible("#unsaved")


def test_saving_weights_loses_no_tier_that_was_chosen(assessment, chromium, live_server, results):
    with visitor(chromium, live_server) as page:
        page.goto(results)
        page.select_option(TIER, "1")
        page.fill(REASON, "The board asked for it")
        page.fill(WEIGHT, "90")
        page.fill("#weight_reason", "After the discussion")
        page.click("text=Save weights")
        page.wait_for_selector("text=The weights are saved.")

        assert page.input_value(TIER) == "1"
        assert page.input_value(REASON) == "The board asked for it"
        assert page.is_visible("#unsaved")


def test_saving_tiers_keeps_the_weights_being_tried(assessment, chromium, live_server, results):
    with visitor(chromium, live_server) as page:
        page.goto(results)
        try_weights(page)
        page.fill(REASON, "Noted")
        page.click("text=Save draft")
        page.wait_for_selector("text=The draft is saved.")

        assert page.input_value(WEIGHT) == "100"


def test_a_refused_form_keeps_its_words_and_stays_unsaved(
    assessment, chromium, live_server, results
):
    with visitor(chromium, live_server) as page:
        page.goto(results)
        page.select_option(TIER, "1")
        page.click("#unsaved li button")
        page.wait_for_selector("#faults")

        assert page.evaluate("document.activeElement.id") == "faults"
        assert page.title().startswith("Error:")
        assert "Energy" in page.inner_text("#faults li")
        assert page.input_value(TIER) == "1"
        assert page.is_visible("#unsaved")


def test_a_decision_is_taken_back_by_a_button(assessment, chromium, live_server, results):
    with visitor(chromium, live_server, java_script_enabled=False) as page:
        page.goto(results)
        assert not page.is_visible("text=Undo it")
        page.fill(REASON, "Too early")
        page.click("text=Save draft")
        page.click("text=Undo it")

        assert page.is_visible("text=The decision is taken back.")
        assert page.input_value(REASON) == ""
        assert not page.is_visible("text=Undo it")
