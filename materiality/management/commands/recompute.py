"""Recompute the results of a bundle from its inputs, without any database."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from materiality.document import BundleError, canonical, read
from materiality.method import evaluate

# A foreign bundle may be broken in ways the validation does not name; it never ends in a traceback.
UNFORESEEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Command(BaseCommand):
    help = "Read a bundle, compute its results again from its inputs, print them as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a bundle.json, or - for standard input")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        try:
            text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
            self.stdout.write(canonical(evaluate(read(text)["inputs"])))
        except (BundleError, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        except UNFORESEEN as error:
            message = " ".join(f"{type(error).__name__} {error}".split())[:200]
            raise CommandError(f"inputs: not usable ({message}).", returncode=2) from error
