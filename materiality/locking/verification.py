"""Is everything as it was written? `manage.py verify` prints what is not, one line a fault."""

import json
from collections.abc import Iterator, Set
from typing import Any

from django.conf import settings
from django.db import connection

from materiality.actions.reassessments import conclusion, reason_in_log
from materiality.document import BundleError, canonical, digest, log, reopen, timestamps
from materiality.document.schema import Plan
from materiality.inputs import feeds_under, knowing_verbs, registration_of, sealed_digest
from materiality.inputs.context import chain_of, context_of
from materiality.inputs.register import register_of
from materiality.inputs.sources import sources_with
from materiality.locking.registers import register_differences
from materiality.locking.snapshots import find_faults, in_utc
from materiality.models import Assessment, EvidenceFile, Verb
from materiality.models.closing import missing_triggers
from materiality.models.events import AFTER_THE_LOCK
from materiality.selectors.approvals import standing_approval
from surveys.errors import SealBroken
from surveys.questionnaire.wording import digest_of, texts_of

__all__ = ["faults_of", "faults_of_database"]


def faults_of_database() -> list[str]:
    """Return one line for each table the database no longer protects."""
    missing = missing_triggers(connection)
    return [f"The database no longer refuses what it should: {name} is gone." for name in missing]


def faults_of(assessment: Assessment) -> Iterator[str]:
    """Yield one line for each part of a round that was changed behind the product's back."""
    yield from _of_log(assessment)
    yield from _of_plan(assessment)
    yield from _of_approvals(assessment)
    yield from _of_remarks(assessment)
    yield from _of_reassessments(assessment)
    yield from _of_files(assessment)
    yield from _of_lock(assessment)
    yield from _of_rows(assessment)
    yield from _of_questionnaires(assessment)
    yield from _of_answers(assessment)


def _of_log(assessment: Assessment) -> Iterator[str]:
    """Name the first broken entry; what follows a broken entry proves nothing."""
    entries = [event.entry() for event in assessment.events.order_by("number")]
    if fault := log.first_fault(entries, assessment.log_head):
        yield f"{assessment}: log entry {fault.number}: {fault.why}."
    if not assessment.is_locked:
        return
    locked = [at for at, e in enumerate(entries) if e["hash"] == assessment.snapshot.log_head]
    if not locked:
        yield f"{assessment}: the log is not the one the round was locked with."
    elif any(entry["verb"] not in AFTER_THE_LOCK for entry in entries[locked[0] + 1 :]):
        yield f"{assessment}: the log goes on after the lock."


def _of_plan(assessment: Assessment) -> Iterator[str]:
    """Name a fixed plan with another digest, one fixed too late, and a stamp that does not hold."""
    events = list(assessment.events.order_by("number"))
    roots = timestamps.certificates(settings.TIMESTAMP_CERTIFICATES)
    hashes = {event.number: event.hash for event in events}
    verbs_before: set[str] = set()
    for event in events:
        place = f"{assessment}: log entry {event.number}"
        if event.verb == Verb.FIX_PLAN and _is_late(event.after["plan"], verbs_before):
            yield f"{place}: a plan cannot be fixed once answers are known."
        tells_plan = event.verb in (Verb.FIX_PLAN, Verb.CHANGE_PLAN)
        if tells_plan and event.after["digest"] != digest(event.after["plan"]):
            yield f"{place}: the digest is not that of the plan."
        if event.verb == Verb.STAMP_PLAN:
            entry = hashes.get(event.after["entry"], "")
            if why := timestamps.fault_of(event.after, entry, roots):
                yield f"{place}: the time stamp does not hold: {why}."
        verbs_before.add(event.verb)
    yield from _of_plan_in_lock(assessment)


def _is_late(plan: Plan, verbs_before: Set[str]) -> bool:
    """Tell whether answers, or scores that feed the axes under a plan, were known before it."""
    return not verbs_before.isdisjoint(knowing_verbs(feeds_under(plan)))


