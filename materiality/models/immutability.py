"""The database's own refusals, on SQLite and PostgreSQL.

Two of them: a row of a record (snapshot, log, approval) is never changed or deleted; a row of a
locked round is neither added, changed nor deleted. The model and its QuerySet refuse first; this
holds for whoever writes SQL as the application's user. It does not hold against the owner of the
database, who can drop a trigger: the digests catch what was changed, `missing_triggers` the drop.

SQLite's OR REPLACE removes the row in its way without firing a delete trigger, so whatever would
replace a protected row is refused as well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

MESSAGE = "this row is immutable: start a new round to correct it"
SNAPSHOTS = "materiality_snapshot"

RECORDS: Mapping[str, str] = {
    SNAPSHOTS: "old.assessment_id = NEW.assessment_id",
    "materiality_approval": "old.id = NEW.id",
    "materiality_event": "old.assessment_id = NEW.assessment_id AND old.number = NEW.number",
    "materiality_remark": "old.id = NEW.id",
}
"""Tables whose rows are written once, each with what is unique beside the key."""


@dataclass(frozen=True)
class Trigger:
    """One trigger: before `verb` (on PostgreSQL perhaps of columns), where `condition` holds."""

    table: str
    name: str
    verb: str
    condition: str = ""
    columns: str = ""


def forbid_changes(connection: BaseDatabaseWrapper, table: str) -> None:
    """Install the triggers of a record."""
    for trigger in record_triggers(connection.vendor, table):
        install(connection, trigger)


def allow_changes(connection: BaseDatabaseWrapper, table: str) -> None:
    """Remove the triggers: to undo a migration, and where tests empty their database."""
    for trigger in record_triggers(connection.vendor, table):
        remove(connection, trigger)


def allow_everything(connection: BaseDatabaseWrapper) -> None:
    for table in RECORDS:
        allow_changes(connection, table)


def forbid_again(connection: BaseDatabaseWrapper) -> None:
    for table in RECORDS:
        forbid_changes(connection, table)


def record_triggers(vendor: str, table: str) -> Iterator[Trigger]:
    for verb in ("update", "delete"):
        yield Trigger(table, f"{table}_no_{verb}", verb)
    if vendor == "sqlite":
        same = f"old.id = NEW.id OR {RECORDS[table]}"
        condition = f"EXISTS (SELECT 1 FROM {table} AS old WHERE {same})"
        yield Trigger(table, f"{table}_no_replace", "insert", condition)
    else:
        yield Trigger(table, f"{table}_no_truncate", "truncate")


SQLITE = """
CREATE TRIGGER {name} BEFORE {verb} {columns} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{message}'; END IF; {go_on} END $$
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER {name} BEFORE {verb} {columns} ON {table}
FOR EACH {level} EXECUTE FUNCTION {name}()
"""
GO_ON = {"delete": "RETURN OLD;", "truncate": "RETURN NULL;"}


def install(connection: BaseDatabaseWrapper, trigger: Trigger) -> None:
    remove(connection, trigger)
    parts = {**vars(trigger), "message": MESSAGE}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            when = f"WHEN {trigger.condition}" if trigger.condition else ""
            cursor.execute(SQLITE.format(**parts, when=when))
            return
        truncates = trigger.verb == "truncate"
        parts["condition"] = trigger.condition or _always(trigger)
        parts["level"] = "STATEMENT" if truncates else "ROW"
        cursor.execute(
            POSTGRES_FUNCTION.format(**parts, go_on=GO_ON.get(trigger.verb, "RETURN NEW;"))
        )
        cursor.execute(POSTGRES_TRIGGER.format(**parts))


def _always(trigger: Trigger) -> str:
    """Truncating an empty table changes nothing: a test's database is emptied that way."""
    rows = f"EXISTS (SELECT 1 FROM {trigger.table})"
    return rows if trigger.verb == "truncate" else "TRUE"


def remove(connection: BaseDatabaseWrapper, trigger: Trigger) -> None:
    on_table = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on_table}")
