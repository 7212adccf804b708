"""Send the mail that is due, also what a killed worker left behind. Run it every few minutes."""

from typing import Any

from django.core.management.base import BaseCommand

from surveys.actions.mail import deliver_all


class Command(BaseCommand):
    help = "Send the mail that is due. Safe to run at any time, beside workers too."

    def handle(self, *args: Any, **options: Any) -> None:
        done = deliver_all()
        self.stdout.write(", ".join(f"{state} {n}" for state, n in sorted(done.items())) or "none")
