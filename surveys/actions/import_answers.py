"""Move the rows of a checked table into the intake: all of them, in one transaction, or none."""

from collections.abc import Mapping
from uuid import uuid4

from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from surveys.actions.answer_tables import erase_file, require_open_for_tables
from surveys.errors import Conflict
from surveys.models import AnswerTable, Intake, Invitation, StagedAnswer, Survey

STAGED = StagedAnswer._meta.db_table
INVITED = Invitation._meta.db_table


@transaction.atomic
def import_answers(table: AnswerTable) -> int:
    """Count the rows of a table among the survey's answers; return how many they are.

    :raises Conflict: a row has a problem, or the table was not read, or is imported already, or the
        survey is sealed; nothing was imported.
    """
    Survey.objects.select_for_update().get(pk=table.survey_id)
    current = AnswerTable.objects.select_for_update().select_related("survey").get(pk=table.pk)
    require_open_for_tables(current.survey)
    if current.state != AnswerTable.State.CHECKED or current.problem_count:
        raise Conflict(_("Rows of this table cannot be used. Nothing was imported."))
    try:
        with transaction.atomic():
            current.imported = _move(current)
    except IntegrityError as error:
        raise Conflict(_("Rows of this table were imported meanwhile. Read it again.")) from error
    current.staged.all().delete()
    erase_file(current)
    current.state, current.file, current.samples = AnswerTable.State.IMPORTED, "", []
    current.save()
    return int(current.imported)


def _move(table: AnswerTable) -> int:
    """Copy the staged rows by two statements: a hundred thousand rows hold nobody up for long."""
    person = Invitation(source=Invitation.Source.IMPORTED)
    version = table.survey.version
    answered = Intake(
        survey=table.survey, survey_version=version, submission=uuid4(), submitted=True
    )
    taken = {"audience_id": "s.audience_id", "token_hash": "s.key"}
    moved = _insert(person, taken, f"{STAGED} s WHERE s.table_id = %s", table.pk)
    copied = {"invitation_id": "i.id", "ratings": "s.ratings", "comment": "s.comment"}
    joined = f"{STAGED} s JOIN {INVITED} i ON i.token_hash = s.key WHERE s.table_id = %s"
    if _insert(answered, copied, joined, table.pk) != moved:
        raise IntegrityError
    return moved


def _insert(like: models.Model, taken: Mapping[str, str], source: str, key: int) -> int:
    """Insert a row for each of `source`: some columns taken from there, the others as `like`."""
    fields = {f.column: f for f in like._meta.concrete_fields if f.column and not f.primary_key}
    chosen = ", ".join(taken.get(column, "%s") for column in fields)
    values = [
        field.get_db_prep_save(getattr(like, field.attname), connection)
        for column, field in fields.items()
        if column not in taken
    ]
    table, columns = like._meta.db_table, ", ".join(fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM {source}",  # noqa: S608
            [*values, key],
        )
        return int(cursor.rowcount)
