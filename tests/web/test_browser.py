"""The workspace in a real browser, with and without JavaScript, for everybody who reads screens."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from materiality import actions
from materiality.models import Assessment
from materiality.web.round.signin import sign_in_link
from materiality.web.score import script
from tests.actions.test_setting_up import RULES, severe_double_round
from tests.browser.axe import axe_violations
from tests.markup import page_of
from tests.rounds import make_user, sealed_round
from tests.web.score.test_results_page import decisions, row_of
from tests.web.test_access import path_of
from tests.web.test_pages import HTML_PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOTH_LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])


@contextmanager
def visitor(
    chromium: Any,
    live_server: Any,
    name: str | None = "owner",
    *,
    expected: str = "nothing",
    **options: Any,
) -> Iterator[Any]:
    """Open a page signed in as `name`; on leaving, nothing unexpected may have broken."""
    context = chromium.new_context(base_url=live_server.url, **options)
    if name:
        client = Client()
        client.force_login(User.objects.get(username=name))
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        context.add_cookies([cookie | {"url": live_server.url}])
    page, broken = context.new_page(), []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert [fault for fault in broken if expected not in fault] == []


def every_path(assessment: Assessment) -> list[str]:
    return ["/a/", "/a/new/", *(path_of(name, assessment) for name in HTML_PAGES)]


@BOTH_LANGUAGES
def test_axe_finds_nothing_while_tiers_are_decided(assessment, chromium, live_server, language):
    with visitor(chromium, live_server) as page:
        for path in every_path(assessment):
            page.goto(f"{path}?lang={language}")
            assert axe_violations(page) == [], path


@BOTH_LANGUAGES
def test_axe_finds_nothing_on_a_locked_round(locked, chromium, live_server, language):
    with visitor(chromium, live_server, viewport={"width": 390, "height": 800}) as page:
        for path in every_path(locked):
            page.goto(f"{path}?lang={language}")
            assert axe_violations(page) == [], path


@BOTH_LANGUAGES
def test_axe_finds_nothing_before_signing_in(assessment, chromium, live_server, language):
    link = sign_in_link(User.objects.get(username="viewer"))
    with visitor(chromium, live_server, None) as page:
        for path in ("/accounts/login/", "/accounts/password/reset/", link):
            page.goto(f"{path}?lang={language}")
            assert axe_violations(page) == [], path


@BOTH_LANGUAGES
def test_axe_finds_nothing_in_errors(assessment, chromium, live_server, language):
    with visitor(chromium, live_server, java_script_enabled=True) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang={language}")
        page.select_option('[name="tier:energy"]', "1")
        page.click("text=/Save draft|保存草稿/")
        page.wait_for_selector('[name="reason:energy"][aria-invalid=true]')
        assert axe_violations(page) == []


def test_the_hash_of_a_source_does_not_push_a_phone_sideways(assessment, chromium, live_server):
    source = {"kind": "media", "title": "Paper", "dated": "2020-05-01", "language": "en"}
    held = {"origin": "Daily", "confidentiality": "public", "digest": "0123456789abcdef" * 4}
    row = actions.add_source(assessment=assessment, by=None, **source, **held)

    with visitor(chromium, live_server, viewport={"width": 390, "height": 800}) as page:
        page.goto(f"/a/{assessment.pk}/sources/{row.code}/?lang=en")

        assert held["digest"] in page.inner_text("main")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_no_page_scrolls_sideways(assessment, chromium, live_server, width):
    with visitor(chromium, live_server, viewport={"width": width, "height": 800}) as page:
        for path in every_path(assessment):
            page.goto(f"{path}?lang=en")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_first_stop_of_the_keyboard_leads_to_the_content(assessment, chromium, live_server):
    with visitor(chromium, live_server) as page:
        for path in every_path(assessment):
            page.goto(path)
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.getAttribute('href')") == "#main", path


WEIGHTS = [
    {"y:employees": 100, "y:customers": 0, "y:regulators": 0, "x:panel": 50},
    {"y:employees": 10, "y:customers": 90, "y:regulators": 33, "x:panel": 1},
    {"y:employees": 0, "y:customers": 12.5, "y:regulators": 87.5, "x:panel": 50},
]


UNKNOWN = "cannot_judge"
FEW = {
    "employees": [[5, 2, 4, 3]] * 3 + [[4, UNKNOWN, 4, 4]] * 3,  # 3 ratings on the second topic
    "customers": [[4, 3, UNKNOWN, 3]] * 6 + [[2, 3, 3, 3]] * 2,  # 2 on the third
    "regulators": [[5, 3, 5, 4]] * 5,
    "panel": [[5, 2, 4, 2]] * 6,
}


def test_the_script_knows_of_withheld_means_only_what_the_server_tells(
    transactional_db, chromium, live_server
):
    assessment = sealed_round(FEW)
    make_user("owner", assessment.organisation)
    client = Client()
    client.force_login(User.objects.get(username="owner"))
    page_source = page_of(client.get(f"/a/{assessment.pk}/results/"))
    held = [
        topic["parts"]["stakeholder"]["held"]
        for topic in json.loads(payload_of(page_source))["topics"]
    ]
    assert any(held), "the case must have withheld means"

    with visitor(chromium, live_server) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        assert_same_as_server(page, client, assessment, WEIGHTS)


def payload_of(page: str) -> str:
    return re.search(r'<script id="data"[^>]*>(.*?)</script>', page, re.S)[1]


@pytest.mark.parametrize("kind", RULES)
def test_the_script_computes_what_the_server_computes(assessment, chromium, live_server, kind):
    settings = {"axis_weight_x": 0.3, "axis_weight_y": 0.6, "cut_high": 4.2} | RULES[kind]
    Assessment.objects.update(tier_rule=kind, **settings)
    client = Client()
    client.force_login(User.objects.get(username="owner"))
    with visitor(chromium, live_server) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        assert_same_as_server(page, client, assessment, WEIGHTS)


@pytest.mark.parametrize(
    "chosen", [{}, {"severity_rule": "mean"}, {"likelihood_rule": "capped"}], ids=str
)
def test_the_script_composes_severity_and_financial_effect_as_the_server_does(
    transactional_db, chromium, live_server, chosen
):
    assessment = severe_double_round(**chosen)
    make_user("owner", assessment.organisation)
    client = Client()
    client.force_login(User.objects.get(username="owner"))
    weights = [
        {"y:management": 100, "y:experts": 0, "x:management": 20, "x:experts": 80},
        {"y:management": 10, "y:experts": 70, "x:management": 100, "x:experts": 1},
    ]
    with visitor(chromium, live_server) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        assert_same_as_server(page, client, assessment, weights)


def test_a_rule_that_the_script_does_not_know_is_asked_of_the_server(
    assessment, chromium, live_server, monkeypatch
):
    known = script._rule
    monkeypatch.setattr(script, "_rule", lambda results: known(results) | {"kind": "asked"})
    client = Client()
    client.force_login(User.objects.get(username="owner"))
    with visitor(chromium, live_server) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        for name, value in WEIGHTS[0].items():
            page.fill(f'[name="{name}"]', str(value))
        page.wait_for_function(
            "() => document.getElementById('effect').textContent.includes('tier')"
        )
        told = client.get(f"/a/{assessment.pk}/results/", WEIGHTS[0] | {"lang": "en"})

        assert shown(page.inner_html("#rows")) == shown(page_of(told))


def test_the_sentence_stands_within_a_tenth_of_a_second(assessment, chromium, live_server):
    """From the hand's move to the words, as the browser measures it."""
    with visitor(chromium, live_server) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        took = page.evaluate(
            """() => {
              const field = document.querySelector('[name="y:employees"]');
              const start = performance.now();
              field.value = 3;
              field.dispatchEvent(new Event('input', { bubbles: true }));
              return [performance.now() - start, document.getElementById('effect').textContent];
            }"""
        )

        assert took[1] != "Same as the saved weights."
        assert took[0] < 100


