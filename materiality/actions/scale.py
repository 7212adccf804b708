"""The rating scale of a round: chosen until people are asked."""

import math
from typing import TYPE_CHECKING

from django.db import transaction

from materiality.actions.log import record
from materiality.actions.plan import note_change_of_plan
from materiality.actions.settings import expect
from materiality.errors import BadScale, ScaleIsUsed, ScaleStands
from materiality.models import Assessment, IroScore, TierRule, Verb
from materiality.models.assessments import CUTS
from surveys.models import FEWEST_POINTS, MOST_POINTS, Survey
from surveys.questionnaire.scales import fitted_to_all

if TYPE_CHECKING:
    from django.contrib.auth.models import User

AXIS_CUTS = ("axis_cut_x", "axis_cut_y", "axis_cut_x_low", "axis_cut_y_low")


@transaction.atomic
def set_scale(
    *,
    assessment: Assessment,
    points: int,
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Let people rate from 1 to another top, in every questionnaire of the round.

    Boundaries move with it, so that each lies at the same share of the scale as before. Drafts
    keep the words of the two ends; whoever wants a word for each rating writes them.

    :raises ScaleStands: a questionnaire is published. :raises ScaleIsUsed: the register has scores,
        thresholds or words. :raises BadScale: not 3 to 11 points.
    """
    current = expect(assessment, expected_version)
    before = current.points
    if points == before:
        return
    if not FEWEST_POINTS <= points <= MOST_POINTS:
        raise BadScale(points)
    if current.surveys.exclude(published_at=None).exists():
        raise ScaleStands
    if _is_used(current):
        raise ScaleIsUsed
    moved = _boundaries(current, points)
    for name, value in {**moved, "points": points}.items():
        setattr(current, name, value)
        setattr(assessment, name, value)
    current.save(update_fields=["points", *moved])
    for survey in current.surveys.all():
        _refit(survey, points)
    cuts = {name: round(value, 2) for name, value in moved.items()}
    after = {"points": points, "boundaries": cuts}
    record(current, Verb.SET_RULE, by=by, subject="scale", before={"points": before}, after=after)
    note_change_of_plan(current, by=by)


@transaction.atomic
def map_last_scale(
    *,
    assessment: Assessment,
    is_mapped: bool,
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Compare with the previous round by mapping its ratings to this scale, or do not compare."""
    current = expect(assessment, expected_version)
    if current.maps_last_scale == is_mapped:
        return
    before = current.maps_last_scale
    current.maps_last_scale = assessment.maps_last_scale = is_mapped
    current.save(update_fields=["maps_last_scale"])
    record(
        current,
        Verb.EXPLAIN_METHOD,
        by=by,
        subject="scale_mapping",
        before={"linear": before},
        after={"linear": is_mapped},
    )


def _is_used(assessment: Assessment) -> bool:
    """Tell whether the register has marks, thresholds or words, which are of this scale."""
    scores = IroScore.objects.filter(iro__assessment=assessment)
    given = (scores, assessment.iro_thresholds, assessment.iro_scales)
    return any(rows.exists() for rows in given)


def _refit(survey: Survey, points: int) -> None:
    survey.points = points
    survey.save(update_fields=["points"])
    for prompt in survey.prompts.all():
        prompt.labels = fitted_to_all(prompt.labels, points)
        prompt.save(update_fields=["labels"])


def _boundaries(assessment: Assessment, points: int) -> dict[str, float]:
    """Return every boundary at the same share of the new scale."""
    old = assessment.points

    def moved(value: float) -> float:
        return round(1 + (value - 1) * (points - 1) / (old - 1), 2)

    boundaries = {name: moved(getattr(assessment, name)) for name in AXIS_CUTS}
    boundaries["band"] = round(assessment.band * (points - 1) / (old - 1), 2)
    if assessment.tier_rule == TierRule.DISTANCE:
        return boundaries
    for name in CUTS:
        value = getattr(assessment, name)
        if assessment.tier_rule == TierRule.PRODUCT:
            boundaries[name] = round(moved(math.sqrt(value)) ** 2, 2)
        else:
            boundaries[name] = moved(value)
    return boundaries