def _of_plan_in_lock(assessment: Assessment) -> Iterator[str]:
    """Name a locked document that tells of the plan otherwise than the log."""
    if not assessment.is_locked:
        return
    try:
        registration = reopen(assessment.snapshot.document)["inputs"].get("registration")
    except BundleError:
        return  # named as a fault of the lock
    if not registration:
        return
    logged = registration_of(assessment, registration["now"])
    if registration != json.loads(canonical(logged)):
        yield f"{assessment}: the locked results do not tell of the plan what the log does."


def _of_lock(assessment: Assessment) -> Iterator[str]:
    """Name a snapshot that is gone, that is not the one the log tells of, or does not recompute."""
    event = _lock_event(assessment)
    if not assessment.is_locked:
        if event:
            yield f"{assessment}: it was locked, and its snapshot is gone."
        return
    snapshot = assessment.snapshot
    yield from find_faults(snapshot)
    facts = {
        "digest": snapshot.digest,
        "locked_at": in_utc(snapshot.locked_at),
        "approved_by": snapshot.approved_by,
        "approved_at": in_utc(snapshot.approved_at) if snapshot.approved_at else None,
    }
    if event is not None and facts != {name: event.get(name) for name in facts}:
        yield f"{assessment}: the snapshot is not the one the log tells of."


ROWS = ("register", "context", "sources")


def _rows_of(assessment: Assessment) -> dict[str, Any]:
    """Return the parts of a locked document that stay as rows too, as these say now."""
    register = register_of(assessment)
    return {
        "register": register,
        "context": context_of(assessment) or {"chain": chain_of(assessment)},
        "sources": sources_with(assessment, register),
    }


def _of_rows(assessment: Assessment) -> Iterator[str]:
    """Name each part of locked register, context and sources that is not what its rows say.

    A document without one of them is held against its rows too: they may have been added since.
    The document is read as it lies there: also where its digest is wrong, what was changed is told.
    """
    if not assessment.is_locked:
        return
    try:
        inputs = json.loads(assessment.snapshot.document)["inputs"]
        parts = {name: inputs.get(name, {}) for name in ROWS}
    except (ValueError, LookupError, TypeError, AttributeError):
        return  # named as a fault of the lock
    rows = _rows_of(assessment)
    for name, locked in parts.items():
        if not isinstance(locked, dict):
            yield f"{assessment}: the {name}: it is no {name} in the locked document."
            continue
        now = json.loads(canonical(rows[name] or {}))
        if name == "register" and not _follows_locked(assessment):
            # As long as last round was open, its entries could be called otherwise after this lock.
            locked, now = (_without(part, "lines", "before_title") for part in (locked, now))
        if name == "context":
            # Titles of standards are the catalogue's, which a later version may word otherwise.
            locked, now = (_without(part, "standards", "title") for part in (locked, now))
        for line in register_differences(locked, now):
            yield f"{assessment}: the {name}: {line}."


def _follows_locked(assessment: Assessment) -> bool:
    """Tell whether last round was locked when this one was, so that its words stood by then."""
    before = assessment.previous
    if before is None or not before.is_locked:
        return False
    return bool(before.snapshot.locked_at <= assessment.snapshot.locked_at)


def _without(part: dict[str, Any], rows: str, field: str) -> dict[str, Any]:
    """Return a part of a document whose rows under a key lack one field; odd ones stay as is."""
    listed = part.get(rows)
    if not isinstance(listed, list):
        return part
    shortened = []
    for row in listed:
        if isinstance(row, dict):
            row = {key: value for key, value in row.items() if key != field}
        shortened.append(row)
    return part | {rows: shortened}


def _lock_event(assessment: Assessment) -> dict[str, Any] | None:
    event = assessment.events.filter(verb=Verb.LOCK).last()
    return event.after if event else None


