"""Migrate a database whose rows are closed, without opening it to anybody else.

SQLite makes a table anew to change it, which drops the table's triggers and stumbles over those of
others that mention it; PostgreSQL drops a trigger with a column it names. So each migration takes
them down first and puts them up last, in its own transaction: whoever else looks sees them all the
time, and a migration that is killed leaves them where they were. Decision 0044.
"""

from copy import copy
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from materiality.models.closing import close_locked_rounds, open_locked_rounds
from materiality.models.immutability import SNAPSHOTS

OURS = ("materiality", "surveys")  # whose tables have triggers


class OpenRounds(Operation):
    """Take every trigger down; backwards, put them up."""

    reduces_to_sql = False

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing of the models changes."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        open_locked_rounds(schema_editor.connection)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        close_locked_rounds(schema_editor.connection)


class CloseRounds(OpenRounds):
    """Put every trigger up; backwards, take them down."""

    def database_forwards(self, *arguments: Any) -> None:
        super().database_backwards(*arguments)

    def database_backwards(self, *arguments: Any) -> None:
        super().database_forwards(*arguments)


class ClosedRoundsExecutor(MigrationExecutor):
    """Django's, with the two operations around those of each migration of ours.

    Not where a database is made: nothing was ever locked there, and the last step closes it.
    """

    def __init__(self, connection: BaseDatabaseWrapper, *arguments: Any, **options: Any) -> None:
        super().__init__(connection, *arguments, **options)
        self.is_new = SNAPSHOTS not in connection.introspection.table_names()

    def apply_migration(
        self, state: ProjectState, migration: Migration, *arguments: Any, **options: Any
    ) -> ProjectState:
        return super().apply_migration(state, self._guarded(migration), *arguments, **options)

    def unapply_migration(
        self, state: ProjectState, migration: Migration, *arguments: Any, **options: Any
    ) -> ProjectState:
        return super().unapply_migration(state, self._guarded(migration), *arguments, **options)

    def _guarded(self, migration: Migration) -> Migration:
        """Return a migration that opens and closes.

        One that is not atomic, as it must be to let the database overwrite what was deleted,
        changes no table, and the triggers stay.
        """
        if self.is_new or migration.app_label not in OURS or not migration.atomic:
            return migration
        guarded = copy(migration)
        operations = [OpenRounds(), *migration.operations, CloseRounds()]
        vars(guarded)["operations"] = operations
        return guarded


def close_rounds(connection: BaseDatabaseWrapper) -> None:
    """Install every trigger as it is to be by now, at once for all who look."""
    with transaction.atomic(using=connection.alias):
        close_locked_rounds(connection)
