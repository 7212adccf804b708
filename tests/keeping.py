"""What is made once for a session: the rows that the real actions wrote, copied into each test.

A round takes its actions a fifth of a second, its rows a hundredth. A builder runs for real where
anything is in the database already, as its rows keep the keys they were made with.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Model

from materiality.models import EvidenceFile
from materiality.models.freezing import VERSIONS
from materiality.models.immutability import SNAPSHOTS
from surveys.encryption import keys
from surveys.models import Organisation, Survey
from surveys.questionnaire import questionnaires

Made = TypeVar("Made", bound=Model)
Row = tuple[Any, ...]
LAST = (VERSIONS, SNAPSHOTS)
"""Tables whose rows close others to further rows: they are copied when all else is there."""


@dataclass(frozen=True)
class Kept:
    """What making something left behind: rows by table and columns, files, and its own row.

    `secrets` are the keys of surveys that are open still, which a test may destroy.
    """

    rows: Mapping[tuple[str, tuple[str, ...]], list[Row]]
    files: Mapping[str, bytes]
    secrets: Mapping[str, bytes]
    model: type[Model]
    pk: int


_kept: dict[str, Kept] = {}


def made_once(name: str, make: Callable[[], Made]) -> Made:
    """Return the row that `make` makes; `name` says all that its outcome depends on."""
    if Organisation.objects.exists() or User.objects.exists():
        return make()
    if name not in _kept:
        before = _all_rows()
        made = make()
        _kept[name] = Kept(_new_rows(before), _files(), _secrets(), type(made), made.pk)
        return made
    _copy(_kept[name])
    copied: Made = _kept[name].model._default_manager.get(pk=_kept[name].pk)
    return copied


def made_alike(what: str, make: Callable[..., Made], *, how: Mapping[str, Any]) -> Made:
    """Return what `make` makes of `how`, copied where the same was made of the same values.

    Rows and moments among the values are of one test: with them it is made anew.
    """
    if not _is_plain(how):
        return make(**how)
    return made_once(f"{what} {how!r}", lambda: make(**how))


def _is_plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_plain, (*value, *value.values())))
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | int | float)


def _all_rows() -> dict[tuple[str, tuple[str, ...]], list[Row]]:
    result = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {quoted} LIMIT 0")
            columns = tuple(connection.ops.quote_name(one[0]) for one in cursor.description)
            # "+" keeps SQLite from turning what is stored into dates, which it would not take back.
            sign = "+" if connection.vendor == "sqlite" else ""
            listed = ", ".join(sign + column for column in columns)
            cursor.execute(f"SELECT {listed} FROM {quoted}")
            result[table, columns] = cursor.fetchall()
    return result


def _new_rows(before: Mapping[Any, list[Row]]) -> dict[tuple[str, tuple[str, ...]], list[Row]]:
    new = {}
    for table, rows in _all_rows().items():
        known = set(before[table])
        if added := [row for row in rows if row not in known]:
            new[table] = added
    return dict(sorted(new.items(), key=lambda item: item[0][0] in LAST))


def _files() -> dict[str, bytes]:
    names = EvidenceFile.objects.values_list("file", flat=True)
    return {name: Path(settings.MEDIA_ROOT, name).read_bytes() for name in names}


def _secrets() -> dict[str, bytes]:
    names = Survey.objects.exclude(key="").values_list("key", flat=True)
    return {name: keys.read_key(name) for name in names if keys.exists(name)}


def _copy(kept: Kept) -> None:
    # One transaction: keys that refer to each other are looked at when all rows are there.
    with transaction.atomic(), connection.cursor() as cursor:
        for (table, columns), rows in kept.rows.items():
            places = ", ".join(["%s"] * len(columns))
            into = f"{connection.ops.quote_name(table)} ({', '.join(columns)})"
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", rows)
    for name, content in kept.files.items():
        path = Path(settings.MEDIA_ROOT, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    # A copy has the key and the dates of the one before, which a test may have changed past them.
    questionnaires._cached.cache_clear()
    questionnaires._items.cache_clear()
    for name, key in kept.secrets.items():
        for folder in keys.folders():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(key)
            (folder / name).chmod(0o600)
