"""Several entries chosen in the list: changed alike, given to experts, or closed."""

from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from materiality import actions
from materiality.errors import BadIro
from materiality.models import Assessment, Horizon, Iro, Stage
from materiality.templatetags.workspace import person
from materiality.web.fields import ActionForm, both_languages, languages_of
from materiality.web.register.listing import Listing

CHANGE, ASSIGN, CLOSE = ("change", "assign", "close")


class BulkForm(ActionForm):
    """What is done to the chosen entries of a list; `act` in what was sent says which of it.

    An entry is chosen as “IRO-001:3”, with the version that the list showed; `all` chooses those
    of `shown`, the open entries that the list showed.
    """

    def __init__(self, data: Any = None, *, assessment: Assessment, listing: Listing) -> None:
        super().__init__(data, initial={"version": assessment.version}, auto_id="many_%s")
        self.assessment, self.listing = assessment, listing
        as_it_is = [("", _("as it is"))]
        topics = [(topic.code, str(topic)) for topic in listing.topics]
        for name, label, choices in (
            ("topic", _("Topic"), topics),
            ("stage", _("Value-chain stage"), Stage.choices),
            ("horizon", _("Horizon"), Horizon.choices),
        ):
            self.fields[f"new_{name}"] = forms.ChoiceField(
                label=label, choices=[*as_it_is, *choices], required=False
            )
        self.fields["experts"] = forms.MultipleChoiceField(
            label=_("Experts who score"),
            choices=[(str(one.pk), person(one)) for one in self.members],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        for language, label in languages_of(assessment):
            self.fields[f"why:{language}"] = forms.CharField(
                label=label,
                max_length=500,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @cached_property
    def members(self) -> list[User]:
        rows = self.assessment.organisation.memberships.select_related("user").order_by("pk")
        return [row.user for row in rows]

    @property
    def reasons(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("why:")]

    @property
    def sent(self) -> list[str]:
        """Return what was chosen, as it was sent."""
        return self.data.getlist("chosen") if self.is_bound else []  # type: ignore[attr-defined]

    @property
    def codes(self) -> list[str]:
        return [value.partition(":")[0] for value in self.sent]

    @cached_property
    def open(self) -> list[Iro]:
        """Return the open entries that the list shows."""
        return [row.iro for row in self.listing.rows if not row.iro.is_closed]

    @property
    def shown(self) -> str:
        """Return them as the page sends them back: “IRO-001:3 IRO-002:1”."""
        return " ".join(f"{iro.code}:{iro.version}" for iro in self.open)

    @property
    def is_all(self) -> bool:
        return self.is_bound and "all" in self.data

    @cached_property
    def chosen(self) -> dict[str, int | None]:
        """Return the entries that are meant, each with the version that was seen."""
        versions: dict[str, int | None] = {}
        values = self.data.get("shown", "").split() if self.is_all else self.sent
        for value in values:
            code, _colon, version = value.partition(":")
            versions[code] = int(version) if version.isdecimal() and len(version) < 10 else 0
        return versions

    def save(self, *, by: Any) -> None:
        acts = {CHANGE: self._change, ASSIGN: self._assign, CLOSE: self._close}
        self.sentence = acts.get(self.data.get("act", ""), self._change)(by)

    def _change(self, by: User) -> str:
        named = ("topic", "stage", "horizon")
        fields = {name: self.cleaned_data[f"new_{name}"] for name in named}
        new = {name: value for name, value in fields.items() if value}
        changed = actions.change_iros(assessment=self.assessment, chosen=self.chosen, by=by, **new)
        return _("%(count)d changed.") % {"count": len(changed)}

    def _assign(self, by: User) -> str:
        experts = [one for one in self.members if str(one.pk) in self.cleaned_data["experts"]]
        if not self.chosen:
            raise BadIro({"": _("Choose at least one entry.")})
        count = actions.assign_iros(
            assessment=self.assessment, codes=list(self.chosen), experts=experts, by=by
        )
        return _("%(count)d assigned.") % {"count": count}

    def _close(self, by: User) -> str:
        reason = both_languages(self.cleaned_data, "why")
        closed = actions.close_iros(
            assessment=self.assessment, chosen=self.chosen, reason=reason, by=by
        )
        return _("%(count)d closed, with the reason.") % {"count": len(closed)}
