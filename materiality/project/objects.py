"""Files in an S3-compatible store, the same on every host: FILES=s3. Needs the extra `s3`."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.utils.translation import gettext as _
from storages.backends.s3 import S3Storage

from materiality.project.files import IN_MEMORY, DatabaseStorage
from surveys.errors import Unavailable

PATIENCE = Config(
    connect_timeout=5,
    read_timeout=20,
    retries={"max_attempts": 3, "mode": "standard"},
    signature_version="s3v4",
)
GONE = (404, "404", "NoSuchKey", "NotFound")


class FilesAway(Unavailable):
    """The store of files does not answer, or lets nobody in."""

    code = "files_away"

    def __str__(self) -> str:
        return _("The store of files does not answer. Nothing was changed; try again in a minute.")


class ObjectStorage(S3Storage):  # type: ignore[misc]
    """django-storages' S3, with what was filed before: in the database, or on this host's disk.

    Deleting a file deletes each version that the bucket keeps of it.
    """

    def __init__(self, **options: Any) -> None:
        fixed = {"file_overwrite": False, "default_acl": None, "gzip": False}
        super().__init__(client_config=PATIENCE, **fixed, **options)
        self.before = DatabaseStorage()

    def exists(self, name: str) -> bool:
        with _answering():
            there = super().exists(name)
        return there or self.before.exists(name)

    def size(self, name: str) -> int:
        try:
            with _answering():
                return int(super().size(name))
        except FileNotFoundError:
            return self.before.size(name)

    def delete(self, name: str) -> None:
        with _answering():
            key = self._normalize_name(name)
            for version in self.bucket.object_versions.filter(Prefix=key):
                if version.object_key == key:
                    version.delete()
        if self.before.exists(name):
            self.before.delete(name)

    def _save(self, name: str, content: Any) -> str:
        with _answering():
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> File:  # type: ignore[type-arg]
        if mode != "rb":
            raise ValueError("A stored file is read, or replaced by another.")
        try:
            return FetchedContent(self, name)
        except FileNotFoundError:
            return self.before.open(name)

    def content_of(self, name: str) -> IO[Any]:
        """Return a file's content, in memory or in an unnamed file; whoever asked closes it.

        :raises FileNotFoundError: the store does not have it.
        """
        spooled: IO[Any] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        try:
            with _answering():
                self.bucket.Object(self._normalize_name(name)).download_fileobj(spooled)
        except Exception:
            spooled.close()
            raise
        spooled.seek(0)
        return spooled

    # ---- for backups: materiality.backup.stores ----

    def names(self) -> Iterator[str]:
        """Yield the names of all files in the store."""
        prefix = f"{self.location.strip('/')}/" if self.location else ""
        with _answering():
            for item in self.bucket.objects.filter(Prefix=prefix):
                yield item.key.removeprefix(prefix)

    def fetch(self, name: str, target: Path) -> None:
        with _answering():
            self.bucket.Object(self._normalize_name(name)).download_file(str(target))

    def put(self, name: str, source: Path) -> None:
        with _answering():
            self.bucket.Object(self._normalize_name(name)).upload_file(str(source))


class FetchedContent(File):  # type: ignore[type-arg]
    """A file of the store, fetched when it is opened; closed, it can be opened again."""

    def __init__(self, storage: ObjectStorage, name: str) -> None:
        self.storage = storage
        super().__init__(storage.content_of(name), name)

    def open(self, mode: str | None = None, *_args: Any, **_options: Any) -> "FetchedContent":
        if self.closed:
            self.file = self.storage.content_of(str(self.name))
        self.seek(0)
        return self


@contextmanager
def _answering() -> Iterator[None]:
    """Say what a store's refusal means: the file is not there, or the store is not."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in GONE:
            raise FileNotFoundError(str(error)) from error
        raise FilesAway from error
    except BotoCoreError as error:
        raise FilesAway from error
