"""The evidence bundle: everything a printed number rests on, in one JSON document."""

from materiality.document.envelope import (
    FORMAT,
    METHOD_VERSION,
    VERSIONS,
    BundleError,
    assemble,
    canonical,
    digest,
    read,
    reopen,
)
from materiality.document.schema import Document

__all__ = [
    "FORMAT",
    "METHOD_VERSION",
    "VERSIONS",
    "BundleError",
    "Document",
    "assemble",
    "canonical",
    "digest",
    "read",
    "reopen",
]
