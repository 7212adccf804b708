"""Where uploaded files are kept: in the database, so that every host and every backup has them."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage
from django.db import models, transaction

from surveys.encryption import keys

if TYPE_CHECKING:
    from materiality.models.files import StoredFile

PART = 1 << 20
IN_MEMORY = 8 << 20


class DatabaseStorage(Storage):
    """Files as rows of a megabyte. What was on this host's disk before is read from there.

    :param passing: for files that are to leave no trace: each is encrypted under a key of its own,
        beside the keys of surveys, which goes with it.
    """

    def __init__(self, *, passing: bool = False) -> None:
        self.passing = passing
        self.disk = FileSystemStorage()

    def exists(self, name: str) -> bool:
        return _files().filter(name=name).exists() or self.disk.exists(name)

    def size(self, name: str) -> int:
        stored = _files().filter(name=name).first()
        return self.disk.size(name) if stored is None else int(stored.size)

    def get_created_time(self, name: str) -> datetime:
        return _files().get(name=name).at

    def delete(self, name: str) -> None:
        stored = _files().filter(name=name).first()
        if stored is None:
            self.disk.delete(name)
            return
        with transaction.atomic():
            stored.delete()
            transaction.on_commit(partial(keys.destroy, stored.key))

    @transaction.atomic
    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        stored = _files().create(name=name, key=keys.create() if self.passing else "")
        for number, part in enumerate(content.chunks(PART)):
            stored.parts.create(number=number, content=_encrypt_part(stored, number, part))
            stored.size += len(part)
        stored.save(update_fields=["size"])
        return name

    def _open(self, name: str, mode: str = "rb") -> File:  # type: ignore[type-arg]
        if mode != "rb":
            raise ValueError("A stored file is read, or replaced by another.")
        stored = _files().filter(name=name).first()
        if stored is None:
            return self.disk.open(name, mode)
        return StoredContent(stored)


class StoredContent(File):  # type: ignore[type-arg]
    """A stored file, read when it is opened; closed, it can be opened again."""

    def __init__(self, stored: "StoredFile") -> None:
        self.stored = stored
        super().__init__(_open_content(stored), stored.name)

    def open(self, mode: str | None = None, *_args: Any, **_options: Any) -> "StoredContent":
        if self.closed:
            self.file = _open_content(self.stored)
        self.seek(0)
        return self


def _open_content(stored: "StoredFile") -> IO[Any]:
    """Return the content, in memory or in an unnamed file; whoever asked closes it."""
    spooled: IO[Any] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
    try:
        for part in _decrypt_parts(stored):
            spooled.write(part)
    except Exception:
        spooled.close()
        raise
    spooled.seek(0)
    return spooled


def _files() -> "models.Manager[StoredFile]":
    """Return the files. Models have fields that need this storage, so it cannot need them first."""
    rows: models.Manager[StoredFile] = apps.get_model("materiality", "StoredFile").objects
    return rows


def _encrypt_part(stored: "StoredFile", number: int, part: bytes) -> bytes:
    """Encrypt a part; its number is its nonce, since no key is of two files."""
    if not stored.key:
        return bytes(part)
    return AESGCM(keys.read_key(stored.key)).encrypt(_nonce(number), bytes(part), None)


def _decrypt_parts(stored: "StoredFile") -> Iterator[bytes]:
    for number, content in stored.parts.values_list("number", "content").iterator(chunk_size=4):
        part = bytes(content)
        if stored.key:
            part = AESGCM(keys.read_key(stored.key)).decrypt(_nonce(number), part, None)
        yield part


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
