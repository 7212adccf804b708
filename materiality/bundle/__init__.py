"""The evidence bundle: everything a printed number rests on, in one JSON document."""

from materiality.bundle.document import (
    FORMAT,
    METHOD_VERSION,
    VERSION,
    BundleError,
    Document,
    assemble,
    canonical,
    digest,
    read,
)

__all__ = [
    "FORMAT",
    "METHOD_VERSION",
    "VERSION",
    "BundleError",
    "Document",
    "assemble",
    "canonical",
    "digest",
    "read",
]
