"""Caches that hold nothing durable and run nothing: JSON in Redis, or in the database without it.

Limits are counted here (sign-in, open links, guesses, the API), so they never fall to "none": while
Redis is away or full, the database counts.
"""

import json
import logging
import random
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.redis import RedisCache
from django.db import connection
from redis import RedisError

logger = logging.getLogger("materiality.cache")

BYTES = "bytes"
FOR_EVER = 4_102_444_800.0  # 2100
SWEEPS = 0.01  # of all writes remove what is over
REST = 5.0  # seconds without asking a Redis that did not answer
TABLE = "materiality_cachedvalue"
GET = f"SELECT value FROM {TABLE} WHERE key = %s AND until > %s"  # noqa: S608
SET = (
    f"INSERT INTO {TABLE} (key, value, until) VALUES (%s, %s, %s) ON CONFLICT (key)"  # noqa: S608
    " DO UPDATE SET value = excluded.value, until = excluded.until"
)
ADD = f"{SET} WHERE {TABLE}.until <= %s"
TOUCH = f"UPDATE {TABLE} SET until = %s WHERE key = %s AND until > %s"  # noqa: S608
INCREASE = (
    f"UPDATE {TABLE} SET value = CAST(CAST(value AS INTEGER) + %s AS TEXT)"  # noqa: S608
    " WHERE key = %s AND until > %s RETURNING value"
)
DELETE = f"DELETE FROM {TABLE} WHERE key = %s"  # noqa: S608
SWEEP = f"DELETE FROM {TABLE} WHERE until <= %s"  # noqa: S608
CLEAR = f"DELETE FROM {TABLE}"  # noqa: S608


class JsonSerializer:
    """What Django's Redis cache writes values with. Numbers stay numbers, for `incr`."""

    def dumps(self, value: Any) -> int | str:
        if type(value) is int:
            return value
        if isinstance(value, bytes):
            value = {BYTES: b64encode(value).decode()}
        return json.dumps(value)

    def loads(self, text: str | bytes) -> Any:
        value = json.loads(text)
        if isinstance(value, dict) and set(value) == {BYTES}:
            return b64decode(value[BYTES])
        return value


class SqlCache(BaseCache):
    """A cache in the database that all processes and hosts share."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.serializer = JsonSerializer()

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        rows = self._rows(GET, [self._key(key, version), time.time()])
        return self.serializer.loads(rows[0][0]) if rows else default

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._sweep_sometimes()
        self._run(SET, [self._key(key, version), self._text(value), self._until(timeout)])

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        self._sweep_sometimes()
        values = [self._key(key, version), self._text(value), self._until(timeout), time.time()]
        return self._run(ADD, values) == 1

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        values = [self._until(timeout), self._key(key, version), time.time()]
        return self._run(TOUCH, values) == 1

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        rows = self._rows(INCREASE, [delta, self._key(key, version), time.time()])
        if not rows:
            raise ValueError(f"Key {key!r} not found")
        return int(rows[0][0])

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._run(DELETE, [self._key(key, version)]) == 1

    def clear(self) -> None:
        self._run(CLEAR, [])

    def _key(self, key: str, version: int | None) -> str:
        return self.make_and_validate_key(key, version=version)

    def _text(self, value: Any) -> str:
        return str(self.serializer.dumps(value))

    def _until(self, timeout: Any) -> float:
        return float(self.get_backend_timeout(timeout) or FOR_EVER)

    def _sweep_sometimes(self) -> None:
        if random.random() < SWEEPS:  # noqa: S311, no secret hangs on it
            self._run(SWEEP, [time.time()])

    def _run(self, statement: str, values: list[Any]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)

    def _rows(self, statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())


def _or_sql(name: str) -> Callable[..., Any]:
    """Return the method of that name: Redis does it, or the database while Redis does not."""

    def method(self: "RedisOrSqlCache", *args: Any, **options: Any) -> Any:
        if time.monotonic() >= self.rests_until:
            try:
                return getattr(super(RedisOrSqlCache, self), name)(*args, **options)
            except RedisError as error:
                self.rests_until = time.monotonic() + REST
                logger.warning("Redis does not answer, the database counts: %s", error)
        return getattr(self.sql, name)(*args, **options)

    return method


class RedisOrSqlCache(RedisCache):
    """Django's cache in Redis, with the database behind it."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "serializer": JsonSerializer,
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, params | {"OPTIONS": options})
        self.sql = SqlCache("", params)
        self.rests_until = 0.0

    get = _or_sql("get")
    set = _or_sql("set")
    add = _or_sql("add")
    touch = _or_sql("touch")
    incr = _or_sql("incr")
    delete = _or_sql("delete")
    has_key = _or_sql("has_key")
    get_many = _or_sql("get_many")
    set_many = _or_sql("set_many")
    delete_many = _or_sql("delete_many")
    clear = _or_sql("clear")
