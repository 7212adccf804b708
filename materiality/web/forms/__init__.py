"""What people may enter in the workspace, checked before an action is called."""

from materiality.web.forms.approval import ApprovalForm, SecondPersonForm
from materiality.web.forms.changes import ChangesForm, MethodForm
from materiality.web.forms.contentindex import HeadingsForm, IndexForm, TablesForm
from materiality.web.forms.engagement import EngagementForm
from materiality.web.forms.export import ExportForm
from materiality.web.forms.look import LabelsForm, LookForm, TemplateForm
from materiality.web.forms.method import ComparableForm, CriteriaForm, ImpactsForm, RuleForm
from materiality.web.forms.records import DetachForm, FileForm, RemarkForm
from materiality.web.forms.results import DecisionsForm, WeightsForm
from materiality.web.forms.rounds import BeforeForm, LastListForm, NewRoundForm
from materiality.web.forms.set_topics import SetTopicsForm
from materiality.web.forms.topics import (
    CatalogueForm,
    OrderForm,
    RemoveForm,
    ScreenForm,
    TakeBackForm,
    TopicForm,
)

__all__ = [
    "ApprovalForm",
    "BeforeForm",
    "CatalogueForm",
    "ChangesForm",
    "ComparableForm",
    "CriteriaForm",
    "DecisionsForm",
    "DetachForm",
    "EngagementForm",
    "ExportForm",
    "FileForm",
    "HeadingsForm",
    "ImpactsForm",
    "IndexForm",
    "LabelsForm",
    "LastListForm",
    "LookForm",
    "MethodForm",
    "NewRoundForm",
    "OrderForm",
    "RemarkForm",
    "RemoveForm",
    "RuleForm",
    "ScreenForm",
    "SecondPersonForm",
    "SetTopicsForm",
    "TablesForm",
    "TakeBackForm",
    "TemplateForm",
    "TopicForm",
    "WeightsForm",
]
