"""The only bridge: sealed answers and the round’s settings → a bundle’s inputs → Results."""

from collections.abc import Mapping
from typing import Any

from materiality.bundle import Results, assemble, evaluate
from materiality.errors import NoResultsYet
from materiality.models import Assessment
from materiality.results.fieldwork import SurveyProgress, survey_progress
from materiality.results.inputs import inputs_of
from materiality.results.picks import Favourites, Picked, favourites, picked
from materiality.results.previous import successions
from materiality.results.progress import Progress, at_least, progress
from materiality.results.sealed import answer_rows, sealed_digest
from materiality.results.signs import ToldSign, told_signs
from materiality.results.units import Weights
from materiality.results.versions import WordingVersion, wording_versions
from surveys.answers import released_comments, sign_counts

__all__ = [
    "Favourites",
    "Picked",
    "Progress",
    "SurveyProgress",
    "ToldSign",
    "WordingVersion",
    "answer_rows",
    "at_least",
    "digest_of",
    "draft_with",
    "favourites",
    "inputs_of",
    "live",
    "picked",
    "progress",
    "released_comments",
    "results_from",
    "sealed_digest",
    "sign_counts",
    "successions",
    "survey_progress",
    "told_signs",
    "wording_versions",
]


def live(assessment: Assessment) -> Results:
    """Compute the results of a round from its sealed answers and its current settings.

    :raises NoResultsYet: a survey of the round is still open, or nobody answered.
    """
    return results_from(inputs_of(assessment))


def digest_of(assessment: Assessment) -> str | None:
    """Return the digest of the round's live results, or None while there are none."""
    try:
        return live(assessment).digest
    except NoResultsYet:
        return None


def results_from(inputs: Mapping[str, Any]) -> Results:
    return Results(assemble(inputs, evaluate(inputs)))


def draft_with(
    assessment: Assessment, *, weights: Weights | None = None, rule: Mapping[str, Any] | None = None
) -> Results:
    """Compute what other weights or another rule would give; nothing is saved.

    :param weights: {(group code, dimension code): value} replacing the saved ones.
    :param rule: fields of the bundle's `rule` to replace.
    """
    inputs = inputs_of(assessment, weights=weights)
    return results_from(inputs | {"rule": inputs["rule"] | dict(rule or {})})
