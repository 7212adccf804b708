"""Entries of the register named on a form by their title, their number, or words of it."""

import re
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from materiality.actions.topic_sheets import written_codes
from materiality.models import Assessment, Iro

MOST_NAMED = 5
_SEPARATORS = re.compile(r"[;；、\n]")


class Candidates:
    """The entries of a round that another one may be linked to: one query.

    :param iro: the entry that is linked; None: it is being added.
    """

    def __init__(self, assessment: Assessment, iro: Iro | None) -> None:
        rows = assessment.iros.only("code", "kind", "title", "closed_at", "assessment")
        self.rows: Sequence[Iro] = list(rows)
        self._codes = {row.code.casefold(): row.code for row in self.rows}
        self._is_impact = iro.is_impact if iro else None

    @property
    def options(self) -> list[str]:
        """Return what a field offers: number and title, without what separates several."""
        rows = [row for row in self._open() if row.is_impact != self._is_impact]
        return [" ".join(_SEPARATORS.sub(" ", name_of(row)).split()) for row in rows]

    def names(self, codes: Iterable[str]) -> list[tuple[str, str]]:
        """Return code and name of the entries that have these codes."""
        wanted = set(codes)
        return [(row.code, name_of(row)) for row in self.rows if row.code in wanted]

    def named(self, text: str, *, is_impact: bool) -> list[str]:
        """Return the codes of the entries that a text names, several with “;”.

        :param is_impact: whether what is linked is an impact: words are then of a risk's or an
            opportunity's title. A number is taken as it is.
        :raises ValidationError: words are of no title, or of several.
        """
        return [self._code(part, is_impact) for part in written_codes(text)]

    def _code(self, written: str, is_impact: bool) -> str:
        number = written.split()[0].casefold()
        if number in self._codes:
            return self._codes[number]
        words = written.casefold().split()
        matches = []
        for row in self._open():
            titles = " ".join(row.title.values()).casefold()
            if row.is_impact != is_impact and all(word in titles for word in words):
                matches.append(row)
        if not matches:
            sentence = _(
                "No entry of the other side is called “%(words)s”. Write words of its title, or "
                "its number."
            )
            raise ValidationError(sentence % {"words": written})
        if len(matches) > 1:
            sentence = _("“%(words)s” is in several titles. Write the number of one: %(entries)s.")
            entries = _(", ").join(name_of(row) for row in matches[:MOST_NAMED])
            raise ValidationError(sentence % {"words": written, "entries": entries})
        return str(matches[0].code)

    def _open(self) -> list[Iro]:
        return [row for row in self.rows if not row.is_closed]


def name_of(row: Iro) -> str:
    """Return how an entry is named on a form: “IRO-002 Fines for dust (Risk)”."""
    values = {"code": row.code, "title": str(row), "kind": row.get_kind_display()}
    return _("%(code)s %(title)s (%(kind)s)") % values
