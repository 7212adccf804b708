"""What is refused with more than a sentence, or for a name that is not there."""

from collections.abc import Mapping, Sequence
from typing import Any

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
    told = {"code": "unusable_rows", "detail": detail % number, "problems": problems}
    return Response(told, status=400)


def by_code(rows: Any, codes: Sequence[str], field: str) -> list[Any]:
    """Return the rows that codes name, in their order."""
    found = {row.code: row for row in rows}
    if unknown := [code for code in codes if code not in found]:
        said = _("There is no “%(code)s” here. Choose from: %(codes)s. Nothing was saved.")
        told = {"code": unknown[0][:50], "codes": ", ".join(found)}
        raise ValidationError({field: [said % told]})
    return [found[code] for code in codes]
