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
