"""Everything the database holds of the product, to be compared with what it held before."""

from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

OURS = ("surveys", "materiality", "django_tasks_database")
OF_READING = {"materiality_access"}  # that somebody read is what it notes


def stored() -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table, read by SQL: the models would take thirty times as long."""
    with connection.cursor() as cursor:
        return {table: _rows(cursor, table) for table in _tables()}


def _rows(cursor: Any, table: str) -> list[tuple[Any, ...]]:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
    return cursor.fetchall()


@cache
def _tables() -> list[str]:
    models = [apps.get_app_config(app).get_models(include_auto_created=True) for app in OURS]
    names = {model._meta.db_table for result in models for model in result}
    return sorted(names - OF_READING)
