"""Lock a round, read it back, check it: what a locked year is."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from materiality import inputs as results
from materiality.actions.log import name_of, record
from materiality.document import BundleError, canonical, digest, read, reopen
from materiality.document.comparing import first_difference
from materiality.errors import (
    NoResultsYet,
    NotApproved,
    OwnScoresFirst,
    RoundIncomplete,
    RoundLocked,
)
from materiality.method import audit, evaluate
from materiality.models import Assessment, Snapshot, Verb
from materiality.results import Results
from materiality.selectors.approvals import standing_approval
from materiality.selectors.register import scores_before_results

if TYPE_CHECKING:
    from django.contrib.auth.models import User

__all__ = ["NoResultsYet", "find_faults", "lock", "results_for", "results_to_print"]


def results_for(assessment: Assessment) -> Results:
    """Return the results of a round: from its snapshot if locked, computed if not.

    Every page, file and answer of the API gets them here, so here nobody sees what others made of
    an entry before they have scored it.

    :raises NoResultsYet: the round is not locked and its answers are not sealed.
    :raises OwnScoresFirst: the register feeds the axes, and who reads the round has still to score.
    """
    if not assessment.is_locked:
        seen = results.seen(assessment)
        if count := scores_before_results(assessment):
            raise OwnScoresFirst(count)
        return seen
    snapshot = assessment.snapshot
    return Results(
        reopen(snapshot.document),
        locked_at=_moment(snapshot.locked_at),
        locked_by=snapshot.locked_by.get_full_name() if snapshot.locked_by else "",
        approved_at=_moment(snapshot.approved_at),
        approved_by=snapshot.approved_by,
        log_head=snapshot.log_head,
    )


def results_to_print(assessment: Assessment) -> Results:
    """Return the results as the files of the report print them: with the version of the year."""
    rounds = Assessment.objects.filter(
        organisation=assessment.organisation_id, year=assessment.year, pk__lt=assessment.pk
    )
    return replace(results_for(assessment), version=1 + rounds.count())


def _moment(when: datetime | None) -> str | None:
    return timezone.localtime(when).isoformat(timespec="seconds") if when else None


@transaction.atomic
def lock(*, assessment: Assessment, by: "User | None", at: datetime | None = None) -> Snapshot:
    """Freeze the round as one immutable document.

    :param at: when it was locked, if that lies in the past.

    :raises RoundLocked: it is locked already.
    :raises NotApproved: four eyes are required, and nobody else approved these results.
    :raises RoundIncomplete: a change has no reason, or a topic stands on neither side of the table.
    """
    assessment = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if assessment.is_locked:
        raise RoundLocked
    live = results.live(assessment)
    if live.open_questions:
        raise RoundIncomplete(
            _("The change table is not complete: %(count)d entries need a row or a reason.")
            % {"count": len(live.open_questions)}
        )
    approval = standing_approval(assessment)
    if assessment.four_eyes and approval is None:
        raise NotApproved
    when = at or timezone.now()
    event = record(assessment, Verb.LOCK, by=by, after=_entry_of_lock(assessment, live, when))
    return Snapshot.objects.create(
        assessment=assessment,
        document=canonical(live.document),
        digest=live.digest,
        method_version=live.method_version,
        locked_at=when,
        locked_by=by,
        log_head=event.hash,
        approved_by=name_of(approval.by) if approval else "",
        approved_at=approval.at if approval else None,
    )


def _entry_of_lock(assessment: Assessment, results: Results, when: datetime) -> dict[str, Any]:
    """Return what the log keeps of a lock: digests of the document and of the sealed answers."""
    sealed = assessment.surveys.order_by("slug").values_list("slug", "sealed__digest")
    approval = standing_approval(assessment)
    return {
        "digest": results.digest,
        "locked_at": in_utc(when),
        "approved_by": name_of(approval.by) if approval else "",
        "approved_at": in_utc(approval.at) if approval else None,
        "answers": dict(sealed),
    }


def in_utc(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds")


def find_faults(snapshot: Snapshot) -> list[str]:
    """Return one line per fault of a locked round; none if it is intact and recomputes equal."""
    try:
        document = read(snapshot.document)
    except BundleError as error:
        return [f"{snapshot.assessment}: {error}"]
    if snapshot.digest != digest(document):
        return [f"{snapshot.assessment}: the snapshot's digest is not that of its document."]
    try:
        results = evaluate(document["inputs"])
    except BundleError as error:
        return [f"{snapshot.assessment}: nothing follows from the inputs: {error}"]
    if place := first_difference(document["results"], results):
        return [f"{snapshot.assessment}: the results do not follow from the inputs: {place}."]
    return [
        f"{snapshot.assessment}: what is told of “{row['topic']}” gives away a few ratings "
        f"({', '.join(row['units'])})."
        for row in audit(document["inputs"], document["results"])
    ]
