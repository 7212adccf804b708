"""Erase the contacts of surveys whose time is over. Run it once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from materiality.actions import erase_expired, forget_old_accesses


class Command(BaseCommand):
    help = "Erase names, addresses and links of surveys whose keep-until date is over."

    def handle(self, *args: Any, **options: Any) -> None:
        forget_old_accesses()
        self.stdout.write(f"{erase_expired()} people erased")
