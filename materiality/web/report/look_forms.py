"""How the report looks: the company's colours and template, the axes' wording, moved labels."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality.actions import set_look, set_slides_template, set_template
from materiality.models import Assessment, ReportLook
from materiality.report import palette
from materiality.report.figure.layout import Matrix, TopicPoint
from materiality.report.files import harmless
from materiality.report.files.word import template
from materiality.report.signs import shape
from materiality.templatetags.workspace import language
from materiality.web.fields import languages_of

AXES = ("y", "x")
LABELS = {
    "y": gettext_lazy("Vertical axis"),
    "x": gettext_lazy("Horizontal axis"),
}
LARGEST_SHIFT = 200.0
ROUNDED = 0.05


class LookForm(forms.Form):
    """Colours of the tiers and words of the axes; empty fields mean the usual ones."""

    def __init__(self, data: Any = None, *, assessment: Assessment, look: ReportLook) -> None:
        super().__init__(data, auto_id="look_%s")
        self.assessment = assessment
        saved = look.colours if len(look.colours) == assessment.tier_count else []
        for at, tier in enumerate(assessment.tiers):
            usual = palette.COLOUR.signs[shape(tier, assessment.tier_count)]
            self.fields[f"colour{at}"] = forms.CharField(
                label=assessment.tier_name(tier),
                required=False,
                max_length=7,
                initial=saved[at] if saved else "",
                widget=forms.TextInput(
                    {"placeholder": usual, "class": "in1", "data-picker": _("Choose a colour")}
                ),
            )
        for axis in AXES:
            for code, spoken in languages_of(self.assessment):
                self.fields[f"{axis}:{code}"] = forms.CharField(
                    label=f"{LABELS[axis]} · {spoken}",
                    required=False,
                    max_length=80,
                    initial=look.axis_titles.get(axis, {}).get(code, ""),
                    widget=forms.TextInput({"class": "in1", "lang": code}),
                )

    @property
    def colours(self) -> list[forms.BoundField]:
        return [self[f"colour{at}"] for at in range(self.assessment.tier_count)]

    @property
    def titles(self) -> list[forms.BoundField]:
        return [
            self[f"{axis}:{code}"]
            for axis in AXES
            for code, _spoken in languages_of(self.assessment)
        ]

    @property
    def entered(self) -> list[str]:
        """The colours as they stand in the fields, good or not; none where all are empty."""
        colours = [str(field.value() or "").strip().lower() for field in self.colours]
        return colours if any(colours) else []

    @property
    def entered_titles(self) -> dict[str, dict[str, str]]:
        """What the axes are called, by axis and language, as it stands in the fields."""
        titles: dict[str, dict[str, str]] = {axis: {} for axis in AXES}
        for field in self.titles:
            axis, code = field.name.split(":")
            titles[axis][code] = str(field.value() or "").strip()
        return titles

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        tiers = self.assessment.tier_count
        colours = [cleaned.get(f"colour{at}", "").strip().lower() for at in range(tiers)]
        cleaned["colours"] = colours if any(colours) else []
        if not any(colours):
            return cleaned
        for at, colour in enumerate(colours):
            for faults in _faults_of(at, colour, colours[0], tiers):
                self.add_error(f"colour{at}", faults)
        return cleaned

    def save(self, *, by: Any) -> None:
        data = self.cleaned_data
        titles = {
            axis: {
                code: data[f"{axis}:{code}"]
                for code, _ in languages_of(self.assessment)
                if data[f"{axis}:{code}"]
            }
            for axis in AXES
        }
        set_look(
            assessment=self.assessment,
            by=by,
            colours=data["colours"],
            axis_titles={axis: texts for axis, texts in titles.items() if texts},
        )


def _faults_of(at: int, colour: str, first: str, tiers: int) -> Iterator[str]:
    """Yield why this colour cannot be the one of a tier, counted from 0."""
    if not palette.is_colour(colour):
        yield _(
            "Write the colour as #rrggbb, six digits or letters a to f. Found: “%(found)s”."
        ) % {"found": colour}
        return
    behind = first if palette.is_colour(first) else colour
    ground = palette.ground(at, behind, tiers=tiers)
    ratio = palette.contrast(colour, ground)
    if ratio < palette.LEAST_CONTRAST:
        yield _(
            "%(colour)s has a contrast of %(found).1f : 1 to what is behind it; at least 3 : 1 is "
            "needed. Choose a darker colour."
        ) % {"colour": colour, "found": ratio}


class DocumentForm(forms.Form):
    """A document of the company's own, to be used instead of ours."""

    kind = ""
    file: forms.FileField

    def __init__(self, data: Any = None, files: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, files, auto_id=f"{self.kind}_%s")
        self.assessment = assessment

    def check(self, content: bytes) -> None:
        raise NotImplementedError

    def keep(self, *, by: Any, name: str, content: bytes | None) -> None:
        """Keep a document, or none any more."""
        raise NotImplementedError

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > harmless.LARGEST:
            raise forms.ValidationError(
                _("The file has %(size).1f MB; a template may have up to 5 MB.")
                % {"size": sent.size / 2**20}
            )
        try:
            self.check(sent.read())
        except harmless.TemplateError as error:
            raise forms.ValidationError(str(error)) from error
        return sent

    def save(self, *, by: Any) -> None:
        sent = self.cleaned_data["file"]
        sent.seek(0)
        self.keep(by=by, name=sent.name, content=sent.read())


