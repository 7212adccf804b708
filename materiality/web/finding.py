"""What several pages look up: the results, if there are any."""

from materiality.errors import NoResultsYet
from materiality.locking.snapshots import results_for
from materiality.models import Assessment
from materiality.results import Results


def results_or_none(assessment: Assessment) -> Results | None:
    """Return the results, or None while the answers are not sealed."""
    return results_or_reason(assessment)[0]


def results_or_reason(assessment: Assessment) -> tuple[Results | None, str]:
    """Return the results; or None, and the sentence that says what they wait for."""
    try:
        return results_for(assessment), ""
    except NoResultsYet as reason:
        return None, str(reason)
