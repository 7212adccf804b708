"""Do what is due and what a killed worker left behind: lists, tables, files, keys, mail."""

from typing import Any

from django.core.management.base import BaseCommand

from materiality.tasks import call_makers_again
from surveys.actions.answer_tables import call_readers_again
from surveys.actions.feedback import deliver_left_feedback
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
        call_readers_again()
        call_makers_again()
        destroy_left_keys()
        deliver_left_feedback()
        done = deliver_all()
        self.stdout.write(", ".join(f"{state} {n}" for state, n in sorted(done.items())) or "none")
