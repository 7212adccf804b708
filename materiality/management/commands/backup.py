"""Copy everything while people answer: database and files, encrypted where a recipient is set."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from materiality.backup.errors import BackupError
from materiality.backup.making import due, make, new_path, prune


class Command(BaseCommand):
    help = (
        "Write database and files into one file, in the folder BACKUPS unless another is named. "
        "Safe at any time. It holds no keys of surveys: a sealed survey is sealed in every backup."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="where to write it")
        parser.add_argument(
            "--due",
            action="store_true",
            help="only if the last one is a day old or a survey was sealed since",
        )
        parser.add_argument(
            "--new-key", action="store_true", help="print a new pair of keys for backups"
        )

    def handle(
        self, *args: Any, file: Path | None, due: bool, new_key: bool, **options: Any
    ) -> None:
        if new_key:
            self._print_pair()
            return
        try:
            self._write(file, only_due=due)
        except (BackupError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error

    def _print_pair(self) -> None:
        secret = pyrage.x25519.Identity.generate()
        self.stdout.write(f"BACKUP_RECIPIENT={secret.to_public()}")
        self.stdout.write(
            f"{secret}\n"
            "The first line goes into the settings. The second opens every backup: keep it away "
            "from this machine, in two places, and give it to `restore --identity FILE`."
        )

    def _write(self, file: Path | None, *, only_due: bool) -> None:
        now, recipient = datetime.now(UTC), settings.BACKUP_RECIPIENT
        folder = Path(settings.BACKUPS)
        if file is None:
            if not settings.BACKUPS:
                raise BackupError("Name a file, or set BACKUPS to the folder of backups.")
            if only_due and not due(folder, now):
                self.stdout.write("The last backup is young enough, and nothing was sealed since.")
                return
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = file or new_path(folder, now, recipient)
        about = make(target, recipient)
        rows = sum(about["rows"].values())
        self.stdout.write(f"{target}: {rows} rows, {target.stat().st_size} bytes")
        if about["gone"]:
            self.stdout.write(
                "Removed while it was made, so not in it, though its rows may name them: "
                f"{', '.join(about['gone'])}"
            )
        if not recipient:
            self.stdout.write("It is not encrypted: set BACKUP_RECIPIENT (`backup --new-key`).")
        if about["keys"]:
            places = 1 + len(settings.SURVEY_KEY_COPIES)
            self.stdout.write(
                f"{len(about['keys'])} keys are needed to read what is open in it. They are not in "
                f"it; they lie in {places} place{'s' if places > 1 else ''}."
            )
        if file is None and (gone := prune(folder, now, settings.BACKUP_DAYS)):
            self.stdout.write(f"{gone} older than {settings.BACKUP_DAYS} days removed")
