"""Migrations change tables of locked rounds, and nobody ever finds the database open."""

import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection, connections, migrations, models
from django.db.migrations.executor import MigrationExecutor

from materiality import actions
from materiality.locking import snapshots
from materiality.models import IroScore
from materiality.models.closing import (
    close_locked_rounds,
    missing_triggers,
    open_locked_rounds,
)
from materiality.models.migrating import ClosedRoundsExecutor
from materiality.models.register import ASKED
from tests.builders import both
from tests.rounds import make_user, sealed_round

pytestmark = pytest.mark.django_db(transaction=True)
FORK = multiprocessing.get_context("fork")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _shared(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that two connections see: on SQLite a file, with what the one in memory has."""
    before = connections["default"]
    if before.vendor != "sqlite":
        yield
        close_locked_rounds(before)
        return
    with closing(sqlite3.connect(tmp_path / "shared.sqlite3")) as copy:
        before.connection.backup(copy)
    connections["default"] = before.copy()
    connections["default"].settings_dict["NAME"] = str(tmp_path / "shared.sqlite3")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = before


class Change(migrations.Migration):
    """A column more in a closed table, and `then` while the transaction is open."""

    def __init__(self, then: Callable[..., None]) -> None:
        super().__init__("a_change", "materiality")
        self.operations = [
            migrations.AddField("topic", "mark", models.IntegerField(null=True)),
            migrations.RunPython(then, migrations.RunPython.noop),
        ]


def apply(change: Change) -> None:
    executor = ClosedRoundsExecutor(connection)
    executor.apply_migration(executor.loader.project_state(), change)


def unapply(change: Change) -> None:
    executor = ClosedRoundsExecutor(connection)
    executor.unapply_migration(executor.loader.project_state(), change)


def apply_as_before(change: Change) -> None:
    """The control: open, migrate, close."""
    open_locked_rounds(connection)
    executor = MigrationExecutor(connection)
    executor.apply_migration(executor.loader.project_state(), change)
    close_locked_rounds(connection)


def seen_by_others() -> Callable[[], list[str]]:
    """Return a question: which triggers does another connection miss?"""
    other = connection.copy()

    def missing() -> list[str]:
        try:
            return missing_triggers(other)
        finally:
            other.close()

    return missing


def test_while_a_table_is_changed_others_see_every_trigger_and_afterwards_too():
    others, seen = seen_by_others(), []

    apply(change := Change(lambda *_given: seen.append(others())))

    assert seen == [[]]
    assert missing_triggers(connection) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark FROM materiality_topic")
    unapply(change)
    assert missing_triggers(connection) == []


def test_the_control_before_others_saw_none():
    others, seen = seen_by_others(), []

    apply_as_before(change := Change(lambda *_given: seen.append(others())))

    assert len(seen[0]) > 40
    unapply(change)


def die(*_given: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(apply_it: Callable[[Change], None]) -> None:
    connections["default"].close()
    process = FORK.Process(target=apply_it, args=(Change(die),))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


def test_a_migration_that_is_killed_leaves_every_trigger_and_no_half_of_a_table():
    killed(apply)

    assert missing_triggers(connection) == []
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "materiality_topic")
    assert "mark" not in [column.name for column in columns]


def test_the_control_before_none_was_left():
    killed(apply_as_before)

    assert len(missing_triggers(connection)) > 40
    close_locked_rounds(connection)


def test_a_migration_that_is_not_atomic_changes_no_table():
    for path in sorted(ROOT.glob("*/migrations/0*.py")):
        text = path.read_text("utf-8")
        if "atomic = False" in text:
            assert "VACUUM" in text
            assert not [
                verb for verb in ("AddField", "AlterField", "Model(") if f"s.{verb}" in text
            ]


def test_a_score_of_a_risk_or_opportunity_goes_on_as_one_of_its_kind_in_a_locked_round_too():
    assessment = sealed_round()
    expert = make_user("ann", assessment.organisation)
    for kind in ("risk", "opportunity", "negative"):
        facts = {"topic": "safety", "kind": kind, "title": both("条目", kind), "by": None}
        row = actions.add_iro(assessment=assessment, **facts)
        actions.assign_iros(assessment=assessment, codes=[row.code], experts=[expert], by=None)
        marks = dict.fromkeys(ASKED[row.sheet], 3)
        actions.score_iro(iro=row, expert=expert, marks=marks, reason="Audit")
    snapshots.lock(assessment=assessment, by=None)

    def sheets():
        return list(IroScore.objects.order_by("iro__code").values_list("sheet", flat=True))

    executor = ClosedRoundsExecutor(connection)
    executor.migrate([("materiality", "0035_entries_of_the_register_are_scored")])
    assert sheets() == ["financial", "financial", "potential_negative"]
    executor = ClosedRoundsExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())

    assert sheets() == ["risk", "opportunity", "potential_negative"]
    assert missing_triggers(connection) == []
    with pytest.raises(Exception, match="immutable"):
        IroScore.objects.update(scale=None)