class TemplateForm(DocumentForm):
    """The company's own Word document, to be filled instead of ours."""

    kind = "template"
    file = forms.FileField(label=gettext_lazy("Word template (.docx)"), allow_empty_file=True)

    def check(self, content: bytes) -> None:
        template.check(content, language())

    def keep(self, *, by: Any, name: str, content: bytes | None) -> None:
        set_template(assessment=self.assessment, by=by, name=name, content=content)


class SlidesForm(DocumentForm):
    """The company's own presentation, whose layouts are used instead of ours."""

    kind = "slides"
    file = forms.FileField(label=gettext_lazy("Presentation (.pptx)"), allow_empty_file=True)

    def check(self, content: bytes) -> None:
        """Its library is the heaviest, so it is read when a presentation comes."""
        from materiality.report.files.slides import template as slides

        slides.check(content, language())

    def keep(self, *, by: Any, name: str, content: bytes | None) -> None:
        set_slides_template(assessment=self.assessment, by=by, name=name, content=content)


@dataclass(frozen=True)
class LabelRow:
    """Where one label stands: its middle, in millimetres right of its sign and above it."""

    point: TopicPoint
    right: forms.BoundField
    up: forms.BoundField
    automatic: forms.BoundField | None


class LabelsForm(forms.Form):
    """Labels placed by hand, for one language and one size of the figure."""

    def __init__(
        self, data: Any = None, *, assessment: Assessment, look: ReportLook, matrix: Matrix, at: str
    ) -> None:
        super().__init__(data, auto_id="label_%s")
        self.assessment, self.look, self.at = assessment, look, at
        self.points = sorted(matrix.points, key=lambda point: point.number)
        self.drawn = {point.code: _offset(point) for point in self.points}
        self.moved = dict(look.moved.get(at, {}))
        for code, (right, up) in self.drawn.items():
            for name, value in (("right", right), ("up", up)):
                self.fields[f"{code}:{name}"] = forms.FloatField(
                    validators=[
                        MinValueValidator(-LARGEST_SHIFT),
                        MaxValueValidator(LARGEST_SHIFT),
                    ],
                    initial=value,
                    widget=forms.NumberInput({"step": "0.5", "class": "in1"}),
                )
            if code in self.moved:
                self.fields[f"{code}:automatic"] = forms.BooleanField(required=False)

    @property
    def rows(self) -> list[LabelRow]:
        return [
            LabelRow(
                point,
                self[f"{point.code}:right"],
                self[f"{point.code}:up"],
                self[f"{point.code}:automatic"] if point.code in self.moved else None,
            )
            for point in self.points
        ]

    def save(self, *, by: Any) -> None:
        """Keep the labels that were moved; the others stay where the layout puts them."""
        data = self.cleaned_data
        for code, drawn in self.drawn.items():
            sent = (data[f"{code}:right"], data[f"{code}:up"])
            if data.get(f"{code}:automatic"):
                self.moved.pop(code, None)
            elif any(abs(new - old) > ROUNDED for new, old in zip(sent, drawn, strict=True)):
                self.moved[code] = [sent[0], -sent[1]]
        moved = {**self.look.moved, self.at: self.moved}
        moves = {at: places for at, places in moved.items() if places}
        set_look(assessment=self.assessment, by=by, moved=moves)

    def reset(self, *, by: Any) -> None:
        moves = {at: places for at, places in self.look.moved.items() if at != self.at}
        set_look(assessment=self.assessment, by=by, moved=moves)


def _offset(point: TopicPoint) -> tuple[float, float]:
    box = point.label.box
    right, down = box.x + box.w / 2 - point.marker.x, box.y + box.h / 2 - point.marker.y
    return round(right, 1), round(-down, 1) + 0.0
