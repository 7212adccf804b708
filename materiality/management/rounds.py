"""What commands about one round share: they name it by number, and write a file of it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from materiality.models import Assessment
from surveys.errors import RuleBroken

Content = tuple[bytes, str]


class WriteOfRound(BaseCommand):
    """Write a file of a round."""

    def content(self, assessment: Assessment) -> Content:
        """Return the bytes of the file, and what to say of it."""
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("assessment", type=int, help="number of the round: /a/<number>/")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, assessment: int, file: Path, **options: Any) -> None:
        row = Assessment.objects.filter(pk=assessment).first()
        if row is None:
            raise CommandError(f"There is no round number {assessment}.", returncode=2)
        try:
            written, message = self.content(row)
        except RuleBroken as error:
            raise CommandError(str(error), returncode=2) from error
        file.write_bytes(written)
        self.stdout.write(f"{file}: {message}")
