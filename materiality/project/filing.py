"""Which storages FILES means. Apart from the storages: settings come before any of them."""

from collections.abc import Mapping
from typing import Any

PLACES = ("database", "disk", "s3")
DATABASE = "materiality.project.files.DatabaseStorage"
DISK = "django.core.files.storage.FileSystemStorage"
OBJECTS = "materiality.project.objects.ObjectStorage"


def file_storages(place: str, store: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the storages of evidence and of tables that are to leave no trace.

    Such tables stay in the database where others go to a store: each is encrypted under a key of
    its own, which goes with it, whatever copies the store keeps.

    >>> file_storages("s3", {"bucket_name": "ours"})["passing"]["OPTIONS"]
    {'passing': True}
    """
    if place == "disk":
        return {"default": {"BACKEND": DISK}, "passing": {"BACKEND": DISK}}
    passing = {"BACKEND": DATABASE, "OPTIONS": {"passing": True}}
    if place == "s3":
        given = {name: value for name, value in store.items() if value}
        return {"default": {"BACKEND": OBJECTS, "OPTIONS": given}, "passing": passing}
    return {"default": {"BACKEND": DATABASE}, "passing": passing}
