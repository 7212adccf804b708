"""Respondent pages are light: bytes, requests, queries."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.actions import answer
from surveys.questionnaire import questionnaires
from surveys.visit.bots import read_form
from tests.builders import consent_of, make_link, make_survey
from tests.markup import page_of

pytestmark = pytest.mark.django_db
BUDGET = 30_000  # bytes, compressed: the page and all it loads
REQUESTS = 4


def loaded_by(page: str) -> list[str]:
    """Return the addresses a browser fetches to show the page."""
    links = re.findall(r'<(?:link|script|img|iframe)[^>]+(?:href|src)="([^"]+)"', page)
    return [link for link in links if not link.startswith("data:")]


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@pytest.mark.parametrize("path", ["", "1/", "1/?unanswered=1", "end/"])
def test_a_page_and_all_it_loads_fits_the_budget(visitor, begun, path):
    response = visitor.get(f"/r/{begun}/{path}")
    files = loaded_by(page_of(response))

    size = compressed(response.content)
    size += sum(compressed(Path(finders.find(file.removeprefix("/static/"))).read_bytes())
                for file in files)  # fmt: skip

    assert len(files) + 1 <= REQUESTS
    assert size <= BUDGET


def test_the_heaviest_page_fits_too(visitor):
    """Four questions on each of forty topics, with the longest help anybody should write."""
    survey = make_survey(
        prompts=("scale", "scope", "repair", "chance"), topics=40, publish_it=False
    )
    survey.questions.update(help={"en": "x y " * 60, "zh-hans": "字" * 120})
    from surveys.actions.publish import publish

    publish(survey)
    token = make_link(survey)
    answer.start(token, consent_of(survey))

    test_a_page_and_all_it_loads_fits_the_budget(visitor, token, "1/")


@pytest.mark.parametrize("path", ["", "1/", "end/", "withdraw/"])
def test_a_page_loads_nothing_from_elsewhere(visitor, begun, path):
    page = page_of(visitor.get(f"/r/{begun}/{path}"))

    assert all(file.startswith("/static/surveys/") for file in loaded_by(page))
    assert "http://" not in page
    assert "https://" not in page


def test_styles_load_nothing():
    for name in ("core.css", "survey.css"):
        style = Path(finders.find(f"surveys/{name}")).read_text()
        assert "url(" not in style
        assert "@import" not in style


def test_styles_stay_within_what_old_browsers_know():
    """Chrome 86: no :has(), no nesting, no flex gap, no container queries."""
    style = Path(finders.find("surveys/survey.css")).read_text()

    for feature in (":has(", "@container", "&", ";gap:", "{gap:", "dvh", ":is(", "@layer"):
        assert feature not in style.split("*/", 1)[1], feature


def queries(action) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        action()
    words = [query["sql"].split()[0] for query in captured]
    return len([word for word in words if word not in ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")])


@pytest.fixture
def _the_minute_stands_still(monkeypatch):
    monkeypatch.setattr(questionnaires.time, "time", lambda: 0.0)


@pytest.mark.usefixtures("_the_minute_stands_still")
def test_every_request_asks_the_database_little(survey, visitor):
    first, token = make_link(survey), make_link(survey)
    visitor.get(f"/r/{first}/")  # the questionnaire is in memory now
    counts = {}

    def see(name, path, fields=None):
        url = f"/r/{token}/{path}"
        counts[name] = queries(
            lambda: visitor.get(url) if fields is None else visitor.post(url, fields)
        )

    see("landing", "")
    see("agree", "", {"consent": consent_of(survey)})
    see("first page", "1/")
    asked = read_form(page_of(visitor.get(f"/r/{token}/1/"))).questions
    see("save", "1/", dict.fromkeys(asked, "4"))
    see("autosave", "1/", {next(iter(asked)): "4", "autosave": "1"})
    see("last words", "end/")
    see("submit", "end/", {"comment": "Good"})
    see("thanks", "done/")

    assert counts == {
        "landing": 1, "agree": 2, "first page": 1, "save": 2, "autosave": 2,
        "last words": 1, "submit": 2, "thanks": 1,
    }  # fmt: skip


def test_the_number_of_topics_costs_no_queries(visitor, monkeypatch):
    monkeypatch.setattr(questionnaires.time, "time", lambda: 0.0)
    counts = set()
    for topics in (3, 40):
        survey = make_survey(topics=topics)
        token = make_link(survey)
        answer.start(token, consent_of(survey))
        counts.add(queries(lambda token=token: visitor.get(f"/r/{token}/1/")))

    assert counts == {1}


# Chrome 86 and Safari 14 are the oldest that WeChat brings; each of these came later.
TOO_NEW = {
    "survey.js": [
        "??=",
        "||=",
        "replaceAll",
        ".at(",
        "structuredClone",
        "Object.hasOwn",
        "#private",
    ],
    "survey.css": [":has(", "dvh", "@layer", "@container", "aspect-ratio", "inset:", "&:", "& "],
    "core.css": [":has(", "dvh", "@layer", "@container", "aspect-ratio", "inset:", "&:", "& "],
}


@pytest.mark.parametrize("file", TOO_NEW)
def test_nothing_is_used_that_an_old_webview_does_not_know(file):
    text = Path(finders.find(f"surveys/{file}")).read_text()
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)

    assert [word for word in TOO_NEW[file] if word in code] == []
