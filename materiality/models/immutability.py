"""The database's own refusals, on SQLite and PostgreSQL.

Two of them: a row of a record (snapshot, log, approval) is never changed or deleted; a row of a
locked round is neither added, changed nor deleted. Both may be deleted with their whole
organisation (`warrants`), and never changed. The model and its QuerySet refuse first; this
holds for whoever writes SQL as the application's user. It does not hold against the owner of the
database, who can drop a trigger: the digests catch what was changed, `missing_triggers` the drop.

SQLite's OR REPLACE removes the row in its way without firing a delete trigger, so whatever would
replace a protected row is refused as well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

MESSAGE = "this row is immutable: start a new round to correct it"
SNAPSHOTS = "materiality_snapshot"

RECORDS: Mapping[str, str] = {
    SNAPSHOTS: "old.assessment_id = NEW.assessment_id",
    "materiality_approval": "old.id = NEW.id",
    "materiality_event": "old.assessment_id = NEW.assessment_id AND old.number = NEW.number",
    "materiality_remark": "old.id = NEW.id",
    "materiality_reassessment": "old.id = NEW.id",
    "materiality_confirmation": "old.reassessment_id = NEW.reassessment_id",
    "surveys_questionnaireversion": "old.survey_id = NEW.survey_id AND old.number = NEW.number",
}
"""Tables whose rows are written once, each with what is unique beside the key."""


@dataclass(frozen=True)
class Trigger:
    """One trigger: before `verb`, where `condition` holds, unless only `but` columns change.

    :param columns: those an update must write to; all but `but` if there are none.
    """

    table: str
    name: str
    verb: str
    condition: str = ""
    but: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    message: str = MESSAGE


def forbid_changes(connection: BaseDatabaseWrapper, table: str) -> None:
    """Install the triggers of a record, as migrations of before warrants do."""
    for trigger in record_triggers(connection.vendor, table):
        install(connection, trigger)


def allow_changes(connection: BaseDatabaseWrapper, table: str) -> None:
    """Remove the triggers: to undo a migration, and where tests empty their database."""
    for trigger in record_triggers(connection.vendor, table):
        remove(connection, trigger)


def record_triggers(vendor: str, table: str, unwarranted: str = "") -> Iterator[Trigger]:
    """Yield the triggers of a record.

    :param unwarranted: the condition that no warrant allows to delete the row; "": never.
    """
    yield Trigger(table, f"{table}_no_update", "update")
    yield Trigger(table, f"{table}_no_delete", "delete", unwarranted)
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
POSTGRES_BODY = " BEGIN IF {condition} THEN RAISE EXCEPTION '{message}'; END IF; {go_on} END "
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER {name} BEFORE {verb} {columns} ON {table}
FOR EACH {level} EXECUTE FUNCTION {name}()
"""
GO_ON = {"delete": "RETURN OLD;", "truncate": "RETURN NULL;"}


def install(connection: BaseDatabaseWrapper, trigger: Trigger) -> None:
    remove(connection, trigger)
    text = definition(connection, trigger)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(text)
            return
        level = "STATEMENT" if trigger.verb == "truncate" else "ROW"
        parts = {**vars(trigger), "columns": _columns(connection, trigger), "level": level}
        cursor.execute(POSTGRES_FUNCTION.format(name=trigger.name, body=text))
        cursor.execute(POSTGRES_TRIGGER.format(**parts))


def _columns(connection: BaseDatabaseWrapper, trigger: Trigger) -> str:
    """Return "OF a, b, …" where some columns stay open.

    Between two migrations a column may not be there yet, and need not be guarded; where none of
    them is, every change is refused.
    """
    if not trigger.columns and not trigger.but:
        return ""
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description(cursor, trigger.table)
    there = [column.name for column in description]
    if trigger.columns:
        guarded = [name for name in trigger.columns if name in there]
    else:
        guarded = sorted(name for name in there if name not in trigger.but)
    return "OF " + ", ".join(guarded) if guarded else ""


def definition(connection: BaseDatabaseWrapper, trigger: Trigger) -> str:
    """Return what the database keeps of a trigger: its statement, or its function's body."""
    parts: dict[str, Any] = {**vars(trigger)}
    if connection.vendor == "sqlite":
        parts["columns"] = _columns(connection, trigger)
        when = f"WHEN {trigger.condition}" if trigger.condition else ""
        return SQLITE.format(**parts, when=when).strip()
    parts["condition"] = trigger.condition or _always(trigger)
    return POSTGRES_BODY.format(**parts, go_on=GO_ON.get(trigger.verb, "RETURN NEW;"))


def _always(trigger: Trigger) -> str:
    """Truncating an empty table changes nothing: a test's database is emptied that way."""
    rows = f"EXISTS (SELECT 1 FROM {trigger.table})"
    return rows if trigger.verb == "truncate" else "TRUE"


def remove(connection: BaseDatabaseWrapper, trigger: Trigger) -> None:
    on_table = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on_table}")


INSTALLED = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'"
    ),
}


def triggers_in_force(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the triggers that are in force, by name, as `written` writes them."""
    with connection.cursor() as cursor:
        cursor.execute(INSTALLED[connection.vendor])
        return dict(cursor.fetchall())
