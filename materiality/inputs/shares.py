"""Known shares inside groups, as a bundle holds them, and which groups are parts of one."""

from collections.abc import Collection, Mapping
from typing import Any

from materiality.document.schema import Category, KnownShares, Margin
from materiality.models import Assessment


def parts_of(assessment: Assessment, codes: Collection[str]) -> list[list[str]]:
    """Return the groups that are parts of one, whether or not shares are known of them.

    :param codes: of the groups that there are; others went since and are left out.
    """
    rows = [[code for code in row["groups"] if code in codes] for row in assessment.known_shares]
    return [row for row in rows if len(row) > 1]


def raking_of(assessment: Assessment, codes: Collection[str]) -> list[KnownShares]:
    """Return the groups whose parts are weighted: those of which every share is known."""
    raking = []
    for row in assessment.known_shares:
        groups = [code for code in row["groups"] if code in codes]
        margins = [_margin(margin, codes) for margin in row["margins"]]
        known = [one is not None for one in margins]
        if len(groups) > 1 and all(known):
            raking.append(
                KnownShares(
                    name=row["name"], groups=groups, margins=[one for one in margins if one]
                )
            )
    return raking


def _margin(margin: Mapping[str, Any], codes: Collection[str]) -> Margin | None:
    """Return a characteristic with shares of the whole; None while one is not known."""
    rows = margin["categories"]
    if any(one["share"] is None for one in rows):
        return None
    whole = sum(one["share"] for one in rows)
    categories: list[Category] = []
    for one in rows:
        groups = [code for code in one["groups"] if code in codes]
        categories.append({"name": one["name"], "share": one["share"] / whole, "groups": groups})
    return {"name": margin["name"], "categories": categories}
