"""Exchange what the matrix shows, until people have been asked, and name the tiers."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from materiality.actions.groups import RATED_WITH
from materiality.actions.housekeeping import discard
from materiality.actions.log import record
from materiality.actions.plan import note_change_of_plan
from materiality.actions.rounds import ASKED_BY, NAMES, PRESETS
from materiality.actions.settings import expect, refuse_odd_names, refuse_unfit_feeding
from materiality.errors import AlreadyAsked
from materiality.models import Assessment, Dimension, TierRule, Verb, Weight
from materiality.selectors.rounds import preset_of
from surveys.languages import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import User

USUAL_RULE = {"classic": TierRule.WEIGHTED_SUM, "double": TierRule.EITHER}


@transaction.atomic
def set_preset(
    *,
    assessment: Assessment,
    preset: str,
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Let the matrix show the other pair of axes, under the rule that is usual for it.

    Drafts of questionnaires are deleted: they ask what the other preset asked.

    :param preset: a key of `PRESETS`. :raises AlreadyAsked: a questionnaire is published.
    """
    current = expect(assessment, expected_version)
    before = preset_of(current)
    if before == preset:
        return
    if current.surveys.exclude(published_at=None).exists():
        raise AlreadyAsked
    for draft in list(current.surveys.all()):
        discard(current, draft)
    _place(current, PRESETS[preset])
    refuse_unfit_feeding(Assessment.objects.get(pk=current.pk))
    if current.tier_rule == USUAL_RULE[before]:
        current.tier_rule = USUAL_RULE[preset]
        current.save(update_fields=["tier_rule"])
    record(current, Verb.SET_RULE, by=by, subject="preset", before=before, after=preset)


def _place(assessment: Assessment, axes: Mapping[str, str]) -> None:
    """Give each dimension its axis; who rates what is rated with it counts on it too."""
    assessment.dimensions.exclude(code__in=axes).delete()
    assessment.dimensions.update(axis="")
    for code, axis in axes.items():
        row, is_new = Dimension.objects.get_or_create(
            assessment=assessment,
            code=code,
            defaults={"name": NAMES[code], "criteria": ASKED_BY.get(code, [])},
        )
        row.axis = axis
        row.save(update_fields=["axis"])
        if is_new:
            _let_raters_count(assessment, row)


def _let_raters_count(assessment: Assessment, dimension: Dimension) -> None:
    raters = [code for code, also in RATED_WITH.items() if dimension.code in also]
    groups = assessment.groups.filter(weights__dimension__code__in=raters).distinct()
    Weight.objects.bulk_create(Weight(group=group, dimension=dimension) for group in groups)


@transaction.atomic
def set_tier_names(
    *,
    assessment: Assessment,
    names: Sequence[Text],
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Call the tiers otherwise, the highest first; an empty name is the usual one.

    :raises BadWeights: not a name for each tier of the round.
    """
    current = expect(assessment, expected_version)
    before, after = current.tier_names, [dict(name) for name in names]
    if not any(texts for name in after for texts in name.values()):
        after = []
    if before == after:
        return
    refuse_odd_names(current, after)
    current.tier_names = assessment.tier_names = after
    current.save(update_fields=["tier_names"])
    record(current, Verb.SET_RULE, by=by, subject="tier_names", before=before, after=after)
    note_change_of_plan(current, by=by)
