import pytest
from django.core.cache import cache
from django.db import transaction

from tests.api.routes import make_world


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Make the world once for this file, and take it back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def fresh(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.MAIL_TEST_ADDRESSES = ["li@example.com"]
    cache.clear()
