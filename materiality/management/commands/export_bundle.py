"""Write the evidence bundle of a round."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from materiality.bundle import canonical
from materiality.models import Assessment
from materiality.snapshots import results_for
from surveys.errors import RuleBroken


class Command(BaseCommand):
    help = "Write the evidence bundle of a round (docs/bundle.md) to a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("assessment", type=int, help="number of the round: /a/<number>/")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, assessment: int, file: Path, **options: Any) -> None:
        found = Assessment.objects.filter(pk=assessment).first()
        if found is None:
            raise CommandError(f"There is no round number {assessment}.", returncode=2)
        try:
            document = results_for(found).document
        except RuleBroken as error:
            raise CommandError(str(error), returncode=2) from error
        file.write_text(canonical(document) + "\n", encoding="utf-8")
        self.stdout.write(f"{file}: {document['digest']}")
