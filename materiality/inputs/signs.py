"""Signs of careless answers: how many answers bear each, and which are left out."""

from collections.abc import Collection
from dataclasses import dataclass

from materiality.inputs.origins import counts_of
from surveys.models import Criterion, Survey


@dataclass(frozen=True)
class SignRow:
    """`count` is None where it may not be told; `left_out` how many this takes out, if excluded."""

    criterion: Criterion
    count: int | None
    is_excluded: bool
    left_out: int | None = None


def sign_rows(survey: Survey, standing: Collection[str]) -> list[SignRow]:
    """Return each sign of a sealed survey; none before the seal.

    :param standing: the criteria that leave answers out now.
    """
    if not survey.is_sealed:
        return []
    _origins, exclusions, counts, *_rest = counts_of(survey)
    return [SignRow(one, counts[one], one in standing, exclusions.get(one)) for one in Criterion]
