"""Keep the secret of a link out of the logs."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

LOGGERS = ("django.request", "django.server", "granian.access", "_granian")
# What stands before a secret in an address, of every page of the product that has one. The proxy's
# log masks the same (`deploy/nginx.conf`).
BEFORE_SECRETS = (
    "r",
    "f",
    "h",
    "join",
    "first",
    "deleted",
    r"signin/[\w-]+",
    r"bounces/[\w-]+",
    "password/reset/key",
    "confirm-email",
)
# A path may stand without its first slash: so Django's “tried, path” has it of an unknown address.
_LINK = re.compile(rf"""(?<![\w-])({"|".join(BEFORE_SECRETS)})/[^/?#\s"'<>…]+""")


class WithoutTokens(logging.Filter):
    """Write /r/… for the address of a personal link, and drop the request that holds it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = without_tokens(record.msg)
        if isinstance(record.args, MutableMapping):
            record.args.update({key: without_tokens(value) for key, value in record.args.items()})
        elif isinstance(record.args, tuple):
            record.args = tuple(without_tokens(value) for value in record.args)
        if _LINK.search(str(getattr(getattr(record, "request", None), "path", ""))):
            delattr(record, "request")
        return True


def keep_tokens_out() -> None:
    for name in LOGGERS:
        logging.getLogger(name).addFilter(WithoutTokens())


def without_tokens(value: Any) -> Any:
    """Return a text with /r/… for the addresses of personal links; anything else as it is."""
    return _LINK.sub(r"\1/…", value) if isinstance(value, str) else value
