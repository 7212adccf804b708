"""Write the evidence archive of a round."""

from materiality.archive.making import archive
from materiality.management.rounds import Content, WriteOfRound
from materiality.models import Assessment


class Command(WriteOfRound):
    help = "Write the evidence archive of a round, for its auditor, to a ZIP file."

    def content(self, assessment: Assessment) -> Content:
        written = archive(assessment)
        return written, f"{len(written):,} bytes"
