"""Rows made from rows by one statement: a hundred thousand hold nobody up for long."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models


def insert_copies(
    like: models.Model, taken: Mapping[str, str], source: str, parameters: Sequence[Any]
) -> int:
    """Insert a row for each of `source`; return how many.

    :param like: what every new row says, but for the columns in `taken`.
    :param taken: column → where it is found in `source`.
    :param source: what follows FROM, with a `%s` for each of `parameters`.
    """
    fields = {f.column: f for f in like._meta.concrete_fields if f.column and not f.primary_key}
    chosen = ", ".join(taken.get(column, "%s") for column in fields)
    values = [
        field.get_db_prep_save(getattr(like, field.attname), connection)
        for column, field in fields.items()
        if column not in taken
    ]
    table, columns = like._meta.db_table, ", ".join(fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM {source}",  # noqa: S608
            [*values, *parameters],
        )
        return int(cursor.rowcount)
