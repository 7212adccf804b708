"""Pages on paper and on a phone: nothing important is off the page."""

import io

import pypdf
import pytest

from materiality import actions
from tests.alone import empty_alone, scored_alone, unscored_entry
from tests.rounds import make_user
from tests.web.test_browser import visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def pages_printed(page) -> list[str]:
    printed = page.pdf(prefer_css_page_size=True)
    return [one.extract_text() for one in pypdf.PdfReader(io.BytesIO(printed)).pages]


def test_results_print_without_empty_pages_and_sliders(assessment, chromium, live_server):
    with visitor(chromium, live_server) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        printed = pages_printed(page)

        assert len(printed) <= 4, "7 before"
        assert all(text.strip() for text in printed)
        assert "Energy" in "".join(printed)
        page.emulate_media(media="print")
        assert not page.is_visible("#try input[type=range]")
        page.emulate_media(media="screen")
        assert page.is_visible("#try input[type=range]"), "control: they are on the screen"


def test_tiers_and_reasons_are_in_view_on_a_phone(assessment, chromium, live_server):
    phone = {"width": 390, "height": 800}
    with visitor(chromium, live_server, viewport=phone) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        for field in ("tier:energy", "reason:energy"):
            box = page.locator(f'[name="{field}"]').bounding_box()
            assert box["x"] >= 0, field
            assert box["x"] + box["width"] <= 390, field


def test_targets_of_groups_are_in_view_on_a_phone(assessment, chromium, live_server):
    survey = assessment.surveys.first()
    phone = {"width": 390, "height": 800}
    with visitor(chromium, live_server, viewport=phone) as page:
        page.goto(f"/a/{assessment.pk}/ask/{survey.pk}/?lang=en")
        for audience in survey.audiences.all():
            for field in ("target", "heads", "open"):
                box = page.locator(f'[name="{field}:{audience.pk}"]').bounding_box()
                assert box["x"] >= 0, field
                assert box["x"] + box["width"] <= 390, field
        page.set_viewport_size({"width": 1440, "height": 900})
        head = page.locator(".grp thead th").first.bounding_box()
        assert head["width"] > 60, "control: wide, it is a table with its headings"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_why_there_are_no_results_yet_stands_within_its_frame(chromium, live_server, language):
    assessment = empty_alone()
    make_user("owner", assessment.organisation)
    phone = {"width": 320, "height": 800}
    with visitor(chromium, live_server, viewport=phone) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang={language}")
        frame = page.locator(".empty").bounding_box()
        for line in page.locator(".empty b, .empty a").all():
            box = line.bounding_box()
            assert box["y"] >= frame["y"]
            assert box["y"] + box["height"] <= frame["y"] + frame["height"]


def test_every_figure_of_a_dossier_is_in_view_on_a_phone(assessment, chromium, live_server):
    phone = {"width": 390, "height": 800}
    with visitor(chromium, live_server, viewport=phone) as page:
        page.goto(f"/a/{assessment.pk}/topics/energy/dossier/?lang=en")
        cells = page.locator(".way td[data-label]")
        assert cells.count() > 10
        for at in range(cells.count()):
            box = cells.nth(at).bounding_box()
            assert box["x"] + box["width"] <= 390, at
            assert box["width"] > 60, at
        page.set_viewport_size({"width": 1440, "height": 900})
        head = page.locator(".way thead th").first.bounding_box()
        assert head["width"] > 60, "control: wide, it is a table with its headings"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_list_of_rounds_has_room_for_its_words_on_a_phone(
    assessment, chromium, live_server, language
):
    phone = {"width": 390, "height": 800}
    with visitor(chromium, live_server, viewport=phone) as page:
        page.goto(f"/a/?lang={language}")
        cells = page.locator("td[data-label]").all()
        assert len(cells) == 6
        for cell in cells:
            box = cell.bounding_box()
            assert box["x"] + box["width"] <= 390
            assert box["width"] > 90


@pytest.mark.parametrize("width", [320, 390])
def test_the_numbers_of_a_sheet_stand_in_one_line_on_a_phone(chromium, live_server, width):
    assessment = empty_alone()
    iro = unscored_entry(assessment)
    owner = make_user("owner", assessment.organisation)
    actions.assign_iros(assessment=assessment, codes=[iro.code], experts=[owner], by=None)
    with visitor(chromium, live_server, viewport={"width": width, "height": 800}) as page:
        page.goto(f"/a/{assessment.pk}/register/{iro.code}/score/?lang=en")
        labels = page.locator(".marks").first.locator("label").all()
        tops = [label.bounding_box()["y"] for label in labels]
        assert len(set(tops[:5])) == 1
        assert tops[5] > tops[0], "control: “cannot tell” is on the next one"


def test_the_axes_of_a_topic_do_not_run_into_each_other_on_a_phone(chromium, live_server):
    assessment = scored_alone()
    make_user("owner", assessment.organisation)
    with visitor(chromium, live_server, viewport={"width": 390, "height": 800}) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        cells = page.locator("#decide tr[data-code] td[data-y]").all()
        assert len(cells) > 2
        for cell in cells:
            assert cell.evaluate("(cell) => cell.scrollWidth <= cell.clientWidth")


def test_in_forced_colours_only_the_page_one_is_on_is_marked(assessment, chromium, live_server):
    """A border that is transparent otherwise is drawn there: it would mark every item."""
    with visitor(chromium, live_server) as page:
        page.emulate_media(forced_colors="active")
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        marked = page.eval_on_selector_all(
            ".bar nav a",
            """(links) => links.filter((link) => {
                const style = getComputedStyle(link);
                return style.borderBottomStyle !== "none" && parseFloat(style.borderBottomWidth) > 0
                    && style.borderBottomColor !== getComputedStyle(document.body).backgroundColor;
            }).map((link) => link.getAttribute("aria-current"))""",
        )
        assert marked == ["page"]
        page.emulate_media(forced_colors="none")
        page.goto(f"/a/{assessment.pk}/?lang=en")
        assert page.locator(".bar nav a").count() > 1, "control: there are others beside it"


def test_older_browsers_get_sliders_and_shades_too(assessment, chromium, live_server):
    """Neither asks CSS whether scripts run nor mixes colours there."""
    with visitor(chromium, live_server) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        styles = page.evaluate("fetch(document.styleSheets[1].href).then((one) => one.text())")
        assert "(scripting" not in styles
        assert ": color-mix(" not in styles
        assert page.is_visible("#try input[type=range]")
        page.click("#hm")
        shade = page.locator(".heat .h4").first
        assert (
            shade.evaluate("(one) => getComputedStyle(one).backgroundColor") != "rgba(0, 0, 0, 0)"
        )
    with visitor(chromium, live_server, java_script_enabled=False) as page:
        page.goto(f"/a/{assessment.pk}/results/?lang=en")
        assert not page.is_visible("#try input[type=range]"), "control: without script no slider"
