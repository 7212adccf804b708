"""How far the groups have answered, as far as that may be known while answers come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from materiality.analysis.disclosure import pool_small_groups
from materiality.inputs.groups import invited_of
from materiality.models import Assessment, StakeholderGroup
from surveys import answers
from surveys.models import COUNTING_STEP


def at_least(count: int) -> str:
    """Write a count that was rounded down to steps of five."""
    return f"{count}+" if count else _under(COUNTING_STEP)


def _under(count: int) -> str:
    return _("under %(count)s") % {"count": count}


@dataclass(frozen=True)
class Progress:
    """How far one group has answered, as far as that may be known.

    :param answered: how many, rounded down while an anonymous survey is open; where even that may
        not be told, the least that may be said of it.
    """

    group: StakeholderGroup
    invited: int
    answered: int
    target: int
    is_hidden: bool = False
    is_rounded: bool = False

    @property
    def few(self) -> bool:
        """Whether it is pooled with another, were this all; a named survey pools nobody."""
        return self.answered < self.least and self.least > 1

    @property
    def least(self) -> int:
        """The fewest answers that the group is shown alone with."""
        survey = self.group.audience.survey  # type: ignore[union-attr]
        return survey.smallest_shown

    @property
    def shown(self) -> str:
        if not self.is_hidden:
            return at_least(self.answered) if self.is_rounded else str(self.answered)
        return _under(self.least) if self.few else f"{self.answered}+"


def progress(assessment: Assessment) -> list[Progress]:
    """Return per group how many were invited and have answered; in steps of five while open.

    The exact count of a group under the minimum is told nowhere, nor that of its partner in the
    pool: the pool's count is shown with the results, so that one would give the other.
    """
    surveys_of_round = assessment.surveys.select_related("sealed").defer("sealed__block")
    surveys = {survey.pk: survey for survey in surveys_of_round}
    counts = {key: answers.response_counts(survey) for key, survey in surveys.items()}
    rows = assessment.groups.filter(audience__isnull=False).select_related("audience__survey")
    groups = [(group, group.audience) for group in rows.prefetch_related("weights")]
    responses = {
        group.pk: counts.get(audience.survey_id, {}).get(audience.code, 0)
        for group, audience in groups
        if audience
    }
    exact = [g for g, a in groups if a and a.survey.is_sealed and a.survey.is_anonymous]
    hidden, least = (
        _suppressed(exact, responses, assessment.minimum_group),
        assessment.minimum_group,
    )
    invited = invited_of(assessment)
    return [
        Progress(
            group,
            invited[group.pk].people,
            (responses[group.pk] >= least) * least if group.pk in hidden else responses[group.pk],
            audience.target,
            group.pk in hidden,
            audience.survey.is_anonymous and not audience.survey.is_sealed,
        )
        for group, audience in groups
        if audience
    ]


def _suppressed(
    groups: Sequence[StakeholderGroup], answered: Mapping[int, int], least: int
) -> set[int]:
    """Return the groups that are too small, or pooled, among those asked with them."""
    together: dict[tuple[str, int], list[int]] = {}
    for group in groups:
        dimensions = [("dimension", row.dimension_id) for row in group.weights.all()]
        for key in (("survey", group.audience.survey_id), *dimensions):  # type: ignore[union-attr]
            together.setdefault(key, []).append(group.pk)
    suppressed = set()
    for members in together.values():
        for unit in pool_small_groups([answered[key] for key in members], k=least).units:
            for at in unit:
                if len(unit) > 1 or 0 < answered[members[at]] < least:
                    suppressed.add(members[at])
    return suppressed
