import threading
from datetime import date

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
def assessment(db, folder, request) -> Assessment:
    """A round to decide; locked already where the test asks for that too."""
    if "locked" in request.fixturenames:
        return made_once("a locked round", locked_round)
    return made_once("a round to decide", round_to_decide)


def round_to_decide() -> Assessment:
    """A round whose answers are sealed and whose tiers are still to be decided."""
    assessment = sealed_round(cut_high=4.0, cut_low=3.5)
    actions.attach(assessment=assessment, name="minutes.pdf", content=b"Minutes", by=None)
    actions.add_iro(
        assessment=assessment, topic="privacy", by=None, kind="risk", title=both("泄露", "A leak")
    )
    source = actions.add_source(
        assessment=assessment, by=None, kind="media", title="A report", dated=date(2020, 5, 1)
    )
    actions.add_passage(source=source, text="Dust rose", released="Dust rose", by=None)
    assessment.surveys.first().answer_tables.create(
        name="export.csv", at=timezone.now(), state="imported"
    )
    for role in Role:
        make_user(str(role), assessment.organisation, role)
    return assessment


def locked_round() -> Assessment:
    assessment = round_to_decide()
    snapshots.lock(assessment=assessment, by=None)
    return assessment


@pytest.fixture
def locked(assessment) -> Assessment:
    if not assessment.is_locked:
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
def round_(db, request) -> Assessment:
    """A round that nobody has been asked about, with a member of each role; asked already where
    the test wants a survey of it."""
    if "anonymous" in request.fixturenames:
        return made_once("a round that asks", round_that_asks)
    return made_once("a round with members", round_with_members)


def round_with_members() -> Assessment:
    assessment = make_round()
    for role in Role:
        make_user(str(role), assessment.organisation, role)
    return assessment


def round_that_asks() -> Assessment:
    assessment = round_with_members()
    ask(assessment, open_links=True)
    return assessment


@pytest.fixture
def anonymous(round_) -> Survey:
    """The open survey of the groups; the panel's, named, is open too."""
    if not round_.surveys.exists():
        ask(round_, open_links=True)
    return round_.surveys.get(mode="anonymous")


@pytest.fixture
def named(anonymous, round_) -> Survey:
    return round_.surveys.get(mode="named")


@pytest.fixture
def editor(round_):
    return signed_in("editor")
