"""Answers from elsewhere, as the round's log has it."""

from typing import TYPE_CHECKING, Any

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
    replaced = table.replaces
    moved = moving.import_answers(table)
    after = {"file": table.name, "digest": table.digest, "answers": moved, "scales": mapped(table)}
    if replaced:
        after["replaces"] = replaced.name
    record(current, Verb.IMPORT, by=by, subject=table.survey.slug, after=after)
    return moved


def mapped(table: AnswerTable) -> dict[str, Any]:
    """Return the rule by which another scale became the round's, by prompt; empty if none did."""
    scales = {}
    for prompt, scale in table.summary.get("scales", {}).items():
        if scale["is_mapped"]:
            scales[prompt] = {
                name: scale[name] for name in ("lowest", "highest", "most", "ratings")
            }
    return scales


@transaction.atomic
def take_back_answers(*, assessment: Assessment, table: AnswerTable, by: "User | None") -> int:
    """Take every answer of an import out of its survey again; return how many those are.

    :raises Conflict: it is not imported, or the survey is sealed.
    """
    current = expect(assessment, None)
    count = moving.take_back(table)
    after = {"file": table.name, "digest": table.digest, "answers": count}
    record(current, Verb.TAKE_BACK_IMPORT, by=by, subject=table.survey.slug, after=after)
    return count
