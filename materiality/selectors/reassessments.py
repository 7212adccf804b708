"""Which round a later year can be said to have changed nothing of."""

from materiality.models import Assessment


def may_be_reassessed(assessment: Assessment) -> bool:
    """Tell whether a later year can be said to have changed nothing: of the last locked round."""
    following: Assessment | None = getattr(assessment, "next", None)
    return assessment.is_locked and (following is None or not following.is_locked)
