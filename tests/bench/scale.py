"""A thousand organisations with three rounds each, ten million ratings: pages as with one.

One organisation's three rounds are made by the real actions, the others are its rows again, with
keys of their own. Prints queries and time of each page before and after, their largest ratios, and
the bytes that an answer takes. PostgreSQL.

    python -m tests.bench.scale [ORGANISATIONS]
"""

import os
import sys
from collections.abc import Iterator
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tests.bench import postgres
from tests.bench.respond import free_port
from tests.bench.timing import median_seconds, report, set_up_django

ORGANISATIONS = 1000
YEARS = ("2018", "2019", "2020")
TOPICS = tuple(f"topic-{number}" for number in range(14))
PEOPLE = 60  # of each of four groups
STEP = 2_000_000  # between the keys of two copies: a thousand of them fit into four bytes
REPEATS = 9
MOST = 1.3  # times what a page took with one organisation
SHARED = {"contenttypes", "auth_permission", "django_content_type"}


class Cost(NamedTuple):
    """What one page takes: queries, rows read for them, the median of its milliseconds."""

    queries: int
    rows: int
    ms: float


def main(organisations: int) -> bool:
    """Print the figures; return whether no page takes much more than with one organisation."""
    from django.db import connection
    from django.test import Client

    pages, answers = filled()
    client = Client(SERVER_NAME="127.0.0.1")
    from django.contrib.auth.models import User

    client.force_login(User.objects.get(), "django.contrib.auth.backends.ModelBackend")
    before = {page: measured(client, page) for page in pages}
    copy(organisations - 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    after = {page: measured(client, page) for page in pages}
    times = [after[page].ms / before[page].ms for page in pages]
    queries = [after[page].queries / before[page].queries for page in pages]
    report(
        scale_organisations=organisations,
        scale_rounds=organisations * len(YEARS),
        scale_ratings=organisations * answers * len(TOPICS),
        scale_database_mb=size / 2**20,
        scale_bytes_per_sealed_answer=size / (organisations * answers),
        scale_pages={page: beside(before[page], after[page]) for page in pages},
        scale_queries_ratio=max(queries),
        scale_rows_more=max(after[page].rows - before[page].rows for page in pages),
        scale_time_ratio=max(times),
        scale_time_ratio_median=median(times),
    )
    return max(queries) == 1 and max(times) < MOST


def beside(before: Cost, after: Cost) -> dict[str, tuple[float, float]]:
    pairs = zip(Cost._fields, before, after, strict=True)
    return {field: (round(one, 1), round(other, 1)) for field, one, other in pairs}


def filled() -> tuple[list[str], int]:
    """Make one organisation with its rounds; return its pages and how many answered."""
    from tests.builders import make_organisation
    from tests.rounds import make_user, sealed_round

    organisation = make_organisation()
    make_user("alice", organisation)
    row = [4, 3, 5, 2, 1] * 3
    ratings = {
        code: [row[person % 2 : 14 + person % 2] for person in range(PEOPLE)]
        for code in ("employees", "customers", "regulators", "panel")
    }
    rounds = [
        sealed_round(ratings, organisation=organisation, topics=TOPICS, year=year) for year in YEARS
    ]
    last = rounds[-1]
    at = f"/a/{last.pk}/"
    survey = last.surveys.order_by("pk").first()
    inside = ("", "topics/", "groups/", "context/", "sources/", "register/", "method/", "results/")
    inside += ("export/", "evidence/", "record/", "log/", "changes/")
    asks = ("", "progress/", "comments/", "quality/")
    of_organisation = f"/a/organisations/{organisation.pk}/"
    pages = ["/a/", of_organisation, "/a/tokens/"]
    pages += [at + page for page in inside]
    pages += [f"{at}ask/{survey.pk}/{page}" for page in asks]
    return pages, len(YEARS) * sum(map(len, ratings.values()))


def measured(client: Any, page: str) -> Cost:
    """Return what a page costs, warm."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    answer = client.get(page)
    assert answer.status_code == 200, (page, answer.status_code)
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        rows_before = rows_read()
        client.get(page)
        rows = rows_read() - rows_before
    count = len(queries) - 2
    milliseconds = 1000 * median_seconds(lambda: client.get(page), REPEATS)
    return Cost(count, rows, milliseconds)


def rows_read() -> int:
    """Return how many rows this session has read and not reported yet, whatever came of them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))"
            " FROM pg_stat_xact_user_tables"
        )
        return int(cursor.fetchone()[0])


def copy(times: int) -> None:
    """Write all rows again, so many times, each time with other keys."""
    from django.db import connection, transaction

    from materiality.models.freezing import VERSIONS

    models = sorted(copied(), key=lambda model: model._meta.db_table == VERSIONS)
    tables = {model._meta.db_table for model in models}
    with transaction.atomic(), connection.cursor() as cursor:
        for model in models:
            columns = list(model._meta.local_concrete_fields)
            names = ", ".join(f'"{field.column}"' for field in columns)
            values = ", ".join(written(field, tables) for field in columns)
            table = model._meta.db_table
            cursor.execute(
                f'INSERT INTO "{table}" ({names}) SELECT {values} '
                f'FROM (SELECT * FROM "{table}") r, generate_series(1, {times}) k'
            )


def copied() -> Iterator[Any]:
    """Yield the models whose rows are of one organisation."""
    from django.apps import apps

    for app in ("auth", "surveys", "materiality"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            if model._meta.db_table not in SHARED and model._meta.managed:
                yield model


def written(field: Any, tables: set[str]) -> str:
    """Return what stands in a column of the copy: keys move on, what is unique gets a number."""
    column = f'r."{field.column}"'
    kind = (
        field.target_field.get_internal_type() if field.is_relation else field.get_internal_type()
    )
    refers = field.is_relation and field.related_model._meta.db_table in tables
    if field.primary_key or refers:
        if kind == "UUIDField":
            return f"md5({column}::text || k)::uuid" if not field.is_relation else column
        if "Integer" in kind or "Auto" in kind:
            return f"{column} + k * {STEP}::bigint"
    if field.unique and field.max_length == 64:
        return f"md5({column} || k) || md5(k || {column})"
    if field.unique and kind in ("CharField", "SlugField"):
        return f"{column} || '-' || k"
    return column


if __name__ == "__main__":
    with postgres.running(free_port()) as (address, _pid), TemporaryDirectory() as folder:
        os.environ["SURVEY_KEYS"] = f"{folder}/keys"
        set_up_django(address)
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        holds = main(int(sys.argv[1]) if len(sys.argv) > 1 else ORGANISATIONS)
        connection.close()
    sys.exit(0 if holds else 1)
