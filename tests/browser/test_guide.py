"""The guide has a page and a picture a step, in both languages; the pictures are taken here.

`GUIDE=write pytest -m browser tests/browser/test_guide.py` takes them anew, of the demo's company.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from materiality import actions
from materiality.demo.rounds import MANAGER, play
from materiality.models import Assessment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PICTURES = Path(settings.ROOT) / "docs/guide/pictures"
COLLECTING = {"start": "", "topics": "topics/", "groups": "groups/", "ask": "ask/"}
DECIDING = {"score": "results/", "report": "export/"}
DECIDED = {"decide": "changes/"}
TONGUES = {"zh": "zh-hans", "en": "en"}


@pytest.fixture
def manager(chromium, live_server) -> Any:
    """The manager of the demo's company at a browser."""
    play(lambda _sentence: None)
    client = Client()
    client.force_login(User.objects.get(username=MANAGER))
    context = chromium.new_context(viewport={"width": 1100, "height": 720})
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([cookie | {"url": live_server.url}])
    yield context.new_page()
    context.close()


def test_each_step_has_a_picture_of_its_page(manager, live_server, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assessment = Assessment.objects.get(year="2021")

    look(manager, live_server, f"/a/{assessment.pk}/", COLLECTING)
    for survey in assessment.surveys.all():
        actions.end_survey(assessment=assessment, survey=survey, by=None)
    look(manager, live_server, f"/a/{assessment.pk}/", DECIDING)
    look(manager, live_server, f"/a/{assessment.previous_id}/", DECIDED)
    look(manager, live_server, "/a/", {"next-year": "new/"})


def look(page: Any, live_server: Any, place: str, pages: dict[str, str]) -> None:
    """See each page, and its picture in the guide, in both languages."""
    for folder, language in TONGUES.items():
        for name, path in pages.items():
            address = f"{live_server.url}{place}{path}?lang={language}"
            assert page.goto(address).status == 200
            if os.environ.get("GUIDE") == "write":
                page.screenshot(path=PICTURES / f"{folder}-{name}.png")
            shown = page.goto(f"{live_server.url}/guide/{name}/?lang={language}")
            assert shown.status == 200
            picture = page.locator("article img")
            assert picture.evaluate("image => image.complete && image.naturalWidth > 0"), name
