"""Answers that come in otherwise than by the respondents' own pages."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from materiality.actions import enter_answer
from materiality.actions.importing import import_answers, take_back_answers
from materiality.api import import_serializers as shapes
from materiality.api.access import OfSurvey
from materiality.api.mappings import (
    columns_by_heading,
    mapping_from,
    unclear_people,
    unclear_table,
)
from materiality.api.people_serializers import EntrySerializer
from materiality.api.refusals import by_code, unusable_rows
from surveys.actions.answer_tables import check, forget, say, take_table
from surveys.api.fields import SureSerializer
from surveys.api.respond import ReceiptSerializer
from surveys.errors import RuleBroken
from surveys.models import AnswerTable
from surveys.models.organisations import MAY_EDIT
from surveys.tables.plan import TableOptions
from surveys.tables.reading import plan_of
from surveys.tables.upload import on_disk


class AnswersViewSet(OfSurvey):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        summary="Import a table of answers",
        description="Read step by step as the Import tab does: file, headings, columns, scale, "
        "every value with its rating, which rows count, who is who. `mapping` is what you say of "
        "it, as JSON; all else is guessed, and what cannot be known is refused with the list of "
        "questions. With `rehearsal` nothing is imported and the answer is the same. All rows are "
        "imported or none.",
        request={"multipart/form-data": shapes.AnswersFileSerializer},
        responses={200: shapes.ImportedSerializer, 400: shapes.UnclearTableSerializer},
    )
    def create(self, request: Request, pk: int) -> Response:
        data = self.sent(shapes.AnswersFileSerializer)
        audiences = self.survey.audiences.all()
        code = data["audience"]
        if code:
            by_code(audiences, [code], "audience")
        mapping = mapping_from(data["mapping"], code)
        with on_disk(data["file"]) as content:
            table = take_table(self.survey, content, data["file"].name, self.user)
        try:
            response = self._import(table, mapping, is_rehearsal=data["rehearsal"])
        except RuleBroken:
            forget(table)
            raise
        if response.status_code != 200 or data["rehearsal"]:
            forget(table)
        return response

    def _import(self, table: AnswerTable, options: TableOptions, *, is_rehearsal: bool) -> Response:
        plan = say(table, columns_by_heading(options, plan_of(table).header))
        if plan.questions:
            return unclear_table(table, plan)
        check(table)
        if table.problem_count:
            return unusable_rows(table.problems, table.problem_count)
        if table.summary["asks"]:
            return unclear_people(table)
        moved = 0
        if not is_rehearsal:
            moved = import_answers(assessment=self.assessment, table=table, by=self.user)
        return Response(
            {
                "import": None if is_rehearsal else table.pk,
                "rehearsal": is_rehearsal,
                "imported": moved,
                "known": table.known,
                "unfinished": table.unfinished,
                "summary": table.summary,
            }
        )


class ImportViewSet(OfSurvey):
    """Tables that were imported: each may be looked at, and taken back before the seal."""

    reads = MAY_EDIT
    lookup_url_kwarg = "table"
    lookup_value_converter = "int"

    @extend_schema(summary="What was imported", responses=shapes.ImportSerializer(many=True))
    def list(self, request: Request, pk: int) -> Response:
        tables = self.survey.answer_tables.filter(state__in=AnswerTable.DONE)
        return self.paged(tables.order_by("pk"), shapes.ImportSerializer)

    @extend_schema(summary="One import, with all that its summary showed",
                   responses=shapes.ImportWithSummarySerializer)  # fmt: skip
    def retrieve(self, request: Request, pk: int, table: int) -> Response:
        return Response(shapes.ImportWithSummarySerializer(self._table(table)).data)

    @extend_schema(
        summary="Take an import back",
        description="All its answers leave the survey again.",
        request=SureSerializer,
        responses=shapes.TakenBackSerializer,
    )
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: int, table: int) -> Response:
        self.sent(SureSerializer)
        answer_table = self._table(table)
        count = take_back_answers(assessment=self.assessment, table=answer_table, by=self.user)
        return Response({"taken_back": count})

    def _table(self, table: int) -> AnswerTable:
        tables = self.survey.answer_tables.filter(state__in=AnswerTable.DONE)
        answer_table: AnswerTable = self.row_of(tables, pk=table)
        return answer_table


class EntryViewSet(OfSurvey):
    @extend_schema(
        summary="Enter an interview or a paper form",
        description="Marked as entered by staff. The same `submission` twice is one answer.",
        request=EntrySerializer,
        responses={200: ReceiptSerializer},
    )
    def create(self, request: Request, pk: int) -> Response:
        data = self.sent(EntrySerializer)
        del data["agreed"]
        audiences = self.survey.audiences.select_related("survey__organisation")
        [audience] = by_code(audiences, [data.pop("audience")], "audience")
        receipt = enter_answer(assessment=self.assessment, audience=audience, by=self.user, **data)
        return Response({"receipt": receipt})
