"""Do what is due and what a killed worker left behind: add lists of people, send mail."""

from typing import Any

from django.core.management.base import BaseCommand

from surveys.actions.lists import add_left
from surveys.actions.mail import deliver_all
from surveys.actions.seal import destroy_left_keys


class Command(BaseCommand):
    help = (
        "Send the mail that is due, and end what killed workers left. Safe to run at any time, "
        "beside workers too. Run it every few minutes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        add_left()
        destroy_left_keys()
        done = deliver_all()
        self.stdout.write(", ".join(f"{state} {n}" for state, n in sorted(done.items())) or "none")
