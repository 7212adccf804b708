"""Write the evidence archive of a round."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from materiality.evidence.archive import archive
from materiality.models import Assessment
from surveys.errors import RuleBroken


class Command(BaseCommand):
    help = "Write the evidence archive of a round, for its auditor, to a ZIP file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("assessment", type=int, help="number of the round: /a/<number>/")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, assessment: int, file: Path, **options: Any) -> None:
        found = Assessment.objects.filter(pk=assessment).first()
        if found is None:
            raise CommandError(f"There is no round number {assessment}.", returncode=2)
        try:
            content = archive(found)
        except RuleBroken as error:
            raise CommandError(str(error), returncode=2) from error
        file.write_bytes(content)
        self.stdout.write(f"{file}: {len(content):,} bytes")
