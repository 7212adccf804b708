from materiality.models.assessments import Assessment, Dimension, TierRule
from materiality.models.decisions import Decision, Snapshot, Succession
from materiality.models.groups import Engagement, StakeholderGroup, Weight
from materiality.models.topics import Category, Topic, TopicQuestion

__all__ = [
    "Assessment",
    "Category",
    "Decision",
    "Dimension",
    "Engagement",
    "Snapshot",
    "StakeholderGroup",
    "Succession",
    "TierRule",
    "Topic",
    "TopicQuestion",
    "Weight",
]
