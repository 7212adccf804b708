"""A migrated SQLite database that is thrown away."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.timing import set_up_django


@contextmanager
def database() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        set_up_django(f"sqlite:///{folder}/bench.sqlite3")
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        yield
        connection.close()
