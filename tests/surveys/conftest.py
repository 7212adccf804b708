import pytest
from django.core.cache import cache
from django.test import Client

from surveys import visits
from surveys.models import Survey
from tests.builders import make_link, make_survey


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
def visitor() -> Client:
    """A browser without cookies that reads English."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Store a draft even if another tab wrote to it since it was read."""
    guard, control = "AND version = %s", "AND %s IS NOT NULL"
    assert guard in visits._UPDATE
    monkeypatch.setattr(visits, "_UPDATE", visits._UPDATE.replace(guard, control))
