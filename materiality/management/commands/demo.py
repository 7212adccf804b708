"""Show the product on the published case: make the data, then serve it, or check and print it."""

import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from materiality.demo import checks, files, rounds
from materiality.web.round.signin import sign_in_link
from surveys.models import Audience

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Make the demo's data once, then serve it (SERVE=0: check every page, write the files)."

    def handle(self, *args: Any, **options: Any) -> None:
        serve, port = os.environ.get("SERVE", "1") != "0", os.environ.get("PORT", "8000")
        if serve:
            refuse_taken(port)
        settings.DATA.mkdir(exist_ok=True)
        call_command("migrate", verbosity=0)
        if not rounds.is_there():
            rounds.play(self.stdout.write)
        if serve:
            self._serve(port)
        else:
            self._check()

    def _check(self) -> None:
        pages = checks.every_page_answers()
        self.stdout.write(f"{pages} pages answered 200")
        folder = settings.ROOT / "demo-report"
        for file in files.write(folder):
            self.stdout.write(f"{file.relative_to(settings.ROOT)}  {file.stat().st_size:,} bytes")

    def _serve(self, port: str) -> None:
        site = f"http://{HOST}:{port}"
        manager = User.objects.get(email=rounds.MANAGER)
        audience = Audience.objects.filter(survey__slug="stakeholders-2021").first()
        self.stdout.write(
            f"\nSurvey     {site}/s/{audience.survey.slug if audience else ''}/\n"
            f"Workspace  {site}/a/\n"
            f"Sign in    {site}{sign_in_link(manager)}  (once, within a day)\n\n"
            "Ctrl-C stops the server; what you enter is kept in data/.\n"
        )
        sys.stdout.flush()  # what waits to be written to a file would be lost with this process
        os.environ.setdefault("SITE_URL", site)
        granian = str(Path(settings.ROOT, ".venv", "bin", "granian"))
        command = [granian, "materiality.project.wsgi:application", "--interface", "wsgi"]
        command += ["--host", HOST, "--port", port, "--blocking-threads", "4"]
        os.execv(granian, [*command, "--log-level", "warning"])  # noqa: S606


def refuse_taken(port: str) -> None:
    """Stop with a line where another program listens; the server would share the port with it."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CommandError(f"PORT is {port!r}; it must be a number from 1 to 65535.")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, int(port)))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be served ({error.strerror}): perhaps another `make demo` "
                "runs. Stop that one, or choose another port: make demo PORT=8001"
            ) from error
