"""Let the database overwrite what was deleted."""

import logging
from typing import Any

from django.db import connection, models

logger = logging.getLogger("surveys.erase")


def vacuum(*tables: type[models.Model], rewrite: bool = False) -> list[str]:
    """Free the pages of these tables; on SQLite, rewrite the file. Not inside a transaction.

    :param rewrite: write the tables anew, so that no byte of what is gone is left in their pages;
        nobody else reads them meanwhile.
    :returns: the tables whose owner the database's user is not: PostgreSQL passes them over with
        no more than a notice, so it is in the log, and `manage.py vacuum` is for the owner to run.
    """
    names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
        return []
    notices: list[str] = []
    connection.ensure_connection()
    plain: Any = connection.connection

    def note(diagnostic: Any) -> None:
        notices.append(str(diagnostic.message_primary))

    plain.add_notice_handler(note)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM {'FULL ' if rewrite else ''}{names}")
    finally:
        plain.remove_notice_handler(note)
    passed_over = [
        table._meta.db_table
        for table in tables
        if any(f'"{table._meta.db_table}"' in notice for notice in notices)
    ]
    if passed_over:
        logger.warning("The database's user may not vacuum %s", ", ".join(passed_over))
    return passed_over


SAMPLED = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_stats s ON s.attname = a.attname AND s.schemaname = current_schema() AND s.tablename = %s
WHERE a.attrelid = %s::regclass AND (t.typcategory = 'S' OR t.typname IN ('jsonb', 'bytea'))
"""


def sampled_columns(table: type[models.Model]) -> list[tuple[str, str]]:
    """Return name and type of the columns of an empty table whose values PostgreSQL remembers.

    It samples values for its plans. Of a table with rows it does so again; of an empty one never.
    """
    if table._default_manager.exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute(SAMPLED, [table._meta.db_table] * 2)
        return list(cursor.fetchall())


def forget_column(table: type[models.Model], column: str, kind: str) -> None:
    """Let PostgreSQL drop what it sampled of a column, by giving it the type that it has."""
    quoted = connection.ops.quote_name
    names = quoted(table._meta.db_table), quoted(column)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE {} ALTER COLUMN {} TYPE {}".format(*names, kind))


def sample_anew(*tables: type[models.Model]) -> None:
    """Let PostgreSQL sample these tables anew and overwrite the old samples. Not in a transaction.

    As the owner of the database.
    """
    names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
        cursor.execute("VACUUM FULL pg_catalog.pg_statistic")
