"""Who read a list of people or took a file away is in the log of access, whatever the address."""

import pytest
from django.urls import reverse
from django.utils import timezone

from materiality.models import Access, Package
from materiality.report.files import order
from surveys.actions.invite import add_people
from surveys.models import Invitation, Message
from surveys.people.person import Person
from tests.markup import page_of
from tests.rounds import ask, make_round
from tests.web.conftest import signed_in
from tests.web.test_access import ROUND_PAGES, path_of

pytestmark = pytest.mark.django_db
CALLED = "ziyagongye"
SOMEBODY = f"{CALLED}@example.com"
NOT_NOTED = {
    "curve": "how many answered on each day, as the page of progress shows it",
    "explore": "the picture on the page of results, drawn anew",
    "figure": "the picture on the page of the export; a file to keep is in the package",
    "package_state": "one word: how far the files are",
    "qr_png": "an open link, made to hang on a wall",
    "qr_svg": "an open link, made to hang on a wall",
}
"""Addresses that answer with something other than a page, and why nobody needs to know who did."""


@pytest.fixture
def listed(assessment):
    """A round of the same people that is asking somebody, whose mail went wrong."""
    asking = make_round(organisation=assessment.organisation, year="2031")
    survey = ask(asking)[0]
    add_people([(survey.audiences.first(), Person(email=SOMEBODY))])
    person = Invitation.objects.get(email=SOMEBODY)
    Message.objects.create(
        survey=survey,
        invitation=person,
        kind="invitation",
        state=Message.State.FAILED,
        not_before=timezone.now(),
    )
    asking.keys = {"survey": survey.pk, "person": person.pk, "file": 0, "table": 0}
    return asking


def kinds_noted(client, path):
    Access.objects.all().delete()
    answer = client.get(path)
    return answer, set(Access.objects.values_list("kind", flat=True))


def is_page(answer):
    is_html = answer.headers["Content-Type"].startswith("text/html")
    return is_html and "Content-Disposition" not in answer.headers


def test_whoever_takes_a_file_from_a_round_is_noted(assessment):
    client, files = signed_in("owner"), set()
    for name in ROUND_PAGES:
        answer, noted = kinds_noted(client, path_of(name, assessment))
        if answer.status_code != 200 or is_page(answer):
            continue
        files.add(name)
        assert (Access.Kind.DOWNLOAD in noted) == (name not in NOT_NOTED), name
    assert set(NOT_NOTED) <= files
    assert {"log_csv", "access_csv", "index_csv", "evidence_file", "topic_sheet"} <= files


def test_whoever_reads_of_people_on_a_list_is_noted(listed):
    client, lists = signed_in("owner"), set()
    for name in ROUND_PAGES:
        answer, noted = kinds_noted(client, path_of(name, listed))
        if answer.status_code != 200 or not is_page(answer) or CALLED not in page_of(answer):
            continue
        lists.add(name)
        assert noted == {Access.Kind.READ_LIST}, name
    assert lists == {"invitations", "person", "mail"}


def test_the_control_a_page_without_people_is_not_noted(listed):
    _answer, noted = kinds_noted(signed_in("owner"), path_of("overview", listed))

    assert noted == set()


def test_it_is_noted_who_read_and_of_which_survey(listed):
    kinds_noted(signed_in("editor"), path_of("invitations", listed))

    [line] = Access.objects.all()
    assert line.by.username == "editor"
    survey = listed.surveys.get(pk=listed.keys["survey"])
    assert (line.organisation, line.subject) == (listed.organisation, survey.slug)


def test_taking_links_to_hand_over_is_noted(listed):
    path = path_of("hand_out", listed)

    signed_in("owner").post(path, {"kind": "csv", "audience": ""})

    assert Access.objects.filter(kind="download", subject__startswith="links ").exists()


def test_taking_the_package_is_noted(assessment):
    made = Package.objects.create(
        assessment=assessment,
        key="a" * 64,
        order=dict(order.USUAL),
        content=b"PK",
        state=Package.State.READY,
        asked_at=timezone.now(),
    )
    path = reverse("materiality:files", args=[assessment.pk, made.key])

    answer, noted = kinds_noted(signed_in("viewer"), path)

    assert (answer.status_code, noted) == (200, {Access.Kind.DOWNLOAD})


def test_a_changed_role_is_noted(listed):
    owner = signed_in("owner")
    membership = listed.organisation.memberships.get(user__username="viewer")
    Access.objects.all().delete()

    owner.post(path_of("people", listed), {"member": membership.pk, "role": "reviewer"})

    assert Access.objects.filter(kind="role", by__username="owner").exists()
