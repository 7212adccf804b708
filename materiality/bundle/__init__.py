"""The evidence bundle: everything a printed number rests on, in one JSON document."""

from materiality.bundle.changereport import LongChange, change_report
from materiality.bundle.disclosure import audit
from materiality.bundle.document import (
    FORMAT,
    METHOD_VERSION,
    VERSION,
    BundleError,
    Document,
    assemble,
    canonical,
    digest,
    read,
)
from materiality.bundle.evaluation import combine, evaluate
from materiality.bundle.facts import method_facts
from materiality.bundle.insights import insights
from materiality.bundle.longlist import ScreenedOut
from materiality.bundle.records import (
    ChangeRow,
    Engagement,
    Group,
    Rule,
    Score,
    Text,
    TierMove,
    TopicResult,
    Unit,
    UnitScore,
)
from materiality.bundle.results import Results

__all__ = [
    "FORMAT",
    "METHOD_VERSION",
    "VERSION",
    "BundleError",
    "ChangeRow",
    "Document",
    "Engagement",
    "Group",
    "LongChange",
    "Results",
    "Rule",
    "Score",
    "ScreenedOut",
    "Text",
    "TierMove",
    "TopicResult",
    "Unit",
    "UnitScore",
    "assemble",
    "audit",
    "canonical",
    "change_report",
    "combine",
    "digest",
    "evaluate",
    "insights",
    "method_facts",
    "read",
]
