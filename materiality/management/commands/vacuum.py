"""Write the tables anew that people or an organisation were erased from. As their owner, daily."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from materiality.actions import sweep
from surveys.actions.erase import HOLDING
from surveys.models import StagedAnswer
from surveys.sql.vacuum import vacuum


class Command(BaseCommand):
    help = (
        "Write the tables anew that people were erased from, so that no byte of them is left. "
        "The owner of the tables runs it, where the site's own user may not."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        passed_over = vacuum(*HOLDING, StagedAnswer, rewrite=True) or sweep()
        if passed_over:
            raise CommandError(
                f"This user of the database may not vacuum {', '.join(passed_over)}. "
                "Run it with the owner's DATABASE_URL."
            )
        self.stdout.write("Of those who were erased no byte is left in the tables.")
