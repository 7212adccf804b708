"""What one person said, as it lies in the database: encrypted, and as long as everybody's."""

import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from surveys.encryption.keys import NAME_BYTES, KeyMissing, read_key

NONCE_BYTES = 12
TAG_BYTES = 16
STEP = 1536
"""Bytes of a row, or a multiple: a page of questions with a comment fits into one.

The length of a ciphertext would else pair a long comment with its author.
"""
ROOM = STEP - NAME_BYTES - NONCE_BYTES - TAG_BYTES


@dataclass(slots=True)
class Contents:
    """What the seal keeps, or takes signs from. `ratings` is question id → rating."""

    ratings: dict[str, int] = field(default_factory=dict)
    comment: str = ""
    picks: dict[str, Any] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    draw: int | None = None
    seconds: int | None = None
    trapped: bool = False


NAMES = tuple(Contents.__slots__)
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encrypt(name: str, contents: Contents) -> bytes:
    """Return the key's name, a nonce and the ciphertext (AES-256-GCM).

    :raises KeyMissing: this host does not have the key.
    """
    parts = {part: getattr(contents, part) for part in NAMES}
    text = _as_json(parts).encode()
    if len(text) > ROOM:
        text = zlib.compress(text)
    header = bytes.fromhex(name)
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + AESGCM(read_key(name)).encrypt(nonce, _pad(text), header)


def decrypt(stored: bytes | memoryview) -> Contents:
    """Return what was encrypted.

    :raises KeyMissing: the key is destroyed, not on this host, or another one.
    """
    text = _plain(stored)
    if not text.startswith(b"{"):
        text = zlib.decompressobj().decompress(text)
    return Contents(**json.loads(text))


def encrypt_facts(name: str, facts: Mapping[str, Any]) -> bytes:
    """Return facts that tell answers of many, such as the first rows of a table, encrypted under
    the key of their survey.

    :raises KeyMissing: this host does not have the key.
    """
    header, nonce = bytes.fromhex(name), os.urandom(NONCE_BYTES)
    text = zlib.compress(_as_json(facts).encode())
    return header + nonce + AESGCM(read_key(name)).encrypt(nonce, text, header)


def decrypt_facts(stored: bytes | memoryview) -> dict[str, Any]:
    """Return facts that were encrypted; none of what is empty.

    :raises KeyMissing: the key is destroyed, not on this host, or another one.
    """
    facts: dict[str, Any] = json.loads(zlib.decompress(_plain(stored))) if stored else {}
    return facts


def _plain(stored: bytes | memoryview) -> bytes:
    whole = bytes(stored)
    header, nonce = whole[:NAME_BYTES], whole[NAME_BYTES : NAME_BYTES + NONCE_BYTES]
    try:
        key = AESGCM(read_key(header.hex()))
        return key.decrypt(nonce, whole[NAME_BYTES + NONCE_BYTES :], header)
    except InvalidTag as error:
        raise KeyMissing from error


def key_name(stored: bytes | memoryview) -> str:
    """Return the name of the key that these answers are under."""
    return bytes(stored[:NAME_BYTES]).hex()


def _pad(text: bytes) -> bytes:
    """Fill up with blanks, which neither JSON nor zlib's own end minds."""
    beyond = max(0, -(-(len(text) - ROOM) // STEP))
    return text.ljust(ROOM + beyond * STEP)
