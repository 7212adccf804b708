"""What people may enter in the workspace, checked before an action is called."""

from materiality.web.forms.approval import ApprovalForm, SecondPersonForm
from materiality.web.forms.changes import ChangesForm
from materiality.web.forms.engagement import EngagementForm
from materiality.web.forms.export import ExportForm
from materiality.web.forms.results import DecisionsForm, RuleForm, WeightsForm
from materiality.web.forms.rounds import NewRoundForm, TopicForm

__all__ = [
    "ApprovalForm",
    "ChangesForm",
    "DecisionsForm",
    "EngagementForm",
    "ExportForm",
    "NewRoundForm",
    "RuleForm",
    "SecondPersonForm",
    "TopicForm",
    "WeightsForm",
]
