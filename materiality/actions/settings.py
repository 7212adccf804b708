"""Weights and the tier rule: chosen in the open, refused when somebody else was first."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from materiality import inputs as results
from materiality.actions.log import hold_open, record
from materiality.errors import BadWeights, ChangeNeedsReason, CriteriaStand
from materiality.models import Assessment, TierRule, Verb, Weight
from surveys.errors import Conflict
from surveys.models import SCALE

if TYPE_CHECKING:
    from django.contrib.auth.models import User

RULE = (
    "tier_rule",
    "axis_weight_x",
    "axis_weight_y",
    "cut_high",
    "cut_low",
    "axis_cut_x",
    "axis_cut_y",
    "share_high",
    "share_middle",
    "band",
    "double_rule",
    "severity_rule",
    "likelihood_rule",
)
RANGES: Mapping[str, tuple[float, float]] = {
    TierRule.DISTANCE: (0, 1),
    TierRule.PRODUCT: (1, SCALE**2),
}
"""Where boundaries can lie under a rule whose numbers are not ratings."""

Rows = Mapping[tuple[str, str], Weight]


def expect(assessment: Assessment, version: int | None) -> Assessment:
    """Return the round locked for this transaction, its version counted up by one.

    :param version: what the editor saw; None when no person is editing.
    :raises RoundLocked: a snapshot exists. :raises Conflict: somebody saved since.
    """
    current = hold_open(assessment)
    if version is not None and version != current.version:
        raise Conflict(
            _("Somebody else saved changes while you were editing. Look at them, then save again.")
        )
    current.version += 1
    current.save(update_fields=["version"])
    assessment.version = current.version
    return current


@transaction.atomic
def weigh(
    *,
    assessment: Assessment,
    weights: Mapping[tuple[str, str], float],
    by: "User | None",
    reason: str = "",
    expected_version: int | None = None,
) -> None:
    """Save how much each group counts on each dimension.

    :param weights: {(group code, dimension code): number of at least 0}; others stay.
    :param reason: why; needed once there are results.
    :raises BadWeights: a number is negative or not finite, or a dimension would have none above 0.
    :raises ChangeNeedsReason: there are results, other shares would change them, and no reason.
    """
    current = expect(assessment, expected_version)
    rows = _weights(current)
    before = _table(rows)
    digest = results.digest_of(current)
    for key, value in weights.items():
        if key not in rows or not math.isfinite(value) or value < 0:
            raise BadWeights(
                _("A weight must be a number of at least 0; found %(found)s.") % {"found": value}
            )
        rows[key].value = float(value)
    _refuse_empty_dimensions(rows)
    after = _table(rows)
    if digest and shares(before) != shares(after) and not reason.strip():
        raise ChangeNeedsReason
    if before != after:
        Weight.objects.bulk_update(rows.values(), ["value"])
        record_change(current, Verb.WEIGH, by, reason, digest, before, after)


def _weights(assessment: Assessment) -> dict[tuple[str, str], Weight]:
    weights = Weight.objects.filter(group__assessment=assessment)
    ordered = weights.select_related("group", "dimension").order_by("group__position", "pk")
    return {(row.group.code, row.dimension.code): row for row in ordered}


def _table(rows: Rows) -> dict[str, dict[str, float]]:
    """Return {dimension: {group: weight}}, as the log keeps a weight set."""
    table: dict[str, dict[str, float]] = {}
    for (group, dimension), row in rows.items():
        table.setdefault(dimension, {})[group] = row.value
    return table


def shares(table: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return the weights of each dimension as shares of their sum: all that counts of them."""
    shares = {}
    for dimension, row in table.items():
        shares[dimension] = {
            group: round(value / (sum(row.values()) or 1), 12) for group, value in row.items()
        }
    return shares


def _refuse_empty_dimensions(rows: Rows) -> None:
    for dimension in {code for _group, code in rows}:
        if not any(row.value > 0 for (_group, code), row in rows.items() if code == dimension):
            raise BadWeights(_("At least one weight must be above 0."))


@transaction.atomic
def set_rule(
    *,
    assessment: Assessment,
    by: "User | None",
    reason: str = "",
    expected_version: int | None = None,
    **fields: Any,
) -> None:
    """Change how scores become tiers: any of `RULE`.

    :param reason: why; needed once there are results.
    :raises BadWeights: the cuts are out of order or of range, or no axis counts.
    :raises ChangeNeedsReason: there are results, and no reason.
    """
    current = expect(assessment, expected_version)
    before, digest = rule_of(current), results.digest_of(current)
    for name in fields:
        if name not in RULE:
            raise TypeError(f"set_rule got an unexpected setting {name!r}")
        setattr(current, name, fields[name])
    _refuse_unusable_rule(current)
    after = rule_of(current)
    if before == after:
        return
    if digest and not reason.strip():
        raise ChangeNeedsReason
    current.save(update_fields=list(fields))
    record_change(current, Verb.SET_RULE, by, reason, digest, before, after)


@transaction.atomic
def set_criteria(
    *,
    assessment: Assessment,
    criteria: Mapping[str, Sequence[str]],
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Choose what dimensions are asked by: {dimension code: criteria}; none means one question.

    :raises CriteriaStand: a questionnaire on the dimension was built.
    """
    current = expect(assessment, expected_version)
    rows = {row.code: row for row in current.dimensions.filter(code__in=criteria)}
    before = {code: row.criteria for code, row in rows.items()}
    for code, row in rows.items():
        row.criteria = list(criteria[code])
        if row.criteria != before[code] and row.topic_questions.exists():
            raise CriteriaStand
        row.save(update_fields=["criteria"])
    after = {code: row.criteria for code, row in rows.items()}
    if before != after:
        record(current, Verb.SET_RULE, by=by, subject="criteria", before=before, after=after)


def rule_of(assessment: Assessment) -> dict[str, Any]:
    return {name: getattr(assessment, name) for name in RULE}


def _refuse_unusable_rule(assessment: Assessment) -> None:
    if not assessment.cut_low < assessment.cut_high:
        raise BadWeights(_("The upper cut must lie above the lower one."))
    x, y = assessment.axis_weight_x, assessment.axis_weight_y
    if min(x, y) < 0 or not x + y > 0:
        raise BadWeights(_("At least one weight must be above 0."))
    shares = assessment.share_high, assessment.share_middle
    if min(shares) < 0 or sum(shares) > 1:
        raise BadWeights(_("The shares of the upper two tiers must come to 1 or less."))
    if assessment.band < 0:
        raise BadWeights(_("The band cannot be below 0."))
    low, high = RANGES.get(assessment.tier_rule, (-math.inf, math.inf))
    if not low <= assessment.cut_low < assessment.cut_high <= high:
        raise BadWeights(
            _("Under this rule both boundaries must lie from %(low)g to %(high)g.")
            % {"low": low, "high": high}
        )


def record_change(
    assessment: Assessment,
    verb: Verb,
    by: "User | None",
    reason: str,
    seen: str | None,
    before: Any,
    after: Any,
) -> None:
    """Log old and new setting; once there are results, with the digest of what each gives."""
    digests = (seen, results.digest_of(assessment)) if seen else (None, None)
    old, new = (
        {"set": value, "results": digest}
        for value, digest in zip((before, after), digests, strict=True)
    )
    record(assessment, verb, by=by, before=old, after=new, reason=reason)
