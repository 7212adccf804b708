"""Whether the process lives, and whether it can serve: two questions, two addresses."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from materiality.selectors.belongings import surveys_keeping_answers
from surveys.encryption import keys


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. A supervisor restarts one that does not; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Everything a visitor needs is there; else 503 and what is not, and a proxy sends nobody."""
    away = [name for name, works in NEEDS.items() if not _works(works)]
    if away:
        text = "\n".join(f"{name}: away" for name in away)
        return HttpResponse(text, status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")


PROBES = {"/healthz": healthz, "/readyz": readyz}


class ProbesAreAnswered:
    """Answer who asks a host by its address: a proxy, a container's engine. Before the host's name
    counts, and without what a page needs; HTTPS is not asked for either (SECURE_REDIRECT_EXEMPT).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = PROBES.get(request.path_info, self.get_response)
        return answer(request)


def _works(need: Callable[[], bool]) -> bool:
    try:
        return need()
    except Exception:  # whatever it is, it is away
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _limits() -> bool:
    """The counters behind every limit. Redis may be gone: then the database counts."""
    cache.set("ready", 1, 60)
    return bool(cache.get("ready") == 1)


def missing_keys() -> list[str]:
    """Return the surveys whose answers cannot be read or kept on this host."""
    surveys = surveys_keeping_answers().values_list("slug", "key")
    return [slug for slug, key in surveys if not keys.exists(key)]


NEEDS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "limits": _limits,
    "keys": lambda: not missing_keys(),
}
