"""What a form would do is shown while it is filled in: boundaries, and colours of the report."""

import pytest

from materiality.models import Assessment
from tests.web.test_access import path_of
from tests.web.test_browser import visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_boundary_that_is_typed_moves_in_the_preview_and_nothing_is_saved(
    assessment, chromium, live_server
):
    with visitor(chromium, live_server) as page:
        page.goto(f"{path_of('method', assessment)}?lang=en")
        before = page.locator("#preview").inner_html()

        page.fill("#rule_cut_high", "4.7")
        page.locator("#preview td", has_text="4.70").wait_for()

        assert page.locator("#preview").inner_html() != before
        assert "it is not saved" in page.locator("#preview").inner_text()
    assert Assessment.objects.get(pk=assessment.pk).cut_high == 4.0


def test_a_picked_colour_is_written_and_drawn(locked, chromium, live_server):
    with visitor(chromium, live_server) as page:
        page.goto(f"{path_of('look', locked)}?lang=en")
        for at, colour in enumerate(("#7a1f5c", "#8a5300", "#555555")):
            page.locator(".picker").nth(at).fill(colour)

        assert page.input_value("#look_colour0") == "#7a1f5c"
        page.wait_for_selector('#preview svg [fill="#7a1f5c"]')
