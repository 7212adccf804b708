from materiality.models.access import Access
from materiality.models.approvals import Approval, Verdict
from materiality.models.assessments import (
    Assessment,
    Dimension,
    DoubleRule,
    LikelihoodRule,
    RegisterFeeds,
    SeverityRule,
    TierRule,
)
from materiality.models.cached import CachedValue
from materiality.models.contentindex import Heading, IndexRow, Publication
from materiality.models.context import Approach, ChainStep, RoundContext, Stage
from materiality.models.decisions import Decision, Snapshot, Succession
from materiality.models.deletions import WAIT, Deletion, Warrant
from materiality.models.events import Event, Verb
from materiality.models.evidence import EvidenceFile, Remark
from materiality.models.files import FilePart, StoredFile
from materiality.models.groups import Engagement, StakeholderGroup, Weight
from materiality.models.reassessments import Confirmation, Reassessment
from materiality.models.register import (
    IMPACTS,
    Criterion,
    Horizon,
    Involvement,
    Iro,
    IroAssignment,
    IroKind,
    IroLine,
    IroLink,
    IroScale,
    IroScore,
    IroThreshold,
    LinkKind,
    Sheet,
)
from materiality.models.repeats import Call
from materiality.models.reports import Feedback, Package, PublishedFigure, ReportLook
from materiality.models.sources import (
    Coding,
    Confidentiality,
    Passage,
    SourceKind,
    SourceRecord,
)
from materiality.models.tokens import ApiToken, Scope
from materiality.models.topics import (
    Category,
    Explanation,
    Screening,
    Source,
    Topic,
    TopicQuestion,
)
from materiality.models.webhooks import Delivery, News, Webhook

__all__ = [
    "IMPACTS",
    "WAIT",
    "Access",
    "ApiToken",
    "Approach",
    "Approval",
    "Assessment",
    "CachedValue",
    "Call",
    "Category",
    "ChainStep",
    "Coding",
    "Confidentiality",
    "Confirmation",
    "Criterion",
    "Decision",
    "Deletion",
    "Delivery",
    "Dimension",
    "DoubleRule",
    "Engagement",
    "Event",
    "EvidenceFile",
    "Explanation",
    "Feedback",
    "FilePart",
    "Heading",
    "Horizon",
    "IndexRow",
    "Involvement",
    "Iro",
    "IroAssignment",
    "IroKind",
    "IroLine",
    "IroLink",
    "IroScale",
    "IroScore",
    "IroThreshold",
    "LikelihoodRule",
    "LinkKind",
    "News",
    "Package",
    "Passage",
    "Publication",
    "PublishedFigure",
    "Reassessment",
    "RegisterFeeds",
    "Remark",
    "ReportLook",
    "RoundContext",
    "Scope",
    "Screening",
    "SeverityRule",
    "Sheet",
    "Snapshot",
    "Source",
    "SourceKind",
    "SourceRecord",
    "Stage",
    "StakeholderGroup",
    "StoredFile",
    "Succession",
    "TierRule",
    "Topic",
    "TopicQuestion",
    "Verb",
    "Verdict",
    "Warrant",
    "Webhook",
    "Weight",
]
