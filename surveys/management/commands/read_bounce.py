"""Read one bounce mail from standard input, as a mail server pipes it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from surveys.actions.bounce import mark_unreachable
from surveys.mail.bounces import Unreadable, notices


class Command(BaseCommand):
    help = "Mark the addresses a bounce mail on standard input gives up on; other mail is ignored."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            marked = mark_unreachable(notices("message", sys.stdin.buffer.read()))
        except Unreadable:
            marked = 0
        self.stdout.write(f"{marked} people marked")
