"""The only bridge: sealed answers and the round’s settings → a bundle’s inputs → Results."""

from collections.abc import Mapping
from typing import Any, cast

from materiality.document.schema import Rule
from materiality.errors import NoResultsYet
from materiality.inputs.computing import results_from, results_seen
from materiality.inputs.coverage import Coverage, coverage
from materiality.inputs.fieldwork import SurveyProgress, survey_progress
from materiality.inputs.inputs import inputs_of, plan_in_force
from materiality.inputs.origins import effect_of_exclusions
from materiality.inputs.picks import Picked, PickTable, favourites, pick_counts, pick_table
from materiality.inputs.plan import feeds_under, knowing_verbs, registration_of
from materiality.inputs.previous import successions
from materiality.inputs.progress import Progress, at_least, progress
from materiality.inputs.quotes import printable_comments, quotes_of
from materiality.inputs.scored import require_scores, scored_rounds
from materiality.inputs.sealed import answer_rows, sealed_digest
from materiality.inputs.signs import SignRow, sign_rows
from materiality.inputs.units import Weights
from materiality.inputs.versions import WordingVersion, wording_versions
from materiality.models import Assessment
from materiality.results import Results
from surveys.answers import released_comments, sign_counts

__all__ = [
    "Coverage",
    "PickTable",
    "Picked",
    "Progress",
    "SignRow",
    "SurveyProgress",
    "WordingVersion",
    "answer_rows",
    "at_least",
    "coverage",
    "digest_of",
    "draft_with",
    "effect_of_exclusions",
    "favourites",
    "feeds_under",
    "inputs_of",
    "knowing_verbs",
    "live",
    "pick_counts",
    "pick_table",
    "plan_in_force",
    "printable_comments",
    "progress",
    "quotes_of",
    "registration_of",
    "released_comments",
    "require_scores",
    "results_from",
    "results_seen",
    "scored_rounds",
    "sealed_digest",
    "seen",
    "sign_counts",
    "sign_rows",
    "successions",
    "survey_progress",
    "wording_versions",
]


def live(assessment: Assessment) -> Results:
    """Compute the results of a round from its sealed answers and its current settings.

    :raises NoResultsYet: a survey of the round is still open, or nobody answered.
    """
    return results_from(inputs_of(assessment))


def seen(assessment: Assessment) -> Results:
    """Return the same for a page: computed once in a process while nothing changes.

    :raises NoResultsYet: as of `live`.
    """
    return results_seen(inputs_of(assessment))


def digest_of(assessment: Assessment) -> str | None:
    """Return the digest of the round's live results, or None while there are none."""
    try:
        return live(assessment).digest
    except NoResultsYet:
        return None


def draft_with(
    assessment: Assessment, *, weights: Weights | None = None, rule: Mapping[str, Any] | None = None
) -> Results:
    """Compute what other weights or another rule would give; nothing is saved.

    :param weights: {(group code, dimension code): value} replacing the saved ones.
    :param rule: fields of the bundle's `rule` to replace.
    """
    inputs = inputs_of(assessment, weights=weights)
    inputs["rule"].update(cast(Rule, rule or {}))
    return results_from(inputs)
