"""Ask: what each group is asked, and how the questionnaire looks and runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from materiality.actions import AudiencePlan, set_groups, set_questionnaire
from materiality.models import Assessment
from materiality.web.fields import ActionForm, both_languages, languages_of
from surveys.api.fields import EARLIEST, LATEST
from surveys.kinds import KIND_LABELS
from surveys.languages import in_language
from surveys.models import Audience, Mode, Prompt, Survey
from surveys.questionnaire.prompts import asked_prompts

TEXTS = {
    "title": (_("Title"), 200, 1),
    "headline": (_("The question on the first page"), 200, 1),
    "lead": (_("Why people are asked"), 1000, 3),
    "after": (_("What happens next, one step a line"), 1000, 3),
}


SWITCHES = {
    "topic_comments": _("People may comment on each topic"),
    "last_comment": _("People may comment at the end"),
    **KIND_LABELS,
    "feedback": _("Those who answered may hear what came of it"),
    "open_answers_wait": _("Answers by open link count only once a reviewer accepts them"),
}


SENSE = _("Choose a day from the year 2000 to 2199.")


class MomentField(forms.DateTimeField):
    """A day and time to the minute, as browsers pick it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"min_value": SENSE, "max_value": SENSE}
    default_validators = [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]


class DayField(forms.DateField):
    """A day, as browsers pick it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"min_value": SENSE, "max_value": SENSE}
    default_validators = [MinValueValidator(EARLIEST.date()), MaxValueValidator(LATEST.date())]


@dataclass(frozen=True)
class GroupRow:
    """One audience of the form, with what it takes to answer."""

    audience: Audience
    target: forms.BoundField
    heads: forms.BoundField
    open_link: forms.BoundField
    name: list[forms.BoundField]
    you_are: list[forms.BoundField]
    prompts: list[tuple[Prompt, forms.BoundField]]


class AudiencesForm(ActionForm):
    """Per group: its questions, the answers wanted, whether there is an open link."""

    def __init__(self, data: Any = None, *, assessment: Assessment, survey: Survey) -> None:
        super().__init__(data, initial={"version": assessment.version})
        self.assessment, self.survey = assessment, survey
        self.is_draft = survey.published_at is None
        self.prompts = list(survey.prompts.prefetch_related("questions"))
        self.audiences = list(survey.audiences.select_related("stakeholder_group"))
        prompts = asked_prompts(survey)
        for audience in self.audiences:
            self._add_fields(audience, prompts.get(audience.pk, set()))
        if self.is_draft:
            self.fields["minimum"] = forms.IntegerField(
                label=_("Fewest answers a group is shown alone with"),
                min_value=3,
                max_value=50,
                initial=survey.minimum_group,
            )

    def _add_fields(self, audience: Audience, prompt_ids: set[int]) -> None:
        key = audience.pk
        self.fields[f"target:{key}"] = forms.IntegerField(
            label=_("Answers wanted"), min_value=0, max_value=1_000_000, initial=audience.target
        )
        group = getattr(audience, "stakeholder_group", None)
        self.fields[f"heads:{key}"] = forms.IntegerField(
            label=_("People in the group"),
            min_value=1,
            max_value=1_000_000_000,
            required=False,
            initial=(group.head_count if group else None) or "",
        )
        self.fields[f"open:{key}"] = forms.BooleanField(required=False, initial=audience.open_link)
        if not self.is_draft:
            return
        for part, text in (("name", audience.name), ("you", audience.you_are)):
            for language, label in languages_of(self.assessment):
                self.fields[f"{part}:{key}:{language}"] = forms.CharField(
                    label=label, max_length=200, required=False, initial=text.get(language, "")
                )
        for prompt in self.prompts:
            self.fields[f"asked:{key}:{prompt.pk}"] = forms.BooleanField(
                required=False, initial=prompt.pk in prompt_ids
            )

    def rows(self) -> Iterator[GroupRow]:
        for audience in self.audiences:
            key = audience.pk
            draft = self.is_draft
            yield GroupRow(
                audience,
                self[f"target:{key}"],
                self[f"heads:{key}"],
                self[f"open:{key}"],
                self._both(f"name:{key}") if draft else [],
                self._both(f"you:{key}") if draft else [],
                [(each, self[f"asked:{key}:{each.pk}"]) for each in self.prompts] if draft else [],
            )

    def _both(self, name: str) -> list[forms.BoundField]:
        return self.in_each_language(name)

    def clean(self) -> dict[str, Any]:
        """A draft's group may lack one language for now, but not its name."""
        data = super().clean() or {}
        for audience in self.audiences if self.is_draft else ():
            names = [
                f"name:{audience.pk}:{language}"
                for language, _label in languages_of(self.assessment)
            ]
            if not any(data.get(name, name) for name in names):
                sentence = _("The group %(code)s has no name. Write it.")
                self.add_error(names[0], sentence % {"code": audience.code})
        return data

    def save(self, *, by: Any) -> None:
        set_groups(
            assessment=self.assessment,
            survey=self.survey,
            plans=[self._plan(audience) for audience in self.audiences],
            minimum=self.cleaned_data.get("minimum"),
            by=by,
            expected_version=self.cleaned_data["version"],
        )

    def _plan(self, audience: Audience) -> AudiencePlan:
        data, key = self.cleaned_data, audience.pk
        changes = {
            "target": data[f"target:{key}"],
            "open_link": data[f"open:{key}"],
            "head_count": data[f"heads:{key}"],
        }
        if not self.is_draft:
            return AudiencePlan(audience, changes)
        changes["name"] = both_languages(data, f"name:{key}")
        changes["you_are"] = both_languages(data, f"you:{key}")
        chosen = [each.pk for each in self.prompts if data[f"asked:{key}:{each.pk}"]]
        return AudiencePlan(audience, changes, chosen)


