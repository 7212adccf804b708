"""How often something comes from one network: a keyed hash of it, counted in the cache.

No address is stored, and a count is forgotten when its window is over.
"""

import ipaddress
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


JOINED = Rate("surveys.open", free=30, window=600)
FEEDBACK = Rate("surveys.feedback", free=30, window=600)
UNKNOWN = Rate("surveys.unknown", free=30, window=60)


def network(address: str) -> str:
    """Return the /24 or /48 an address is in; "" if it is none.

    >>> network("203.0.113.77")
    '203.0.113.0/24'
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ipaddress.ip_network(f"{found}/{PREFIXES[found.version]}", strict=False))
