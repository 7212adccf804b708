"""The database's own refusal to change or delete rows of a table, on SQLite and PostgreSQL.

The model and its QuerySet refuse first; this holds for whoever writes SQL as the application's
user. It does not hold against the owner of the database, whom the digest catches.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

MESSAGE = "this row is immutable: start a new round to correct it"

SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_is_immutable() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{message}'; END $$
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_immutable()
"""
VERBS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}


def forbid_changes(connection: BaseDatabaseWrapper, table: str) -> None:
    """Install the triggers on a table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION.format(table=table, message=MESSAGE))
        trigger = POSTGRES_TRIGGER if connection.vendor == "postgresql" else SQLITE
        for verb in VERBS[connection.vendor]:
            cursor.execute(trigger.format(table=table, verb=verb, message=MESSAGE))


def allow_changes(connection: BaseDatabaseWrapper, table: str) -> None:
    """Remove the triggers: to undo the migration, and where tests empty their database."""
    on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for verb in VERBS[connection.vendor]:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on_table}")
