"""Is everything there, readable and as it was written? One line for each thing that is not."""

from collections.abc import Iterator

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Sum
from django.db.models.functions import Length

from materiality.backup.stores import remote_store
from materiality.locking.verification import faults_of, faults_of_database
from materiality.models import Assessment, StoredFile
from materiality.selectors.belongings import surveys_keeping_answers
from surveys.encryption import keys
from surveys.encryption.contents import TAG_BYTES
from surveys.encryption.keys import KeyMissing
from surveys.errors import SealBroken, Unavailable
from surveys.models import AnswerTable, Intake, SealedAnswers, Survey
from surveys.responses.blocks import unpack

CHUNK = 2000


def faults() -> Iterator[str]:
    """Yield what is missing, unreadable or changed, in the database and beside it."""
    if unapplied := _unapplied_migrations():
        yield f"The database lacks {unapplied[0]}: run `manage.py migrate`."
        return
    yield from faults_of_database()
    yield from _of_database_file()
    if fault := _fault_of_store():
        yield fault
        return
    yield from _of_keys()
    yield from _of_drafts()
    yield from _of_sealed_answers()
    yield from _of_files()
    for assessment in Assessment.objects.select_related("organisation", "snapshot"):
        yield from faults_of(assessment)


def _unapplied_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]


def _of_database_file() -> Iterator[str]:
    """SQLite's own look at its file; PostgreSQL checks its pages as it reads them."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        for (line,) in cursor.fetchall():
            if line != "ok":
                yield f"The database's file: {line}."
        cursor.execute("PRAGMA foreign_key_check")
        for table, row, parent, _number in cursor.fetchall():
            yield f"{table}, row {row}: what it names in {parent} is not there."


def _fault_of_store() -> str:
    """Return why files cannot be looked at: their store is away, or lets nobody in."""
    store = remote_store()
    try:
        next(iter(store.names() if store else ()), None)
    except Unavailable as error:
        return f"{error}"
    return ""


def _of_keys() -> Iterator[str]:
    for survey in surveys_keeping_answers():
        missing = keys.missing_copies(survey.key)
        if len(missing) == len(keys.folders()):
            yield f"{survey.slug}: its key {survey.key} is nowhere, so its answers are unreadable."
        elif missing:
            yield (
                f"{survey.slug}: its key {survey.key} is not in {missing[0]}, so it cannot be "
                "sealed. Mount the folder; if it lost the key: `manage.py selfcheck --mend-keys`."
            )
    for survey in Survey.objects.sealed():
        if keys.exists(survey.key):
            yield f"{survey.slug}: it is sealed, and its key is there still. Seal it again."


def _of_drafts() -> Iterator[str]:
    """Read every answer of every open survey that has its key."""
    for survey in Survey.objects.keeping_answers():
        if not keys.exists(survey.key):
            continue
        unreadable = sum(
            not _is_readable(draft)
            for draft in Intake.objects.filter(survey=survey).iterator(chunk_size=CHUNK)
        )
        if unreadable:
            yield f"{survey.slug}: {unreadable} answers cannot be read with its key."


def _is_readable(draft: Intake) -> bool:
    try:
        return draft.contents is not None
    except (KeyMissing, ValueError):
        return False


def _of_sealed_answers() -> Iterator[str]:
    for sealed in SealedAnswers.objects.select_related("survey").iterator(chunk_size=1):
        try:
            unpack(bytes(sealed.block), sealed.digest)
        except SealBroken as broken:
            yield f"{sealed.survey.slug}: {broken}"


def _of_files() -> Iterator[str]:
    """Name stored files that are not whole, and tables whose file is gone.

    Evidence is held against its digest where the rounds are looked at.
    """
    sizes = StoredFile.objects.annotate(
        bytes=Sum(Length("parts__content"), default=0), count=Count("parts")
    )
    for name, key, size, stored, parts in sizes.values_list(
        "name", "key", "size", "bytes", "count"
    ):
        if stored - (parts * TAG_BYTES if key else 0) != size:
            yield f"The file {name} is not whole."
    disk = FileSystemStorage(settings.MEDIA_ROOT)
    names = set(StoredFile.objects.values_list("name", flat=True))
    for table in AnswerTable.objects.exclude(file=""):
        if table.file.name not in names and not disk.exists(table.file.name):
            yield f"The table {table.name}, handed in on {table.at:%Y-%m-%d}: its file is gone."


def mend_keys() -> int:
    """Copy keys into the folders that lost them; return how many copies were made."""
    copied = 0
    for pk in list(Survey.objects.keeping_answers().values_list("pk", flat=True)):
        with transaction.atomic():
            survey = Survey.objects.select_for_update().get(pk=pk)
            if not survey.is_sealed and keys.exists(survey.key):
                copied += keys.copy_again(survey.key)
    return copied
