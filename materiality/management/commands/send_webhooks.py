"""Tell webhooks what is new, and try again what did not arrive."""

from typing import Any

from django.core.management.base import BaseCommand

from materiality.webhooks.news import announce
from materiality.webhooks.sending import send_due


class Command(BaseCommand):
    help = "Tell webhooks what is new. Safe to run at any time, beside workers too; every minute."

    def handle(self, *args: Any, **options: Any) -> None:
        new = announce()
        self.stdout.write(f"new {new}, arrived {send_due()}")
