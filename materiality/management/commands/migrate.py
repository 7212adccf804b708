"""Migrate, with locked rounds closed to everybody all the time."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from materiality.models.migrating import ClosedRoundsExecutor, close_rounds

# Django's command asks its own module for the executor and leaves no other way to name one.
migrate.MigrationExecutor = ClosedRoundsExecutor  # type: ignore[attr-defined]


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        done = super().handle(*args, **options)
        close_rounds(connections[options["database"]])
        return done
