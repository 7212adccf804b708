"""The tabs of “Ask” in a real browser: for everybody who reads screens, and what scripts add."""

import pytest

from materiality.actions.drafting import draft_survey
from materiality.web.ask import people_lists
from surveys.actions import lists
from surveys.actions.revise import revise_prompt
from surveys.models import Survey
from surveys.people.person import Person
from tests.browser.axe import axe_violations
from tests.builders import both
from tests.web.ask.asking import add_people, tab
from tests.web.test_browser import visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABS = (
    *(
        "",
        "questionnaire/",
        "questionnaire/wording/",
        "invitations/",
        "invitations/list/",
        "invitations/links/",
    ),
    *("mail/", "mail/reminder/", "progress/", "quality/", "end/"),
)
LOOKS = [("en", "light", 1440), ("zh-hans", "dark", 390)]


@pytest.mark.parametrize(("language", "theme", "width"), LOOKS)
def test_axe_finds_nothing_on_any_tab(
    anonymous, round_, chromium, live_server, language, theme, width
):
    [ann] = add_people(anonymous, Person("Ann", "ann@example.com"))
    size = {"width": width, "height": 900}
    with visitor(chromium, live_server, color_scheme=theme, viewport=size) as page:
        tabs = [tab(anonymous, name) for name in (*TABS, f"invitations/{ann.pk}/")]
        for name in (f"/a/{round_.pk}/", *tabs):
            page.goto(f"{name}?lang={language}")
            assert axe_violations(page) == [], name
            wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(wider) == 0, name


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_on_a_phone_no_column_is_squeezed_and_addresses_break_at_signs_only(
    anonymous, chromium, live_server, language
):
    mail = "a.rather.long-name@sub-domain.example.com"
    add_people(anonymous, Person("", mail, subgroup="North"))
    with visitor(chromium, live_server, viewport={"width": 390, "height": 900}) as page:
        page.goto(tab(anonymous, "invitations/") + f"?lang={language}")

        cells = page.locator(".tw td:not(.r), .tw tbody th").all()
        assert all(cell.bounding_box()["width"] >= 90 for cell in cells)
        parts = page.locator("td .nb").all_inner_texts()
        assert parts == [
            "a.",
            "rather.",
            "long-name@",
            "sub-domain.",
            "example.",
            "com",
            *parts[6:],
        ]
        heights = [one.bounding_box()["height"] for one in page.locator("td > span.nb").all()]
        assert max(heights) < 30  # no part is broken
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_axe_finds_nothing_on_a_draft_and_its_previews(round_, anonymous, chromium, live_server):
    Survey.objects.filter(pk=anonymous.pk).update(published_at=None)
    with visitor(chromium, live_server) as page:
        for name in ("", "questionnaire/", "questionnaire/wording/", "preview/?page=1"):
            page.goto(tab(anonymous, name))
            unseen = ("frame-tested",)  # the frames are looked at below, as pages
            result = [one for one in axe_violations(page) if not one.startswith(unseen)]
            assert result == [], name
        frames = page.locator("iframe")
        assert frames.count() == 2
        assert frames.nth(1).content_frame.locator(".topic legend").count() == 4
        for number in (0, 2, 1):
            page.goto(tab(anonymous, f"preview/employees/en/{number}/"))
            assert axe_violations(page) == [], number
        radio = page.get_by_role("radio", name="Fairly").first
        assert radio.is_disabled()


def test_the_time_it_takes_follows_the_ticks(round_, anonymous, chromium, live_server):
    Survey.objects.filter(pk=anonymous.pk).update(published_at=None)
    with visitor(chromium, live_server) as page:
        page.goto(tab(anonymous) + "?lang=en")
        row = page.locator("[data-row]").first
        assert row.locator("[data-minutes]").inner_text() == "2"  # (4 × 8 + 30) s

        row.locator("[data-ratings]").uncheck()

        assert row.locator("[data-minutes]").inner_text() == "1"
        assert row.locator("[data-ratings-sum]").inner_text() == "0"


def test_the_curve_is_drawn_to_hover_and_zoom_under_the_strict_policy(
    anonymous, chromium, live_server
):
    with visitor(chromium, live_server) as page:
        page.goto(tab(anonymous, "progress/") + "?lang=en")

        page.click("#draw")

        page.wait_for_selector("#plot .main-svg", timeout=20_000)


@pytest.mark.parametrize("scripts", [True, False])
def test_whoever_waits_for_a_long_list_sees_how_far_it_is_and_then_the_end(
    anonymous, chromium, live_server, monkeypatch, scripts
):
    monkeypatch.setattr(people_lists, "AT_ONCE", 1)
    with visitor(chromium, live_server, java_script_enabled=scripts) as page:
        page.goto(tab(anonymous, "invitations/list/") + "?lang=en")
        rows = b"email,name,group\na@example.com,A,customers\nb@example.com,B,customers\n"
        file = {"name": "people.csv", "mimeType": "text/csv", "buffer": rows}
        page.set_input_files("input[type=file]", file)
        page.click("button[name=upload]")
        page.click("button[name=import]")

        status = page.get_by_role("status")
        assert status.inner_text().startswith("0 of 2 rows done.")
        assert not scripts or axe_violations(page) == []
        lists.add_left()
        page.get_by_text("2 people added.").wait_for()


def test_the_longest_words_of_a_question_fit_a_phone(round_, chromium, live_server):
    longest = {
        "text": both("问" * 80, "question " * 16 + "x" * 16),
        "labels": {
            "zh-hans": [str(at) * 2 + "重" * 15 for at in range(1, 6)],
            "en": [str(at) * 32 for at in range(1, 6)],
        },
        "cannot_judge": both("不" * 30, "x" * 60),
    }
    about = round_.dimensions.get(code="stakeholder")
    draft = draft_survey(assessment=round_, dimension=about, by=None)
    revise_prompt(draft.prompts.get(), longest)
    cut = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length"
    with visitor(chromium, live_server, viewport={"width": 320, "height": 700}) as page:
        for tongue in ("zh-hans", "en"):
            page.goto(tab(draft, f"preview/employees/{tongue}/1/"))
            assert page.evaluate("document.documentElement.scrollWidth") == 320
            for sort, tallest in (("h1", 300), (".opt label", 150), (".dk label", 80)):
                result = page.locator(sort)
                assert result.evaluate_all(cut) == 0, sort
                assert result.first.bounding_box()["height"] <= tallest, sort
