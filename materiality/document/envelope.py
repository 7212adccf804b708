"""The evidence bundle as a document: canonical form, digest, reading.

A bundle is one JSON object with the keys format, version, digest, method, inputs and results.
`docs/bundle.md` describes every field; everything here is standard library.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final, Literal, cast

from materiality.document.schema import (
    SINCE_VERSION_2,
    Document,
    Evaluation,
    Inputs,
    version_of,
)

FORMAT: Final = "materiality-bundle"
VERSIONS: Final = (1, 2)
METHOD_VERSION: Final = "2"


class BundleError(ValueError):
    """The file is not a bundle this program can use. `str()` is one line: what, and what to do."""


def canonical(value: Any) -> str:
    """Return the one JSON text of `value`: sorted keys, no spaces, no NaN, plain UTF-8."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def digest(document: Mapping[str, Any]) -> str:
    """Return "sha256:…" over the canonical form of all but the digest itself."""
    content = {key: value for key, value in document.items() if key != "digest"}
    return "sha256:" + hashlib.sha256(canonical(content).encode()).hexdigest()


def document_version(inputs: Mapping[str, Any]) -> Literal[1, 2]:
    """Return the version of a bundle of these inputs: 2 where they hold what 1 cannot.

    A round without any of it keeps the bytes it had.
    """
    return 2 if any(key in inputs for key in SINCE_VERSION_2) else 1


def assemble(inputs: Inputs, results: Evaluation) -> Document:
    """Return a complete bundle of these inputs and results."""
    document: Document = {
        "format": FORMAT,
        "version": document_version(inputs),
        "method": {"version": version_of(inputs)},
        "inputs": inputs,
        "results": results,
    }
    document["digest"] = digest(document)
    return document


def read(text: str | bytes) -> Document:
    """Return a bundle that comes from outside; its digest, where it has one, must be right.

    :raises BundleError: not JSON, not a bundle, another version, changed since it was written, or
        not of the types of `schema`.
    """
    from materiality.document.border import checked_document  # not in an archive: it needs pydantic

    return checked_document(_open(text))


def reopen(text: str | bytes) -> Document:
    """Return a bundle this program wrote and kept itself: its digest proves its types too.

    :raises BundleError: as of `read`, or it has no digest.
    """
    document = _open(text)
    if "digest" not in document:
        raise BundleError("A kept bundle has a digest; this one has none.")
    return cast(Document, document)


def _open(text: str | bytes) -> dict[str, Any]:
    document = _parse(text)
    if document.get("format") != FORMAT:
        raise BundleError(
            f"This is not a materiality bundle: “format” is {document.get('format')!r}, "
            f"expected {FORMAT!r}."
        )
    _refuse_other_versions(document)
    digest = _digest_of_foreign(document)
    if document.get("digest", digest) != digest:
        raise BundleError(
            f"The bundle was changed after it was written: its digest says "
            f"{document['digest']!r}, its content gives {digest}. Ask for the original file."
        )
    return document


def _refuse_other_versions(document: Mapping[str, Any]) -> None:
    version, inputs = document.get("version"), document.get("inputs")
    if type(version) is not int or version not in VERSIONS:
        known = " and ".join(map(str, VERSIONS))
        raise BundleError(
            f"Bundle version {version!r} is unknown to this program, which reads versions {known}. "
            f"Use the release that wrote it, or a later one."
        )
    if isinstance(inputs, dict) and version < document_version(inputs):
        later_key = next(key for key in SINCE_VERSION_2 if key in inputs)
        raise BundleError(
            f"inputs.{later_key} is not a key of a bundle of version {version}: with it, “version” "
            f"is {document_version(inputs)}."
        )


def _digest_of_foreign(document: Mapping[str, Any]) -> str:
    try:
        return digest(document)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"The file holds what a bundle cannot hold: {error}.") from error


def _parse(text: str | bytes) -> dict[str, Any]:
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"This is not a JSON file: {error}. Choose a bundle.json.") from error
    if not isinstance(document, dict):
        raise BundleError("A bundle is a JSON object; this file holds something else.")
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of these keys, of which none may stand twice: which one would hold?"""
    row = dict(pairs)
    if len(row) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return row


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number a bundle may hold; write null")
