"""A sum to do on the open link, where a reviewer lets many in from one network at once."""

import secrets
from dataclasses import dataclass

from django.core.cache import cache
from django.core.signing import BadSignature, TimestampSigner
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from surveys.visit.rates import JOINED

_SIGNER = TimestampSigner(salt="surveys.challenge")


@dataclass(frozen=True)
class Challenge:
    question: str
    signed: str


def new_challenge() -> Challenge:
    first, second = 2 + secrets.randbelow(8), 2 + secrets.randbelow(8)
    nonce = secrets.token_hex(8)
    question = _("Many answers come from your network. To go on, add %(first)s and %(second)s.")
    signed = _SIGNER.sign(f"{nonce}.{_proof(nonce, str(first + second))}")
    return Challenge(question % {"first": first, "second": second}, signed)


def is_solved(signed: str, answer: str) -> bool:
    """Tell whether the sum is right, in time, and used for the first time."""
    try:
        nonce, _dot, proof = _SIGNER.unsign(signed, max_age=JOINED.window).partition(".")
    except BadSignature:
        return False
    right = constant_time_compare(proof, _proof(nonce, answer.strip()))
    return right and cache.add(f"surveys.sum.{nonce}", 1, JOINED.window)


def _proof(nonce: str, answer: str) -> str:
    return salted_hmac("surveys.sum", f"{nonce}.{answer}", algorithm="sha256").hexdigest()
