import io
from html import unescape

import pytest
import xlsxwriter
from django.core.cache import cache
from django.test import Client

from surveys.actions import answer, drafts
from surveys.models import Survey
from surveys.visit.bots import read_form
from tests.builders import consent_of, make_link, make_survey
from tests.markup import page_of


@pytest.fixture(autouse=True)
def _nobody_came_yet() -> None:
    """Forget how often the tests' one address has come."""
    cache.clear()


@pytest.fixture
def survey(db: None) -> Survey:
    return make_survey()


@pytest.fixture
def token(survey: Survey) -> str:
    return make_link(survey)


@pytest.fixture
def begun(survey: Survey, token: str) -> str:
    """A link whose owner has agreed."""
    answer.start(token, consent_of(survey))
    return token


@pytest.fixture
def visitor() -> Client:
    """A browser without cookies that reads English."""
    return Client(headers={"accept-language": "en"})


def text_of(response) -> str:
    return unescape(page_of(response))


def page_ratings(visitor, token, number=1, rating="4") -> dict[str, str]:
    """Return what a page of questions asks, all answered alike."""
    form = read_form(page_of(visitor.get(f"/r/{token}/{number}/")))
    return dict.fromkeys(form.questions, rating)


def on_disk(content, tmp_path, name="answers.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path.open("rb")


def workbook(rows):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return file.getvalue()


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Store a draft even if another tab wrote to it since it was read."""
    guard, control = "AND version = %s", "AND %s IS NOT NULL"
    assert guard in drafts._UPDATE
    monkeypatch.setattr(drafts, "_UPDATE", drafts._UPDATE.replace(guard, control))
