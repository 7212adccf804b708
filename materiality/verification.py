"""Is everything as it was written? `manage.py verify` prints what is not, one line a fault."""

from collections.abc import Iterator

from materiality.actions import standing_approval
from materiality.bundle import log
from materiality.models import Assessment, Verb
from materiality.snapshots import find_faults

__all__ = ["faults_of"]


def faults_of(assessment: Assessment) -> Iterator[str]:
    """Yield one line for each part of a round that was changed behind the product's back."""
    yield from _of_log(assessment)
    yield from _of_approvals(assessment)
    if assessment.is_locked:
        yield from find_faults(assessment.snapshot)


def _of_log(assessment: Assessment) -> Iterator[str]:
    """Name the first broken entry; what follows a broken entry proves nothing."""
    entries = [event.entry() for event in assessment.events.order_by("number")]
    if fault := log.first_fault(entries, assessment.log_head):
        yield f"{assessment}: log entry {fault.number}: {fault.why}."
    if assessment.is_locked and assessment.snapshot.log_head not in {e["hash"] for e in entries}:
        yield f"{assessment}: the log is not the one the round was locked with."


def _of_approvals(assessment: Assessment) -> Iterator[str]:
    """Name an approval the log does not know, a verdict that is gone, a lock without approval."""
    verbs = {"approved": Verb.APPROVE, "changes_requested": Verb.REQUEST_CHANGES}
    said = assessment.events.filter(verb__in=verbs.values()).order_by("number")
    logged = [(event.verb, event.after["digest"], event.by_id, event.reason) for event in said]
    kept = [
        (verbs.get(row.verdict), row.digest, row.by_id, row.comment)
        for row in assessment.approvals.all()
    ]
    if logged != kept:
        yield f"{assessment}: the approvals are not those the log tells of."
    if (
        assessment.is_locked
        and assessment.snapshot.approved_by
        and not standing_approval(assessment)
    ):
        yield f"{assessment}: the approval is not one of the locked results."
