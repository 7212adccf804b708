"""Files that are neither on this host's disk nor in the database: those of an object store."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol, cast

from django.core.files.storage import storages


class Store(Protocol):
    """What a storage that backups must fetch from offers (materiality.project.objects)."""

    def names(self) -> Iterator[str]: ...

    def fetch(self, name: str, target: Path) -> None: ...

    def put(self, name: str, source: Path) -> None: ...


def remote_store() -> Store | None:
    """Return the store that files are in; None where they are on disk or in the database."""
    storage = storages["default"]
    return cast(Store, storage) if hasattr(storage, "fetch") else None


def fetched(folder: Path) -> dict[str, Path]:
    """Fetch every file of the store into a folder; return where each lies, by its name.

    One that is removed meanwhile lies nowhere: whoever writes the backup finds it gone.
    """
    store = remote_store()
    if store is None:
        return {}
    folder.mkdir()
    places: dict[str, Path] = {}
    for number, name in enumerate(store.names()):
        places[name] = folder / str(number)
        with suppress(FileNotFoundError):
            store.fetch(name, places[name])
    return places
