"""Export in a real browser: options without a reload, dragging, a frame on another site."""

import functools
import http.server
import threading
from collections.abc import Iterator

import pytest
from django.urls import reverse

from materiality.actions import publish_figure
from materiality.models import Package
from materiality.report.files import make
from tests.web.test_browser import visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at(assessment, name="export"):
    return reverse(f"materiality:{name}", args=[assessment.pk]) + "?lang=en"


def test_the_preview_follows_an_option_and_the_focus_stays(locked, chromium, live_server):
    with visitor(chromium, live_server) as page:
        page.goto(at(locked))
        page.get_by_role("radio", name="Single column").check(force=True)

        page.wait_for_selector("img#figure.column")
        assert page.evaluate("document.activeElement.value") == "column"
        assert "size=column" in page.url


def test_the_link_appears_by_itself_when_the_files_are_made(locked, chromium, live_server):
    with visitor(chromium, live_server) as page:
        page.goto(at(locked))
        for name in ("Matrix figure", "Report pages", "Report section", "Method note", "Slides"):
            page.get_by_label(name).uncheck()
        page.wait_for_url(lambda address: "?" in address and "slides" not in address)
        page.get_by_role("button", name="Prepare the files").click()
        page.wait_for_selector("text=Preparing…")

        make.make(Package.objects.get().pk)

        page.wait_for_selector("text=Download (ZIP")


def test_a_dragged_label_writes_its_numbers_and_is_saved(locked, chromium, live_server):
    with visitor(chromium, live_server) as page:
        page.goto(at(locked, "labels"))
        row = page.locator("tr[data-code=energy] input[type=number]")
        before = float(row.nth(1).input_value())
        box = page.locator("#labels > text", has_text="Energy").bounding_box()
        page.mouse.move(box["x"] + 5, box["y"] + 5)
        page.mouse.down()
        page.mouse.move(box["x"] + 5, box["y"] - 35)
        page.mouse.up()
        assert float(row.nth(1).input_value()) > before + 5
        page.get_by_role("button", name="Save and show").click()

        page.wait_for_selector("tr[data-code=energy] input[type=checkbox]")


@pytest.fixture
def other_site(tmp_path) -> Iterator[str]:
    """A folder served under another origin; yields its address."""
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    handler = functools.partial(quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_another_site_shows_the_matrix_and_no_other_page(
    locked, chromium, live_server, other_site, tmp_path
):
    token = publish_figure(assessment=locked, by=None).token
    framed = [f"/f/{token}/en/", "/accounts/login/"]
    frames = (
        f'<iframe src="{live_server.url}{path}" sandbox="allow-scripts"></iframe>'
        for path in framed
    )
    (tmp_path / "index.html").write_text("<!doctype html>" + "".join(frames))
    with visitor(chromium, live_server, None, expected="") as page:
        page.goto(f"{other_site}/index.html")
        matrix = page.frame_locator("iframe").nth(0)
        matrix.locator("tr[data-code=energy]").click()

        matrix.locator("#detail h2", has_text="Energy").wait_for()
        assert matrix.locator("figure:visible .pt").count() >= 2
        assert not any("/accounts/login/" in frame.url for frame in page.frames)
