"""Bring a backup back into an empty place."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from materiality.backup.errors import BackupError
from materiality.backup.restoring import Restored, restore
from materiality.backup.selfcheck import faults


class Command(BaseCommand):
    help = "Bring a backup back into an empty database, after every byte of it was checked."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, help="the file with the backups' secret key")
        parser.add_argument(
            "--without-keys",
            action="store_true",
            help="go on where keys of surveys are gone: what was answered under them is erased",
        )

    def handle(
        self,
        *args: Any,
        file: Path,
        identity: Path | None,
        without_keys: bool,
        **options: Any,
    ) -> None:
        try:
            secret = _secret(identity.read_text("utf-8")) if identity else ""
            done = restore(file, secret, without_keys=without_keys)
        except (BackupError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        self._tell(done)
        sentences = list(faults())
        for fault in sentences:
            self.stderr.write(fault)
        if sentences:
            raise CommandError(f"{len(sentences)} faults: see above.")

    def _tell(self, done: Restored) -> None:
        about = done.about
        rows = sum(about["rows"].values())
        self.stdout.write(f"{rows} rows are back as they were on {about['made_at']}.")
        for slug in done.begun_anew:
            self.stdout.write(f"{slug} has a new key and no answers: people may answer again.")
        if done.uncertain:
            self.stdout.write(
                f"{done.uncertain} mails that were due then may have gone out since; they are "
                "marked so and are not sent again."
            )
        self.stdout.write(
            f"Everybody signs in again. {done.erased} people whose time is over were erased; "
            "whoever was erased on request after the backup is to be erased again."
        )


def _secret(text: str) -> str:
    """Return the key in a file of identities, whose other lines are comments."""
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if line and not line.startswith("#")), "")
