"""The migrated database, kept between runs: migrating takes seconds, copying it milliseconds."""

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core.management.commands.migrate import Command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

OURS = ("materiality", "surveys")
KEPT = Path(__file__).resolve().parents[1] / ".pytest_cache" / "migrated"


def migrations_hash(vendor: str) -> str:
    """Return a name for what migrating makes: another one as soon as a migration differs.

    Migrations call our models' modules (triggers, kinds of answers), so those count too.
    """
    digest = hashlib.sha256(f"{django.VERSION} {vendor}".encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        home = Path(app.path)
        sources = list(home.glob("migrations/*.py"))
        if app.label in OURS:
            sources += [*home.glob("models/**/*.py"), *home.glob("*.py")]
        for source in sorted(sources):
            digest.update(f"{app.label}/{source.relative_to(home)}\n".encode())
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def migrate_once(folder: Path) -> Callable[..., None]:
    """Return what stands for `migrate` on an empty database: it copies one that was migrated."""
    migrate = Command.handle

    def handle(command: Command, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with _template(connection, folder) as template:
            if not template.load():
                migrate(command, *args, **options)
                template.keep()

    return handle


def migrate_quickly() -> None:
    """Migrate in a process of its own; on SQLite by a copy of what was migrated before."""
    from django.core.management import call_command

    if connections["default"].vendor == "sqlite":
        KEPT.mkdir(parents=True, exist_ok=True)
        Command.handle = migrate_once(KEPT)  # type: ignore[method-assign]
    call_command("migrate", verbosity=0)


@contextmanager
def _template(connection: BaseDatabaseWrapper, folder: Path) -> Iterator[Any]:
    """Give the template to one process at a time: who comes second waits instead of migrating."""
    name = migrations_hash(connection.vendor)
    if connection.vendor == "sqlite":
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield FileTemplate(connection, folder / f"{name}.sqlite3")
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('materiality_migrated'))")
        yield ServerTemplate(connection, cursor, f"materiality_migrated_{name}")


class FileTemplate:
    """A SQLite file in the cache folder of this checkout."""

    def __init__(self, connection: Any, path: Path) -> None:
        self.connection, self.path = connection, path

    def load(self) -> bool:
        if not self.path.exists():
            return False
        self.connection.ensure_connection()
        with closing(sqlite3.connect(self.path)) as kept:
            kept.backup(self.connection.connection)
        return True

    def keep(self) -> None:
        for outdated in self.path.parent.glob("*.sqlite3"):
            outdated.unlink()
        unfinished = self.path.with_suffix(f".{os.getpid()}")
        with closing(sqlite3.connect(unfinished)) as kept:
            self.connection.connection.backup(kept)
        unfinished.replace(self.path)


class ServerTemplate:
    """A database on the PostgreSQL server, which all checkouts with these migrations share."""

    def __init__(self, connection: Any, cursor: Any, name: str) -> None:
        self.connection, self.cursor, self.name = connection, cursor, name

    def load(self) -> bool:
        self.cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
        if not self.cursor.fetchone():
            return False
        empty = self.connection.settings_dict["NAME"]
        self.connection.close()
        self._execute(f'DROP DATABASE "{empty}"')
        self._execute(f'CREATE DATABASE "{empty}" TEMPLATE "{self.name}"')
        return True

    def keep(self) -> None:
        migrated = self.connection.settings_dict["NAME"]
        self.connection.close()
        self._execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{migrated}"')

    def _execute(self, statement: str) -> None:
        self.cursor.execute(statement)
