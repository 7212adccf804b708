"""What somebody does who owns the database: drop the triggers, write, put the triggers back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from materiality.models.closing import close_locked_rounds, open_locked_rounds
from materiality.models.immutability import triggers_in_force


@contextmanager
def unprotected() -> Iterator[None]:
    """Take the triggers away for a while.

    SQLite keeps their statements and gets them back: to write a hundred anew, each from the columns
    of its table, takes ten times as long.
    """
    if connection.vendor != "sqlite":
        open_locked_rounds(connection)
        yield
        close_locked_rounds(connection)
        return
    statements = triggers_in_force(connection)
    with connection.cursor() as cursor:
        for name in statements:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for statement in statements.values():
            cursor.execute(statement)


def tamper(sql: str, *values: Any) -> None:
    with unprotected(), connection.cursor() as cursor:
        cursor.execute(sql, values)
