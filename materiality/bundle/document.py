"""The evidence bundle as a document: canonical form, digest, reading.

A bundle is one JSON object with the keys format, version, digest, method, inputs and results.
`docs/bundle.md` describes every field; everything here is standard library.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FORMAT = "materiality-bundle"
VERSION = 1
METHOD_VERSION = "1"

Document = dict[str, Any]


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


def assemble(inputs: Mapping[str, Any], results: Mapping[str, Any]) -> Document:
    """Return a complete bundle of these inputs and results."""
    document: Document = {
        "format": FORMAT,
        "version": VERSION,
        "method": {"version": METHOD_VERSION},
        "inputs": inputs,
        "results": results,
    }
    return document | {"digest": digest(document)}


def read(text: str | bytes) -> Document:
    """Return the bundle in `text`; its digest, where it has one, must be right.

    :raises BundleError: not JSON, not a bundle, another version, or changed since it was written.
    """
    document = _parse(text)
    if document.get("format") != FORMAT:
        raise BundleError(
            f"This is not a materiality bundle: “format” is {document.get('format')!r}, "
            f"expected {FORMAT!r}."
        )
    if type(document.get("version")) is not int or document["version"] != VERSION:
        raise BundleError(
            f"Bundle version {document.get('version')!r} is unknown to this program, which reads "
            f"version {VERSION}. Use the release that wrote it, or a later one."
        )
    found = _digest_of_foreign(document)
    if document.get("digest", found) != found:
        raise BundleError(
            f"The bundle was changed after it was written: its digest says "
            f"{document['digest']!r}, its content gives {found}. Ask for the original file."
        )
    return document


def _digest_of_foreign(document: Document) -> str:
    try:
        return digest(document)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"The file holds what a bundle cannot hold: {error}.") from error


def _parse(text: str | bytes) -> Document:
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"This is not a JSON file: {error}. Choose a bundle.json.") from error
    if not isinstance(document, dict):
        raise BundleError("A bundle is a JSON object; this file holds something else.")
    return document


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number a bundle may hold; write null")
