"""Errors to a service, where one is set: what went wrong and where, and nothing of anybody's."""

from typing import Any

import sentry_sdk

from materiality.project.logs import clean

KEPT = ("event_id", "timestamp", "platform", "level", "logger", "release", "server_name", "sdk")
FRAME = ("filename", "function", "module", "lineno", "in_app")


def send_errors_to(dsn: str, release: str) -> None:
    """Report what is logged as an error to a service that speaks Sentry's protocol."""
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        before_send=_bare,  # type: ignore[arg-type]
        max_breadcrumbs=0,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        send_default_pii=False,
    )


def _bare(event: dict[str, Any], _hint: dict[str, Any]) -> dict[str, Any]:
    """Keep of an event what is named here. Whatever the client learns to add stays at home."""
    bare = {name: event[name] for name in KEPT if name in event}
    request = event.get("request", {})
    bare["request"] = {"method": request.get("method"), "url": _path(request.get("url", ""))}
    bare["message"] = clean(str((event.get("logentry") or {}).get("message", "")))
    values = (event.get("exception") or {}).get("values", [])
    bare["exception"] = {"values": [_exception(value) for value in values]}
    return bare


def _path(url: str) -> str:
    return clean(url.partition("?")[0])


def _exception(value: dict[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames", [])
    places = [{name: frame.get(name) for name in FRAME} for frame in frames]
    return {
        "type": value.get("type"),
        "value": clean(str(value.get("value") or "")),
        "stacktrace": {"frames": places},
    }
