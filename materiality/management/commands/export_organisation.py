"""Write everything that is kept of an organisation to a ZIP file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from materiality.actions import note_access
from materiality.archive.organisation import write
from materiality.models import Access
from surveys.models import Organisation


class Command(BaseCommand):
    help = "Write everything that is kept of an organisation to a ZIP file, with its digests."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", type=int, help="its number, as in its address")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(pk=options["organisation"]).first()
        if organisation is None:
            known = ", ".join(f"{one.pk} ({one})" for one in Organisation.objects.order_by("pk"))
            raise CommandError(f"There is no organisation of this number. There are: {known}")
        if options["file"].exists():
            raise CommandError(f"{options['file']} is there already. Name another file.")
        counts = write(organisation, options["file"])
        options["file"].chmod(0o600)
        kind = Access.Kind.ORGANISATION
        note_access(kind=kind, by=None, subject="exported", organisation=organisation)
        self.stdout.write(f"{sum(counts.values())} rows of {len(counts)} tables")
