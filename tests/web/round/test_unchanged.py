"""A locked round looked at again: recorded by pages, confirmed by a second person, never edited."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from materiality import actions
from materiality.inputs import inputs_of, live
from materiality.inputs.previous import reassessed_years
from materiality.locking import snapshots
from materiality.locking.verification import faults_of
from materiality.models import Confirmation, Reassessment
from materiality.report.edition import Edition
from materiality.report.sentences import method_note
from materiality.selectors.approvals import standing_approval
from surveys.models import Role
from tests.markup import page_of
from tests.rounds import make_round, make_user, sealed_round
from tests.tampering import tamper, unprotected
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db
SAID = {
    "year": "2021",
    "concluded_on": "2021-03-01",
    "people": "Sustainability committee",
    "looked_at:zh-hans": "业务与价值链",
    "looked_at:en": "Business and value chain",
    "reason:zh-hans": "没有新的工厂",
    "reason:en": "No new plant",
    "version": 1,
}


@pytest.fixture
def locked():
    """A locked round of 2020 with an owner, a reviewer and a viewer."""
    assessment = sealed_round(year="2020")
    for role in (Role.OWNER, Role.REVIEWER, Role.VIEWER):
        make_user(str(role), assessment.organisation, role)
    snapshots.lock(assessment=assessment, by=None)
    return assessment


def url(assessment):
    return f"/a/{assessment.pk}/unchanged/?lang=en"


def record(assessment, name="owner", **sent):
    return signed_in(name).post(url(assessment), SAID | sent)


def test_a_year_is_recorded_and_stands_in_the_list_of_rounds_and_in_the_log(locked):
    owner = signed_in("owner")
    assert "Record that nothing material has changed since 2020" in page_of(
        owner.get("/a/?lang=en")
    )

    assert record(locked).status_code == 302

    assert "2021: reassessed, nothing material has changed since 2020" in page_of(
        owner.get("/a/?lang=en")
    )
    page = page_of(owner.get(url(locked)))
    assert "Sustainability committee, concluded on 1 March 2021" in page
    event = locked.events.latest("number")
    assert (event.verb, event.subject, event.by.username) == ("reassess", "2021", "owner")
    locked.refresh_from_db()
    assert list(faults_of(locked)) == []


def test_a_second_person_confirms_it_and_who_recorded_it_does_not(locked):
    record(locked)
    row = Reassessment.objects.get()

    refused = signed_in("owner").post(url(locked), {"confirm": str(row.pk)})
    assert refused.status_code == 409
    assert not Confirmation.objects.exists()

    signed_in("reviewer").post(url(locked), {"confirm": str(row.pk)})
    signed_in("reviewer").post(url(locked), {"confirm": str(row.pk)})

    assert row.confirmation.by.username == "reviewer"
    assert "Confirmed by reviewer" in page_of(signed_in("viewer").get(url(locked)))
    assert locked.events.filter(verb="confirm_reassessment").count() == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"year": "2019"}, "is no later year than 2020"),
        ({"year": "2020"}, "is no later year than 2020"),
        ({"year": "soon"}, "is no later year than 2020"),
        ({"reason:en": " "}, "is empty"),
        ({"people": ""}, "is empty"),
        ({"concluded_on": (timezone.localdate() + timedelta(days=2)).isoformat()}, "lies ahead"),
        ({"concluded_on": "spring"}, "date"),
    ],
)
def test_what_is_missing_is_said_and_kept_in_the_form(locked, sent, words):
    page = page_of(record(locked, **sent))

    assert words in page
    assert "Business and value chain" in page
    assert not Reassessment.objects.exists()


def test_only_a_locked_round_that_none_succeeded_is_reassessed(locked):
    draft = make_round(year="2021", previous=locked)

    assert "2021 has a round of its own" in page_of(record(locked))
    assert "with a locked round only" in page_of(signed_in("owner").get(url(draft)))
    assert record(draft, year="2022").status_code == 409
    assert not Reassessment.objects.exists()


def test_the_next_round_says_what_was_reassessed_before_it(locked):
    record(locked)

    following = make_round(year="2022", previous=locked)

    page = page_of(signed_in("viewer").get(f"/a/{following.pk}/?lang=en"))
    assert "2021 reassessed, unchanged" in page
    [told] = reassessed_years(following)
    assert (told["year"], told["people"], told["confirmed"]) == (
        "2021",
        "Sustainability committee",
        False,
    )


def test_the_method_note_of_the_next_round_prints_it(locked):
    following = sealed_round(year="2022", previous=locked)
    assert "reassessed" not in inputs_of(following)  # the control: nothing is said of no such year
    record(locked)

    printed = {
        language: " ".join(method_note.years_between(Edition(live(following), language)))
        for language in ("en", "zh-hans")
    }

    assert "2021 was reassessed" in printed["en"]
    assert "No new plant." in printed["en"]
    assert "2021 年未另行评估" in printed["zh-hans"]
    assert "没有新的工厂。" in printed["zh-hans"]


def test_a_record_is_never_edited_and_a_newer_one_of_the_year_takes_its_place(locked):
    record(locked)
    for statement in (
        "UPDATE materiality_reassessment SET people = 'x'",
        "DELETE FROM materiality_reassessment",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    record(locked, **{"people": "The board"})

    page = page_of(signed_in("owner").get(url(locked)))
    assert page.count("replaced by a later record") == 1
    front = page_of(signed_in("owner").get("/a/?lang=en"))
    assert front.count("2021: reassessed") == 1


def test_a_viewer_reads_and_does_not_record(locked):
    assert record(locked, "viewer").status_code == 403
    assert "Record it" not in page_of(signed_in("viewer").get(url(locked)))
    assert not Reassessment.objects.exists()


def test_verify_takes_an_honest_record_for_what_it_is_in_whatever_order_its_texts_come(locked):
    """PostgreSQL gives the keys of a mapping back in an order of its own."""
    record(locked)
    signed_in("reviewer").post(url(locked), {"confirm": str(Reassessment.objects.get().pk)})
    with unprotected():
        for text in ("looked_at", "reason"):
            said = getattr(Reassessment.objects.get(), text)
            turned = json.dumps({code: said[code] for code in reversed(locked.languages)})
            tamper(f"UPDATE materiality_reassessment SET {text} = %s", turned)

    locked.refresh_from_db()
    assert list(faults_of(locked)) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE materiality_reassessment SET people = 'Eve'", "the years reassessed"),
        ("UPDATE materiality_reassessment SET concluded_on = '2021-01-01'", "the years reassessed"),
        ("UPDATE materiality_reassessment SET year = '2031'", "the years reassessed"),
        (
            """UPDATE materiality_reassessment SET reason = '{"en": "x", "zh-hans": "x"}'""",
            "the years reassessed",
        ),
        (
            """UPDATE materiality_reassessment SET looked_at = '{"en": "x", "zh-hans": "x"}'""",
            "the years reassessed",
        ),
        (
            "UPDATE materiality_confirmation SET by_id ="
            " (SELECT id FROM auth_user WHERE username = 'viewer')",
            "who confirmed",
        ),
        ("DELETE FROM materiality_confirmation", "who confirmed"),
    ],
)
def test_verify_names_a_record_or_a_confirmation_that_was_changed(locked, statement, words):
    record(locked)
    signed_in("reviewer").post(url(locked), {"confirm": str(Reassessment.objects.get().pk)})

    tamper(statement)

    locked.refresh_from_db()
    assert words in " ".join(faults_of(locked))


def test_a_record_that_was_replaced_is_not_confirmed(locked):
    record(locked)
    record(locked, people="The board")
    first, second = Reassessment.objects.order_by("pk")

    refused = signed_in("reviewer").post(url(locked), {"confirm": str(first.pk)})

    assert refused.status_code == 409
    assert "A later record of this year has taken its place" in page_of(refused)
    assert not Confirmation.objects.exists()
    signed_in("reviewer").post(url(locked), {"confirm": str(second.pk)})
    assert second.confirmation.by.username == "reviewer"


def test_it_is_said_that_the_approval_of_the_round_being_made_lapses(locked):
    following = sealed_round(year="2022", previous=locked)
    reviewer = locked.organisation.memberships.get(user__username="reviewer").user
    actions.approve(assessment=following, by=reviewer)

    page = page_of(signed_in("owner").post(url(locked), SAID, follow=True))

    assert "The results of 2022 tell of this, so their approval holds no longer" in page
    assert standing_approval(following) is None
    again = page_of(signed_in("owner").post(url(locked), SAID, follow=True))
    assert "holds no longer" not in again  # the control: none stood by then


def test_a_round_that_an_archived_one_follows_is_not_offered(locked):
    following = sealed_round(year="2022", previous=locked)
    snapshots.lock(assessment=following, by=None)
    offer = "Record that nothing material has changed since"
    assert f"{offer} 2022" in page_of(signed_in("owner").get("/a/?lang=en"))

    actions.archive_round(assessment=following, archived=True, by=None)

    assert offer not in page_of(signed_in("owner").get("/a/?lang=en"))


def test_a_new_round_begins_after_the_years_found_unchanged_and_may_be_of_one(locked):
    owner, path = signed_in("owner"), "/a/new/?lang=en"
    before = owner.get(path).context["form"].initial["year"]
    record(locked)
    after = owner.get(path).context["form"].initial["year"]
    sent = {"preset": "classic", "previous": locked.pk, "copy": ""}
    words = "It is recorded that nothing material changed in 2021 since 2020."

    of_2022 = page_of(owner.post(path, sent | {"year": "2022"}, follow=True))
    of_2021 = page_of(owner.post(path, sent | {"year": "2021", "previous": ""}, follow=True))

    assert (before, after) == ("2021", "2022")
    assert words not in of_2022
    assert words in of_2021
