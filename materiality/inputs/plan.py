"""What can be fixed before the answers are known, and what the log tells of it."""

from collections.abc import Mapping, Sequence
from typing import cast

from materiality.document import log
from materiality.document.envelope import METHOD_VERSION
from materiality.document.schema import (
    XY,
    FixedPlan,
    Plan,
    PlanChange,
    Registration,
    Rule,
    Stamp,
)
from materiality.inputs.shares import raking_of
from materiality.inputs.units import Weights
from materiality.method.families import HOLM
from materiality.method.feeding import FED
from materiality.method.uncertainty import DRAWS
from materiality.models import (
    Assessment,
    Dimension,
    Event,
    RegisterFeeds,
    StakeholderGroup,
    Verb,
)

ANSWERS_KNOWN = (Verb.SEAL, Verb.IMPORT)
"""Acts after which somebody knows what was answered."""

SCORES_KNOWN = (Verb.SCORE_IRO,)
"""Those after which somebody knows what experts scored, where the register feeds the axes."""

ERROR = 0.05
"""How often a round may call something moved that did not."""

PLAN_VERBS = (Verb.FIX_PLAN, Verb.CHANGE_PLAN, Verb.STAMP_PLAN)


def plan_of(
    assessment: Assessment,
    rule: Rule,
    axis_cuts: XY,
    *,
    dimensions: Sequence[Dimension],
    groups: Sequence[StakeholderGroup],
    weights: Weights | None = None,
) -> Plan:
    """Return rule, weights, tiers and tests of a round, as far as they count: shares, not points.

    :param dimensions: all of the round; `groups` likewise, with their weights.
    :param axis_cuts: from which score an axis holds in double materiality.
    :param weights: {(group code, dimension code): value} instead of the saved ones.
    """
    plan: Plan = {
        "rule": {key: value for key, value in rule.items() if key not in ("weights", "cuts")},
        "axis_weights": cast(XY, _shares(cast(Mapping[str, float], rule["weights"]))),
        "cuts": rule.get("cuts"),
        "weights": weights_of(dimensions, groups, weights or {}),
        "tiers": assessment.tier_names,
        "tests": {
            "method_version": METHOD_VERSION,
            "procedure": HOLM,
            "error": ERROR,
            "draws": DRAWS,
            "seed": assessment.seed,
            "minimum_group": assessment.minimum_group,
        },
    }
    if raking := raking_of(assessment, [group.code for group in groups]):
        plan["raking"] = raking
    if any(row.code == "financial" for row in dimensions):
        plan["double"] = {"combine": assessment.double_rule, "cuts": axis_cuts}
    if assessment.register_feeds != RegisterFeeds.SURVEY:
        thresholds = assessment.iro_thresholds.order_by("kind").values_list("kind", "value")
        plan["register"] = {
            "feeds": assessment.register_feeds,
            "likelihood_rule": assessment.likelihood_rule,
            "thresholds": dict(thresholds),
        }
    if any(row.code == "impact" and row.criteria for row in dimensions):
        plan["impact"] = {
            "severity_rule": assessment.severity_rule,
            "likelihood_rule": assessment.likelihood_rule,
        }
    return plan


def weights_of(
    dimensions: Sequence[Dimension], groups: Sequence[StakeholderGroup], tried: Weights
) -> dict[str, dict[str, float]]:
    """Return the groups' shares of weight on each dimension of the round."""
    codes = {dimension.pk: dimension.code for dimension in dimensions}
    table: dict[str, dict[str, float]] = {}
    for group in sorted(groups, key=lambda group: group.code):
        for row in group.weights.all():
            code = codes[row.dimension_id]
            value = tried.get((group.code, code), row.value)
            table.setdefault(code, {})[group.code] = value
    return {code: _shares(row) for code, row in sorted(table.items())}


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values()) or 1
    return {name: round(value / total, 9) for name, value in weights.items()}


def knowing_verbs(feeds: str) -> tuple[Verb, ...]:
    """Return the acts after which the method is no longer fixed beforehand.

    Whether a survey is published makes no difference: scores that feed an axis are known by then.

    :param feeds: what the axes rest on, see `RegisterFeeds`.
    """
    return (*ANSWERS_KNOWN, *SCORES_KNOWN) if feeds in FED else ANSWERS_KNOWN


def feeds_under(plan: Plan) -> str:
    """Return what the axes rest on under a plan; one that does not name it took the survey."""
    register = plan.get("register")
    return register["feeds"] if register else RegisterFeeds.SURVEY


def registration_of(assessment: Assessment, now: Plan) -> Registration:
    """Return what the log tells of the plan: fixed when and by whom, changed since, in force now.

    Only the order of the entries counts, which the chain of hashes holds, never their dates. The
    plan that counts is the last one fixed before the answers were known; where the register feeds
    the axes, before experts scored too.
    """
    knowing = knowing_verbs(assessment.register_feeds)
    rows = assessment.events.filter(verb__in=(*PLAN_VERBS, *knowing))
    events = list(rows.order_by("number"))
    known = next((event.number for event in events if event.verb in knowing), None)
    early = [event for event in events if known is None or event.number < known]
    fixed = next((one for one in reversed(early) if one.verb == Verb.FIX_PLAN), None)
    if fixed is None:
        return {"fixed": None, "known": known, "changes": [], "now": now}
    later = [one for one in events if one.number > fixed.number]
    stamps = [one for one in later if one.verb == Verb.STAMP_PLAN]
    return {
        "fixed": _fixed(fixed, [one for one in stamps if one.after["entry"] == fixed.number]),
        "known": known,
        "changes": [_change(one) for one in later if one.verb == Verb.CHANGE_PLAN],
        "now": now,
    }


def _fixed(event: Event, stamps: list[Event]) -> FixedPlan:
    stamp: Stamp | None = None
    if stamps:
        last = stamps[-1].after
        stamp = {"at": last["at"], "authority": last["authority"], "token": last["token"]}
    return {
        "number": event.number,
        "at": log.moment(event.entry()),
        "by": event.name,
        "digest": event.after["digest"],
        "entry": event.hash,
        "plan": event.after["plan"],
        "stamp": stamp,
    }


def _change(event: Event) -> PlanChange:
    return {
        "number": event.number,
        "at": log.moment(event.entry()),
        "by": event.name,
        "reason": event.reason,
        "plan": event.after["plan"],
    }
