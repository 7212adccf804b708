"""Go on where keys are gone: what was under them is noise, and people may answer again."""

from django.db import transaction

from surveys.actions.answer_tables import forget
from surveys.actions.import_answers import take_back
from surveys.encryption import keys
from surveys.encryption.keys import KeyMissing
from surveys.models import AnswerTable, Intake, Survey


@transaction.atomic
def begin_anew(survey: Survey) -> int:
    """Erase the unreadable answers of a survey and give it a new key; return how many they were.

    Links stay as they are, so whoever answered may do so again while the survey is open. Answers
    from tables go with the people they were of: such tables are to be imported again.
    """
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    erased = Intake.objects.filter(survey=locked).count()
    Intake.objects.filter(survey=locked).delete()
    for table in locked.answer_tables.all():
        if table.state == AnswerTable.State.IMPORTED:
            take_back(table)
        elif table.state != AnswerTable.State.TAKEN_BACK:
            forget(table)
    locked.key = survey.key = keys.create()
    locked.save(update_fields=["key"])
    return erased


def forget_unreadable_tables() -> int:
    """Erase the tables that were handed in, not imported, and whose files cannot be read."""
    tables = [one for one in AnswerTable.objects.exclude(file="") if not _is_readable(one)]
    for table in tables:
        forget(table)
    return len(tables)


def _is_readable(table: AnswerTable) -> bool:
    try:
        with table.file.open("rb"):
            return True
    except (KeyMissing, OSError):
        return False
