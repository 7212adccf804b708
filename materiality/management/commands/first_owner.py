"""Print the link at which the first owner of an installation makes an account."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from materiality.web.round.first import first_link


class Command(BaseCommand):
    help = "Print the link at which the first account is made; it is spent once there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError(
                "There are accounts already. Owners let others in on the page “People”; "
                "who forgot a password asks for a new one on the sign-in page."
            )
        self.stdout.write(first_link())
