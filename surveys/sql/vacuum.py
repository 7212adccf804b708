"""Let the database overwrite what was deleted."""

from django.db import connection, models


def vacuum(*tables: type[models.Model]) -> None:
    """Free the pages of these tables; on SQLite, rewrite the file. Not inside a transaction."""
    names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM {names}" if connection.vendor == "postgresql" else "VACUUM")
