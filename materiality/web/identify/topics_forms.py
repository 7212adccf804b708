"""Identify: choosing topics from standards, describing one, ordering and screening the list."""

from functools import cached_property
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality import actions, catalogue
from materiality.actions.topic_sheets import known_key, written_codes
from materiality.catalogue import Key
from materiality.models import Assessment, Category, Screening, Source, Succession, Topic
from materiality.selectors.rounds import is_answered
from materiality.web.fields import ActionForm, both_languages, languages_of
from materiality.web.identify.catalogue import references
from surveys.languages import in_language

LABELS = {
    "name": gettext_lazy("Name · %(language)s"),
    "definition": gettext_lazy("Definition · %(language)s"),
    "example": gettext_lazy("Example · %(language)s"),
}
SIMPLE = (Succession.Kind.CONTINUED, Succession.Kind.RENAMED)


class CatalogueForm(ActionForm):
    """Entries of standards to put on the list."""

    keys = forms.MultipleChoiceField(
        choices=[(entry.reference, entry.reference) for entry in catalogue.load()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick the topics you want to add.")},
    )

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="add_%s")
        self.assessment = assessment

    def save(self, *, by: Any) -> None:
        keys = [catalogue.find_reference(key).key for key in self.cleaned_data["keys"]]
        actions.add_topics_from_catalogue(assessment=self.assessment, keys=keys, by=by)


class OrderForm(ActionForm):
    """One topic, one place up or down: "privacy:-1"."""

    move = forms.RegexField(r"^[-\w]+:-?1$")

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="order_%s")
        self.assessment = assessment

    def save(self, *, by: Any) -> None:
        code, _colon, places = self.cleaned_data["move"].partition(":")
        actions.move(
            assessment=self.assessment,
            topic=code,
            places=int(places),
            by=by,
            expected_version=self.cleaned_data["version"],
        )

    @property
    def moved(self) -> str:
        return str(self.cleaned_data["move"]).partition(":")[0]


