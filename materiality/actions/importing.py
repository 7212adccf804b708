"""Answers from elsewhere, as the round's log has it."""

from typing import TYPE_CHECKING

from django.db import transaction

from materiality.actions.log import record
from materiality.actions.settings import expect
from materiality.models import Assessment, Verb
from surveys.actions import import_answers as moving
from surveys.models import AnswerTable

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def import_answers(*, assessment: Assessment, table: AnswerTable, by: "User | None") -> int:
    """Count a table's rows among the answers of a survey of the round; return how many.

    :raises Conflict: a row has a problem, or the survey is sealed; nothing was imported.
    """
    current = expect(assessment, None)
    moved = moving.import_answers(table)
    after = {"file": table.name, "digest": table.digest, "answers": moved}
    record(current, Verb.IMPORT, by=by, subject=table.survey.slug, after=after)
    return moved
