"""Which way sealed answers came, and what is left out: counted once per sealed block."""

from collections.abc import Mapping
from typing import TypeAlias

from django.core.cache import cache

from materiality.document import digest
from surveys import answers
from surveys.models import Survey

Origins: TypeAlias = Mapping[str, Mapping[str, int]]
Counted: TypeAlias = tuple[Origins, Mapping[str, int], Mapping[str, int | None], int, int]
"""Ways per audience, answers left out and met per criterion, all answers, those that came late."""


def counts_of(survey: Survey) -> Counted:
    """Return the counts of the sealed block, kept under its digest: pages ask for them often."""
    without = answers.criteria_in_force(survey)
    key = f"collection-2:{survey.sealed.digest}:{digest({'without': without})}"
    counts = cache.get(key)
    if counts is None:
        sealed = answers.sealed_answers(survey)
        counts = (
            answers.origin_counts(survey, sealed),
            answers.exclusion_counts(survey, sealed),
            answers.sign_counts(survey, sealed),
            len(sealed.flags),
            answers.late_count(survey, sealed),
        )
        cache.set(key, counts, timeout=None)
    return counts  # type: ignore[no-any-return]


def effect_of_exclusions(survey: Survey) -> dict[str, int]:
    """Return how many answers each criterion in force leaves out; none before the seal."""
    return dict(counts_of(survey)[1]) if survey.is_sealed else {}


def answers_of_invited(survey: Survey) -> dict[str, int]:
    """Return per audience code how many answers that count came by a personal link."""
    origins = counts_of(survey)[0]
    return {code: row[answers.PERSONAL] for code, row in origins.items()}
