"""Delete the organisations whose waiting time is over. Run it once a day."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from materiality.actions import ask_deletion, delete_due
from materiality.models import Deletion
from surveys.errors import RuleBroken, Unavailable
from surveys.models import Organisation


class Command(BaseCommand):
    help = (
        "Delete the organisations whose waiting time is over, and go on where a deletion was "
        "interrupted. With --ask, ask for one to be deleted, as its owner would on its page."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ask", type=int, metavar="NUMBER", help="as in its address")
        parser.add_argument("--name", default="", help="its name, to be sure")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["ask"] is not None:
            self._ask(options["ask"], options["name"])
            return
        try:
            deleted = delete_due()
        except Unavailable as refusal:
            raise CommandError(f"Not all that is due is deleted: {refusal}") from refusal
        for ended in deleted:
            ended.refresh_from_db()
            self.stdout.write(f"Organisation {ended.organisation} is deleted: {_address(ended)}")
        for waiting in Deletion.objects.waiting():
            self.stdout.write(
                f"Organisation {waiting.organisation} goes after {waiting.not_before:%Y-%m-%d}."
            )

    def _ask(self, number: int, name: str) -> None:
        organisation = Organisation.objects.filter(pk=number).first()
        if organisation is None:
            raise CommandError(f"There is no organisation {number}.")
        try:
            made = ask_deletion(organisation=organisation, name=name, by=None)
        except RuleBroken as refusal:
            raise CommandError(f"{refusal} Name it: --name '{organisation}'.") from refusal
        self.stdout.write(
            f"Suspended. It is deleted after {made.not_before:%Y-%m-%d %H:%M} UTC, unless an owner "
            f"resumes it. The certificate will be at {_address(made)}"
        )


def _address(deletion: Deletion) -> str:
    return f"/deleted/{deletion.token}/"
