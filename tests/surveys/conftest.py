import pytest
from django.core.cache import cache
from django.test import Client

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
