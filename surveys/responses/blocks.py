"""The sealed block: all answers of a survey as columns in one file, and its digest.

Rows are sorted by their content. The order is therefore a function of the answers alone: it says
nothing about who came when, and the digest is over the bytes as they are stored.
"""

import hashlib
import io
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surveys.errors import SealBroken

FORMATS = {1: 1, 2: 2}


@dataclass(frozen=True, eq=False)
class Answers:
    """Everybody's answers, one row a respondent, in no order that means anything.

    :param ratings: uint8 [respondents × questions]; 1 to 5, 0 blank or not asked, 255 cannot judge.
    :param audience: uint16 [respondents]; index into `audiences`.
    :param audiences: code of each audience.
    :param questions: id of the question in each column of `ratings`.
    :param not_asked: bool, as `ratings`: outside the part of a long questionnaire a person got.
    :param picks: uint8 [respondents × items], bits of `surveys.kinds`; None if none were asked for.
    :param items: key of the item in each column of `picks`.
    :param flags: uint16 [respondents]; bits of `surveys.responses.signs`; uint8 in format 1.
    :param digest: SHA-256 of the block's canonical form.
    """

    ratings: NDArray[np.uint8]
    audience: NDArray[np.uint16]
    audiences: tuple[str, ...]
    questions: tuple[int, ...]
    flags: NDArray[np.unsignedinteger[Any]]
    digest: str
    not_asked: NDArray[np.bool_] | None = None
    items: tuple[str, ...] = ()
    picks: NDArray[np.uint8] | None = None


Columns = dict[str, NDArray[Any]]
HEADINGS = ("audiences", "questions", "items")


def in_canonical_order(columns: Columns) -> Columns:
    """Return the columns with their rows sorted by audience, flags, ratings, then invitation."""
    rows = _as_bytes(columns)
    order = np.argsort(rows, kind="stable")
    return {name: column if name in HEADINGS else column[order] for name, column in columns.items()}


def digest_of(columns: Columns) -> str:
    """Return the SHA-256 of a block's canonical form.

    The form is one line of JSON (format, audiences, questions, respondents, named), a line feed,
    then per row, high bytes first: audience, two bytes; flags, two bytes in format 2 and one in
    format 1; a byte per question; a byte per item, if there were picks and the line names items; in
    a named survey the invitation's id, eight bytes; where its wording was fixed and the line says
    versions, the version answered, two bytes. Rows ascend bytewise.
    """
    head = {
        "format": columns["flags"].itemsize,
        "audiences": columns["audiences"].tolist(),
        "questions": columns["questions"].tolist(),
        "respondents": len(columns["audience"]),
        "named": "invitations" in columns,
    }
    if "items" in columns:
        head["items"] = columns["items"].tolist()
    if "versions" in columns:
        head["versions"] = True
    written = hashlib.sha256(json.dumps(head, separators=(",", ":"), sort_keys=True).encode())
    written.update(b"\n")
    written.update(_as_bytes(columns).tobytes())
    return written.hexdigest()


def counted(columns: Columns) -> dict[str, int]:
    """Return how many rows each audience has."""
    codes = columns["audiences"].tolist()
    sizes = np.bincount(columns["audience"], minlength=len(codes)).tolist()
    return dict(zip(codes, sizes, strict=True))


def pack(columns: Columns) -> bytes:
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **columns)
    return file.getvalue()


def unpack(block: bytes, digest: str) -> Columns:
    """Return the columns of a stored block.

    :raises SealBroken: the block is unreadable or not the one the digest was taken of.
    """
    try:
        with np.load(io.BytesIO(block), allow_pickle=False) as file:
            columns = {name: file[name] for name in file.files}
        actual = digest_of(columns)
    except Exception as error:
        raise SealBroken(f"The sealed answers cannot be read: {error}") from error
    if actual != digest:
        raise SealBroken(
            f"The sealed answers were changed after the seal: SHA-256 is {actual}, sealed {digest}."
        )
    return columns


def _as_bytes(columns: Columns) -> NDArray[Any]:
    """Return one fixed-length byte string a row, in the canonical form."""
    parts = [
        _high_bytes_first(columns["audience"]),
        _high_bytes_first(columns["flags"]),
        columns["ratings"],
    ]
    if "picks" in columns:
        parts.append(columns["picks"])
    if "invitations" in columns:
        parts.append(_high_bytes_first(columns["invitations"]))
    if "versions" in columns:
        parts.append(_high_bytes_first(columns["versions"]))
    rows = np.ascontiguousarray(np.hstack(parts))
    return rows.view(f"S{rows.shape[1]}").ravel()


def _high_bytes_first(column: NDArray[Any]) -> NDArray[np.uint8]:
    swapped = column.astype(column.dtype.newbyteorder(">"))
    return swapped.view(np.uint8).reshape(-1, column.itemsize)
