"""Everything that is kept of an organisation, as one ZIP: to take along, or before it is left.

Which rows are its own follows from the models (`materiality.selectors.belongings`).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from materiality.selectors.belongings import rows_of
from surveys.models import Organisation

LEFT_OUT = frozenset({"ApiToken", "Call", "Intake", "StagedAnswer", "Message"})
"""Tokens, what the API answered (encrypted with keys of its callers), and what is encrypted until
the seal; seal first to take answers along."""
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
    for model, queryset in rows_of(organisation.pk).items():
        if model.__name__ in LEFT_OUT or not queryset.exists():
            continue
        rows = [_row(row) for row in queryset.order_by("pk").iterator()]
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


def _row(row: models.Model) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if field.name not in SECRET]
    return {field.name: _value(field.value_from_object(row)) for field in fields}


def _value(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value) if hasattr(value, "storage") else value
