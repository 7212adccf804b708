"""A table is read by one worker at a time, and to its end, whoever of them is killed."""

from datetime import timedelta
from tempfile import TemporaryFile

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from surveys.actions import answer_tables
from surveys.actions.answer_tables import read_later, read_table, take_table
from surveys.models import AnswerTable, Survey
from surveys.tables.plan import TableOptions
from tests.builders import make_survey
from tests.surveys.mail.killing import database_of_processes, kill_while_working

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 3000
KILLS = 10


def table_of(rows: int) -> AnswerTable:
    survey: Survey = make_survey(topics=2)
    lines = ["序号,2、有多重要？—议题 1,2、有多重要？—议题 2"]
    lines += [f"{row},{1 + row % 5},{1 + row % 4}" for row in range(1, rows + 1)]
    everybody = TableOptions(everybody=survey.audiences.get().code)
    with TemporaryFile() as file:
        file.write("\n".join(lines).encode())
        return take_table(survey, file, "answers.csv", None, everybody)


def minutes_pass(table: AnswerTable) -> None:
    past = timezone.now() - timedelta(seconds=1)
    AnswerTable.objects.filter(pk=table.pk, state="checking").update(lease_until=past)


def state_of(table: AnswerTable) -> str:
    table.refresh_from_db()
    return table.state


def test_a_worker_reads_what_waits_and_leaves_what_another_one_reads():
    table = table_of(5)
    read_later(table)
    AnswerTable.objects.update(lease_until=timezone.now() + timedelta(minutes=1))
    read_table.call(table.pk)
    assert state_of(table) == "checking"

    minutes_pass(table)
    read_table.call(table.pk)

    assert state_of(table) == "checked"
    assert table.staged.count() == 5
    assert table.lease_until is None


def test_a_worker_is_called_again_for_what_a_killed_one_left():
    table = table_of(5)
    read_later(table)
    minutes_pass(table)
    called = DBTaskResult.objects.count()

    call_command("send_due_mail")

    assert DBTaskResult.objects.count() == called + 1


def test_what_was_begun_three_times_says_so_and_can_be_read_another_way():
    table = table_of(5)
    read_later(table)
    AnswerTable.objects.update(attempts=3)

    read_table.call(table.pk)

    assert state_of(table) == "mapping"
    assert table.problems[0]["reason"]


@pytest.mark.drill
@pytest.mark.machine
def test_killed_ten_times_while_reading_it_is_read_once_and_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(answer_tables, "MOST_ATTEMPTS", 1000)
    monkeypatch.setattr(answer_tables, "AT_ONCE", 100)
    with database_of_processes(tmp_path):
        table = table_of(ROWS)
        read_later(table)
        killed = 0
        for seed in range(KILLS):
            killed += kill_while_working(lambda: read_table.call(table.pk), 0.4, seed)
            minutes_pass(table)
        read_table.call(table.pk)

        assert killed >= KILLS // 2
        assert state_of(table) == "checked"
        assert (table.read, table.staged.count()) == (ROWS, ROWS)


@pytest.mark.drill
@pytest.mark.machine
def test_the_control_without_leases_a_killed_reader_leaves_it_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(answer_tables, "AT_ONCE", 10)
    monkeypatch.setattr(answer_tables, "call_readers_again", lambda: 0)
    with database_of_processes(tmp_path):
        table = table_of(ROWS)
        read_later(table)
        assert kill_while_working(lambda: read_table.call(table.pk), 0.1, 1)

        read_table.call(table.pk)

        assert state_of(table) == "checking"
