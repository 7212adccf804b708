"""Weights and the tier rule: chosen in the open, refused when somebody else was first."""

import math
from collections.abc import Mapping, Sequence
from copy import copy
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from materiality import inputs as results
from materiality.actions.log import hold_open, record
from materiality.actions.plan import note_change_of_plan
from materiality.errors import BadWeights, ChangeNeedsReason, CriteriaStand, TiersDecided
from materiality.method.feeding import FED
from materiality.models import Assessment, TierRule, Verb, Weight
from materiality.models.assessments import CUTS, FEWEST_TIERS, MOST_TIERS, SHARES
from surveys.errors import Conflict
from surveys.languages import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import User

RULE = (
    "tier_rule",
    "tier_count",
    "axis_weight_x",
    "axis_weight_y",
    *CUTS,
    "axis_cut_x",
    "axis_cut_y",
    "axis_cut_x_low",
    "axis_cut_y_low",
    *SHARES,
    "band",
    "double_rule",
    "severity_rule",
    "likelihood_rule",
    "register_feeds",
)
TOLERANCE = 1e-9

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
        note_change_of_plan(current, by=by, reason=reason)


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
    """Change how scores become tiers: any of `RULE`, and `tier_names`.

    Names that were given to another number of tiers are dropped, so that the usual ones hold.

    :param reason: why; needed once there are results.
    :raises BadWeights: the cuts are out of order or of range, or no axis counts.
    :raises ChangeNeedsReason: there are results, and no reason.
    :raises TiersDecided: another number of tiers, while people have decided between these.
    """
    current = expect(assessment, expected_version)
    before, digest = rule_of(current), results.digest_of(current)
    if fields.get("tier_count", current.tier_count) != current.tier_count:
        _refuse_decided(current)
        fields.setdefault("tier_names", [])
    for name in fields:
        if name not in (*RULE, "tier_names"):
            raise TypeError(f"set_rule got an unexpected setting {name!r}")
        setattr(current, name, fields[name])
    if not any(word for name in current.tier_names for word in name.values()):
        current.tier_names = []
    _refuse_unusable_rule(current)
    after = rule_of(current)
    if before == after:
        return
    if digest and not reason.strip():
        raise ChangeNeedsReason
    current.save(update_fields=list(fields))
    record_change(current, Verb.SET_RULE, by, reason, digest, before, after)
    note_change_of_plan(current, by=by, reason=reason)


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
    """Return the settings of the rule, and the names of the tiers where it has any."""
    values = {name: getattr(assessment, name) for name in RULE}
    return values | ({"tier_names": assessment.tier_names} if assessment.tier_names else {})


def _refuse_decided(assessment: Assessment) -> None:
    """Refuse another number of tiers while decisions stand: each was between the ones there are."""
    decided = assessment.topics.exclude(decision=None)
    if decided:
        raise TiersDecided([str(topic) for topic in decided])


def refuse_unusable_rule(assessment: Assessment, fields: Mapping[str, Any]) -> None:
    """Refuse settings of the rule that do not go together, without saving any.

    :raises BadWeights: as `set_rule`.
    """
    tried = copy(assessment)
    if fields.get("tier_count", tried.tier_count) != tried.tier_count:
        tried.tier_names = []
    for name, value in fields.items():
        setattr(tried, name, value)
    _refuse_unusable_rule(tried)


def _refuse_unusable_rule(assessment: Assessment) -> None:
    if not FEWEST_TIERS <= assessment.tier_count <= MOST_TIERS:
        raise BadWeights(
            _("There are two to five tiers; found %(found)s.") % {"found": assessment.tier_count}
        )
    refuse_odd_names(assessment, assessment.tier_names)
    refuse_unfit_feeding(assessment)
    cuts = assessment.cuts
    axes = [
        (assessment.axis_cut_x, assessment.axis_cut_x_low),
        (assessment.axis_cut_y, assessment.axis_cut_y_low),
    ]
    pairs = [*pairwise(cuts), *(axes if assessment.tier_count == MOST_TIERS else [])]
    if not all(low < high for high, low in pairs):
        raise BadWeights(_("The upper cut must lie above the lower one."))
    x, y = assessment.axis_weight_x, assessment.axis_weight_y
    if min(x, y) < 0 or not x + y > 0:
        raise BadWeights(_("At least one weight must be above 0."))
    # Those of tiers that there are not are kept for when there are, so they are looked at too.
    if min(getattr(assessment, name) for name in SHARES) < 0:
        raise BadWeights(_("A share cannot be below 0."))
    if sum(assessment.shares) > 1 + TOLERANCE:
        raise BadWeights(_("The shares of all tiers but the lowest must come to 1 or less."))
    if assessment.band < 0:
        raise BadWeights(_("The band cannot be below 0."))
    low, high = _range(assessment)
    if not low <= cuts[-1] <= cuts[0] <= high:
        raise BadWeights(
            _("Under this rule all boundaries must lie from %(low)g to %(high)g.")
            % {"low": low, "high": high}
        )


def refuse_unfit_feeding(assessment: Assessment) -> None:
    """Refuse to let the register feed axes that are not the two sides it judges.

    :raises BadWeights: it would.
    """
    if assessment.register_feeds in FED and not assessment.is_double:
        raise BadWeights(
            _(
                "The axes of this round are not impact and financial effect, which the register "
                "judges. It can stand beside the survey."
            )
        )


def _range(assessment: Assessment) -> tuple[float, float]:
    """Return where boundaries can lie; anywhere under a rule whose numbers are ratings."""
    if assessment.tier_rule == TierRule.DISTANCE:
        return 0, 1
    if assessment.tier_rule == TierRule.PRODUCT:
        return 1, assessment.points**2
    return -math.inf, math.inf


def refuse_odd_names(assessment: Assessment, names: Sequence[Text]) -> None:
    """Refuse names of tiers that are not one for each tier, or none at all."""
    if len(names) not in (0, assessment.tier_count):
        raise BadWeights(
            _("There are %(wanted)d tiers and %(found)d names. Name each tier, or none.")
            % {"wanted": assessment.tier_count, "found": len(names)}
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
