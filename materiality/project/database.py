"""The database's settings: ours, and what DATABASE_URL says beyond them, which wins."""

from typing import Any

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "materiality.project.postgresql"
CONNECT_SECONDS = 5


def database(url: dict[str, Any]) -> dict[str, Any]:
    """Return a database's settings from those that its address gives."""
    options = url.get("OPTIONS", {})
    if url["ENGINE"] == SQLITE:
        # Kept open: to open the file and set its PRAGMAs costs more than a page does. Not for
        # long, so that a file that was put in its place is seen.
        return {**url, "CONN_MAX_AGE": 60, "OPTIONS": _SQLITE_OPTIONS | options}
    return {
        **url,
        "ENGINE": POSTGRESQL,
        "CONN_MAX_AGE": 600,
        # After a restart of the database, the first visitor of each thread finds a new connection;
        # `materiality.project.postgresql` asks for little.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": _POSTGRESQL_OPTIONS | options,
    }


# Rollback journal, not WAL: SQLite before 3.51.3 can lose a committed WAL page.
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON",
}
# Kept open and prepared: planning cost the database more than answering. A pooler in between must
# keep prepared statements (PgBouncer 1.21 does).
_POSTGRESQL_OPTIONS = {
    "server_side_binding": True,
    "prepare_threshold": 2,
    "connect_timeout": CONNECT_SECONDS,
}
