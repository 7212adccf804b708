"""Move the rows of a checked table into the intake: all of them, in one transaction, or none; and
take a whole import back."""

from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from surveys.actions.answer_tables import erase_file, require_open_for_tables
from surveys.errors import Conflict
from surveys.models import AnswerTable, Intake, Invitation, StagedAnswer, Survey
from surveys.sql.copying import insert_copies

STAGED = StagedAnswer._meta.db_table
INVITED = Invitation._meta.db_table
State = AnswerTable.State


@transaction.atomic
def import_answers(table: AnswerTable) -> int:
    """Count the rows of a table among the survey's answers; return how many they are.

    The table that it replaces is taken back with the same breath.

    :raises Conflict: a row has a problem, or something is to be said, or the table was not read, or
        is imported already, or another was imported since; or the survey is sealed. Nothing was
        imported.
    """
    Survey.objects.select_for_update().get(pk=table.survey_id)
    current = AnswerTable.objects.select_for_update().select_related("survey").get(pk=table.pk)
    require_open_for_tables(current.survey)
    if current.state != State.CHECKED or current.problem_count:
        raise Conflict(_("Rows of this table cannot be used. Nothing was imported."))
    if current.summary.get("asks"):
        raise Conflict(
            _("Say first whether these are the people of an earlier import. Nothing was imported.")
        )
    counted = AnswerTable.objects.imported().filter(survey=current.survey)
    if sorted(counted.values_list("pk", flat=True)) != current.beside:
        raise Conflict(_("Another table was imported meanwhile. Read this one again."))
    if current.replaces:
        take_back(current.replaces)
    try:
        with transaction.atomic():
            current.imported = _move(current)
    except IntegrityError as error:
        raise Conflict(_("Rows of this table were imported meanwhile. Read it again.")) from error
    current.staged.all().delete()
    erase_file(current)
    current.state, current.file, current.seen = State.IMPORTED, "", b""
    current.save()
    return int(current.imported)


def _move(table: AnswerTable) -> int:
    """Copy the staged rows by two statements."""
    person = Invitation(source=Invitation.Source.IMPORTED, table=table)
    version = table.survey.version
    answered = Intake(
        survey=table.survey,
        survey_version=version,
        submission=uuid4(),
        submitted=True,
        answered=True,
    )
    columns = {"audience_id": "s.audience_id", "token_hash": "s.key"}
    moved = insert_copies(person, columns, f"{STAGED} s WHERE s.table_id = %s", [table.pk])
    copied = {"invitation_id": "i.id", "ciphertext": "s.ciphertext"}
    joined = f"{STAGED} s JOIN {INVITED} i ON i.token_hash = s.key WHERE s.table_id = %s"
    if insert_copies(answered, copied, joined, [table.pk]) != moved:
        raise IntegrityError
    return moved


@transaction.atomic
def take_back(table: AnswerTable) -> int:
    """Take every answer of an import out of the survey again; return how many those are.

    :raises Conflict: it is not imported, or taken back already, or the survey is sealed.
    """
    Survey.objects.select_for_update().get(pk=table.survey_id)
    current = AnswerTable.objects.select_for_update().select_related("survey").get(pk=table.pk)
    require_open_for_tables(current.survey)
    if current.state != State.IMPORTED or not current.summary:
        raise Conflict(_("This table is not imported, or was taken back already."))
    people = Invitation.objects.filter(table=current)
    Intake.objects.filter(invitation__in=people).delete()
    count = people.count()
    people.delete()
    current.state, current.marks, current.beside = State.TAKEN_BACK, b"", []
    current.save(update_fields=["state", "marks", "beside"])
    return count
