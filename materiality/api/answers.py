"""Answers that come in otherwise than by the respondents' own pages."""

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from materiality.actions import enter_answer
from materiality.actions.importing import import_answers
from materiality.api import people_serializers as shapes
from materiality.api.access import OfSurvey
from materiality.api.refusals import by_code, unusable_rows
from surveys.actions.answer_tables import check, forget, name_columns, take_table
from surveys.api.respond import ReceiptSerializer
from surveys.errors import RuleBroken
from surveys.models import AnswerTable, Audience
from surveys.tables.upload import on_disk


class AnswersViewSet(OfSurvey):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        summary="Import a table of answers",
        description="CSV or XLSX, as the Import tab reads it: columns are matched by their "
        "headings and by what was said of them before. All rows are imported or none.",
        request={"multipart/form-data": shapes.AnswersFileSerializer},
        responses={200: shapes.ImportedSerializer, 400: shapes.RowErrorsSerializer},
    )
    def create(self, request: Request, pk: int) -> Response:
        told = self.sent(shapes.AnswersFileSerializer)
        code, audiences = told["audience"], self.survey.audiences.all()
        [audience] = by_code(audiences, [code], "audience") if code else [None]
        with on_disk(told["file"]) as content:
            table = take_table(self.survey, content, told["file"].name, self.user)
        try:
            self._read(table, audience)
            if table.problem_count:
                forget(table)
                return unusable_rows(table.problems, table.problem_count)
            moved = import_answers(assessment=self.assessment, table=table, by=self.user)
        except RuleBroken:
            forget(table)
            raise
        return Response({"imported": moved, "known": table.known, "unfinished": table.unfinished})

    def _read(self, table: AnswerTable, audience: Audience | None) -> None:
        meanings = {int(at): meaning for at, meaning in table.meanings.items()}
        name_columns(table, meanings=meanings, audience=audience)
        check(table)


class EntryViewSet(OfSurvey):
    @extend_schema(
        summary="Enter an interview or a paper form",
        description="Marked as entered by staff. The same `submission` twice is one answer.",
        request=shapes.EntrySerializer,
        responses=ReceiptSerializer,
    )
    def create(self, request: Request, pk: int) -> Response:
        told = self.sent(shapes.EntrySerializer)
        del told["agreed"]
        audiences = self.survey.audiences.select_related("survey__organisation")
        [audience] = by_code(audiences, [told.pop("audience")], "audience")
        receipt = enter_answer(assessment=self.assessment, audience=audience, by=self.user, **told)
        return Response({"receipt": receipt})
