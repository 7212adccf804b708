"""A key for each survey, outside the database. Once it is destroyed, nobody reads its answers.

A key is a file of 32 bytes in SURVEY_KEYS. Its random name is kept with the survey and in front of
each ciphertext; it tells nothing. All hosts share the folder, and no backup of the database holds
it.
"""

import os
import secrets
import time
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
            "copy of the database could tell whose they are. Let the folder of keys be made "
            "writable, then seal again."
        )


def create() -> str:
    """Make a key that survives a power cut; return its name.

    :raises KeyNotKept: the folder cannot be written to.
    """
    name = secrets.token_hex(NAME_BYTES)
    try:
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            _flush(file.fileno())
        _flush_folder(folder)
    except OSError as error:
        raise KeyNotKept from error
    return name


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
    try:
        key = _path(name).read_bytes()
    except OSError as error:
        _memory.pop(name, None)
        raise KeyMissing from error
    if len(key) != KEY_BYTES:
        raise KeyMissing
    _memory[name] = (key, now + REMEMBERED)
    return key


def exists(name: str) -> bool:
    return bool(name) and _path(name).exists()


def destroy(name: str) -> None:
    """Overwrite a key and remove it. Repeated, it does nothing.

    :raises KeyNotDestroyed: it is still there.
    """
    _memory.pop(name, None)
    if not exists(name):
        return
    try:
        with _path(name).open("r+b") as file:
            file.write(bytes(KEY_BYTES))
            _flush(file.fileno())
        _path(name).unlink()
        _flush_folder(_folder())
    except OSError as error:
        raise KeyNotDestroyed from error


def require_destroyable(name: str) -> None:
    """Make sure before a seal that the key is here and can go with it.

    :raises KeyMissing: it is not on this host.
    :raises KeyNotDestroyed: the folder or the file cannot be written to.
    """
    if not exists(name):
        raise KeyMissing
    if not (os.access(_folder(), os.W_OK | os.X_OK) and os.access(_path(name), os.W_OK)):
        raise KeyNotDestroyed


def _folder() -> Path:
    return Path(settings.SURVEY_KEYS)


def _path(name: str) -> Path:
    return _folder() / name


def _flush(descriptor: int) -> None:
    os.fsync(descriptor)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
