"""Check every round: its log, and where it is locked that its results follow from its inputs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from materiality.locking.verification import faults_of, faults_of_database
from materiality.models import Assessment


class Command(BaseCommand):
    help = "Check every round; name what was tampered with."

    def handle(self, *args: Any, **options: Any) -> None:
        rounds = list(Assessment.objects.select_related("organisation", "snapshot"))
        lines = (fault for assessment in rounds for fault in faults_of(assessment))
        faults = [*faults_of_database(), *lines]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults: this is not as it was written.")
        locked = sum(assessment.is_locked for assessment in rounds)
        self.stdout.write(
            f"{len(rounds)} rounds are intact; {locked} of them are locked and recompute equal."
        )
