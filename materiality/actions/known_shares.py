"""Known shares inside a group: which groups are its parts, and what is known of all of them."""

import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from materiality import inputs as results
from materiality.actions.plan import note_change_of_plan
from materiality.actions.settings import expect, record_change
from materiality.errors import BadShares, ChangeNeedsReason, PartsStand
from materiality.models import Assessment, Verb

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Row = dict[str, Any]

MOST_MARGINS = 3
WHOLE, OFF_BY = 100.0, 1.0
"""Shares are per cent. They may be off by rounding, and are then scaled to the whole."""


@transaction.atomic
def set_known_shares(
    *,
    assessment: Assessment,
    shares: Sequence[Row],
    by: "User | None",
    reason: str = "",
    expected_version: int | None = None,
) -> None:
    """Say which groups are parts of one, by what they differ, and the known share of each category.

    :param shares: {name, groups, margins: [{name, categories: [{name, share, groups}]}]} per group
        that is asked in parts; a share is per cent, or None where it is not known. Without all of
        its shares a group is not weighted, its small parts are pooled with one another only.
    :param reason: why; needed once there are results.
    :raises BadShares: they do not fit together. :raises PartsStand: other parts than those there
        were when answers were sealed. :raises ChangeNeedsReason: there are results, and no reason.
    """
    current = expect(assessment, expected_version)
    codes = set(current.groups.values_list("code", flat=True))
    before = of_groups_there(current.known_shares, codes)
    # Only what was a part before can have gone since: any other unknown code is refused below.
    gone = {code for row in current.known_shares for code in row["groups"]} - codes
    after = _without([_clean(row) for row in shares], gone)
    if before == after:
        return
    stands = current.surveys.exclude(sealed_at=None).exists()
    if stands and what_stands_of(before) != what_stands_of(after):
        raise PartsStand
    _refuse_bad(after, codes, stands=stands)
    digest = results.digest_of(current)
    if digest and not reason.strip():
        raise ChangeNeedsReason
    current.known_shares = assessment.known_shares = after
    current.save(update_fields=["known_shares"])
    record_change(current, Verb.SET_SHARES, by, reason, digest, before, after)
    note_change_of_plan(current, by=by, reason=reason)


def what_stands_of(shares: Sequence[Row]) -> list[Any]:
    """Return what stands once answers are sealed: parts and their categories, without shares."""
    parts = []
    for row in shares:
        categories = [_categories_of(margin) for margin in row["margins"]]
        parts.append([sorted(row["groups"]), categories])
    return parts


def _categories_of(margin: Row) -> list[list[str]]:
    return [sorted(one["groups"]) for one in margin["categories"]]


def of_groups_there(shares: Sequence[Row], codes: Collection[str]) -> list[Row]:
    """Return known shares without parts that are no groups any more.

    Where a category went with its last part, the other shares are not the whole: none is known.

    :param codes: of the groups that there are.
    """
    gone = {code for row in shares for code in row["groups"]} - set(codes)
    rows = _without(shares, gone)
    for margin in (margin for row in rows for margin in row["margins"]):
        known = [one["share"] for one in margin["categories"]]
        if None not in known and abs(sum(known) - WHOLE) > OFF_BY:
            margin["categories"] = [{**one, "share": None} for one in margin["categories"]]
    return rows


def drop_gone_parts(assessment: Assessment, *, by: "User | None") -> None:
    """Take groups that went out of the known shares. The caller holds the round."""
    before = assessment.known_shares
    after = of_groups_there(before, set(assessment.groups.values_list("code", flat=True)))
    if before == after:
        return
    seen = results.digest_of(assessment)
    assessment.known_shares = after
    assessment.save(update_fields=["known_shares"])
    record_change(assessment, Verb.SET_SHARES, by, "", seen, before, after)


def _without(shares: Sequence[Row], gone: Collection[str]) -> list[Row]:
    """Return rows without these parts, without the categories and groups that have none left."""
    rows = []
    for row in shares:
        groups = [code for code in row["groups"] if code not in gone]
        if len(groups) < 2 and len(groups) < len(row["groups"]):
            continue
        margins = [{**one, "categories": _left(one, gone)} for one in row["margins"]]
        rows.append({**row, "groups": groups, "margins": margins})
    return rows


def _left(margin: Row, gone: Collection[str]) -> list[Row]:
    """Return the categories of a characteristic of which a part is left."""
    rows = []
    for one in margin["categories"]:
        groups = [code for code in one["groups"] if code not in gone]
        if groups or not one["groups"]:
            rows.append({**one, "groups": groups})
    return rows


def _clean(row: Row) -> Row:
    margins = [_clean_margin(margin) for margin in row["margins"]]
    return {"name": row["name"].strip(), "groups": list(row["groups"]), "margins": margins}


def _clean_margin(margin: Row) -> Row:
    categories = [_clean_category(one) for one in margin["categories"]]
    return {"name": margin["name"].strip(), "categories": categories}


def _clean_category(one: Row) -> Row:
    share = None if one["share"] is None else float(one["share"])
    return {"name": one["name"].strip(), "share": share, "groups": list(one["groups"])}


def _refuse_bad(shares: Sequence[Row], known: Collection[str], *, stands: bool) -> None:
    """Refuse what does not fit together.

    :param stands: parts cannot be changed any more, so one category may be left of two.
    """
    seen: set[str] = set()
    names = [row["name"] for row in shares]
    for row in shares:
        codes = row["groups"]
        if not row["name"] or len(codes) < 2 or names.count(row["name"]) > 1:
            raise BadShares(
                _("A group that is asked in parts has a name of its own and at least two parts.")
            )
        if not set(codes) <= set(known) or seen & set(codes) or len(set(codes)) < len(codes):
            raise BadShares(_("Each part is a group of the round, and part of one group only."))
        seen |= set(codes)
        if not 1 <= len(row["margins"]) <= MOST_MARGINS:
            raise BadShares(
                _("“%(name)s”: say by one to three characteristics how its parts differ.")
                % {"name": row["name"]}
            )
        for margin in row["margins"]:
            _refuse_bad_margin(row, margin, least=1 if stands else 2)


def _refuse_bad_margin(row: Row, margin: Row, *, least: int) -> None:
    values = {"name": row["name"], "by": margin["name"]}
    named = [code for one in margin["categories"] for code in one["groups"]]
    if not margin["name"] or sorted(named) != sorted(row["groups"]):
        raise BadShares(
            _("“%(name)s”: every part needs its category of “%(by)s”, or none has one.") % values
        )
    if len(margin["categories"]) < least or not all(one["name"] for one in margin["categories"]):
        raise BadShares(_("“%(name)s”: “%(by)s” needs at least two categories.") % values)
    shares = [one["share"] for one in margin["categories"]]
    if all(share is None for share in shares):
        return
    if None in shares or not all(math.isfinite(share) and share >= 0 for share in shares):
        raise BadShares(
            _("“%(name)s”: enter the known share of every category of “%(by)s”, or of none.")
            % values
        )
    if abs(sum(shares) - WHOLE) > OFF_BY:
        raise BadShares(
            _("“%(name)s”: the shares of “%(by)s” come to %(sum)g %%, not to 100 %%.")
            % {**values, "sum": round(sum(shares), 2)}
        )
