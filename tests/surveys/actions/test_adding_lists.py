"""A long list is added behind the request: killed, begun twice, overtaken, and still once each."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from surveys.actions import lists
from surveys.actions.erase import erase_person
from surveys.actions.publish import close
from surveys.actions.seal import seal
from surveys.errors import Conflict, Overtaken
from surveys.models import Invitation, PeopleList
from surveys.tables.upload import Table
from tests.builders import make_survey
from tests.surveys.mail.killing import database_of_processes, kill_while_working

pytestmark = pytest.mark.django_db
COLUMNS = {"email": 0, "name": 1}
PEOPLE = 25


@pytest.fixture
def survey(db):
    return make_survey(topics=2)


@pytest.fixture(autouse=True)
def _ten_at_once(monkeypatch):
    monkeypatch.setattr(lists, "AT_ONCE", 10)


def begun(survey, people=PEOPLE):
    """Hand in a list with one bad row and have it added; nobody is on it yet."""
    rows = [[f"p{at}@example.com", f"P{at}"] for at in range(people)]
    rows[3] = ["no address", "Bad"]
    by, _new = User.objects.get_or_create(username="editor")
    made = lists.hand_in(survey, Table(["email", "name"], rows), by)
    lists.map_columns(made, COLUMNS, survey.audiences.get())
    lists.begin(made)
    return made


def invited():
    return sorted(Invitation.objects.values_list("email", flat=True))


def everybody(people=PEOPLE):
    return sorted(f"p{at}@example.com" for at in range(people) if at != 3)


def die(*_anything):
    raise SystemExit


def lease_runs_out():
    PeopleList.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def test_all_rows_are_added_and_counted(survey):
    made = begun(survey)
    assert invited() == []

    lists.add(made.pk)

    made.refresh_from_db()
    assert invited() == everybody()
    assert (made.state, made.read, made.added, made.known) == ("added", PEOPLE, 24, 0)
    assert (made.rows, made.problem_count, made.problems[0]["row"]) == ([], 1, 5)


def test_adding_a_second_time_adds_nobody(survey):
    made = begun(survey)
    for _time in range(3):
        lists.add(made.pk)

    again = begun(survey)
    lists.add(again.pk)

    again.refresh_from_db()
    assert invited() == everybody()
    assert (again.added, again.known) == (0, 24)


@pytest.mark.parametrize("dies_at", [0, 1, 2])
def test_where_a_worker_was_killed_the_next_goes_on(survey, monkeypatch, dies_at):
    made, real, calls = begun(survey), lists.add_people, []

    def add_people(people):
        calls.append(real(people))
        return calls[-1] if len(calls) <= dies_at else die()

    monkeypatch.setattr(lists, "add_people", add_people)
    with pytest.raises(SystemExit):
        lists.add(made.pk)
    monkeypatch.undo()
    monkeypatch.setattr(lists, "AT_ONCE", 10)

    made.refresh_from_db()
    assert made.read == 10 * dies_at
    assert Invitation.objects.count() == made.added  # what was not noted was not added either
    lists.add(made.pk)
    assert PeopleList.objects.get().state == "adding"  # control: the dead one's lease still runs
    lease_runs_out()
    call_command("send_due_mail")

    made.refresh_from_db()
    assert invited() == everybody()
    assert (made.state, made.added, made.known) == ("added", 24, 0)


def test_a_worker_that_was_overtaken_leaves_off_and_adds_nobody(survey):
    made = begun(survey)
    slow = lists._take(made.pk)
    assert lists._take(made.pk) is None
    lease_runs_out()
    lists.add(made.pk)
    before = Invitation.objects.count()
    Invitation.objects.filter(email="p1@example.com").delete()

    with pytest.raises(Overtaken):
        lists._add_some(slow)

    assert Invitation.objects.count() == before - 1  # its rows went with its transaction


def test_without_the_lease_the_slow_worker_would_add_them_again(survey, monkeypatch):
    """Control of the test before."""
    made = begun(survey)
    slow = lists._take(made.pk)
    lease_runs_out()
    lists.add(made.pk)
    Invitation.objects.filter(email="p1@example.com").delete()
    monkeypatch.setattr(lists, "_keep", lambda *_anything: None)

    lists._add_some(slow)

    assert "p1@example.com" in invited()


def test_who_asks_to_be_erased_meanwhile_is_not_added_later(survey, monkeypatch):
    made, real = begun(survey), lists._add_some

    def erased_after_the_first(people):
        real(people)
        monkeypatch.setattr(lists, "_add_some", real)
        erase_person(survey.organisation, "p2@example.com")  # added already
        erase_person(survey.organisation, "p15@example.com")  # in the worker's memory still
        lists.take_out_of_lists(survey.organisation, "no address")

    monkeypatch.setattr(lists, "_add_some", erased_after_the_first)
    lists.add(made.pk)

    made.refresh_from_db()
    assert invited() == sorted({*everybody()} - {"p2@example.com", "p15@example.com"})
    assert (made.state, made.read, made.problems) == ("added", PEOPLE, [])


def test_the_seal_ends_it_and_the_rows_are_forgotten(survey, monkeypatch):
    made = begun(survey)
    lists._add_some(lists._take(made.pk))
    close(survey)
    seal(survey)
    lease_runs_out()

    lists.add(made.pk)

    made.refresh_from_db()
    assert (made.state, made.read, made.rows) == ("added", 10, [])
    assert Invitation.objects.count() == 9


def test_a_list_whose_rows_were_forgotten_ends(survey):
    made = begun(survey)
    PeopleList.objects.update(at=timezone.now() - timedelta(hours=25))
    assert lists.forget_old_lists() == 1

    lists.add(made.pk)

    made.refresh_from_db()
    assert (made.state, made.read, made.problems) == ("added", 0, [])


def test_it_begins_once_and_no_other_list_takes_its_place(survey):
    made = begun(survey)

    with pytest.raises(Conflict):
        lists.begin(made)
    with pytest.raises(Conflict):
        begun(survey)

    lists.add(made.pk)
    assert begun(survey).pk != made.pk  # control: once it is added another may come


@pytest.mark.parametrize(
    "late", [lists.empty, lambda people: lists.map_columns(people, {"name": 1}, None)]
)
def test_a_page_opened_before_it_began_changes_nothing_of_it(survey, late):
    made = begun(survey)
    opened_before = PeopleList.objects.get()
    opened_before.state = lists.State.MAPPING

    late(opened_before)
    lists.add(made.pk)

    assert invited() == everybody()


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_killed_thirty_times_the_list_is_added_once(monkeypatch, tmp_path):
    monkeypatch.setattr(lists, "AT_ONCE", 25)
    people, killed, half_way = 10_000, 0, 0
    with database_of_processes(tmp_path):
        made = begun(make_survey(topics=2), people)
        for seed in range(30):
            killed += kill_while_working(lists.add_left, longest=0.2, seed=seed)
            made.refresh_from_db()
            assert Invitation.objects.count() == made.added
            half_way += 0 < made.read < people
            lease_runs_out()
        lists.add_left()
        made.refresh_from_db()

        assert killed >= 20
        assert half_way >= 10
        assert (made.state, made.added, made.known) == ("added", people - 1, 0)
        assert invited() == everybody(people)
