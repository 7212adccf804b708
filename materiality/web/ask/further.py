"""Ask: a further group or panel for a survey that runs."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality.actions import open_to_group
from materiality.models import Assessment, Dimension, Weight
from materiality.web.access import may, show_survey, survey_page
from materiality.web.fields import ActionForm, both_languages, languages_of
from surveys.models import Survey
from surveys.models.organisations import MAY_EDIT

MOST = 1_000_000


@survey_page(write=MAY_EDIT)
def further_group(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Ask how a further group is to be asked and to count; a POST opens the survey to it."""
    form = FurtherGroupForm(request.POST or None, assessment=assessment, survey=survey)
    if form.act(by=request.user):
        messages.success(request, _("The survey is open to the new group. Invite its people now."))
        return redirect("materiality:invitations", assessment.pk, survey.pk)
    return show_survey(
        request,
        assessment,
        survey,
        "further",
        tab="groups",
        status=form.status,
        form=form,
        may_open=may(assessment).edit and survey.state in ("planned", "open"),
        present=Weight.objects.filter(group__audience__survey=survey).select_related(
            "group", "dimension"
        ),
    )


class FurtherGroupForm(ActionForm):
    """The name of the group, what it rates, how much it counts, and how its people come in."""

    def __init__(self, data: Any = None, *, assessment: Assessment, survey: Survey) -> None:
        super().__init__(data, initial={"version": assessment.version})
        self.assessment, self.survey = assessment, survey
        for language, tongue in languages_of(assessment):
            self.fields[f"name:{language}"] = forms.CharField(
                label=_("Name · %(language)s") % {"language": tongue}, max_length=100
            )
        of_survey = Dimension.objects.filter(topic_questions__question__survey=survey)
        dimensions = list(of_survey.distinct().order_by("pk"))
        self.fields["dimension"] = forms.ChoiceField(
            label=_("What its people rate"),
            choices=[(row.code, str(row)) for row in dimensions],
        )
        self.fields["weight"] = forms.FloatField(
            label=_("Weight"),
            min_value=0,
            max_value=MOST,
            error_messages={"required": _("Say how much the new group counts: a weight above 0.")},
        )
        self.fields["target"] = forms.IntegerField(
            label=_("Answers wanted"), min_value=0, max_value=MOST, initial=0
        )
        self.fields["open_link"] = forms.BooleanField(
            label=_("Anyone with the link may answer"), required=False
        )
        topics = assessment.topics.short_list()
        self.fields["chosen_topics"] = forms.MultipleChoiceField(
            label=_("Topics it is asked about"),
            choices=[(topic.code, str(topic)) for topic in topics],
            initial=[topic.code for topic in topics],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": gettext_lazy("Tick at least one topic.")},
        )

    def save(self, *, by: Any) -> None:
        data = self.cleaned_data
        open_to_group(
            assessment=self.assessment,
            survey=self.survey,
            name=both_languages(data, "name"),
            dimension=data["dimension"],
            weight=data["weight"],
            target=data["target"],
            open_link=data["open_link"],
            chosen_topics=data["chosen_topics"],
            by=by,
            expected_version=data["version"],
        )
