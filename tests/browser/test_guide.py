"""The guide has a page and a picture a step, in both languages; the pictures are taken here.

`GUIDE=write pytest -m browser tests/browser/test_guide.py` takes them anew.
"""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from tests.rounds import make_user, sealed_round

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PICTURES = Path(settings.ROOT) / "docs/guide/pictures"
PAGES = {
    "start": "", "topics": "topics/", "groups": "groups/", "ask": "ask/", "score": "results/",
    "decide": "changes/", "report": "export/", "next-year": "settings/",
}  # fmt: skip
TONGUES = {"zh": "zh-hans", "en": "en"}


@pytest.mark.parametrize("folder", TONGUES)
def test_each_step_has_a_picture_of_its_page(folder, chromium, live_server, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assessment = sealed_round()
    make_user("owner", assessment.organisation)
    client = Client()
    client.force_login(User.objects.get(username="owner"))
    context = chromium.new_context(viewport={"width": 1100, "height": 720})
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([cookie | {"url": live_server.url}])
    page = context.new_page()
    for name, path in PAGES.items():
        address = f"{live_server.url}/a/{assessment.pk}/{path}?lang={TONGUES[folder]}"
        assert page.goto(address).status == 200
        if os.environ.get("GUIDE") == "write":
            page.screenshot(path=PICTURES / f"{folder}-{name}.png")
        shown = page.goto(f"{live_server.url}/guide/{name}/?lang={TONGUES[folder]}")
        assert shown.status == 200
        picture = page.locator("article img")
        assert picture.evaluate("image => image.complete && image.naturalWidth > 0"), name
    context.close()
