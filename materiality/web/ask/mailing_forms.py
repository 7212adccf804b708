"""Mail: the words, pressing send, reminders that go out by themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from materiality.web.ask.asking_forms import MomentField
from materiality.web.fields import both_languages, languages_of
from surveys.mail.emails import LONGEST_BODY, LONGEST_SUBJECT, default_text
from surveys.models import MailText, Survey

MOST = 1_000_000


class MailTextForm(forms.Form):
    """Subject and text of an invitation or a reminder, in both languages."""

    def __init__(self, *args: Any, survey: Survey, occasion: str, **options: Any) -> None:
        super().__init__(*args, **options)
        own = MailText.objects.filter(survey=survey, occasion=occasion).first()
        subject, body = (own.subject, own.body) if own else default_text(occasion)
        for language, label in languages_of(survey):
            self.fields[f"subject:{language}"] = forms.CharField(
                label=_("Subject · %s") % label,
                max_length=LONGEST_SUBJECT,
                initial=subject.get(language, ""),
            )
        for language, label in languages_of(survey):
            self.fields[f"body:{language}"] = forms.CharField(
                label=_("Text · %s") % label,
                max_length=LONGEST_BODY,
                initial=body.get(language, ""),
                widget=forms.Textarea(attrs={"rows": 10}),
            )

    def texts(self) -> tuple[dict[str, str], dict[str, str]]:
        data = {name: str(value).replace("\r\n", "\n") for name, value in self.cleaned_data.items()}
        return both_languages(data, "subject"), both_languages(data, "body")


class CountField(forms.IntegerField):
    """How many people; a number that somebody may have meant."""

    default_error_messages = {"max_value": _("That is more than a million people. Check it.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_value=MOST, **options)


class SendForm(forms.Form):
    count = CountField(label=_("Type the number of mails"), min_value=0)
    not_before = MomentField(label=_("Not before (optional)"), required=False)


class PlanForm(forms.Form):
    at = MomentField(label=_("Goes out on"))
    most = CountField(label=_("To at most so many people"), min_value=1)


class RemindersForm(forms.Form):
    most_reminders = forms.IntegerField(
        label=_("Reminders a person, at most"), min_value=0, max_value=2
    )
    reminder_gap = forms.IntegerField(
        label=_("Days between two mails, at least"), min_value=1, max_value=60
    )

    def __init__(self, *args: Any, survey: Survey, **options: Any) -> None:
        initial = {name: getattr(survey, name) for name in self.base_fields}
        super().__init__(*args, **options)
        self.initial = initial
