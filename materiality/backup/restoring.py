"""The way back: into an empty place, after every byte was checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from materiality.actions import erase_expired
from materiality.backup import container
from materiality.backup.engines import engine, rows_of
from materiality.backup.errors import BackupError
from materiality.backup.making import missing_keys
from materiality.backup.stores import remote_store
from surveys.actions.begin_anew import begin_anew, forget_unreadable_tables
from surveys.actions.deliver import leave_uncertain
from surveys.encryption import keys
from surveys.models import Survey


@dataclass(frozen=True)
class Restored:
    """What a restore did.

    :ivar begun_anew: surveys whose answers went with their keys, by slug.
    :ivar uncertain: mails that were due at the backup, and may have gone out after it.
    :ivar erased: people whose time was over by now.
    """

    about: Mapping[str, Any]
    begun_anew: list[str]
    uncertain: int
    erased: int


def restore(source: Path, identity: str = "", *, without_keys: bool = False) -> Restored:
    """Bring a backup back into an empty database and an empty folder of files.

    :param without_keys: go on where keys are gone. What was answered under them is noise and is
        erased; an open survey gets a new key, and people may answer again by the same links.
    :raises BackupError: it cannot be used, or the place is not empty. Nothing was changed, unless
        the sentence says so.
    """
    with TemporaryDirectory(prefix="materiality-") as folder:
        contents = container.read(source, Path(folder), identity)
        _require_fit(source, contents.about)
        _require_empty()
        if not without_keys:
            _require_keys(contents.about)
        engine().load(contents.database)
        _put_files(contents.files)
    _require_rows(contents.about)
    call_command("migrate", verbosity=0)
    return Restored(
        contents.about,
        begun_anew=_go_on_without_keys() if without_keys else [],
        uncertain=leave_uncertain(timezone.now()),
        erased=_end_what_is_over(),
    )


def _require_fit(source: Path, about: Mapping[str, Any]) -> None:
    if about["engine"] != connection.vendor:
        raise BackupError(
            f"{source} is of a database by {about['engine']}, and DATABASE_URL names one by "
            f"{connection.vendor}. Restore it into the same engine."
        )
    ours = set(MigrationLoader(None).disk_migrations)
    strange = sorted(
        f"{app}.{name}"
        for app, names in about["migrations"].items()
        for name in names
        if (app, name) not in ours
    )
    if strange:
        raise BackupError(
            f"{source} was made by another release ({about['program']}), whose {strange[0]} this "
            "one does not know. Install that release, or a later one."
        )


def _require_empty() -> None:
    tables = connection.introspection.table_names()
    if tables:
        raise BackupError(
            f"The database {connection.settings_dict['NAME']} holds tables already. "
            "Make an empty one, set DATABASE_URL to it, and restore there."
        )
    root = Path(settings.MEDIA_ROOT)
    if root.is_dir() and any(root.iterdir()):
        raise BackupError(f"{root} holds files already. Move them away, then restore.")
    store = remote_store()
    if store is not None and next(iter(store.names()), None) is not None:
        raise BackupError(
            "The store of files (S3_BUCKET) holds files already. Name an empty bucket, or another "
            "S3_PREFIX, then restore."
        )


def _require_keys(about: Mapping[str, Any]) -> None:
    missing = missing_keys(about["keys"])
    if missing:
        lines = "\n".join(f"  {key}: {what}" for key, what in sorted(missing.items()))
        raise BackupError(
            f"These keys are not in {settings.SURVEY_KEYS}:\n{lines}\n"
            "Bring the folder of keys, or one of its copies, and restore again. A key that a seal "
            "destroyed after this backup is nowhere: a later backup holds what was sealed. To go "
            "on without: --without-keys, which erases these answers; nobody can read them."
        )


def _put_files(files: Mapping[str, Path]) -> None:
    """Put files where FILES says; on the disk, where the database is to read them from."""
    store = remote_store()
    for name, path in files.items():
        if store is not None:
            store.put(name, path)
            continue
        place = Path(settings.MEDIA_ROOT, PurePosixPath(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        copyfile(path, place)


def _require_rows(about: Mapping[str, Any]) -> None:
    """Hold the tables against what was counted when the backup was made."""
    counts = rows_of(connection)
    different = [table for table, rows in about["rows"].items() if counts.get(table) != rows]
    if different:
        raise BackupError(
            f"{different[0]} has {counts.get(different[0])} rows, and had "
            f"{about['rows'][different[0]]} in the backup. Do not use this database."
        )


def _go_on_without_keys() -> list[str]:
    forget_unreadable_tables()
    lost = [one for one in Survey.objects.keeping_answers() if not keys.exists(one.key)]
    for survey in lost:
        begin_anew(survey)
    return [survey.slug for survey in lost]


def _end_what_is_over() -> int:
    """Let everybody sign in again, and erase again whose time is over by now."""
    Session.objects.all().delete()
    return erase_expired()
