"""The file of a backup: a tar archive, compressed, and encrypted by age where a recipient is set.

Its first member says what it is, its last one the SHA-256 of every other: what is cut, changed or
of something else is refused before anything of it is used.
"""

import gzip
import hashlib
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO, Any

import pyrage

from materiality.backup.errors import BackupError

FORMAT = "materiality-backup"
VERSION = 1
ABOUT, SUMS = "about.json", "sums.json"
DATABASE, FILES = "database", "files"
AGE = b"age-encryption.org/"
GZIP = b"\x1f\x8b"
PIECE = 1 << 20
LEVEL = 5  # of compression: level 9 takes three times as long for two per cent
BROKEN = (EOFError, OSError, tarfile.TarError, zlib.error, ValueError, KeyError)
CUT = (
    "{path} is cut short or was changed, so nothing of it was used. "
    "Fetch it again from where it is kept, or take another backup."
)


@dataclass(frozen=True)
class Contents:
    """What a backup holds: facts about it, the database as its engine wrote it, files by name."""

    about: Mapping[str, Any]
    database: Path
    files: Mapping[str, Path]


# ---- writing ----


def write(target: Path, contents: Contents, recipient: str = "") -> list[str]:
    """Write a backup under its name at once, whole and flushed; only its owner may read it.

    :param recipient: an age public key, ``age1…``; without one the backup is not encrypted.
    :returns: the names of files that were removed meanwhile, so they are not in it.
    :raises BackupError: the recipient is none.
    """
    public = recipient_of(recipient) if recipient else None
    part = target.with_name(f"{target.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if public is None:
            gone = _pack(file, contents)
        else:
            with TemporaryFile() as plain:
                gone = _pack(plain, contents)
                plain.seek(0)
                pyrage.encrypt_io(plain, file, [public])
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    _flush_folder(target.parent)
    return gone


def recipient_of(text: str) -> Any:
    """Return an age public key.

    :raises BackupError: it is none.
    """
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise BackupError(
            f"BACKUP_RECIPIENT {text!r} is no public key of age. Make a pair with "
            "`manage.py backup --new-key`, and set the one that begins with age1."
        ) from error


def _pack(file: IO[bytes], contents: Contents) -> list[str]:
    """Write the archive; return the names of files that are gone by now."""
    sums: dict[str, str] = {}
    gone: list[str] = []
    zipped = gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=file, mtime=0)
    with zipped, tarfile.open(fileobj=zipped, mode="w|") as archive:
        about = {"format": FORMAT, "version": VERSION, **contents.about}
        sums[ABOUT] = _add_json(archive, ABOUT, about)
        sums[DATABASE] = _add_file(archive, DATABASE, contents.database)
        for name, path in sorted(contents.files.items()):
            try:
                sums[f"{FILES}/{name}"] = _add_file(archive, f"{FILES}/{name}", path)
            except FileNotFoundError:
                gone.append(name)
        _add_json(archive, SUMS, sums)
    return gone


def _add_json(archive: tarfile.TarFile, name: str, value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=1).encode()
    member = tarfile.TarInfo(name)
    member.size = len(text)
    archive.addfile(member, BytesIO(text))
    return hashlib.sha256(text).hexdigest()


def _add_file(archive: tarfile.TarFile, name: str, path: Path) -> str:
    member = tarfile.TarInfo(name)
    with path.open("rb") as content:
        member.size = os.fstat(content.fileno()).st_size
        archive.addfile(member, content)
        content.seek(0)
        return hashlib.file_digest(content, "sha256").hexdigest()


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# ---- reading ----


def read(source: Path, folder: Path, identity: str = "") -> Contents:
    """Unpack a backup into an empty folder and check every byte of it.

    :param identity: the age secret key it was encrypted for, ``AGE-SECRET-KEY-1…``.
    :raises BackupError: it is cut, changed, of something else, of another version, or locked.
    """
    with source.open("rb") as file, TemporaryFile() as plain:
        beginning = file.read(len(AGE))
        file.seek(0)
        if beginning == AGE:
            _decrypt(source, file, plain, identity)
        elif beginning.startswith(GZIP):
            shutil.copyfileobj(file, plain, PIECE)
        else:
            raise BackupError(f"{source} is no backup of Materiality.")
        plain.seek(0)
        return _unpacked(source, plain, folder)


def _decrypt(source: Path, file: IO[bytes], plain: IO[bytes], identity: str) -> None:
    if not identity:
        raise BackupError(
            f"{source} is encrypted. Name the file with its secret key: --identity FILE."
        )
    try:
        key = pyrage.x25519.Identity.from_str(identity)
    except pyrage.IdentityError as error:
        raise BackupError("The identity is no secret key of age (AGE-SECRET-KEY-1…).") from error
    try:
        pyrage.decrypt_io(file, plain, [key])
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise BackupError(
                f"{source} was encrypted for another key than the one in --identity."
            ) from error
        raise BackupError(CUT.format(path=source)) from error
    except OSError as error:  # how age says that its end is missing
        raise BackupError(CUT.format(path=source)) from error


def _unpacked(source: Path, plain: IO[bytes], folder: Path) -> Contents:
    try:
        sums = dict(_extracted(source, plain, folder))
        stored = json.loads((folder / SUMS).read_bytes())
    except BROKEN as error:
        raise BackupError(CUT.format(path=source)) from error
    sums.pop(SUMS)
    if sums != stored:
        raise BackupError(CUT.format(path=source))
    files = {
        name.removeprefix(f"{FILES}/"): folder / name for name in sums if name.startswith(FILES)
    }
    return Contents(json.loads((folder / ABOUT).read_bytes()), folder / DATABASE, files)


def _extracted(source: Path, plain: IO[bytes], folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and SHA-256 of each member, once it lies in the folder."""
    with gzip.GzipFile(fileobj=plain) as zipped, tarfile.open(fileobj=zipped, mode="r|") as archive:
        is_first = True
        for member in archive:
            if is_first and member.name != ABOUT:
                raise BackupError(f"{source} is an archive, and no backup of Materiality.")
            path = _place(source, folder, member)
            content = archive.extractfile(member)
            if content is None:
                raise BackupError(CUT.format(path=source))
            yield member.name, _copied(content, path)
            if is_first:
                _require_version(source, path)
            is_first = False
        while zipped.read(PIECE):  # its checksum stands at the end
            pass


def _place(source: Path, folder: Path, member: tarfile.TarInfo) -> Path:
    """Return where a member goes: into the folder, whatever its name says."""
    parts = PurePosixPath(member.name).parts
    if not member.isfile() or not parts or ".." in parts or parts[0] == "/":
        raise BackupError(f"{source} holds {member.name!r}, which no backup of ours does.")
    path = folder.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _copied(content: IO[bytes], path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        while piece := content.read(PIECE):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def _require_version(source: Path, path: Path) -> None:
    about = json.loads(path.read_bytes())
    if about.get("format") != FORMAT:
        raise BackupError(f"{source} is an archive, and no backup of Materiality.")
    if about["version"] != VERSION:
        raise BackupError(
            f"{source} is a backup of version {about['version']}; this program reads version "
            f"{VERSION}. Use the release that made it ({about.get('program', 'unknown')})."
        )
