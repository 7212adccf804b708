import threading

import pytest
from django.test import Client
from django.utils import timezone

from materiality import actions
from materiality.locking import snapshots
from materiality.models import Assessment
from materiality.web import letters
from surveys.models import Role, Survey
from tests.builders import both, make_organisation
from tests.keeping import made_once
from tests.rounds import ask, make_round, make_user, sealed_round


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def assessment(db, folder) -> Assessment:
    return made_once("a round to decide", round_to_decide)


def round_to_decide() -> Assessment:
    """A round whose answers are sealed and whose tiers are still to be decided."""
    assessment = sealed_round(cut_high=4.0, cut_low=3.5)
    actions.attach(assessment=assessment, name="minutes.pdf", content=b"Minutes", by=None)
    assessment.surveys.first().answer_tables.create(
        name="export.csv", at=timezone.now(), state="imported"
    )
    for role in Role:
        make_user(str(role), assessment.organisation, role)
    return assessment


@pytest.fixture
def locked(assessment) -> Assessment:
    snapshots.lock(assessment=assessment, by=None)
    return Assessment.objects.get(pk=assessment.pk)


@pytest.fixture
def stranger(db):
    return make_user("stranger", make_organisation(name=both("别家公司", "Other Ltd")))


def signed_in(name: str) -> Client:
    from django.contrib.auth.models import User

    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def letters_are_sent() -> None:
    """Wait for the mails about accounts, which go out beside the answer."""
    for thread in threading.enumerate():
        if thread.name == letters.NAME:
            thread.join()


@pytest.fixture
def owner(assessment) -> Client:
    return signed_in("owner")


@pytest.fixture
def round_(db) -> Assessment:
    """A round that nobody has been asked about, with a member of each role."""
    assessment = make_round()
    for role in Role:
        make_user(str(role), assessment.organisation, role)
    return assessment


@pytest.fixture
def anonymous(round_) -> Survey:
    """The open survey of the groups; the panel's, named, is open too."""
    return ask(round_, open_links=True)[0]


@pytest.fixture
def named(anonymous, round_) -> Survey:
    return round_.surveys.get(mode="named")


@pytest.fixture
def editor(round_):
    return signed_in("editor")
