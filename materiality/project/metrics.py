"""Figures for whoever watches the site, in Prometheus's words; for those with the token alone.

Of every page how often and how long, by the name of its address, which holds no token of a link;
and what waits. Never how many answered: the counts of an anonymous survey go in steps of five.
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hmac import compare_digest
from pathlib import Path

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import REGISTRY, Collector

from materiality.backup.making import backups_in
from materiality.models import Package
from materiality.project.health import missing_keys
from surveys.models import AnswerTable, Message, PeopleList

SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10)
REQUESTS = Histogram(
    "materiality_request_seconds",
    "Seconds that requests took, by page, method and status",
    ["page", "method", "status"],
    buckets=SECONDS,
)


class Measured:
    """Count and time each request, where somebody watches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        page = request.resolver_match.view_name if request.resolver_match else "none"
        labels = (page, request.method or "", str(response.status_code))
        REQUESTS.labels(*labels).observe(time.perf_counter() - start)
        return response


class Waiting(Collector):
    """What waits, is left or is late, as the database has it at the moment of asking."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = timezone.now()
        due = DBTaskResult.objects.ready()
        oldest = due.order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
        lists, tables = PeopleList.objects.free(now), AnswerTable.objects.unread(now)
        yield _gauge("tasks_due", "Tasks that wait for a worker", due.count())
        yield _gauge(
            "oldest_task_seconds",
            "How long the oldest of them has waited",
            (now - oldest).total_seconds() if oldest else 0,
        )
        yield _gauge("mails_due", "Mails that should be out", Message.objects.due(now).count())
        yield _gauge(
            "work_left",
            "Lists, tables and packages that nobody works at",
            lists.count() + tables.count() + Package.objects.free(now).count(),
        )
        yield _gauge("keys_missing", "Open surveys without their key here", len(missing_keys()))
        made = [moment for moment, _path in backups_in(Path(settings.BACKUPS))]
        if settings.BACKUPS:
            age = (datetime.now(UTC) - max(made)).total_seconds() if made else float("inf")
            yield _gauge("backup_age_seconds", "Age of the newest backup", age)


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"materiality_{name}", about, value=value)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Tell the figures to who has the token; for all others there is no such page."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.METRICS_TOKEN
    if not wanted or not compare_digest(sent.encode(), wanted.encode()):
        raise Http404
    shared = CollectorRegistry()
    shared.register(Waiting())
    counted = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # of all processes of this host
        counted = CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    text = generate_latest(counted) + generate_latest(shared)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)
