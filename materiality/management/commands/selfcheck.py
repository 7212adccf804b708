"""Look whether everything is there, readable and as it was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from materiality.backup.selfcheck import faults, mend_keys


class Command(BaseCommand):
    help = (
        "Check migrations, triggers, keys, answers, sealed blocks, files and every round; "
        "name what is missing, unreadable or changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--mend-keys",
            action="store_true",
            help="first copy the keys of open surveys into the folders that lost them",
        )

    def handle(self, *args: Any, mend_keys: bool, **options: Any) -> None:
        if mend_keys:
            self.stdout.write(f"{_mended()} keys copied")
        sentences = list(faults())
        for fault in sentences:
            self.stderr.write(fault)
        if sentences:
            raise CommandError(f"{len(sentences)} faults: see above.")
        self.stdout.write("Everything is there, readable, and as it was written.")


def _mended() -> int:
    return mend_keys()
