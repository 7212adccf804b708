"""A warrant lets the rows of one organisation go, locked ones too; without it all is as before."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from materiality import actions
from materiality.actions.deletion import _begin
from materiality.locking import snapshots
from materiality.models import Assessment, Deletion, Event, Warrant
from materiality.models.closing import CLOSED
from materiality.models.freezing import FROZEN
from materiality.models.immutability import RECORDS
from materiality.selectors.belongings import rows_of
from surveys.models import Organisation
from tests.builders import both, make_organisation
from tests.locking.waiting import wait_over
from tests.rounds import make_user, sealed_round

pytestmark = pytest.mark.django_db
GUARDED = sorted({*CLOSED, *RECORDS, *FROZEN})


@pytest.fixture
def locked() -> Assessment:
    """A locked round with a decision, a remark, a file and what somebody wrote."""
    assessment = sealed_round()
    owner = make_user("owner", assessment.organisation)
    topic = assessment.topics.get(code="energy")
    actions.decide(assessment=assessment, decisions={"energy": (1, "Law")}, by=owner)
    actions.attach(assessment=assessment, topic=topic, name="a.pdf", content=b"a", by=owner)
    actions.remark(assessment=assessment, topic=topic, text="Why?", by=owner)
    snapshots.lock(assessment=assessment, by=owner)
    return Assessment.objects.get(pk=assessment.pk)


def asked(assessment: Assessment) -> Deletion:
    organisation = assessment.organisation
    name = next(iter(organisation.name.values()))
    return actions.ask_deletion(organisation=organisation, name=name, by=None)


def refused(statement: str, *values: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return True
    return False


def locked_tables(assessment: Assessment) -> list[str]:
    """The guarded tables in which this organisation has rows that are closed now."""
    rows = rows_of(assessment.organisation_id)
    named = {table._meta.db_table: found for table, found in rows.items()}
    return [table for table in GUARDED if named[table].exists()]


def delete_of(assessment: Assessment, table: str) -> tuple[str, int]:
    rows = {found._meta.db_table: found for found in rows_of(assessment.organisation_id)}
    model = rows[table]
    keys = rows_of(assessment.organisation_id)[model].order_by("pk").values_list("pk", flat=True)
    return f"DELETE FROM {table} WHERE id = %s", keys[0]


def test_without_a_warrant_no_row_of_a_locked_round_goes(locked):
    tables = locked_tables(locked)
    assert len(tables) > 12

    for table in tables:
        assert refused(*delete_of(locked, table)), table


def test_a_request_alone_lets_nothing_go_and_neither_does_one_whose_time_is_over(locked):
    deletion = asked(locked)
    for _time in range(2):
        for table in locked_tables(locked):
            assert refused(*delete_of(locked, table)), table
        wait_over(deletion)


def test_with_the_warrant_rows_may_be_deleted_and_still_not_be_changed(locked):
    _begin(wait_over(asked(locked)))

    assert refused("UPDATE materiality_snapshot SET digest = 'x'")
    assert refused("UPDATE materiality_event SET reason = 'x'")
    assert refused("UPDATE materiality_topic SET code = code")
    assert not refused(*delete_of(locked, "materiality_remark"))
    assert not refused(*delete_of(locked, "materiality_decision"))


def test_a_warrant_of_one_organisation_lets_nothing_of_another_go(locked):
    other = make_organisation(name=both("别家公司", "Other Ltd"))
    request = actions.ask_deletion(organisation=other, name="Other Ltd", by=None)
    _begin(wait_over(request))
    assert Warrant.objects.get().organisation == other.pk

    for table in locked_tables(locked):
        assert refused(*delete_of(locked, table)), table


def test_no_row_is_moved_to_an_organisation_that_has_a_warrant(locked):
    other = make_organisation(name=both("别家公司", "Other Ltd"))
    _begin(wait_over(actions.ask_deletion(organisation=other, name="Other Ltd", by=None)))

    assert refused("UPDATE materiality_assessment SET organisation_id = %s", other.pk)
    assert refused("UPDATE surveys_survey SET organisation_id = %s", other.pk)


# ---- nobody writes a warrant by hand ----

NEW = "INSERT INTO materiality_warrant (organisation, at) VALUES (%s, %s)"


def test_no_warrant_is_taken_without_a_request(locked):
    actions.suspend_organisation(organisation=locked.organisation, by=None)

    assert refused(NEW, locked.organisation_id, timezone.now())


def test_no_warrant_is_taken_before_the_time_or_of_a_client_that_is_open(locked):
    deletion = asked(locked)
    assert refused(NEW, locked.organisation_id, timezone.now())
    wait_over(deletion)
    Organisation.objects.filter(pk=locked.organisation_id).update(suspended_at=None)
    assert refused(NEW, locked.organisation_id, timezone.now())

    Organisation.objects.filter(pk=locked.organisation_id).update(suspended_at=timezone.now())
    assert not refused(NEW, locked.organisation_id, timezone.now())  # control


def test_a_warrant_is_not_changed_taken_away_or_taken_twice(locked):
    _begin(wait_over(asked(locked)))

    assert refused("UPDATE materiality_warrant SET organisation = organisation + 1")
    assert refused("DELETE FROM materiality_warrant")
    assert refused(NEW, locked.organisation_id, timezone.now())
    if connection.vendor == "sqlite":
        assert refused(NEW.replace("INSERT", "INSERT OR REPLACE"), locked.organisation_id, "now")


# ---- nobody shortens the time or forges a certificate ----

REQUEST = (
    "INSERT INTO materiality_deletion (organisation, token, asked_at, not_before, certificate)"
    " VALUES (%s, %s, %s, %s, '')"
)


@pytest.mark.parametrize(("days", "is_refused"), [(-1, True), (13, True), (14, False)])
def test_a_request_waits_two_weeks_by_the_clock_of_the_database(db, days, is_refused):
    now = timezone.now()
    told = now - timedelta(days=30)

    assert refused(REQUEST, 7, "t", told, now + timedelta(days=days)) == is_refused


@pytest.mark.parametrize("column", ["not_before", "asked_at", "organisation", "token"])
def test_what_a_request_says_is_not_changed(locked, column):
    deletion = asked(locked)

    assert refused(f"UPDATE materiality_deletion SET {column} = {column}")
    Deletion.objects.filter(pk=deletion.pk).update(asked_by=None)  # control


def test_nobody_says_that_an_organisation_is_gone_that_is_there(locked):
    _begin(wait_over(asked(locked)))

    forged = "UPDATE materiality_deletion SET ended_at = begun_at, certificate = 'x'"
    assert refused(forged)


def test_a_request_that_has_begun_and_a_certificate_stay(locked):
    deletion = wait_over(asked(locked))
    _begin(deletion)
    assert refused("DELETE FROM materiality_deletion")

    actions.delete_organisation(deletion)

    assert not Event.objects.exists()
    assert not Warrant.objects.exists()
    assert refused("DELETE FROM materiality_deletion")
    assert refused("UPDATE materiality_deletion SET certificate = 'x'")
    assert refused("UPDATE materiality_deletion SET ended_at = begun_at")
