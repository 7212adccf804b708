"""What a rule would do, before it is saved: which topics each tier would hold, and the figure."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from materiality.errors import NoResultsYet
from materiality.inputs import results_from
from materiality.inputs.inputs import inputs_of, rule_of
from materiality.models import Assessment
from materiality.report.edition import Edition, Look, Options
from materiality.report.figure.plan import plan_figure
from materiality.report.figure.svg import page_figure
from materiality.results import Results, Rule, TopicResult
from materiality.selectors.register import scores_before_results
from materiality.templatetags.workspace import language


@dataclass(frozen=True)
class Step:
    """One tier: its name, from which score it begins ("" for the lowest), its topics if known."""

    tier: int
    name: str
    begins: str
    topics: Sequence[TopicResult] | None


@dataclass(frozen=True)
class Preview:
    """A rule that is not saved."""

    tiers: int
    steps: Sequence[Step]
    moved: Sequence[TopicResult]
    figure: SafeString
    has_results: bool


def preview_of(assessment: Assessment, settings: Mapping[str, Any], now: Results | None) -> Preview:
    """Return what these settings of the rule would do; nothing is saved.

    :param now: the results as they are, if there are any.
    """
    tried = copy(assessment)
    for name, value in settings.items():
        setattr(tried, name, value)
    if tried.tier_count != assessment.tier_count:
        tried.tier_names = []
    results = _results(tried, settings, now) if now else None
    rule = Rule.of(rule_of(tried))
    steps = [
        Step(
            tier,
            tried.tier_name(tier),
            _begins(rule, tier),
            results.tier(tier) if results else None,
        )
        for tier in tried.tiers
    ]
    return Preview(
        tried.tier_count,
        steps,
        _moved(now, results) if now and results else [],
        _figure(tried, rule, results),
        results is not None,
    )


def _results(tried: Assessment, settings: Mapping[str, Any], now: Results) -> Results | None:
    """Return the results under the tried rule; decisions are about the tiers as they are.

    The rule as it is saved needs nothing that was not read for the results as they are. Axes that
    would rest on the register tell what others made of it, so they too wait for one's own scores.
    """
    if scores_before_results(tried):
        return None
    try:
        inputs = inputs_of(tried) if settings else now.inputs
        return results_from({**inputs, "decisions": []})
    except NoResultsYet:
        return None


def _begins(rule: Rule, tier: int) -> str:
    """Return the cut from which a tier begins, where the rule has cuts on one number."""
    return f"{rule.cuts[tier - 1]:.2f}" if tier <= len(rule.cuts) else ""


def _moved(now: Results, tried: Results) -> list[TopicResult]:
    """Return the topics whose suggested tier would be another one."""
    before = {topic.code: topic.suggested_tier for topic in now.topics}
    return [topic for topic in tried.topics if topic.suggested_tier != before[topic.code]]


def _figure(tried: Assessment, rule: Rule, results: Results | None) -> SafeString:
    if results is None:
        return SafeString(plan_figure(rule, points=tried.points))
    look = Look(Options(size="phone", labels="numbers"))
    return SafeString(page_figure(Edition(results, language(), look), name="tried"))
