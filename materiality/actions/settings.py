"""Weights and the tier rule: chosen in the open, refused when somebody else was first."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from materiality.errors import BadWeights, RoundLocked
from materiality.models import Assessment, Weight
from surveys.errors import Conflict

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def expect(assessment: Assessment, version: int | None) -> Assessment:
    """Return the round locked for this transaction, its version counted up by one.

    :param version: what the editor saw; None when no person is editing.
    :raises RoundLocked: a snapshot exists. :raises Conflict: somebody saved since.
    """
    current = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if current.is_locked:
        raise RoundLocked
    if version is not None and version != current.version:
        raise Conflict(
            _("Somebody else saved changes while you were editing. Look at them, then save again.")
        )
    current.version += 1
    current.save(update_fields=["version"])
    return current  # type: ignore[no-any-return]


@transaction.atomic
def weigh(
    *,
    assessment: Assessment,
    weights: Mapping[tuple[str, str], float],
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Save how much each group counts on each dimension.

    :param weights: {(group code, dimension code): number of at least 0}; others stay.
    :raises BadWeights: a number is negative or not finite, or a dimension would have none above 0.
    """
    current = expect(assessment, expected_version)
    rows = {
        (row.group.code, row.dimension.code): row
        for row in Weight.objects.filter(group__assessment=current).select_related(
            "group", "dimension"
        )
    }
    for key, value in weights.items():
        if key not in rows or not math.isfinite(value) or value < 0:
            raise BadWeights(
                _("A weight must be a number of at least 0; found %(found)s.") % {"found": value}
            )
        rows[key].value = value
    _refuse_empty_dimensions(rows)
    Weight.objects.bulk_update(rows.values(), ["value"])


def _refuse_empty_dimensions(rows: Mapping[tuple[str, str], Weight]) -> None:
    for dimension in {code for _group, code in rows}:
        if not any(row.value > 0 for (_group, code), row in rows.items() if code == dimension):
            raise BadWeights(_("At least one weight must be above 0."))


@transaction.atomic
def set_rule(
    *,
    assessment: Assessment,
    by: "User | None",
    expected_version: int | None = None,
    **fields: Any,
) -> None:
    """Change the tier rule: any of tier_rule, axis_weight_x, axis_weight_y, cut_high, cut_low.

    :raises BadWeights: the cuts are not in order, or no axis counts.
    """
    current = expect(assessment, expected_version)
    for name in fields:
        if name not in {"tier_rule", "axis_weight_x", "axis_weight_y", "cut_high", "cut_low"}:
            raise TypeError(f"set_rule got an unexpected setting {name!r}")
        setattr(current, name, fields[name])
    if not current.cut_low < current.cut_high:
        raise BadWeights(_("The upper cut must lie above the lower one."))
    if min(current.axis_weight_x, current.axis_weight_y) < 0 or not (
        current.axis_weight_x + current.axis_weight_y > 0
    ):
        raise BadWeights(_("At least one weight must be above 0."))
    current.save(update_fields=list(fields))