def assert_same_as_server(page, client, assessment, weights):
    for tried in weights:
        for name, value in tried.items():
            page.fill(f'[name="{name}"]', str(value))
        told = page_of(client.get(f"/a/{assessment.pk}/results/", tried | {"lang": "en"}))

        assert shown(page.inner_html("#rows")) == shown(told)
        effect = re.search(r'id="effect"[^>]*>([^<]*)<', told)[1]
        assert page.inner_text("#effect") == effect


def shown(html: str) -> dict[str, list[str]]:
    """Return scores and sign of each topic's row."""
    return {
        code: [
            *re.findall(r"data-[xys]\b[^>]*>([^<]*)<", row_of(html, code)),
            *re.findall(r'class="m (m\d)"', row_of(html, code)),
        ]
        for code in re.findall(r'data-code="([^"]+)"', html.partition("<tbody")[2] or html)
        if f'<tr data-code="{code}"' in html
    }


def test_with_javascript_a_weight_moves_the_matrix_and_the_keyboard_reads_it(
    assessment, chromium, live_server
):
    Assessment.objects.update(cut_high=4.4)
    with visitor(chromium, live_server) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        before = page.get_attribute('.screen .pt[data-code="privacy"] .hit', "cy")
        for name in ("y:employees", "y:regulators"):
            slider = page.locator(f'input[type=range][data-for="weight_{name}"]')
            slider.focus()
            page.keyboard.press("Home")
        assert page.inner_text("#effect") == "1 would change tier: Privacy"
        page.wait_for_function(
            "before => document.querySelector('.screen .pt[data-code=\"privacy\"] .hit')"
            ".getAttribute('cy') !== before",
            arg=before,
        )  # the server's new layout has arrived

        page.locator('.screen .pt[tabindex="0"]').focus()
        page.keyboard.press("End")
        last = page.evaluate("document.activeElement.dataset.code")
        assert page.locator("#rows tr.sel").get_attribute("data-code") == last
        assert page.inner_text("#detail [data-name]") == last.title()
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == "view"

        page.click("#reset")
        assert page.inner_text("#effect") == "Same as the saved weights."


