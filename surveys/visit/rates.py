"""How often something comes from one network: a keyed hash of it, counted in the cache.

No address is stored, and a count is forgotten when its window is over.
"""

import ipaddress
import time
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.crypto import salted_hmac

PREFIXES = {4: 24, 6: 48}


@dataclass(frozen=True)
class Rate:
    """At most `free` times within `window` seconds from one network."""

    name: str
    free: int
    window: int

    def is_used_up(self, address: str) -> bool:
        return bool(cache.get(self._key(address), 0) >= self.free)

    def count(self, address: str) -> None:
        key = self._key(address)
        if not cache.add(key, 1, self.window):
            try:
                cache.incr(key)
            except ValueError:  # it ran out in between
                cache.add(key, 1, self.window)

    def _key(self, address: str) -> str:
        return f"{self.name}." + salted_hmac("surveys.network", network(address)).hexdigest()


@dataclass(frozen=True)
class Brake(Rate):
    """At most `free` times within any `window` seconds from one network, also of many at once.

    The window slides by a fifth of it. What is refused counts no further: a network is let in
    again as soon as enough time has gone by, whoever still tries.
    """

    def take(self, address: str) -> bool:
        """Count one more and tell whether it is within the limit; beyond it nothing is counted."""
        step = self.window // PARTS
        now = int(time.time()) // step
        keys = [f"{self._key(address)}.{now - ago}" for ago in range(PARTS + 1)]
        cache.add(keys[0], 0, self.window + step)
        cache.incr(keys[0])
        if sum(cache.get_many(keys).values()) <= self.free:
            return True
        cache.decr(keys[0])
        return False

    def give_back(self, address: str) -> None:
        """Uncount one that came to nothing."""
        now = int(time.time()) // (self.window // PARTS)
        key = f"{self._key(address)}.{now}"
        if cache.get(key, 0) > 0:
            cache.decr(key)


PARTS = 5
JOINED = Brake("surveys.open", free=30, window=600)
FEEDBACK = Rate("surveys.feedback", free=30, window=600)
UNKNOWN = Rate("surveys.unknown", free=30, window=60)


def network(address: str) -> str:
    """Return the /24 or /48 an address is in; "" if it is none.

    >>> network("203.0.113.77")
    '203.0.113.0/24'
    """
    try:
        address_parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    address_parsed = getattr(address_parsed, "ipv4_mapped", None) or address_parsed
    return str(
        ipaddress.ip_network(f"{address_parsed}/{PREFIXES[address_parsed.version]}", strict=False)
    )
