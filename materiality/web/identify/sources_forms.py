"""The forms of sources: a source, a passage of one, what a passage is about."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from materiality import actions
from materiality.actions.sources import LONGEST_PASSAGE, Upload
from materiality.models import Assessment, Confidentiality, Passage, SourceKind, SourceRecord
from materiality.selectors.sources import codes_of, comments_to_take
from materiality.web.fields import ActionForm

PLAIN = ("kind", "title", "dated", "origin", "language", "confidentiality")


class SourceForm(ActionForm):
    """A source; its file is kept with the round, of a confidential one the hash alone."""

    def __init__(
        self, data: Any = None, files: Any = None, *, assessment: Assessment,
        source: SourceRecord | None = None,
    ) -> None:  # fmt: skip
        shown = source or SourceRecord(kind=SourceKind.STANDARD)
        super().__init__(data, files, initial={"version": source.version if source else 0})
        self.assessment, self.source = assessment, source
        self.fields["title"] = forms.CharField(
            label=_("Title"), max_length=200, initial=shown.title
        )
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind of source"), choices=SourceKind.choices, initial=shown.kind
        )
        self.fields["dated"] = forms.DateField(
            label=_("Date of the source"),
            initial=shown.dated,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self.fields["origin"] = forms.CharField(
            label=_("Issued by, or who spoke"),
            required=False,
            max_length=200,
            initial=shown.origin,
        )
        self.fields["language"] = forms.CharField(
            label=_("Language of the source"),
            required=False,
            max_length=40,
            initial=shown.language,
        )
        self.fields["confidentiality"] = forms.ChoiceField(
            label=_("Confidentiality"),
            choices=Confidentiality.choices,
            initial=shown.confidentiality,
        )
        if shown.file:
            self.fields["confidentiality"].help_text = _(
                "Made confidential, the source keeps the hash of its file; the file is removed "
                "from here. Download it first."
            )
        self.fields["title_leaves"] = forms.BooleanField(
            label=_("Confidential, but its title may be printed"),
            required=False,
            initial=shown.title_leaves,
        )
        self.fields["upload"] = forms.FileField(
            label=_("File"),
            required=False,
            help_text=_("Kept with the round; of a confidential source only its hash."),
        )

    def save(self, *, by: Any) -> None:
        data = self.cleaned_data
        fields = {name: data[name] for name in PLAIN} | {"title_leaves": data["title_leaves"]}
        if self.source is None:
            self.source = actions.add_source(
                assessment=self.assessment, by=by, upload=self._upload(), **fields
            )
        else:
            actions.describe_source(
                source=self.source,
                by=by,
                expected_version=data["version"],
                upload=self._upload(),
                **fields,
            )

    def _upload(self) -> Upload | None:
        sent = self.cleaned_data["upload"]
        return Upload(sent.name, sent.read()) if sent else None

    def version_now(self) -> int:
        return SourceRecord.objects.get(pk=self.source.pk).version if self.source else 0


class PassageForm(ActionForm):
    """A passage of a source: as it stands, and what of it may leave."""

    def __init__(
        self, data: Any = None, *, source: SourceRecord, passage: Passage | None = None
    ) -> None:
        super().__init__(
            data, initial={"version": passage.version if passage else 0}, auto_id="passage_%s"
        )
        self.source, self.passage, self.assessment = source, passage, source.assessment
        shown = passage or Passage()
        self.fields["place"] = forms.CharField(
            label=_("Place in the source"),
            required=False,
            max_length=100,
            initial=shown.place,
            help_text=_("Page, paragraph, minute."),
        )
        self.fields["text"] = forms.CharField(
            label=_("Passage, as it stands there"),
            max_length=LONGEST_PASSAGE,
            initial=shown.text,
            widget=forms.Textarea(attrs={"rows": 5}),
        )
        if not source.is_confidential:
            self.fields["released"] = forms.CharField(
                label=_("What of it may leave"),
                required=False,
                max_length=LONGEST_PASSAGE,
                initial=shown.released,
                widget=forms.Textarea(attrs={"rows": 5}),
                help_text=_("Without what names somebody; empty: nothing leaves."),
            )

    def save(self, *, by: Any) -> None:
        data = self.cleaned_data
        fields = {"text": data["text"], "place": data["place"]}
        fields["released"] = data.get("released", "")
        if self.passage is None:
            self.passage = actions.add_passage(source=self.source, by=by, **fields)
        else:
            actions.describe_passage(
                passage=self.passage, by=by, expected_version=data["version"], **fields
            )

    def version_now(self) -> int:
        return Passage.objects.get(pk=self.passage.pk).version if self.passage else 0


class CodingForm(ActionForm):
    """What this person finds a passage to be about."""

    def __init__(self, data: Any = None, *, passage: Passage, coder: Any) -> None:
        topics, entries, self.is_coded = codes_of(passage, coder)
        super().__init__(data, initial={"version": 0}, auto_id="coding_%s")
        self.passage, self.assessment = passage, passage.assessment
        short = self.assessment.topics.short_list()
        self.fields["topics"] = forms.MultipleChoiceField(
            label=_("Topics"),
            required=False,
            initial=topics,
            choices=[(row.code, str(row)) for row in short],
            widget=forms.CheckboxSelectMultiple,
        )
        rows = self.assessment.iros.open().select_related("topic")
        self.fields["iros"] = forms.MultipleChoiceField(
            label=_("Impacts, risks and opportunities"),
            required=False,
            initial=entries,
            choices=[(row.code, f"{row.code} {row}") for row in rows],
            widget=forms.CheckboxSelectMultiple,
        )

    @property
    def is_search(self) -> bool:
        """Whether entries are sought and nothing is to be saved yet."""
        return self.is_bound and "find" in self.data

    @property
    def words(self) -> str:
        return str(self.data.get("words", ""))

    @property
    def shown_entries(self) -> list[Any]:
        """Return the boxes of entries that have the words sought, and of those that are ticked."""
        words = self.words.casefold().split()
        ticked = self["iros"].value() or []
        shown = []
        for box in self["iros"]:
            label = str(box.choice_label).casefold()
            if box.data["value"] in ticked or all(word in label for word in words):
                shown.append(box)
        return shown

    def save(self, *, by: Any) -> None:
        data = self.cleaned_data
        actions.code_passage(passage=self.passage, topics=data["topics"], iros=data["iros"], by=by)


class CommentsForm(ActionForm):
    """Comments of surveys that were let out, to be coded like passages."""

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": 0}, auto_id="comments_%s")
        self.assessment = assessment
        waiting: Sequence[tuple[str, str]] = comments_to_take(assessment)
        self.waiting = len(waiting)
        self.fields["comments"] = forms.MultipleChoiceField(
            label=_("Comments that were let out"),
            choices=waiting,
            widget=forms.CheckboxSelectMultiple,
        )

    def save(self, *, by: Any) -> None:
        keys = [UUID(key) for key in self.cleaned_data["comments"]]
        actions.take_comments(assessment=self.assessment, comments=keys, by=by)
