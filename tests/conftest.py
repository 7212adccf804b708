"""Fixtures that more than one part of the suite uses."""

import gc
import os
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

CHROMIUM = Path("/usr/bin/chromium")

if sys.dont_write_bytecode:
    # Where compiled files may not lie beside the sources (containers say so), keep them in the
    # cache: each process would compile some 2,500 modules anew, and tests start many processes.
    compiled = Path(__file__).parents[1] / ".pytest_cache" / "compiled"
    sys.pycache_prefix, sys.dont_write_bytecode = str(compiled), False
    os.environ["PYTHONPYCACHEPREFIX"] = str(compiled)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect no garbage while tests are collected: what is imported and listed stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what was imported: it stays till the end anyway."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running browser; open a context of it for each person."""
    if not CHROMIUM.exists():
        missing("Chromium", "apt-get install chromium")
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _migrated_once() -> pytest.MonkeyPatch:
    from django.core.management.commands.migrate import Command

    from tests.databases import KEPT, migrate_once

    KEPT.mkdir(parents=True, exist_ok=True)
    patch = pytest.MonkeyPatch()
    patch.setattr(Command, "handle", migrate_once(KEPT))
    return patch


@pytest.fixture(scope="session")
def django_db_setup(_migrated_once: pytest.MonkeyPatch, django_db_setup: None) -> None:
    """Copy the migrated database that an earlier run kept; a test that migrates does migrate."""
    _migrated_once.undo()


@pytest.fixture
def live_server(live_server: Any) -> Iterator[Any]:
    """The server; a test is over when all is answered: who is late meets the emptied tables."""
    from django.core.signals import request_finished, request_started

    unanswered = []

    def begun(**_told: Any) -> None:
        unanswered.append(True)

    def ended(**_told: Any) -> None:
        del unanswered[:1]

    request_started.connect(begun)
    request_finished.connect(ended)
    yield live_server
    patience = time.monotonic() + 20
    while unanswered and time.monotonic() < patience:
        time.sleep(0.01)
    request_started.disconnect(begun)
    request_finished.disconnect(ended)


@pytest.fixture(scope="session", autouse=True)
def _keys_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the keys of tests apart from those of real surveys, in child processes too."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("keys")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "SURVEY_KEYS", str(folder))
        patch.setenv("SURVEY_KEYS", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def _tests_may_empty_immutable_tables() -> Iterator[None]:
    """Let Django's flush, after a test that commits, past the triggers on locked rounds."""
    from django.core.management.commands.flush import Command

    from tests.tampering import unprotected

    flush = Command.handle

    def flush_all(*args: Any, **options: Any) -> None:
        # A table of a library whose model is exchanged for ours is emptied with those it refers to.
        options["allow_cascade"] = True
        with unprotected():
            flush(*args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Command, "handle", flush_all)
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash passwords as the product does, but with little work: a hundred tests sign in."""
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=["tests.passwords.QuickArgon2"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_found_once() -> Iterator[None]:
    """Look for the static files once: each of some thousand clients has a server of its own."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    found: dict[Any, dict[str, Any]] = {}
    find = WhiteNoiseMiddleware.add_files_from_finders

    def find_once(server: Any) -> None:
        key = (server.static_prefix, server.max_age, server.charset)
        if key not in found:
            before = dict(server.files)
            server.files.clear()
            find(server)
            found[key] = dict(server.files)
            server.files = before
        server.files.update(found[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", find_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _a_table_is_read_once() -> Iterator[None]:
    """Keep what the reader's process printed of a file: who hands in the same file gets the same.

    The reader knows nothing but the file and its arguments. Large files, and reading that ends in
    a problem, are read by a process each time.
    """
    from surveys.tables import upload
    from tests.reading import read_once

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upload, "_lines", read_once(upload._lines))
        yield


@pytest.fixture
def postgresql(transactional_db: None) -> None:
    """Rows that two connections see; SQLite lets one write at a time anyway."""
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set DATABASE_URL=postgres://…")


def missing(what: str, how: str) -> NoReturn:
    """Skip with one line, or fail where everything must be tested."""
    message = f"{what} is not installed: {how}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture
def made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the real actions for each thing that this test builds: it looks at what they leave."""
    monkeypatch.setattr("tests.keeping._is_plain", lambda _value: False)
