"""Many entries of the register at once: by a spreadsheet, or chosen and changed alike."""

from typing import Any

from django.core.exceptions import ValidationError as InvalidSheet
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from materiality import actions
from materiality.actions import register_sheets
from materiality.actions.register_sheets import Plan
from materiality.actions.topic_sheets import XLSX
from materiality.api import register_serializers as shapes
from materiality.api.refusals import unusable_rows
from materiality.api.register import OfRound
from materiality.api.sheets import table_in, workbook_answer
from surveys.tables.upload import Table


class RegisterSheetViewSet(OfRound):
    """The register as a spreadsheet, out and in."""

    pagination_class = None
    parser_classes = [MultiPartParser]

    @extend_schema(
        summary="The register as a spreadsheet",
        description="Headed in the language of `Accept-Language`.",
        responses={(200, XLSX): OpenApiTypes.BINARY},
    )
    def download(self, request: Request, pk: int) -> HttpResponse:
        language = get_language() or self.assessment.languages[0]
        content = register_sheets.workbook(self.assessment, language)
        return workbook_answer(content, f"register-{pk}.xlsx")

    @extend_schema(
        summary="Add and describe entries by a spreadsheet",
        description="XLSX or CSV with the headings that the sheet here has: all of it or nothing. "
        "Rows that cannot be used are named in `problems`.",
        request={"multipart/form-data": shapes.SheetSentSerializer},
        responses=shapes.SheetTakenSerializer,
    )
    def take_in(self, request: Request, pk: int) -> Response:
        data = self.sent(shapes.SheetSentSerializer)
        table = table_in(
            data,
            known=register_sheets.known_headings(),
            listed=register_sheets.listed_words(self.assessment),
        )
        plan = self._take_in(table, keeps=not data["rehearsal"])
        if plan.faults:
            return _refused(plan)
        return Response(shapes.SheetTakenSerializer(plan).data)

    @transaction.atomic
    def _take_in(self, table: Table, *, keeps: bool) -> Plan:
        """Do what a table says and return it; where a row is at fault, or to rehearse, undo it."""
        try:
            plan, _taken = register_sheets.take_in_table(
                assessment=self.assessment, table=table, by=self.user
            )
        except InvalidSheet as error:
            raise ValidationError({"file": error.messages}) from error
        if plan.faults or not keeps:
            transaction.set_rollback(True)
        return plan


def _refused(plan: Plan) -> Response:
    problems: list[dict[str, Any]] = [
        {"row": fault.row, "title": fault.title, "why": fault.why} for fault in plan.faults
    ]
    return unusable_rows(problems)


class RegisterManyViewSet(OfRound):
    """Several entries changed alike, or closed for one reason: all of them, or none."""

    pagination_class = None

    @extend_schema(
        summary="Change several entries alike",
        description="All of them, or none. It answers the codes of those that it changed.",
        request=shapes.AlikeSerializer,
        responses=shapes.TakenOverSerializer,
    )
    def change(self, request: Request, pk: int) -> Response:
        data = self.sent(shapes.AlikeSerializer)
        entries = data.pop("entries")
        codes = actions.change_iros(
            assessment=self.assessment, chosen=entries, by=self.user, **data
        )
        return Response({"codes": codes})

    @extend_schema(
        summary="Close several entries for one reason",
        description="All of them, or none.",
        request=shapes.ClosedAlikeSerializer,
        responses=shapes.TakenOverSerializer,
    )
    def close(self, request: Request, pk: int) -> Response:
        data = self.sent(shapes.ClosedAlikeSerializer)
        codes = actions.close_iros(
            assessment=self.assessment, chosen=data["entries"], reason=data["reason"], by=self.user
        )
        return Response({"codes": codes})
