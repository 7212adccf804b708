"""A new database is made in one step, and is the same as one that took all of them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from materiality.models.closing import missing_triggers

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]
OURS = ("surveys", "materiality")


@contextmanager
def empty_database(path: Path) -> Iterator[Any]:
    """Put an empty SQLite file in the place of the test's database."""
    before = connections["default"]
    connections["default"] = empty = before.copy()
    empty.settings_dict["NAME"] = str(path)
    try:
        yield empty
    finally:
        empty.close()
        connections["default"] = before


class OldLoader(MigrationLoader):
    """What a database knew that is older than the one step: the steps it stands for."""

    def load_disk(self) -> None:
        super().load_disk()
        loaded = self.disk_migrations.values()
        replaced = {key for one in loaded if one.app_label in OURS for key in one.replaces}
        self.disk_migrations = {
            key: one
            for key, one in self.disk_migrations.items()
            if key[0] not in OURS or key in replaced
        }


def step_by_step(connection: Any) -> None:
    executor = MigrationExecutor(connection)
    executor.loader = OldLoader(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def schema_of(connection: Any) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL")
        rows = cursor.fetchall()
    return {name: parts_of(sql) if kind == "table" else sql for name, kind, sql in rows}


def parts_of(sql: str) -> list[str]:
    """Return columns and constraints of a table in order of their names: steps add them last."""
    inside = sql[sql.index("(") + 1 : sql.rindex(")")]
    return sorted(part.strip() for part in re.split(r", (?=\"|CONSTRAINT)", inside))


@pytest.fixture
def sqlite() -> None:
    if connections["default"].vendor != "sqlite":
        pytest.skip("the schema is compared as SQLite tells it")


def test_one_step_makes_what_all_steps_make_and_an_old_database_goes_on(sqlite, tmp_path):
    with empty_database(tmp_path / "new.sqlite3") as new:
        call_command("migrate", verbosity=0)
        wanted = schema_of(new)
    with empty_database(tmp_path / "old.sqlite3") as old:
        step_by_step(old)
        assert schema_of(old) != wanted  # the triggers are not up

        call_command("migrate", verbosity=0)

        assert schema_of(old) == wanted
        assert missing_triggers(old) == []
    assert len(wanted) > 200
