"""The secret of a link, told again from the seed of a known person.

The database holds the seed and the token's hash: without the site's secret nobody learns a link.
"""

from base64 import urlsafe_b64encode

from django.conf import settings
from django.utils.crypto import salted_hmac

from surveys.models import Invitation, token_hash

TOKEN_BYTES = 18


def token_of(invitation: Invitation) -> str | None:
    """Return the token of a known person's link, or None if it cannot be told any more."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if invitation.seed and token_hash(token := token_from(invitation.seed, key)) == (
            invitation.token_hash
        ):
            return token
    return None


def token_from(seed: str, key: str | bytes | None = None) -> str:
    """Return the token that a seed and the site's secret give: 144 bits of their HMAC-SHA-256."""
    digest = salted_hmac("surveys.invitation", seed, key, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()
