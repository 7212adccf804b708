"""Write the evidence bundle of a round."""

from materiality.document import canonical
from materiality.locking.snapshots import results_for
from materiality.management.rounds import Content, WriteOfRound
from materiality.models import Assessment


class Command(WriteOfRound):
    help = "Write the evidence bundle of a round (docs/bundle.md) to a file."

    def content(self, assessment: Assessment) -> Content:
        document = results_for(assessment).document
        return (canonical(document) + "\n").encode(), document["digest"]
