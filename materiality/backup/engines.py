"""How each engine copies its database at one moment, while others write, and takes a copy in."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.client import DatabaseClient

from materiality.backup.errors import BackupError

Rows = dict[str, int]


class Sqlite:
    """The engine's own online backup: a copy of all pages as they stood at one moment."""

    def dump(self, target: Path) -> Rows:
        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            tables = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {
                table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
                for (table,) in tables
                if not table.startswith("sqlite_")
            }

    def load(self, source: Path) -> None:
        """Put the file in its place at once: a restore that is killed leaves no half of one."""
        connection.close()
        place = Path(connection.settings_dict["NAME"])
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f"{place.name}.part")
        shutil.copyfile(source, part)
        part.chmod(0o600)
        descriptor = os.open(part, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        part.replace(place)


class Postgresql:
    """`pg_dump` and `pg_restore`, from a snapshot in which the rows are counted too."""

    def dump(self, target: Path) -> Rows:
        with _snapshot() as (name, rows):
            options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}"]
            self._run("pg_dump", [*options, f"--file={target}"])
        return rows

    def load(self, source: Path) -> None:
        connection.close()
        options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
        self._run("pg_restore", options, source)
        connection.close()

    def _run(self, program: str, options: list[str], source: Path | None = None) -> None:
        if shutil.which(program) is None:
            raise BackupError(f"{program} is not installed: apt-get install postgresql-client.")
        arguments, environment = DatabaseClient.settings_to_cmd_args_env(
            connection.settings_dict, []
        )
        *where, database = arguments[1:]
        command = [program, *options, *where, f"--dbname={database}"]
        done = subprocess.run(  # noqa: S603, the program and its options are ours
            [*command, *([str(source)] if source else [])],
            env=os.environ | (environment or {}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BackupError(f"{program} says: {done.stderr.strip()}")


@contextmanager
def _snapshot() -> Iterator[tuple[str, Rows]]:
    """Give the name of a snapshot that other sessions can read from, and the rows seen in it."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            [name] = cursor.fetchone()
            yield name, rows_of(own)
    finally:
        own.close()


def rows_of(database: BaseDatabaseWrapper) -> Rows:
    """Return how many rows each table has."""
    counts = {}
    with database.cursor() as cursor:
        for table in sorted(database.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {database.ops.quote_name(table)}")  # noqa: S608
            counts[table] = cursor.fetchone()[0]
    return counts


def engine() -> Sqlite | Postgresql:
    return Sqlite() if connection.vendor == "sqlite" else Postgresql()
