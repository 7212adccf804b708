"""The guide: a page a step in both languages, linked from the pages it is about."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from materiality.templatetags.workspace import GUIDE
from tests.messages import HALVES
from tests.web.conftest import signed_in

GUIDES = Path(settings.ROOT) / "docs/guide"


def test_both_languages_have_the_same_pages_and_each_a_picture():
    names = {file.stem for file in (GUIDES / "en").glob("*.md")}

    assert names == {file.stem for file in (GUIDES / "zh").glob("*.md")}
    assert set(GUIDE) < names
    for folder in ("en", "zh"):
        for name in names - {"README"}:
            assert (GUIDES / "pictures" / f"{folder}-{name}.png").is_file(), (folder, name)


@pytest.mark.parametrize("folder", ["en", "zh"])
def test_what_the_guide_puts_in_quotes_stands_on_a_page(folder):
    """Except names of standards. A count in the guide stands for any."""
    said = {
        re.sub(r"%\(\w+\)[sd]", "21", text)
        for half in HALVES
        for message in half.written()
        if message.id
        for text in texts_of(message.id if folder == "en" else message.string)
    }
    quoted = {
        words
        for file in (GUIDES / folder).glob("*.md")
        for words in re.findall("“([^”]+)”", re.sub(r"!\[.*", "", file.read_text()))
    }

    assert len(quoted) > 15
    assert quoted - said == {"SZSE 2024"}


def texts_of(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text


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
