"""Which cache CACHE_URL means. Apart from the caches: settings come before any of them."""

from typing import Any

PREFIX = "materiality.project.cache"


def cache_settings(url: str) -> dict[str, Any]:
    """Return the settings of `redis://…`, of `sql:`, or of the memory of this process.

    >>> cache_settings("rediscache://127.0.0.1:6379/1")["LOCATION"]
    'redis://127.0.0.1:6379/1'
    """
    scheme, _colon, place = url.partition(":")
    if scheme in ("redis", "rediss", "rediscache"):
        scheme = scheme.removesuffix("cache")
        return {"BACKEND": f"{PREFIX}.RedisOrSqlCache", "LOCATION": f"{scheme}:{place}"}
    if scheme == "sql":
        return {"BACKEND": f"{PREFIX}.SqlCache", "LOCATION": ""}
    if url in ("", "locmemcache://"):
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    raise ValueError(f"CACHE_URL {url!r} is none of redis://…, rediss://…, sql: and locmemcache://")
