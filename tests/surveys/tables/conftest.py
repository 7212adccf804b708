import pytest
from django.db import transaction

from surveys.models import Survey
from tests.surveys.tables.world import make_open_round
from tests.web.conftest import signed_in


@pytest.fixture(scope="module")
def open_round(django_db_setup, django_db_blocker):
    """Make the round once a module; each test takes back its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_open_round()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def survey(db, open_round):
    return Survey.objects.get(pk=open_round[0].pk)


@pytest.fixture
def panel(db, open_round):
    return Survey.objects.get(pk=open_round[1].pk)


@pytest.fixture
def editor(survey):
    return signed_in("editor")
