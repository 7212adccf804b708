"""A key for each survey, outside the database. Once it is destroyed, nobody reads its answers.

A key is a file of 32 bytes in SURVEY_KEYS and in each of SURVEY_KEY_COPIES, folders on other
disks or machines. Its random name is kept with the survey and in front of each ciphertext; it tells
nothing. All hosts share the folders, and no backup holds a key: the seal destroys every copy.
"""

import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from surveys.errors import Unavailable

KEY_BYTES = 32
NAME_BYTES = 8
REMEMBERED = 5.0  # seconds: a folder on the network is not read for every row
_memory: dict[str, tuple[bytes, float]] = {}


class KeyMissing(Unavailable):
    """This host does not have the key of a survey."""

    code = "key_missing"

    def __str__(self) -> str:
        return _(
            "The key of this survey is not on this server, so its answers cannot be read or kept. "
            "Nothing is lost; whoever runs the site must bring the folder of keys back."
        )


class KeyNotDestroyed(Unavailable):
    """The key is to go with the seal, and is still there."""

    code = "key_not_destroyed"

    def __str__(self) -> str:
        return _(
            "The key of this survey's answers cannot be destroyed, so whoever holds it and an old "
            "copy of the database could tell whose they are. Let the folders of keys be there and "
            "writable, then seal again."
        )


def create() -> str:
    """Make a key that survives a power cut; return its name.

    :raises KeyNotKept: the folder cannot be written to.
    """
    name, key = secrets.token_hex(NAME_BYTES), secrets.token_bytes(KEY_BYTES)
    try:
        for folder in folders():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(folder / name, key)
    except OSError as error:
        raise KeyNotKept from error
    return name


def _write(path: Path, key: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        _flush(file.fileno())
    _flush_folder(path.parent)


class KeyNotKept(Unavailable):
    """A new survey's key cannot be written down."""

    code = "key_not_kept"

    def __str__(self) -> str:
        return _(
            "The survey's key cannot be kept, so nothing was published. Whoever runs the site must "
            "make the folder of keys writable."
        )


def read_key(name: str) -> bytes:
    """Return a key.

    :raises KeyMissing: it was destroyed, or never reached this host.
    """
    now = time.monotonic()
    key, until = _memory.get(name, (b"", 0.0))
    if now < until:
        return key
    _memory.pop(name, None)
    key = _stored(name)
    _memory[name] = (key, now + REMEMBERED)
    return key


def _stored(name: str) -> bytes:
    for folder in folders():
        if key := _read(folder / name):
            return key
    raise KeyMissing


def _read(path: Path) -> bytes:
    """Return the key in a file; nothing where there is no whole one."""
    try:
        key = path.read_bytes()
    except OSError:
        return b""
    return key if len(key) == KEY_BYTES else b""


def exists(name: str) -> bool:
    """Whether any copy of a key is there still."""
    return bool(name) and any((folder / name).exists() for folder in folders())


def missing_copies(name: str) -> list[Path]:
    """Return the folders in which a key should be and is not."""
    return [folder for folder in folders() if not _read(folder / name)]


def copy_again(name: str) -> int:
    """Put a key back into the folders that lost it; return into how many.

    Under the lock of its survey, or a seal might destroy it just before.

    :raises KeyMissing: no folder has it.
    :raises KeyNotKept: a folder cannot be written to.
    """
    missing, key = missing_copies(name), _stored(name)
    try:
        for folder in missing:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / name).unlink(missing_ok=True)
            _write(folder / name, key)
    except OSError as error:
        raise KeyNotKept from error
    return len(missing)


def destroy(name: str) -> None:
    """Overwrite every copy of a key and remove it. Repeated, it does nothing.

    :raises KeyNotDestroyed: it is still there.
    """
    _memory.pop(name, None)
    if not exists(name):
        return
    try:
        for folder in folders():
            with suppress(FileNotFoundError):  # another seal may remove it at this moment
                _erase(folder / name)
    except OSError as error:
        raise KeyNotDestroyed from error


def _erase(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(KEY_BYTES))
        _flush(file.fileno())
    path.unlink()
    _flush_folder(path.parent)


def require_destroyable(name: str) -> None:
    """Make sure before a seal that the key is here and can go with it.

    :raises KeyMissing: it is not on this host.
    :raises KeyNotDestroyed: a folder or a file cannot be written to; or a copy is not where it
        should be, as on a disk that is not mounted, and would outlive the seal.
    """
    if not exists(name):
        raise KeyMissing
    for folder in folders():
        if not (os.access(folder, os.W_OK | os.X_OK) and os.access(folder / name, os.W_OK)):
            raise KeyNotDestroyed


def folders() -> list[Path]:
    """Return where keys are kept: the one folder, and its copies."""
    return [Path(settings.SURVEY_KEYS), *map(Path, settings.SURVEY_KEY_COPIES)]


def _flush(descriptor: int) -> None:
    os.fsync(descriptor)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
