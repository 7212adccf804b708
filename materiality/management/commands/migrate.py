"""Migrate, with the database's own refusals out of the way, and put them back.

SQLite makes a table anew to change it, which drops the table's triggers and stumbles over those of
others that mention it.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from materiality.models.closing import close_locked_rounds, open_locked_rounds


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        connection = connections[options["database"]]
        open_locked_rounds(connection)
        try:
            return super().handle(*args, **options)
        finally:
            close_locked_rounds(connection)
