"""How topics are judged: the tier rule, what is asked, and which impacts are certain."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from materiality.actions import judge_comparable, judge_impacts, set_criteria, set_rule
from materiality.actions.settings import RULE
from materiality.catalogue.wording import HORIZONS, SEVERITY
from materiality.method.rules import BY_CUTS, SUMS
from materiality.models import (
    Assessment,
    DoubleRule,
    LikelihoodRule,
    RegisterFeeds,
    SeverityRule,
    Succession,
    TierRule,
    Topic,
)
from materiality.models.assessments import CUTS, FEWEST_TIERS, MOST_TIERS, SHARES
from materiality.web.fields import ActionForm

LIMIT = 1e6


@dataclass(frozen=True)
class RuleField:
    """A field of the rule with the rules it belongs to ("" for all) and the fewest tiers."""

    field: forms.BoundField
    rules: str
    tiers: int
    is_used: bool


@dataclass(frozen=True)
class MethodSection:
    """Fields that belong together, and when they count."""

    title: Any
    hint: Any
    fields: list[RuleField]

    @property
    def is_used(self) -> bool:
        return any(one.is_used for one in self.fields)


def _number(label: Any, low: float = -LIMIT, high: float = LIMIT) -> forms.FloatField:
    return forms.FloatField(label=label, min_value=low, max_value=high)


class RuleForm(ActionForm):
    """How many tiers there are, and how scores become tiers.

    Every setting is sent, so that exchanging a rule and coming back loses nothing; shown are those
    that count under the rule and the number of tiers chosen.
    """

    tier_rule = forms.ChoiceField(label=_("Rule"), choices=TierRule.choices)
    tier_count = forms.TypedChoiceField(
        label=_("Number of tiers"),
        choices=[(number, number) for number in range(FEWEST_TIERS, MOST_TIERS + 1)],
        coerce=int,
    )
    axis_weight_y = _number(_("Weight of the vertical axis"), 0)
    axis_weight_x = _number(_("Weight of the horizontal axis"), 0)
    cut_high = _number(_("Tier 1 from"))
    cut_low = _number(_("Tier 2 from"))
    cut_lower = _number(_("Tier 3 from"))
    cut_lowest = _number(_("Tier 4 from"))
    band = _number(_("Band around a boundary"), 0)
    axis_cut_y = _number(_("Boundary on the vertical axis"))
    axis_cut_x = _number(_("Boundary on the horizontal axis"))
    axis_cut_y_low = _number(_("Second boundary on the vertical axis"))
    axis_cut_x_low = _number(_("Second boundary on the horizontal axis"))
    share_high = _number(_("Share of topics in tier 1"), 0, 1)
    share_middle = _number(_("Share of topics in tier 2"), 0, 1)
    share_lower = _number(_("Share of topics in tier 3"), 0, 1)
    share_lowest = _number(_("Share of topics in tier 4"), 0, 1)
    double_rule = forms.ChoiceField(label=_("A topic is material if"), choices=DoubleRule.choices)
    severity_rule = forms.ChoiceField(label=_("Severity"), choices=SeverityRule.choices)
    likelihood_rule = forms.ChoiceField(label=_("Likelihood"), choices=LikelihoodRule.choices)
    register_feeds = forms.ChoiceField(
        label=_("The axes rest on"), choices=RegisterFeeds.choices, required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        now = {name: getattr(assessment, name) for name in (*RULE, "version")}
        super().__init__(data, initial=now, auto_id="rule_%s")
        self.assessment = assessment

    @property
    def sections(self) -> Iterator[MethodSection]:
        for title, hint, names in SECTIONS:
            yield MethodSection(title, hint, [self._field(name) for name in names])

    def _field(self, name: str) -> RuleField:
        if name in self._idle:
            return RuleField(self[name], IDLE, FEWEST_TIERS, is_used=False)
        rules, tiers = USED_BY.get(name, ((), FEWEST_TIERS))
        rule, count = str(self["tier_rule"].value()), str(self["tier_count"].value())
        always = not rules or (self.assessment.is_double and name in FOR_DOUBLE)
        is_used = always or (rule in rules and count.isdigit() and int(count) >= tiers)
        return RuleField(self[name], "" if always else " ".join(rules), tiers, is_used)

    @cached_property
    def _idle(self) -> set[str]:
        """The settings of what this round does not ask: sent along, never shown."""
        impact = self.assessment.dimensions.filter(code="impact").first()
        idle = set() if self.assessment.is_double else {"double_rule"}
        if impact is None or not impact.criteria:
            idle |= {"severity_rule", "likelihood_rule"}
        # double materiality can be judged by experts alone, so it is chosen before any entry;
        # one that was taken over from last round is shown, so that it can be taken back
        rests_on_survey = self.assessment.register_feeds == RegisterFeeds.SURVEY
        is_classic = not self.assessment.is_double
        if is_classic and rests_on_survey and not self.assessment.iros.open().exists():
            idle |= {"register_feeds"}
        return idle

    @property
    def settings(self) -> dict[str, Any]:
        """The settings as entered; only of a form that is valid."""
        return {name: self.cleaned_data[name] for name in RULE}

    def clean_register_feeds(self) -> str:
        """A page from before this setting does not send it: then it stays."""
        return self.cleaned_data["register_feeds"] or self.assessment.register_feeds

    def save(self, *, by: Any) -> None:
        set_rule(
            assessment=self.assessment,
            by=by,
            expected_version=self.cleaned_data["version"],
            reason=self.cleaned_data["reason"],
            **self.settings,
        )


USED_BY = {
    "axis_weight_y": (SUMS, FEWEST_TIERS),
    "axis_weight_x": (SUMS, FEWEST_TIERS),
    "band": (BY_CUTS, FEWEST_TIERS),
    "axis_cut_y": (("quadrants",), FEWEST_TIERS),
    "axis_cut_x": (("quadrants",), FEWEST_TIERS),
    "axis_cut_y_low": (("quadrants",), MOST_TIERS),
    "axis_cut_x_low": (("quadrants",), MOST_TIERS),
    **{name: (BY_CUTS, at) for at, name in enumerate(CUTS, start=FEWEST_TIERS)},
    **{name: (("quantiles",), at) for at, name in enumerate(SHARES, start=FEWEST_TIERS)},
}
"""Per setting the rules that need it, and from how many tiers on."""

IDLE = "never"  # no rule has this name

FOR_DOUBLE = ("axis_cut_y", "axis_cut_x")

SECTIONS = (
    (_("Rule"), "", ("tier_rule", "tier_count", "axis_weight_y", "axis_weight_x")),
    (
        _("Boundaries of the tiers"),
        _(
            "For the sum, either axis, both axes, distance (0 to 1) and product. Within the band a "
            "topic keeps last year’s tier; 0 means none."
        ),
        (*CUTS, "band"),
    ),
    (
        _("Boundary per axis"),
        _(
            "For quadrants, and for what is material in double materiality. Two tiers: both "
            "reached or not; three: both, one, none; four: the horizontal axis alone before the "
            "vertical one alone; five: two boundaries per axis."
        ),
        ("axis_cut_y", "axis_cut_x", "axis_cut_y_low", "axis_cut_x_low"),
    ),
    (_("Double materiality"), "", ("double_rule",)),
    (_("Shares"), _("For shares of the topics: 0.3 is the first 30%."), SHARES),
    (
        _("Impact asked by several questions"),
        _("How scale, scope, irremediability and likelihood become one number."),
        ("severity_rule", "likelihood_rule"),
    ),
    (
        _("Impacts, risks and opportunities"),
        _(
            "On each axis a topic has the value of its worst entry. The register can stand "
            "instead of the survey, or the higher of both counts, where the axes are impact and "
            "financial effect. How firm a tier is cannot be told then. Under “The register alone” "
            "no survey is needed: results appear once everybody who was asked has scored."
        ),
        ("register_feeds",),
    ),
)


class CriteriaForm(ActionForm):
    """What the panel is asked: about the impact, and about the financial effect where it counts."""

    impact = forms.MultipleChoiceField(
        label=_("Impact"),
        help_text=_("Nothing chosen: one question."),
        choices=[
            ("scale", _("Scale: how grave, or how beneficial")),
            ("scope", _("Scope: how widespread")),
            ("irremediability", _("How hard to put right")),
            ("likelihood", _("Likelihood")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    financial = forms.MultipleChoiceField(
        label=_("Financial effect: magnitude and likelihood"),
        help_text=_("Nothing chosen: one question."),
        choices=[
            ("short", _("In the short term")),
            ("medium", _("In the medium term")),
            ("long", _("In the long term")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        self.assessment = assessment
        criteria = {row.code: row.criteria for row in assessment.dimensions.all()}
        horizons = [one for one in HORIZONS if f"magnitude.{one}" in criteria.get("financial", [])]
        now = {"impact": criteria.get("impact", []), "financial": horizons}
        super().__init__(data, initial={"version": assessment.version, **now}, auto_id="asked_%s")
        for name in ("impact", "financial"):
            if name not in criteria:
                del self.fields[name]

    def clean_impact(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["impact"]
        if chosen == ["likelihood"]:
            raise forms.ValidationError(_("Likelihood needs a severity: choose one more."))
        return [name for name in SEVERITY if name in chosen]

    def save(self, *, by: Any) -> None:
        data = self.cleaned_data
        criteria = {"impact": data["impact"]}
        if "financial" in data:
            criteria["financial"] = [
                f"{what}.{horizon}"
                for horizon in HORIZONS
                if horizon in data["financial"]
                for what in ("magnitude", "likelihood")
            ]
        set_criteria(
            assessment=self.assessment,
            criteria=criteria,
            by=by,
            expected_version=data["version"],
        )


@dataclass(frozen=True)
class ImpactRow:
    """A topic and what is said of its impact."""

    topic: Topic
    actual: bool
    human_rights: bool


class ImpactsForm(ActionForm):
    """Which impacts have happened, and which harm human rights."""

    actual = forms.MultipleChoiceField(required=False)
    human_rights = forms.MultipleChoiceField(required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="impacts_%s")
        self.assessment, self.topics = assessment, list(assessment.topics.short_list())
        codes = [(topic.code, topic.code) for topic in self.topics]
        for name in ("actual", "human_rights"):
            field: Any = self.fields[name]
            field.choices, field.widget = codes, forms.CheckboxSelectMultiple(choices=codes)

    @property
    def rows(self) -> Iterator[ImpactRow]:
        for topic in self.topics:
            yield ImpactRow(
                topic,
                *(
                    topic.code in self.data.getlist(name) if self.is_bound else getattr(topic, name)  # type: ignore[attr-defined]
                    for name in ("actual", "human_rights")
                ),
            )

    def save(self, *, by: Any) -> None:
        data = self.cleaned_data
        judge_impacts(
            assessment=self.assessment,
            actual=data["actual"],
            human_rights=data["human_rights"],
            reason=data["reason"],
            by=by,
            expected_version=data["version"],
        )


COMPARABLE = (("", _("As the kind of change says")), ("yes", _("Compare")), ("no", _("Do not")))


class ComparableForm(ActionForm):
    """Which topics can be compared with last round's."""

    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="compare_%s")
        lines = assessment.successions.filter(before__isnull=False, after__isnull=False)
        self.assessment = assessment
        self.lines = list({line.after_id: line for line in lines.select_related("after")}.values())
        for line in self.lines:
            choice = {None: "", True: "yes", False: "no"}[line.comparable]
            self.fields[self._name(line)] = forms.ChoiceField(
                choices=COMPARABLE, required=False, initial=choice
            )

    @staticmethod
    def _name(line: Succession) -> str:
        return f"topic:{line.after.code if line.after else ''}"

    @property
    def rows(self) -> Iterator[tuple[Topic | None, forms.BoundField]]:
        for line in self.lines:
            yield line.after, self[self._name(line)]

    def save(self, *, by: Any) -> None:
        data = self.cleaned_data
        judge_comparable(
            assessment=self.assessment,
            comparable={
                line.after.code: {"": None, "yes": True, "no": False}[data[self._name(line)]]
                for line in self.lines
                if line.after
            },
            reason=data["reason"],
            by=by,
            expected_version=data["version"],
        )
