"""Everything that is kept of an organisation, as one ZIP: to take along, or before it is left.

Which rows are its own follows from the models: whatever leads to it by a foreign key, over as many
steps as it takes. So a new table is in it by itself.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from surveys.models import Organisation

OURS = ("surveys", "materiality")
LEFT_OUT = frozenset({"ApiToken", "Intake", "StagedAnswer", "Draft", "Message"})
"""Tokens, and what is encrypted until the seal; seal first to take answers along."""
SECRET = frozenset({"token_hash", "seed", "secret", "digest_of_token", "key", "receipt_hash"})
SUMS = "sha256.txt"


def write(organisation: Organisation, target: Path) -> dict[str, int]:
    """Write the ZIP; return how many rows of each table are in it.

    Each file of it is named in `sha256.txt` with its digest.
    """
    counts: dict[str, int] = {}
    sums: list[str] = []
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content, count in _files(organisation):
            archive.writestr(name, content)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
            counts |= {name: count} if count else {}
        archive.writestr(SUMS, "".join(sums))
    return counts


def _files(organisation: Organisation) -> Iterator[tuple[str, bytes, int]]:
    for model, keys in rows_of(organisation).items():
        queryset = model._default_manager.filter(pk__in=keys).order_by("pk")
        rows = [_row(row) for row in queryset.iterator()]
        content = json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        yield f"{model._meta.label_lower}.json", content.encode(), len(rows)
        yield from _attached(queryset)


def _attached(rows: Iterable[models.Model]) -> Iterator[tuple[str, bytes, int]]:
    """Yield the files that rows refer to, under the name they are stored by."""
    for row in rows:
        for field in row._meta.concrete_fields:
            if isinstance(field, models.FileField) and (file := getattr(row, field.name)):
                with default_storage.open(file.name) as opened:
                    yield f"files/{file.name}", opened.read(), 0


def rows_of(organisation: Organisation) -> dict[type[models.Model], set[Any]]:
    """Return the keys of every row that leads to the organisation, by table."""
    known: dict[type[models.Model], set[Any]] = {Organisation: {organisation.pk}}
    is_growing = True
    while is_growing:
        is_growing = False
        for model in _tables():
            keys = _leading(model, known)
            if keys - known.get(model, set()):
                known[model] = known.get(model, set()) | keys
                is_growing = True
    return known


def _tables() -> list[type[models.Model]]:
    every = [model for app in OURS for model in apps.get_app_config(app).get_models(True)]
    return [model for model in every if model.__name__ not in LEFT_OUT]


def _leading(model: type[models.Model], known: dict[type[models.Model], set[Any]]) -> set[Any]:
    """Return the keys of rows that refer to a row that is known."""
    keys: set[Any] = set()
    for field in model._meta.concrete_fields:
        there = known.get(field.related_model) if field.many_to_one or field.one_to_one else None  # type: ignore[arg-type]
        if there:
            rows = model._default_manager.filter(**{f"{field.name}__in": there})
            keys |= set(rows.values_list("pk", flat=True))
    return keys


def _row(row: models.Model) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if field.name not in SECRET]
    return {field.name: _value(field.value_from_object(row)) for field in fields}


def _value(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value) if hasattr(value, "storage") else value