def _of_answers(assessment: Assessment) -> Iterator[str]:
    """Name sealed answers that are not those of the seal, or not those the round was locked on."""
    record = (_lock_event(assessment) or {}).get("answers", {})
    for survey in assessment.surveys.filter(sealed_at__isnull=False).order_by("slug"):
        try:
            digest = sealed_digest(survey)
        except SealBroken as broken:
            yield f"{assessment}: {survey.slug}: {broken}"
            continue
        if record.get(survey.slug, digest) != digest:
            yield f"{assessment}: {survey.slug}: the answers are not those the round was locked on."


def _of_questionnaires(assessment: Assessment) -> Iterator[str]:
    """Name a published questionnaire whose words are not those of its version."""
    for survey in assessment.surveys.filter(published_at__isnull=False).order_by("slug"):
        version = survey.versions.filter(number=survey.version).first()
        if (
            version is None
            or texts_of(survey, until=version.at) != version.texts
            or digest_of(version.texts) != version.digest
        ):
            yield (
                f"{assessment}: {survey.slug}: "
                f"the questionnaire is not the one kept as version {survey.version}."
            )


def _of_approvals(assessment: Assessment) -> Iterator[str]:
    """Name an approval the log does not know, a verdict that is gone, a lock without approval."""
    verbs = {"approved": Verb.APPROVE, "changes_requested": Verb.REQUEST_CHANGES}
    events = assessment.events.filter(verb__in=verbs.values()).order_by("number")
    logged = [
        (event.verb, event.after["digest"], event.by_id, event.reason, event.after.get("comments"))
        for event in events
    ]
    rows = [
        (verbs.get(row.verdict), row.digest, row.by_id, row.comment, row.comments or None)
        for row in assessment.approvals.all()
    ]
    if logged != rows:
        yield f"{assessment}: the approvals are not those the log tells of."
    if (
        assessment.is_locked
        and assessment.snapshot.approved_by
        and not standing_approval(assessment)
    ):
        yield f"{assessment}: the approval is not one of the locked results."


def _of_remarks(assessment: Assessment) -> Iterator[str]:
    events = assessment.events.filter(verb=Verb.REMARK).order_by("number")
    rows = [(row.by_id, row.text) for row in assessment.remarks.all()]
    if [(event.by_id, event.after) for event in events] != rows:
        yield f"{assessment}: the comments are not those the log tells of."


def _of_reassessments(assessment: Assessment) -> Iterator[str]:
    """Name a later year, or who confirmed it, told of otherwise than the log does."""
    rows = [
        (row.by_id, row.year, conclusion(row), reason_in_log(row))
        for row in assessment.reassessments.select_related("assessment")
    ]
    events = assessment.events.order_by("number")
    logged = [
        (event.by_id, event.subject, event.after, event.reason)
        for event in events.filter(verb=Verb.REASSESS)
    ]
    if logged != rows:
        yield f"{assessment}: the years reassessed are not those the log tells of."
    confirmations = assessment.confirmations.values_list("by_id", "reassessment__year")
    confirmed = events.filter(verb=Verb.CONFIRM_REASSESSMENT).values_list("by_id", "subject")
    if list(confirmed) != list(confirmations):
        yield f"{assessment}: who confirmed years reassessed is not whom the log tells of."


def _of_files(assessment: Assessment) -> Iterator[str]:
    """Name each evidence file that is gone, changed, or not the one the log tells of."""
    logged: dict[str, dict[str, Any]] = {}
    for event in assessment.events.filter(verb__in=[Verb.ATTACH, Verb.DETACH]).order_by("number"):
        if event.verb == Verb.ATTACH:
            logged[event.after["stored"]] = event.after
        else:
            logged.pop(event.before["stored"], None)
    for file in assessment.evidence_files.all():
        if why := _why_changed(file, logged.pop(file.file.name, None)):
            yield f"{assessment}: evidence file “{file.name}”: {why}."
    for facts in logged.values():
        yield f"{assessment}: evidence file “{facts['name']}”: it is gone."


def _why_changed(file: EvidenceFile, logged: dict[str, Any] | None) -> str:
    if logged != file.facts():
        return "it is not the one the log tells of"
    digest = file.content_digest()
    if digest is None:
        return "its content is gone"
    return "" if digest == file.digest else "its content was changed"