def test_with_javascript_topics_are_decided_and_the_round_is_locked(
    assessment, chromium, live_server
):
    with visitor(chromium, live_server) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        page.select_option('[name="tier:energy"]', "1")
        assert "Suggested:" in page.inner_text('#rows tr[data-code="energy"] .hint')
        page.fill('[name="reason:energy"]', "The board wants it")
        page.click("text=Lock tiers")
        assert "cannot be undone" in page.inner_text("main")
        page.click("main button:has-text('Lock tiers')")
        assert "locked by" in page.inner_text(".head")
        page.click("[name=prepare]")
        with page.expect_download(timeout=60_000) as download:
            page.click("#package a[download]", timeout=60_000)
        assert download.value.suggested_filename == "Example-Tech-2020-v1.zip"
    assert Assessment.objects.get(pk=assessment.pk).is_locked


def test_without_javascript_the_same_is_done_by_forms_and_links(assessment, chromium, live_server):
    Assessment.objects.update(cut_high=4.4)
    with visitor(chromium, live_server, java_script_enabled=False) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        page.fill('[name="y:employees"]', "0")
        page.fill('[name="y:regulators"]', "0")
        page.click("text=Try these weights")
        assert page.inner_text("#effect") == "1 would change tier: Privacy"
        page.fill('[name="reason"]', "Customers buy")
        page.click("text=Save weights")
        assert page.inner_text("#effect") == "Same as the saved weights."
        page.click("#rows a:has-text('Safety')")
        assert page.inner_text("#detail h2") == "Safety"

        page.select_option('[name="tier:energy"]', "1")
        page.click("text=Save draft")
        page.wait_for_selector("[role=alert]")  # a busy machine answers later
        assert page.locator("[role=alert]").count() == 1
        page.fill('[name="reason:energy"]', "The board wants it")
        page.click("text=Save draft")
        assert "The draft is saved." in page.inner_text("main")

        page.click("text=中文")
        assert page.inner_text("h1") == "结果与层级"
        page.click("nav >> text=报告")
        page.check('[name="size"][value="full"]')
        page.click("text=显示")
        assert "size=full" in page.url
        page.click("[name=prepare]")
        while page.locator("[name=wait]").count():
            page.wait_for_timeout(1000)
            page.click("[name=wait]")
        with page.expect_download(timeout=60_000) as download:
            page.click("#package a[download]")
        assert download.value.suggested_filename == "示例科技-2020-v1.zip"


def test_plotly_explores_the_same_topics_under_the_same_policy(assessment, chromium, live_server):
    with visitor(chromium, live_server) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        page.click("#explore")
        page.wait_for_selector("#plot .point", timeout=60_000)
        drawn = page.locator("#plot .point").count()
        assert drawn == page.locator(".screen .pt").count()
        assert "cloud" not in page.inner_html("#plot").lower()
        assert axe_violations(page) == []


def test_a_second_reviewer_is_told_that_somebody_was_first(assessment, chromium, live_server):
    with visitor(chromium, live_server, expected="409 (Conflict)") as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        other = Client()
        other.force_login(User.objects.get(username="reviewer"))
        first = {"tier:energy": 1, "reason:energy": "First"}
        other.post(f"/a/{assessment.pk}/results/", decisions(assessment, **first))

        page.select_option('[name="tier:safety"]', "3")
        page.fill('[name="reason:safety"]', "Second")
        with page.expect_response(re.compile(r"results/(\?|$)")) as answered:
            page.click("text=Save draft")
        assert answered.value.status == 409
        assert "Somebody else saved changes" in page.inner_text("main")
        page.goto("/a/")


@BOTH_LANGUAGES
def test_axe_finds_nothing_on_the_pages_of_double_materiality(
    transactional_db, chromium, live_server, language
):
    assessment = severe_double_round()
    make_user("owner", assessment.organisation)
    pages = ("results", "method", "results/set-topics", "results/review", "results?matrix=classic")
    with visitor(chromium, live_server, viewport={"width": 390, "height": 800}) as page:
        for name in pages:
            path, _, query = name.partition("?")
            page.goto(f"/a/{assessment.pk}/{path}/?lang={language}&{query}")
            assert axe_violations(page) == [], name


def test_without_javascript_the_other_matrix_is_chosen_and_its_weights_are_tried(
    transactional_db, chromium, live_server
):
    assessment = severe_double_round()
    make_user("owner", assessment.organisation)
    with visitor(chromium, live_server, java_script_enabled=False) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        page.select_option("#matrix", "classic")
        page.click(".tool button")
        assert page.locator('[name="y:employees"]').count() == 1
        page.fill('[name="y:employees"]', "0")
        page.click("text=Try these weights")

        assert page.input_value('[name="y:employees"]') == "0"
        assert page.input_value("#matrix") == "classic"
        assert page.inner_text("#effect") != "Same as the saved weights."
