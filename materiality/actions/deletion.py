"""Delete an organisation with all that belongs to it, and leave a certificate.

A request waits fourteen days, in sight of every owner, and can be taken back. Then keys go first,
files next, and all rows in one transaction; each step can be repeated, so one that was interrupted
is taken up again. Locked rounds give way to a warrant that names this organisation (`Warrant`).
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, models, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from materiality.actions.access import note_access
from materiality.actions.deletion_letters import announce_deletion, announce_taken_back
from materiality.document import canonical
from materiality.models import (
    WAIT,
    Access,
    CachedValue,
    Call,
    Deletion,
    FilePart,
    Package,
    Snapshot,
    StoredFile,
    Warrant,
)
from materiality.models.closing import close_locked_rounds, open_locked_rounds
from materiality.selectors.belongings import Table, references_of, rows_of, stored_files, ways
from materiality.selectors.certificates import KIND
from surveys.encryption import keys
from surveys.errors import Conflict, RuleBroken, Unavailable
from surveys.models import (
    AnswerTable,
    Membership,
    Offer,
    Organisation,
    PeopleList,
    Role,
    SealedAnswers,
    Survey,
)
from surveys.sql.vacuum import forget_column, sample_anew, sampled_columns, vacuum

logger = logging.getLogger("materiality.deletion")

TASKS: dict[str, Table] = {
    "materiality.tasks.make_package": Package,
    "surveys.actions.answer_tables.read_table": AnswerTable,
    "surveys.actions.deliver.deliver_mail": Survey,
    "surveys.actions.feedback.send_feedback": Survey,
    "surveys.actions.lists.add_list": PeopleList,
}
"""Which row the number of a background task is of."""


# ---- asking, and taking it back ----


@transaction.atomic
def ask_deletion(*, organisation: Organisation, name: str, by: "User | None") -> Deletion:
    """Ask for an organisation to be deleted after the waiting time, and suspend it at once.

    :param name: its name in any of its languages, as somebody typed it.
    :raises RuleBroken: the name is another's.
    :raises Conflict: it is asked for already.
    """
    current = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if name.strip() not in {words.strip() for words in current.name.values()}:
        raise RuleBroken(_("This is not the organisation’s name. Type it as it stands above."))
    if Deletion.objects.filter(organisation=current.pk).exists():
        raise Conflict(_("Its deletion is asked for already."))
    now = timezone.now()
    made = Deletion.objects.create(
        organisation=current.pk,
        asked_by=by,
        by_operator=by is None,
        asked_at=now,
        not_before=now + WAIT,
    )
    Organisation.objects.filter(pk=current.pk, suspended_at=None).update(suspended_at=now)
    _note("deletion asked for", by, current)
    # A mail that is out cannot be taken back: only once the request stands.
    transaction.on_commit(partial(announce_deletion, made, current))
    return made


def take_back_deletion(organisation: Organisation, by: "User | None") -> None:
    """Take a request back, within the act that resumes the organisation.

    :raises Conflict: the deletion has begun.
    """
    request = Deletion.objects.select_for_update().filter(organisation=organisation.pk).first()
    if request is None:
        return
    if request.begun_at is not None:
        raise Conflict(_("Its deletion has begun and cannot be taken back."))
    request.delete()
    _note("deletion taken back", by, organisation)
    transaction.on_commit(partial(announce_taken_back, organisation, by))


def _note(subject: str, by: "User | None", organisation: Organisation | None) -> None:
    kind = Access.Kind.ORGANISATION
    note_access(kind=kind, by=by, subject=subject, organisation=organisation)


# ---- carrying it out ----


def delete_due() -> list[Deletion]:
    """Delete what is due, and end what was interrupted; return what was deleted now.

    :raises Unavailable: one of them has to wait, as for a key; the others are deleted.
    :raises Exception: what else went wrong with the first that failed; the others are deleted.
    """
    deleted: list[Deletion] = []
    failures: list[Exception] = []
    for request in Deletion.objects.due(timezone.now()):
        try:
            deleted.append(delete_organisation(request))
        except Unavailable as refusal:
            logger.error("Organisation %s is not deleted yet: %s", request.organisation, refusal)
            failures.append(refusal)
        except Exception as failure:  # such as a file that cannot be removed
            logger.exception("Organisation %s could not be deleted.", request.organisation)
            failures.append(failure)
    transaction.on_commit(sweep_quickly)
    if failures:
        raise failures[0]
    return deleted


def delete_organisation(request: Deletion) -> Deletion:
    """Delete one organisation whose waiting time is over. Repeated, it goes on where it stopped.

    :raises KeyMissing, KeyNotDestroyed: a key of its open surveys could outlive it, so nothing
        was deleted yet.
    """
    _begin(request)
    for key in _keys_of(request.organisation):
        keys.destroy(key)
    for storage, name in stored_files(request.organisation):
        storage.delete(name)
    cache.clear()  # of any host: drawn figures hold words; limits begin anew
    return _delete_rows(request)


@transaction.atomic
def _begin(request: Deletion) -> None:
    """Take out the warrant: from here on there is no way back."""
    current = Deletion.objects.select_for_update().get(pk=request.pk)
    if current.begun_at is not None:
        return
    for key in filter(keys.exists, _keys_of(current.organisation)):
        keys.require_destroyable(key)
    now = timezone.now()
    Warrant.objects.create(organisation=current.organisation, at=now)
    Deletion.objects.filter(pk=current.pk).update(begun_at=now)
    _note(f"deletion of {current.organisation} begun", current.asked_by, None)


def _keys_of(organisation: int) -> list[str]:
    named = Survey.objects.filter(organisation=organisation).exclude(key="")
    return list(named.values_list("key", flat=True))


@transaction.atomic
def _delete_rows(request: Deletion) -> Deletion:
    """Delete every row, with the accounts that belonged to nobody else, and write what was there.

    Whoever writes at this moment is waited for, or finds nothing to write to.
    """
    current = Deletion.objects.select_for_update().get(pk=request.pk)
    if current.ended_at is not None:
        return current
    number = current.organisation
    _hold(Survey.objects.filter(organisation=number))
    _hold(Organisation.objects.filter(pk=number))
    facts = _facts_of(number)
    people = _people_of(number)
    tasks = _delete_tasks(number)
    facts["rows"] = {table: count for table, count in _delete_belongings(number) if count}
    Warrant.objects.filter(organisation=number).delete()
    facts["rows"] |= tasks
    facts["accounts"] = _delete_accounts(people)
    CachedValue.objects.all().delete()
    current.ended_at = now = timezone.now()
    current.certificate = canonical(_certificate(current, now, facts))
    Deletion.objects.filter(pk=current.pk).update(
        ended_at=current.ended_at, certificate=current.certificate
    )
    account = current.asked_by_id
    by = User.objects.filter(pk=account).first() if account else None  # may be deleted by now
    _note(f"deleted {number}", by, None)
    transaction.on_commit(cache.clear)
    transaction.on_commit(partial(logger.info, "Deleted organisation %s.", number))
    return current


def _hold(rows: models.QuerySet[Any]) -> None:
    for _row in rows.order_by("pk").select_for_update().values_list("pk").iterator():
        pass


def _facts_of(number: int) -> dict[str, Any]:
    """Return what was there that proves itself: digests of documents that cannot be changed."""
    locked = Snapshot.objects.filter(assessment__organisation=number).order_by("pk")
    sealed = SealedAnswers.objects.filter(survey__organisation=number).order_by("pk")
    return {
        "locked_documents": [
            {"locked_at": _in_utc(at), "digest": digest}
            for at, digest in locked.values_list("locked_at", "digest")
        ],
        "sealed_answers": list(sealed.values_list("digest", flat=True)),
        "files": len(stored_files(number)),
        "keys": Survey.objects.filter(organisation=number, sealed_at=None).exclude(key="").count(),
    }


def _delete_belongings(number: int) -> Iterator[tuple[str, int]]:
    """Delete the rows of all tables, those that refer to others first; yield how many."""
    rows = rows_of(number)
    for table in _in_order(ways()):
        count = rows[table]._raw_delete(connection.alias)
        yield table._meta.db_table, int(count)


def _in_order(tables: Iterable[Table]) -> list[Table]:
    """Return the tables, each before those it refers to."""
    waiting, ordered = list(tables), []
    while waiting:
        named = {
            field.related_model
            for table in waiting
            for field in references_of(table)
            if field.related_model is not table
        }
        free = [table for table in waiting if table not in named]
        ordered += free
        waiting = [table for table in waiting if table in named]
    return ordered


def _delete_tasks(number: int) -> dict[str, int]:
    """Forget the background tasks that name its rows, with what went wrong in them."""
    rows = rows_of(number)
    gone = []
    for path, table in TASKS.items():
        own = set(rows[table].values_list("pk", flat=True))
        for task in DBTaskResult.objects.filter(task_path=path):
            given = task.args_kwargs
            if own.intersection([*given["args"], *given["kwargs"].values()]):
                gone.append(task.pk)
    DBTaskResult.objects.filter(pk__in=gone).delete()
    return {DBTaskResult._meta.db_table: len(gone)} if gone else {}


# ---- accounts ----


def _people_of(number: int) -> list[User]:
    member = Q(memberships__organisation=number) | Q(offers__organisation=number)
    return list(User.objects.filter(member).distinct().order_by("pk"))


def _delete_accounts(people: Iterable[User]) -> dict[str, int]:
    """Delete the accounts that belong to no other organisation, with their sessions and calls.

    Who runs the site stays, and whom another organisation's records name.
    """
    people = list(people)
    Call.objects.filter(caller__in=people).delete()
    done = {"deleted": 0, "kept": 0}
    for person in people:
        done["deleted" if _delete_account(person) else "kept"] += 1
    return done


def _delete_account(person: User) -> bool:
    belongs = Membership.objects.filter(user=person).exists()
    offered = Offer.objects.filter(user=person).exists()
    if belongs or offered or person.is_staff or person.is_superuser:
        return False
    sessions = list(UserSession.objects.filter(user=person).values_list("session_key", flat=True))
    try:
        with transaction.atomic():
            Session.objects.filter(session_key__in=sessions).delete()
            person.delete()
    except ProtectedError:
        return False
    return True


# ---- the certificate ----


def _certificate(ended: Deletion, now: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    """Return what outlives an organisation: numbers, digests and moments; no name, no address.

    Who asked is the number of an account, which tells somebody only as long as there is one.
    """
    last = (now + timedelta(days=settings.BACKUP_DAYS)).date()
    return {
        "kind": KIND,
        "version": 1,
        "site": settings.SITE_URL,
        "program": settings.RELEASE,
        "address": f"{settings.SITE_URL}/deleted/{ended.token}/",
        "organisation": ended.organisation,
        "asked": {
            "at": _in_utc(ended.asked_at),
            "account": ended.asked_by_id,
            "role": "operator" if ended.by_operator else Role.OWNER,
        },
        "not_before": _in_utc(ended.not_before),
        "begun_at": _in_utc(ended.begun_at),
        "ended_at": _in_utc(now),
        "backups_kept_until": last.isoformat() if settings.BACKUPS else None,
        **facts,
    }


def _in_utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


# ---- bytes ----


def sweep_quickly() -> None:
    """On SQLite write the file anew at once. PostgreSQL's tables wait for their owner's hour."""
    if connection.vendor == "sqlite":
        sweep()


def sweep() -> list[str]:
    """Write the tables anew that rows were deleted from, so that no byte of them is left there.

    :returns: the tables that the database's user may not write anew; run it as their owner.
    """
    unswept = Deletion.objects.unswept()
    if not unswept.exists():
        return []
    pks = list(unswept.values_list("pk", flat=True))
    tables = tables_of_deletion()
    passed_over = vacuum(*tables, rewrite=True)
    if not passed_over:
        _forget_samples(tables)
        Deletion.objects.filter(pk__in=pks).update(swept_at=timezone.now())
    return passed_over


def _forget_samples(tables: list[Table]) -> None:
    """Let PostgreSQL forget the values it sampled for its plans.

    Triggers name columns, so they are down meanwhile, within the transaction, as in a migration.
    """
    if connection.vendor != "postgresql":
        return
    remembered = [(table, *each) for table in tables for each in sampled_columns(table)]
    if remembered:
        with transaction.atomic():
            open_locked_rounds(connection)
            for table, column, kind in remembered:
                forget_column(table, column, kind)
            close_locked_rounds(connection)
    sample_anew(*tables)


def tables_of_deletion() -> list[Table]:
    """Return every table that a deletion takes rows from."""
    of_accounts: list[Any] = [relation.related_model for relation in User._meta.related_objects]
    beside: list[Table] = [User, Session, DBTaskResult, StoredFile, FilePart, CachedValue, Call]
    return list(dict.fromkeys([*ways(), *beside, *of_accounts]))
