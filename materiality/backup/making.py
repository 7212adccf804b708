"""Make a backup: database and files at one moment, and which keys open what is in them."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from materiality.backup import container
from materiality.backup.engines import engine
from materiality.backup.stores import fetched
from materiality.models import StoredFile
from materiality.selectors.belongings import surveys_keeping_answers
from surveys.encryption import keys
from surveys.models import Survey

NAME = re.compile(r"materiality-(\d{8}T\d{6}Z)\.backup(\.age)?")
STAMP = "%Y%m%dT%H%M%SZ"
DUE = timedelta(hours=24)


def make(target: Path, recipient: str = "") -> Mapping[str, Any]:
    """Write a backup to `target`; return what it says of itself, and which files are not in it.

    `gone` are files that were removed while it was made: its rows may still name them.

    It holds no key: what people answered to an open survey is readable with its key alone, and of
    a sealed one there is none any more. So a sealed survey is sealed in every backup.

    :raises BackupError: `pg_dump` is not there or failed, or the recipient is no key.
    """
    if recipient:
        container.recipient_of(recipient)
    with TemporaryDirectory(prefix="materiality-") as folder:
        needed = needed_keys()  # before the database: a key made meanwhile is of an empty survey
        database = Path(folder, "database")
        rows = engine().dump(database)
        about = {
            "program": settings.RELEASE,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "engine": connection.vendor,
            "migrations": applied_migrations(),
            "rows": rows,
            "keys": needed,
        }
        # After the database: a file is stored before the row that names it.
        files = _files() | fetched(Path(folder, "files"))
        contents = container.Contents(about, database, files)
        gone = container.write(target, contents, recipient)
    return about | {"gone": gone}


def needed_keys() -> dict[str, str]:
    """Return what cannot be read without its key, by the key's name."""
    surveys = surveys_keeping_answers().values_list("key", "slug")
    tables = StoredFile.objects.exclude(key="").values_list("key", "name")
    return {key: f"the answers of {slug}" for key, slug in surveys} | {
        key: f"the table {name}" for key, name in tables
    }


def applied_migrations() -> dict[str, list[str]]:
    """Return the names of the migrations that the database has seen, by app."""
    applied: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        applied.setdefault(app, []).append(name)
    return applied


def _files() -> dict[str, Path]:
    """Return the files on this host's disk. Where FILES is `disk`, or was, there are some."""
    root = Path(settings.MEDIA_ROOT)
    return {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}


# ---- a folder of backups ----


def due(folder: Path, now: datetime) -> bool:
    """Whether the newest backup is a day old, or lacks what was sealed since.

    What the seal made cannot be made again from a backup of before it.
    """
    made = [moment for moment, _path in backups_in(folder)]
    if not made or now - max(made) >= DUE:
        return True
    return Survey.objects.filter(sealed_at__gte=max(made)).exists()


def new_path(folder: Path, now: datetime, recipient: str) -> Path:
    """Return where a backup made now goes."""
    return folder / f"materiality-{now:{STAMP}}.backup{'.age' if recipient else ''}"


def prune(folder: Path, now: datetime, days: int) -> int:
    """Remove the backups of a folder that are older than so many days; never the newest one."""
    older = sorted(backups_in(folder))[:-1]
    over = [path for moment, path in older if now - moment > timedelta(days=days)]
    for path in over:
        path.unlink()
    return len(over)


def backups_in(folder: Path) -> list[tuple[datetime, Path]]:
    """Return moment and path of the backups in a folder."""
    named = ((NAME.fullmatch(path.name), path) for path in folder.glob("materiality-*"))
    return [
        (datetime.strptime(match[1], STAMP).replace(tzinfo=UTC), path)
        for match, path in named
        if match
    ]


def missing_keys(needed: Mapping[str, str]) -> dict[str, str]:
    """Return those of the needed keys that are not on this host."""
    return {key: what for key, what in needed.items() if not keys.exists(key)}
