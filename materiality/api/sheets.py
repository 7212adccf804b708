"""Spreadsheets that are sent to a call and given by one."""

from collections.abc import Collection
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from materiality.actions.topic_sheets import XLSX
from surveys.api.fields import SentSerializer
from surveys.tables.plan import TableOptions
from surveys.tables.upload import Table, on_disk
from surveys.tables.whole import find_table, table_at


class SheetSerializer(SentSerializer):
    file = serializers.FileField()
    reading = serializers.CharField(
        max_length=100,
        default="",
        allow_blank=True,
        help_text="Its encoding or sheet, where the file can be read in several ways.",
    )


def table_in(data: dict[str, Any], *, known: Collection[str], listed: Collection[str]) -> Table:
    """Return the table in a file that was sent as `SheetSerializer` says.

    :param known: headings of such tables, ``listed``: words that stand under them, both squashed.
    :raises ValidationError: it can be read in several ways, and `reading` does not say which.
    """
    reading = data["reading"]
    with on_disk(data["file"]) as file:
        options = TableOptions(encoding=reading, sheet=reading)
        places = find_table(file, options, known, listed)
        if places.asks:
            sentence = _("The file can be read in several ways. Send `reading`, one of: %s.")
            raise ValidationError({"reading": [sentence % ", ".join(places.choices)]})
        return table_at(file, places.place)


def workbook_answer(content: bytes, name: str) -> HttpResponse:
    """Return a workbook to be saved under this name."""
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
