"""Which groups are parts of one, by what they differ, and what is known of all their people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from materiality.actions import set_known_shares
from materiality.actions.known_shares import MOST_MARGINS, of_groups_there
from materiality.models import Assessment, StakeholderGroup
from materiality.web.fields import ActionForm

Row = dict[str, Any]


@dataclass(frozen=True)
class PartRow:
    """A group of the round: of which it is a part, and its category by each characteristic."""

    group: StakeholderGroup
    part: forms.BoundField
    categories: list[forms.BoundField]


@dataclass(frozen=True)
class ShareRow:
    """A category of a group, with the share of all its people that is known."""

    name: str
    margin: str
    category: str
    field: forms.BoundField


@dataclass(frozen=True)
class ToldShares:
    """What was entered of a characteristic: the share of each category, by its parts."""

    name: str
    shares: dict[frozenset[str], float | None]

    def is_of(self, groups: frozenset[str]) -> bool:
        """Tell whether a share is known of these groups, among others."""
        known = (share is not None for share in self.shares.values())
        return any(known) and not groups.isdisjoint(frozenset().union(*self.shares))


class KnownSharesForm(ActionForm):
    """Parts of groups until answers are sealed, and the known shares, any time."""

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="shares_%s")
        self.assessment = assessment
        self.groups = list(assessment.groups.all())
        codes = {group.code for group in self.groups}
        self.saved = of_groups_there(assessment.known_shares, codes)
        self.lost: list[str] = []
        self.stands = assessment.surveys.exclude(sealed_at=None).exists()
        if not self.stands:
            self._add_parts()
        for key, (row, margin, one) in self._categories().items():
            values = {"name": row["name"], "by": margin["name"], "category": one["name"]}
            self.fields[key] = forms.FloatField(
                label=_("%(name)s, %(by)s, %(category)s: known share in %%") % values,
                required=False,
                min_value=0,
                max_value=100,
                initial=None if one["share"] is None else f"{one['share']:g}",
            )
        self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500, required=False)

    def _add_parts(self) -> None:
        names = self._characteristics()
        for at in range(MOST_MARGINS):
            self.fields[f"by:{at}"] = forms.CharField(
                label=_("Characteristic %(number)d") % {"number": at + 1},
                max_length=40,
                required=False,
                initial=names[at] if at < len(names) else "",
            )
        for group in self.groups:
            row = next((one for one in self.saved if group.code in one["groups"]), None)
            self.fields[f"part:{group.code}"] = forms.CharField(
                label=_("%(group)s is a part of") % {"group": group},
                max_length=60,
                required=False,
                initial=row["name"] if row else "",
            )
            for at in range(MOST_MARGINS):
                by = names[at] if at < len(names) else ""
                self.fields[f"is:{at}:{group.code}"] = forms.CharField(
                    label=_("%(group)s: category by characteristic %(number)d")
                    % {"group": group, "number": at + 1},
                    max_length=40,
                    required=False,
                    initial=_category(row, by, group.code),
                )

    def _characteristics(self) -> list[str]:
        """Return the saved characteristics of all groups, each once."""
        names = [margin["name"] for row in self.saved for margin in row["margins"]]
        return list(dict.fromkeys(names))[:MOST_MARGINS]

    def _categories(self) -> dict[str, tuple[Row, Row, Row]]:
        categories = {}
        for i, row in enumerate(self.saved):
            for j, margin in enumerate(row["margins"]):
                for k, one in enumerate(margin["categories"]):
                    categories[f"share:{i}:{j}:{k}"] = (row, margin, one)
        return categories

    @property
    def characteristics(self) -> list[forms.BoundField]:
        return [self[f"by:{at}"] for at in range(MOST_MARGINS)]

    @property
    def parts(self) -> Iterator[PartRow]:
        for group in self.groups:
            categories = [self[f"is:{at}:{group.code}"] for at in range(MOST_MARGINS)]
            yield PartRow(group, self[f"part:{group.code}"], categories)

    @property
    def shares(self) -> list[ShareRow]:
        return [
            ShareRow(row["name"], margin["name"], one["name"], self[key])
            for key, (row, margin, one) in self._categories().items()
        ]

    def _entered(self) -> list[Row]:
        """Return what was entered, in the form the action takes."""
        entered_shares = self._shares_told()
        rows = self.saved if self.stands else self._parts_entered()
        anew: list[frozenset[str]] = []
        entered = [
            {**row, "margins": list(self._with_shares(row["margins"], entered_shares, anew))}
            for row in rows
        ]
        self.lost = [one.name for one in entered_shares if any(map(one.is_of, anew))]
        return entered

    def _shares_told(self) -> list[ToldShares]:
        """Return what was entered of each saved characteristic, by the parts of a category."""
        by_name: dict[tuple[str, str], ToldShares] = {}
        for key, (row, margin, one) in self._categories().items():
            entered = by_name.setdefault(
                (row["name"], margin["name"]), ToldShares(margin["name"], {})
            )
            entered.shares[frozenset(one["groups"])] = self.cleaned_data[key]
        return list(by_name.values())

    def _with_shares(
        self, margins: Sequence[Row], entered: list[ToldShares], anew: list[frozenset[str]]
    ) -> Iterator[Row]:
        """Yield characteristics with the shares of the same parts, whatever they are called now.

        :param told: what was entered; taken out of it is what is found again.
        :param anew: is added to: the parts of a characteristic by other categories than before.
        """
        names = [margin["name"] for margin in margins]
        for margin in margins:
            parts = [frozenset(one["groups"]) for one in margin["categories"]]
            same = [one for one in entered if set(one.shares) == set(parts)]
            named = [one for one in same if one.name == margin["name"]]
            match = next(iter(named or [one for one in same if one.name not in names]), None)
            shares: Mapping[frozenset[str], float | None] = {}
            if match:
                entered.remove(match)
                shares = match.shares
            else:
                anew.append(frozenset().union(*parts))
            categories = [
                {**one, "share": shares.get(part)}
                for one, part in zip(margin["categories"], parts, strict=True)
            ]
            yield {**margin, "categories": categories}

    def _parts_entered(self) -> list[Row]:
        values = self.cleaned_data
        wholes: dict[str, list[str]] = {}
        for group in self.groups:
            if name := values[f"part:{group.code}"]:
                wholes.setdefault(name, []).append(group.code)
        return [
            {"name": name, "groups": codes, "margins": list(self._margins(codes))}
            for name, codes in wholes.items()
        ]

    def _margins(self, codes: list[str]) -> Iterator[Row]:
        """Yield the characteristics by which some part of a group has a category."""
        for at in range(MOST_MARGINS):
            categories: dict[str, list[str]] = {}
            for code in codes:
                if name := self.cleaned_data[f"is:{at}:{code}"]:
                    categories.setdefault(name, []).append(code)
            if categories:
                yield {
                    "name": self.cleaned_data[f"by:{at}"],
                    "categories": [
                        {"name": name, "groups": groups} for name, groups in categories.items()
                    ],
                }

    def save(self, *, by: Any) -> None:
        set_known_shares(
            assessment=self.assessment,
            shares=self._entered(),
            reason=self.cleaned_data["reason"],
            by=by,
            expected_version=self.cleaned_data["version"],
        )


def _category(row: Row | None, by: str, code: str) -> str:
    """Return the saved category of a part by a characteristic; "" where it has none."""
    for margin in row["margins"] if row else ():
        if margin["name"] == by:
            return str(next(one["name"] for one in margin["categories"] if code in one["groups"]))
    return ""
