"""What readers of a round hold: its numbers as records, never computed again."""

from materiality.results.changereport import LongChange, change_report
from materiality.results.facts import method_facts
from materiality.results.longlist import ScreenedOut
from materiality.results.records import (
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
from materiality.results.register import (
    Expert,
    Iro,
    IroJudgement,
    IroLine,
    IroScale,
    IroThreshold,
    IroTopic,
    Register,
)
from materiality.results.results import Results

__all__ = [
    "ChangeRow",
    "Engagement",
    "Expert",
    "Group",
    "Iro",
    "IroJudgement",
    "IroLine",
    "IroScale",
    "IroThreshold",
    "IroTopic",
    "LongChange",
    "Register",
    "Results",
    "Rule",
    "Score",
    "ScreenedOut",
    "Text",
    "TierMove",
    "TopicResult",
    "Unit",
    "UnitScore",
    "change_report",
    "method_facts",
]
