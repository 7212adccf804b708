"""How the files of a round look, which are asked for, and whether other sites may show it."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from materiality.actions.log import hold, record
from materiality.errors import NotLocked
from materiality.inputs import printable_comments
from materiality.models import Assessment, Package, PublishedFigure, ReportLook, Verb
from materiality.selectors.looks import look_of
from surveys.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LOOK = (
    *("colours", "axis_titles", "moved"),
    *("template_name", "template_digest", "slides_name", "slides_digest"),
)
LEASE = timedelta(minutes=5)
KEPT = 12  # packages per round; the oldest go first
MOST_ATTEMPTS = 3
MOST_QUOTES = 20


@transaction.atomic
def set_look(*, assessment: Assessment, by: "User | None", **fields: Any) -> ReportLook:
    """Change how the files look: any of colours, axis_titles, moved."""
    return _change_look(assessment, by, fields)


@transaction.atomic
def set_template(
    *, assessment: Assessment, by: "User | None", name: str = "", content: bytes | None = None
) -> ReportLook:
    """Keep the company's own Word template for this round, or none any more."""
    return _change_look(assessment, by, _document("template", name, content))


@transaction.atomic
def set_slides_template(
    *, assessment: Assessment, by: "User | None", name: str = "", content: bytes | None = None
) -> ReportLook:
    """Keep the company's own presentation, for its layouts, or none any more."""
    return _change_look(assessment, by, _document("slides", name, content))


@transaction.atomic
def set_quotes(
    *, assessment: Assessment, by: "User | None", chosen: Collection[UUID]
) -> ReportLook:
    """Say which comments the report quotes; none is the usual. The log says how many.

    :raises RuleBroken: too many, or one that may not be printed.
    """
    current = hold(assessment)
    if len(chosen) > MOST_QUOTES:
        raise RuleBroken(_("A report quotes at most %d comments.") % MOST_QUOTES)
    known = {row.key for row in printable_comments(current)}
    wanted = sorted(str(each) for each in chosen)
    if not known.issuperset(wanted):
        raise RuleBroken(_("One of these comments may not be printed any more."))
    look = look_of(current)
    if look.quotes != wanted:
        before, look.quotes = len(look.quotes), wanted
        look.save()
        after = {"quotes": len(wanted)}
        record(current, Verb.SET_LOOK, by=by, before={"quotes": before}, after=after)
    return look


def _document(field: str, name: str, content: bytes | None) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest() if content else ""
    return {field: content, f"{field}_name": name[-200:], f"{field}_digest": digest}


def _change_look(
    assessment: Assessment, by: "User | None", fields: Mapping[str, Any]
) -> ReportLook:
    current = hold(assessment)
    look = look_of(current)
    before = _for_log(look)
    for name, value in fields.items():
        setattr(look, name, value)
    after = _for_log(look)
    if before != after:
        look.save()
        changed = [name for name in LOOK if before[name] != after[name]]
        old, new = ({name: side[name] for name in changed} for side in (before, after))
        record(current, Verb.SET_LOOK, by=by, before=old, after=new)
    return look


def _for_log(look: ReportLook) -> dict[str, Any]:
    return {name: getattr(look, name) for name in LOOK}


@transaction.atomic
def publish_figure(*, assessment: Assessment, by: "User | None") -> PublishedFigure:
    """Let whoever has the link see the matrix of a locked round, and other sites show it.

    :raises NotLocked: a draft is nobody else's.
    """
    current = hold(assessment)
    if not current.is_locked:
        raise NotLocked
    figure: PublishedFigure
    figure, is_new = PublishedFigure.objects.get_or_create(
        snapshot=current.snapshot,
        defaults={
            "token": secrets.token_urlsafe(24),
            "published_by": by,
            "published_at": timezone.now(),
        },
    )
    if is_new:
        record(current, Verb.PUBLISH_FIGURE, by=by, after=current.snapshot.digest)
    return figure


@transaction.atomic
def withdraw_figure(*, assessment: Assessment, by: "User | None") -> None:
    """End what `publish_figure` began; its address leads nowhere from now on."""
    current = hold(assessment)
    count, _each = PublishedFigure.objects.filter(snapshot__assessment=current).delete()
    if count:
        record(current, Verb.WITHDRAW_FIGURE, by=by)


@transaction.atomic
def ask_for_package(
    *, assessment: Assessment, key: str, order: Mapping[str, Any], again: bool = False
) -> Package:
    """Return the package of this key; if there is none, or it failed, it is to be made.

    :param again: try once more what failed.
    """
    package: Package
    package, is_new = Package.objects.get_or_create(
        key=key,
        defaults={"assessment": assessment, "order": order, "asked_at": timezone.now()},
    )
    if again and package.has_failed:
        _set(package, state=Package.State.WAITING, attempts=0, problem="", asked_at=timezone.now())
    if is_new:
        _drop_oldest(assessment)
    return package


def _drop_oldest(assessment: Assessment) -> None:
    packages = Package.objects.filter(assessment=assessment)
    newest = list(packages.order_by("-pk").values_list("pk", flat=True)[:KEPT])
    packages.exclude(pk__in=newest).delete()


def take_package(package: int) -> Package | None:
    """Take a package to make it, so that nobody else does; None if it is taken or done."""
    now = timezone.now()
    packages = Package.objects.free(now).filter(pk=package)
    tried = packages.filter(attempts__gte=MOST_ATTEMPTS)
    tried.update(state=Package.State.FAILED, problem=_("It was begun three times and never ended."))
    lease = {"state": Package.State.MAKING, "lease_until": now + LEASE}
    if not packages.update(**lease, attempts=F("attempts") + 1):
        return None
    return Package.objects.select_related("assessment").get(pk=package)


def finish_package(package: Package, content: bytes) -> None:
    _set(package, state=Package.State.READY, content=content, size=len(content), lease_until=None)


def fail_package(package: Package, problem: str) -> None:
    _set(package, state=Package.State.FAILED, problem=problem, lease_until=None)


def _set(package: Package, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(package, name, value)
    package.save(update_fields=list(fields))
