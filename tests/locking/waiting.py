"""What only the database's owner can do: let the waiting time of a deletion be over."""

from datetime import timedelta

from django.utils import timezone

from materiality.models import Deletion
from tests.tampering import tamper


def wait_over(deletion: Deletion) -> Deletion:
    """Put the moments of a request into the past, as if two weeks had gone by."""
    now = timezone.now()
    with_gap = now - timedelta(days=15), now - timedelta(days=1)
    tamper(
        f"UPDATE {Deletion._meta.db_table} SET asked_at = %s, not_before = %s WHERE id = %s",
        *[str(moment.replace(tzinfo=None)) if _is_sqlite() else moment for moment in with_gap],
        deletion.pk,
    )
    deletion.refresh_from_db()
    return deletion


def _is_sqlite() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"
