"""A sum to do on the open link, where many answers come from one network. Nobody is locked out.

Counted is a keyed hash of the network, for ten minutes, in the cache; no address is stored.
"""

import ipaddress
import secrets
from dataclasses import dataclass

from django.core.cache import cache
from django.core.signing import BadSignature, TimestampSigner
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

FREE = 30
WINDOW = 600
PREFIXES = {4: 24, 6: 48}
_SIGNER = TimestampSigner(salt="surveys.challenge")


@dataclass(frozen=True)
class Challenge:
    question: str
    signed: str


def is_crowded(address: str) -> bool:
    """Tell whether a network has used up what goes without a sum."""
    return bool(cache.get(_key(address), 0) >= FREE)


def count(address: str) -> None:
    key = _key(address)
    if not cache.add(key, 1, WINDOW):
        try:
            cache.incr(key)
        except ValueError:  # it ran out in between
            cache.add(key, 1, WINDOW)


def new_challenge() -> Challenge:
    first, second = 2 + secrets.randbelow(8), 2 + secrets.randbelow(8)
    nonce = secrets.token_hex(8)
    question = _("Many answers come from your network. To go on, add %(first)s and %(second)s.")
    signed = _SIGNER.sign(f"{nonce}.{_proof(nonce, str(first + second))}")
    return Challenge(question % {"first": first, "second": second}, signed)


def is_solved(signed: str, answer: str) -> bool:
    """Tell whether the sum is right, in time, and used for the first time."""
    try:
        nonce, _dot, proof = _SIGNER.unsign(signed, max_age=WINDOW).partition(".")
    except BadSignature:
        return False
    right = constant_time_compare(proof, _proof(nonce, answer.strip()))
    return right and cache.add(f"surveys.sum.{nonce}", 1, WINDOW)


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


def _key(address: str) -> str:
    return "surveys.open." + salted_hmac("surveys.network", network(address)).hexdigest()


def _proof(nonce: str, answer: str) -> str:
    return salted_hmac("surveys.sum", f"{nonce}.{answer}", algorithm="sha256").hexdigest()
