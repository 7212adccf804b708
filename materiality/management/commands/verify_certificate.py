"""Hold a certificate of a deletion against this site."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from materiality.selectors.certificates import fault_of_certificate


class Command(BaseCommand):
    help = (
        "Say whether a certificate of a deletion is this site's, is unchanged, and whether no row "
        "of the organisation is there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = json.loads(options["file"].read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}") from error
        if fault := fault_of_certificate(document):
            raise CommandError(fault)
        certificate = document["certificate"]
        self.stdout.write(
            f"Organisation {certificate['organisation']} was deleted on {certificate['ended_at']}, "
            "the certificate is this site's and unchanged, and no row of it is there."
        )
