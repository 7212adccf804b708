"""Comments and evidence files, with the round or with one of its topics."""

from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality.actions import attach, detach, remark
from materiality.actions.evidence import LARGEST
from materiality.models import Assessment, EvidenceFile, Topic
from materiality.web.fields import ActionForm

KINDS = (
    *("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "wps", "et", "dps"),
    *("csv", "txt", "md", "json", "eml", "msg", "png", "jpg", "jpeg", "zip"),
)


class RemarkForm(ActionForm):
    """Something said about a topic or the round; it is answered, not edited."""

    text = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, assessment: Assessment, topic: Topic | None) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="remark_%s")
        self.assessment, self.topic = assessment, topic

    def save(self, *, by: Any) -> None:
        remark(assessment=self.assessment, topic=self.topic, by=by, text=self.cleaned_data["text"])


class FileForm(ActionForm):
    """A file that proves something."""

    about = forms.CharField(label=gettext_lazy("What it proves"), max_length=300)
    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=200,
        validators=[FileExtensionValidator(KINDS)],
        widget=forms.FileInput(attrs={"accept": ",".join(f".{kind}" for kind in KINDS)}),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, assessment: Assessment, topic: Topic | None
    ) -> None:
        now = {"version": assessment.version}
        super().__init__(data, files, initial=now, auto_id="file_%s")
        self.assessment, self.topic = assessment, topic

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST:
            values = {"size": f"{sent.size / 2**20:.0f}"}
            raise forms.ValidationError(
                _("This file has %(size)s MB; at most 20 MB are kept.") % values
            )
        return sent

    def save(self, *, by: Any) -> None:
        sent = self.cleaned_data["file"]
        attach(
            assessment=self.assessment,
            topic=self.topic,
            name=sent.name,
            content=sent.read(),
            about=self.cleaned_data["about"],
            by=by,
        )


class DetachForm(ActionForm):
    """Why a file is removed. The log keeps its name and hash."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)

    def __init__(self, data: Any = None, *, file: EvidenceFile) -> None:
        super().__init__(data, initial={"version": file.assessment.version}, auto_id="detach_%s")
        self.assessment, self.file = file.assessment, file

    def save(self, *, by: Any) -> None:
        detach(
            file=self.file,
            by=by,
            reason=self.cleaned_data["reason"],
            expected_version=self.cleaned_data["version"],
        )
