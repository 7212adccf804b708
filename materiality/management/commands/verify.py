"""Check every locked round: digest, and that its results follow from its inputs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from materiality.models import Snapshot
from materiality.snapshots import find_faults


class Command(BaseCommand):
    help = "Check every locked round; name what was tampered with."

    def handle(self, *args: Any, **options: Any) -> None:
        snapshots = Snapshot.objects.select_related("assessment__organisation")
        faults = [fault for snapshot in snapshots for fault in find_faults(snapshot)]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} locked rounds are not as they were locked.")
        self.stdout.write(f"{len(snapshots)} locked rounds are intact and recompute equal.")
