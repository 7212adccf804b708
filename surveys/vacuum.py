"""Let the database overwrite what was deleted."""

from django.db import connection, models


def vacuum(model: type[models.Model]) -> None:
    """Free the pages of a table; on SQLite, rewrite the file. Not inside a transaction."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM {table}" if connection.vendor == "postgresql" else "VACUUM")