class TopicForm(ActionForm):
    """A topic in both languages, where it comes from, and last year's topic it continues."""

    def __init__(
        self, data: Any = None, *, assessment: Assessment, topic: Topic | None = None
    ) -> None:
        super().__init__(data, initial={"version": assessment.version})
        self.assessment, self.topic = assessment, topic
        instance = topic or Topic(category=Category.SOCIAL)
        self._add_texts(instance)
        self.fields["category"] = forms.ChoiceField(
            label=_("Category"), choices=Category.choices, initial=instance.category
        )
        self.fields["sources"] = forms.MultipleChoiceField(
            label=_("Where the topic comes from"),
            choices=Source.choices,
            initial=instance.sources,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self._add_references(instance)
        self._add_match()
        if topic and is_answered(assessment):
            self.fields["reason"] = forms.CharField(
                label=_("Why the wording is fixed"), max_length=500, required=False
            )

    def _add_texts(self, topic: Topic) -> None:
        for language, tongue in languages_of(self.assessment):
            self.fields[f"name:{language}"] = forms.CharField(
                label=LABELS["name"] % {"language": tongue},
                max_length=80,
                initial=topic.name.get(language, ""),
            )
        for part in ("definition", "example"):
            for language, tongue in languages_of(self.assessment):
                self.fields[f"{part}:{language}"] = forms.CharField(
                    label=LABELS[part] % {"language": tongue},
                    max_length=400,
                    required=False,
                    initial=getattr(topic, part).get(language, ""),
                    widget=forms.Textarea(attrs={"rows": 3 if part == "definition" else 2}),
                )

    def _add_references(self, topic: Topic) -> None:
        rows = [(one.written, one) for one in references(topic)]
        self.fields["kept"] = forms.MultipleChoiceField(
            choices=rows,
            initial=[written for written, _one in rows],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["more"] = forms.CharField(
            label=_("Add a code"),
            required=False,
            max_length=300,
            widget=forms.TextInput(attrs={"list": "codes", "autocomplete": "off"}),
            help_text=_("Standard, code and edition, like GRI 418-1 (2016); several with “;”."),
        )

    def _add_match(self) -> None:
        """A topic that was split, combined or widened is explained in the change table instead."""
        previous = self.assessment.previous
        if previous is None or self.topic is None or self.topic.screened_out or self.lineage:
            return
        named = [(t.code, in_language(t.name)) for t in previous.topics.short_list()]
        self.fields["before"] = forms.ChoiceField(
            label=_("Continues last year’s topic"),
            choices=[("", _("None: it is new")), *named],
            initial=self._matched,
            required=False,
        )

    @cached_property
    def _matched(self) -> str:
        line = self.topic.predecessors.select_related("before").first() if self.topic else None
        return line.before.code if line and line.before else ""

    @cached_property
    def lineage(self) -> list[Succession]:
        """What is said of the topic's origin, where it is more than one topic going on."""
        lines = self.topic.predecessors.select_related("before") if self.topic else []
        return [line for line in lines if line.before and line.kind not in SIMPLE]

    @property
    def names(self) -> list[forms.BoundField]:
        return self.in_each_language("name")

    @property
    def definitions(self) -> list[forms.BoundField]:
        return self.in_each_language("definition")

    @property
    def examples(self) -> list[forms.BoundField]:
        return self.in_each_language("example")

    def clean_more(self) -> list[Key]:
        return [known_key(part) for part in written_codes(self.cleaned_data["more"])]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = [row.name for row in self.assessment.topics.all() if row != self.topic]
        for language, _label in languages_of(self.assessment):
            wanted = cleaned.get(f"name:{language}")
            if wanted and any(name.get(language) == wanted for name in names):
                message = _("Another topic of this round is called “%(name)s”.") % {"name": wanted}
                self.add_error(f"name:{language}", message)
        return cleaned

    def _described(self) -> dict[str, Any]:
        data = self.cleaned_data
        keys = [catalogue.key_of(written) for written in data["kept"]]
        return {
            "name": both_languages(data, "name"),
            "definition": both_languages(data, "definition"),
            "example": both_languages(data, "example"),
            "category": data["category"],
            "sources": data["sources"],
            "references": [list(key) for key in dict.fromkeys([*keys, *data["more"]])],
        }

    @transaction.atomic
    def save(self, *, by: Any) -> None:
        if self.topic is None:
            self.topic = actions.add_topic(assessment=self.assessment, by=by, **self._described())
            return
        actions.describe_topic(
            topic=self.topic,
            by=by,
            expected_version=self.cleaned_data["version"],
            reason=self.cleaned_data.get("reason", ""),
            **self._described(),
        )
        before = self.cleaned_data.get("before")
        if before is not None and before != self._matched:
            actions.match_topic(
                assessment=self.assessment, topic=self.topic.code, before=before or None, by=by
            )


class ScreenForm(ActionForm):
    """Leave a topic of the long list out of the questionnaire, and say why in both languages."""

    kind = forms.ChoiceField(label=gettext_lazy("Why"), choices=Screening.choices)

    def __init__(self, data: Any = None, *, topic: Topic) -> None:
        super().__init__(data, initial={"version": topic.assessment.version}, auto_id="screen_%s")
        self.topic, self.assessment = topic, topic.assessment
        for language, label in languages_of(self.assessment):
            self.fields[f"why:{language}"] = forms.CharField(
                label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
            )

    @property
    def reasons(self) -> list[forms.BoundField]:
        return self.in_each_language("why")

    def save(self, *, by: Any) -> None:
        actions.screen_out(
            assessment=self.assessment,
            topic=self.topic.code,
            kind=self.cleaned_data["kind"],
            reason=both_languages(self.cleaned_data, "why"),
            by=by,
            expected_version=self.cleaned_data["version"],
        )


class TakeBackForm(ActionForm):
    """Put a screened-out topic back onto the short list."""

    verb: Any = staticmethod(actions.take_back)

    def __init__(self, data: Any = None, *, topic: Topic) -> None:
        super().__init__(data, initial={"version": topic.assessment.version}, auto_id="")
        self.topic, self.assessment = topic, topic.assessment

    def save(self, *, by: Any) -> None:
        self.verb(
            assessment=self.assessment,
            topic=self.topic.code,
            by=by,
            expected_version=self.cleaned_data["version"],
        )


class RemoveForm(TakeBackForm):
    """Take a topic that was entered by mistake off the long list."""

    verb: Any = staticmethod(actions.remove_topic)
