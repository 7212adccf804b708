"""The guide: a page a step in both languages, linked from the pages it is about."""

from pathlib import Path

import pytest
from django.conf import settings

from materiality.templatetags.workspace import GUIDE
from tests.web.conftest import signed_in

GUIDES = Path(settings.ROOT) / "docs/guide"


def test_both_languages_have_the_same_pages_and_each_a_picture():
    names = {file.stem for file in (GUIDES / "en").glob("*.md")}

    assert names == {file.stem for file in (GUIDES / "zh").glob("*.md")}
    assert set(GUIDE) < names
    for folder in ("en", "zh"):
        for name in names - {"README"}:
            assert (GUIDES / "pictures" / f"{folder}-{name}.png").is_file(), (folder, name)


@pytest.mark.parametrize(("tongue", "word"), [("en", "Catalogue"), ("zh-hans", "标准目录")])
def test_a_page_of_the_guide_is_shown_in_the_readers_language(client, db, tongue, word):
    shown = client.get("/guide/topics/", {"lang": tongue})

    assert shown.status_code == 200
    assert word.lower() in shown.content.decode().lower()
    assert client.get("/guide/", {"lang": tongue}).content.decode().count("<li>") == 8


@pytest.mark.parametrize("path", ["/guide/nothing/", "/guide/pictures/nothing.png"])
def test_what_the_guide_does_not_have_is_not_found(client, db, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "step"),
    [("", "start"), ("topics/", "topics"), ("groups/", "groups"), ("ask/", "ask"),
     ("results/", "score"), ("lock/", "decide"), ("export/", "report"), ("people/", "start")],
)  # fmt: skip
def test_help_opens_the_page_that_is_about_this_one(assessment, path, step):
    page = signed_in("owner").get(f"/a/{assessment.pk}/{path}").content.decode()

    assert f'href="/guide/{step}/"' in page