class QuestionnaireForm(ActionForm):
    """Texts, dates and rules of a survey; once it is published, only the dates."""

    def __init__(self, data: Any = None, *, assessment: Assessment, survey: Survey) -> None:
        super().__init__(data, initial={"version": assessment.version})
        self.assessment, self.survey = assessment, survey
        if survey.published_at is None:
            self._add_texts()
            self._add_rules()
        if not survey.is_sealed:
            self._add_dates()

    def _add_texts(self) -> None:
        for name, (label, most, rows) in TEXTS.items():
            for language, tongue in languages_of(self.assessment):
                widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
                self.fields[f"{name}:{language}"] = forms.CharField(
                    label=f"{label} · {tongue}",
                    max_length=most,
                    required=False,
                    initial=getattr(self.survey, name).get(language, ""),
                    widget=widget,
                )

    def _add_rules(self) -> None:
        self.fields["mode"] = forms.ChoiceField(
            label=_("Answers"), choices=Mode.choices, initial=self.survey.mode
        )
        self.fields["page_size"] = forms.IntegerField(
            label=_("Topics on a page, at most"),
            min_value=1,
            max_value=40,
            initial=self.survey.page_size,
        )
        self.fields["most_ratings"] = forms.IntegerField(
            label=_("Ratings a person, at most"),
            min_value=5,
            max_value=40,
            initial=self.survey.most_ratings,
            help_text=_("Whoever would be asked for more rates a random part; all topics in turn."),
        )
        if len(self.assessment.languages) > 1:
            self.fields["languages"] = forms.MultipleChoiceField(
                label=_("Languages"),
                choices=languages_of(self.assessment),
                initial=self.survey.languages,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("Tick at least one language.")},
            )
        self.fields["keep_until"] = DayField(
            label=_("Keep names and addresses until"),
            initial=self.survey.keep_until,
            help_text=_("After this day they are erased; respondents are told."),
        )

        for name, label in SWITCHES.items():
            self.fields[name] = forms.BooleanField(
                label=label, required=False, initial=getattr(self.survey, name)
            )

    def _add_dates(self) -> None:
        if self.survey.published_at is None or not self.survey.is_open():
            self.fields["opens_at"] = MomentField(
                label=_("Opens"), initial=self.survey.opens_at.replace(second=0, microsecond=0)
            )
        self.fields["closes_at"] = MomentField(
            label=_("Closes"), initial=self.survey.closes_at.replace(second=0, microsecond=0)
        )

    @property
    def texts(self) -> list[forms.BoundField]:
        return [field for field in self if ":" in field.name]

    @property
    def rules(self) -> list[forms.BoundField]:
        plain = [field for field in self.visible_fields() if ":" not in field.name]
        return [field for field in plain if field.name not in SWITCHES]

    @property
    def switches(self) -> list[forms.BoundField]:
        return [field for field in self if field.name in SWITCHES]

    def save(self, *, by: Any) -> None:
        set_questionnaire(
            assessment=self.assessment,
            survey=self.survey,
            changes=self._changes(),
            by=by,
            expected_version=self.cleaned_data["version"],
        )

    def _changes(self) -> dict[str, Any]:
        texts = {name.partition(":")[0] for name in self.changed_data if ":" in name}
        in_languages = {name: both_languages(self.cleaned_data, name) for name in texts}
        plain = [name for name in self.changed_data if ":" not in name and name != "version"]
        return in_languages | {name: self.cleaned_data[name] for name in plain}


def facts_of(survey: Survey) -> list[tuple[Any, Any]]:
    """Return what a published survey says, for a page where it cannot be changed any more."""
    texts = [(label, in_language(getattr(survey, name))) for name, (label, *_) in TEXTS.items()]
    return [
        *texts,
        (_("Answers"), survey.get_mode_display()),
        (_("Languages"), _(", ").join(name for _code, name in languages_of(survey))),
        (_("Topics on a page, at most"), str(survey.page_size)),
        (_("Ratings a person, at most"), str(survey.most_ratings)),
        *((label, _("yes")) for name, label in SWITCHES.items() if getattr(survey, name)),
    ]
