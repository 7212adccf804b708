"""What somebody does who owns the database: drop the triggers, write, put the triggers back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from materiality.models.closing import close_locked_rounds, open_locked_rounds


@contextmanager
def unprotected() -> Iterator[None]:
    open_locked_rounds(connection)
    yield
    close_locked_rounds(connection)


def tamper(sql: str, *values: Any) -> None:
    with unprotected(), connection.cursor() as cursor:
        cursor.execute(sql, values)
