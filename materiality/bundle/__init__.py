"""The evidence bundle: everything a printed number rests on, in one JSON document."""

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
from materiality.bundle.results import (
    ChangeRow,
    Engagement,
    Group,
    Results,
    Rule,
    Score,
    ScreenedOut,
    Text,
    TierMove,
    TopicResult,
    Unit,
    UnitScore,
)

__all__ = [
    "FORMAT",
    "METHOD_VERSION",
    "VERSION",
    "BundleError",
    "ChangeRow",
    "Document",
    "Engagement",
    "Group",
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
    "combine",
    "digest",
    "evaluate",
    "read",
]
