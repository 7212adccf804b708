"""What is refused with more than a sentence, or for a name that is not there."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rest_framework.response import Response
from rest_framework.serializers import ValidationError


def unusable_rows(problems: Sequence[Mapping[str, Any]], count: int | None = None) -> Response:
    """Refuse a list for some of its rows. `count`: how many, where not all are named."""
    number = len(problems) if count is None else count
    detail = ngettext(
        "%d row cannot be used. Nothing was saved.",
        "%d rows cannot be used. Nothing was saved.",
        number,
    )
    body = {"code": "unusable_rows", "detail": detail % number, "problems": problems}
    return Response(body, status=400)


def refuse_twice(names: Iterable[str]) -> None:
    """Refuse a list that says two things of one name, since only one of them could count."""
    twice = [name for name, number in Counter(names).items() if number > 1]
    if twice:
        message = _("Named twice: %(codes)s.")
        raise ValidationError([message % {"codes": _(", ").join(twice)}])


def row_numbered(rows: Any, number: int) -> Any:
    """Return the row with this number, which may be larger than any a database can hold."""
    if number >= 2**63 or (row := rows.filter(pk=number).first()) is None:
        raise Http404
    return row


def by_code(rows: Any, codes: Sequence[str], field: str) -> list[Any]:
    """Return the rows that codes name, in their order."""
    by_its_code = {row.code: row for row in rows}
    if unknown := [code for code in codes if code not in by_its_code]:
        message = _("There is no “%(code)s” here. Choose from: %(codes)s. Nothing was saved.")
        values = {"code": unknown[0][:50], "codes": ", ".join(by_its_code)}
        raise ValidationError({field: [message % values]})
    return [by_its_code[code] for code in codes]
