"""`manage.py check --deploy` refuses half a set-up: each warning says what to do."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register

from materiality.project.filing import PLACES
from materiality.project.health import missing_keys

LOCAL = ("", "localhost", "127.0.0.1", "::1")
ENCRYPTED = ("require", "verify-ca", "verify-full")


@register(Tags.security, deploy=True)
def half_a_setup(**_options: Any) -> list[CheckMessage]:
    parts = (_cache, _database, _mail, _visitors, _passwords, _log, _keys, _hosts, _store)
    return [message for part in parts for message in part()]


@register(Tags.database, deploy=True)
def keys_that_are_missing(
    databases: Sequence[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    """Ask the database which keys open surveys need: with `check --deploy --database default`."""
    if not databases:
        return []
    slugs = missing_keys()
    if not slugs:
        return []
    return [
        Error(
            f"Of {len(slugs)} open surveys the key is not on this host: {', '.join(slugs[:5])}.",
            hint="Mount the folder of keys that all hosts share (SURVEY_KEYS), or bring it back "
            "from a copy: `manage.py selfcheck --mend-keys`.",
            id="materiality.E019",
        )
    ]


def _cache() -> Iterator[CheckMessage]:
    backend = settings.CACHES["default"]["BACKEND"]
    if backend.endswith("LocMemCache"):
        yield Error(
            "The cache is in the memory of each process, so every limit counts once a process.",
            hint="Leave CACHE_URL out (the database counts), or set redis://host:6379/1.",
            id="materiality.E001",
        )
    elif find_spec("redis") is None:
        yield Error(
            "The client of Redis is not installed, and without it no cache works.",
            hint="python3 bootstrap.py",
            id="materiality.E018",
        )


def _database() -> Iterator[CheckMessage]:
    database = settings.DATABASES["default"]
    host = database.get("HOST") or ""
    mode = database.get("OPTIONS", {}).get("sslmode", "")
    if not host.startswith("/") and host not in LOCAL and mode not in ENCRYPTED:
        yield Error(
            f"The database is on {host}, and its connection need not be encrypted.",
            hint="Add ?sslmode=verify-full to DATABASE_URL.",
            id="materiality.E002",
        )


def _mail() -> Iterator[CheckMessage]:
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        yield Warning(
            "Mails are printed and reach nobody.",
            hint="Set EMAIL_URL, such as smtp+tls://user:password@host:587.",
            id="materiality.W003",
        )


def _visitors() -> Iterator[CheckMessage]:
    if not settings.TRUSTED_PROXIES:
        yield Warning(
            "No proxy is trusted, so everybody behind one counts as one visitor, and slow "
            "visitors can hold up all others.",
            hint="Put deploy/nginx.conf in front and set TRUSTED_PROXIES, such as 127.0.0.1.",
            id="materiality.W004",
        )
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https" or site.hostname not in settings.ALLOWED_HOSTS:
        yield Warning(
            f"Links in mails begin with {settings.SITE_URL}.",
            hint="Set SITE_URL to https:// and a name that is in ALLOWED_HOSTS.",
            id="materiality.W005",
        )
    if settings.ADMIN:
        yield Warning(
            "Django's admin pages are on.",
            hint="Leave ADMIN out, unless you need them just now.",
            id="materiality.W006",
        )


def _passwords() -> Iterator[CheckMessage]:
    if not settings.BREACHED_PASSWORDS:
        yield Info(
            "New passwords are held against lists of common ones, not against those that leaked.",
            hint="Leave BREACHED_PASSWORDS out, where this host may ask api.pwnedpasswords.com.",
            id="materiality.I020",
        )


def _log() -> Iterator[CheckMessage]:
    if not settings.LOGGING.get("root", {}).get("handlers"):
        yield Error(
            "Errors are written nowhere.",
            hint="Give the root logger a handler in LOGGING.",
            id="materiality.E007",
        )


def _keys() -> Iterator[CheckMessage]:
    folder = Path(settings.SURVEY_KEYS)
    parent = folder if folder.exists() else folder.parent
    if not parent.is_dir():
        yield Error(
            f"The folder of the surveys' keys, {folder}, cannot be made.",
            hint="Set SURVEY_KEYS to a folder that all hosts share.",
            id="materiality.E008",
        )
    elif folder.exists() and folder.stat().st_mode & 0o077:
        yield Error(
            f"Others may look into the folder of the surveys' keys, {folder}.",
            hint=f"chmod 700 {folder}",
            id="materiality.E009",
        )


def _hosts() -> Iterator[CheckMessage]:
    if settings.FILES not in PLACES:
        yield Error(
            f"FILES is {settings.FILES!r}, so files go to the database.",
            hint=f"Set it to one of {', '.join(PLACES)}.",
            id="materiality.E013",
        )
    if settings.FILES == "disk":
        yield Warning(
            "Evidence and tables are kept on this host's disk: another host does not have them.",
            hint="Set FILES to database, or s3. What is on the disk stays readable.",
            id="materiality.W010",
        )
    if not settings.WORKER:
        yield Warning(
            "No worker is said to run, so files of reports are made by whoever waits for them.",
            hint="Leave WORKER out, and run `manage.py db_worker` (deploy/).",
            id="materiality.W011",
        )
    if not settings.BACKUPS:
        yield Warning(
            "Nothing makes backups.",
            hint="Set BACKUPS to a folder, and run `manage.py backup --due` every few minutes.",
            id="materiality.W012",
        )


def _store() -> Iterator[CheckMessage]:
    """A store of files is named, let into, reached by TLS, and its library is here."""
    if settings.FILES != "s3":
        return
    store = settings.S3
    if not store["bucket_name"]:
        yield Error(
            "FILES is s3, and no bucket is named.", hint="Set S3_BUCKET.", id="materiality.E014"
        )
    if bool(store["access_key"]) != bool(store["secret_key"]):
        yield Error(
            "Of the store's two keys one is set.",
            hint="Set S3_ACCESS_KEY and S3_SECRET_KEY; or neither, where the machine has a role.",
            id="materiality.E015",
        )
    endpoint = urlsplit(store["endpoint_url"])
    if endpoint.scheme == "http" and endpoint.hostname not in LOCAL:
        yield Error(
            f"Files go to {endpoint.hostname} unencrypted.",
            hint="Let S3_ENDPOINT begin with https://.",
            id="materiality.E016",
        )
    if find_spec("storages") is None or find_spec("boto3") is None:
        yield Error(
            "The library that speaks to the store is not installed.",
            hint="python3 bootstrap.py --s3",
            id="materiality.E017",
        )
