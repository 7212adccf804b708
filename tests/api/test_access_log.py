"""Who reads of people or takes a file by program is in the log of access, as on the pages."""

import pytest
from django.db import transaction
from django.utils import timezone

from materiality.api.access import TeamViewSet
from materiality.models import Access
from surveys.models import Invitation, Message
from tests.api.calls import call
from tests.api.routes import RULES

pytestmark = pytest.mark.django_db
TEAM = [key for key, rule in RULES.items() if rule.caller == "team"]
NOT_NOTED = {
    "GET surveys/<int:pk>/mail/": "the test addresses of the site",
    "GET surveys/<int:pk>/mail/texts/<slug:occasion>/": "a link that is made up",
    "PUT surveys/<int:pk>/mail/texts/<slug:occasion>/": "a link that is made up",
    "PATCH surveys/<int:pk>/invitations/<int:person>/": "a write, in the log of the round",
    "POST surveys/<int:pk>/invitations/<int:person>/opt-out/": "a write, in the log of the round",
    "POST surveys/<int:pk>/invitations/<int:person>/opt-in/": "a write, in the log of the round",
}
LISTS = {
    "GET surveys/<int:pk>/invitations/",
    "GET surveys/<int:pk>/invitations/<int:person>/",
    "GET surveys/<int:pk>/mail/failures/",
}
DOWNLOADS = {
    "GET assessments/<int:pk>/topics-sheet/",
    "GET assessments/<int:pk>/register-sheet/",
    "GET surveys/<int:pk>/invitations/<int:person>/data/",
    "GET surveys/<int:pk>/comments/",
    "POST surveys/<int:pk>/links/",
    "POST surveys/<int:pk>/hand-outs/",
}


@pytest.fixture
def failed(world):
    """A mail to somebody on the list went wrong."""
    return Message.objects.create(
        survey=world.open,
        invitation=world.person,
        kind="invitation",
        state=Message.State.FAILED,
        not_before=timezone.now(),
    )


def noted(world, key):
    Access.objects.all().delete()
    answer = call(world, key, RULES[key].told(world))
    return answer, list(Access.objects.values_list("kind", "organisation", "by"))


def tells_of_somebody(answer):
    return b"li@example.com" in answer.content or b"/r/" in answer.content


@pytest.mark.usefixtures("failed")
@pytest.mark.parametrize("key", TEAM)
def test_a_call_that_tells_of_people_or_gives_a_file_is_noted(world, key):
    answer, lines = noted(world, key)

    is_file = "Content-Disposition" in answer.headers
    gives = is_file or tells_of_somebody(answer)
    if key in NOT_NOTED or not gives:
        kinds = {kind for kind, _of, _by in lines}
        assert key in DOWNLOADS or not kinds & {Access.Kind.DOWNLOAD, Access.Kind.READ_LIST}
        return
    kind = Access.Kind.READ_LIST if key in LISTS else Access.Kind.DOWNLOAD
    assert key in LISTS | DOWNLOADS
    assert lines == [(kind, world.company.pk, world.users["owner"].pk)]


def test_without_its_guard_nobody_would_be_noted(world, monkeypatch):
    monkeypatch.setattr(TeamViewSet, "_note", lambda view, answer: None)

    for key in LISTS | DOWNLOADS:
        with transaction.atomic():
            assert noted(world, key)[1] == [], key
            transaction.set_rollback(True)


def test_a_refused_call_is_not_noted(world):
    Access.objects.all().delete()
    key = "GET surveys/<int:pk>/invitations/<int:person>/"

    address = f"/api/v1/surveys/{world.open.pk}/invitations/{world.foreigner.pk}/"
    assert call(world, key, address=address).status_code == 404

    assert not Access.objects.exists()
    assert Invitation.objects.filter(pk=world.foreigner.pk).exists()
