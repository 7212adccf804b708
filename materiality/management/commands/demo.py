"""Show the product on the published case: make the data, then serve it, or check and print it."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand

from materiality.demo import checks, files, rounds
from materiality.web.round.signin import sign_in_link
from surveys.models import Audience

ADDRESS = "127.0.0.1:8000"


class Command(BaseCommand):
    help = "Make the demo's data once, then serve it (SERVE=0: check every page, write the files)."

    def handle(self, *args: Any, **options: Any) -> None:
        settings.DATA.mkdir(exist_ok=True)
        call_command("migrate", verbosity=0)
        if not rounds.is_there():
            rounds.play(self.stdout.write)
        if os.environ.get("SERVE", "1") == "0":
            self._check()
        else:
            self._serve()

    def _check(self) -> None:
        pages = checks.every_page_answers()
        self.stdout.write(f"{pages} pages answered 200")
        folder = settings.ROOT / "demo-report"
        for file in files.write(folder):
            self.stdout.write(f"{file.relative_to(settings.ROOT)}  {file.stat().st_size:,} bytes")

    def _serve(self) -> None:
        manager = User.objects.get(email=rounds.MANAGER)
        audience = Audience.objects.filter(survey__slug="stakeholders-2021").first()
        self.stdout.write(
            f"\nSurvey     http://{ADDRESS}/s/{audience.survey.slug if audience else ''}/\n"
            f"Workspace  http://{ADDRESS}/a/\n"
            f"Sign in    http://{ADDRESS}{sign_in_link(manager)}  (once, within a day)\n\n"
            "Ctrl-C stops the server; what you enter is kept in data/.\n"
        )
        host, port = ADDRESS.split(":")
        granian = str(Path(settings.ROOT, ".venv", "bin", "granian"))
        command = [granian, "materiality.project.wsgi:application", "--interface", "wsgi"]
        command += ["--host", host, "--port", port, "--blocking-threads", "4"]
        os.execv(granian, [*command, "--log-level", "warning"])  # noqa: S606
