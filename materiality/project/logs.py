"""The log of a running site: a JSON object a line, without tokens of links, without answers."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

from surveys.people.logs import without_tokens

# What PostgreSQL adds of a row's values, and SQLite of a statement's.
_DETAIL = re.compile(r"^(DETAIL|CONTEXT|HINT|LINE \d+):.*$", re.MULTILINE)
FACTS = ("status_code", "event", "by", "organisation", "subject", "address")


class JsonLines(logging.Formatter):
    """Time, level, logger and message; the facts that were given with it; where it went wrong."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": clean(record.getMessage()),
        }
        line |= {name: vars(record)[name] for name in FACTS if name in vars(record)}
        request = getattr(record, "request", None)
        if request is not None:
            line["method"], line["path"] = request.method, clean(request.path)
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = clean("".join(traceback.format_exception(*record.exc_info)))
        return json.dumps(line, ensure_ascii=False, default=str)


def clean(text: str) -> str:
    """Return a text without tokens of links and without what a database adds of values."""
    return _DETAIL.sub("", without_tokens(text)).strip()


def logging_settings(*, production: bool) -> dict[str, Any]:
    """Return LOGGING: everything from INFO on to standard error, errors always."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "materiality.project.logs.JsonLines"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                **({"formatter": "json"} if production else {}),
            }
        },
        "root": {"handlers": ["stderr"], "level": "INFO" if production else "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            "surveys": {"level": "INFO"},
            "materiality": {"level": "INFO"},
        },
    }
