"""Name, archive and delete rounds, and delete questionnaires that were never published."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from materiality.actions.log import hold, record
from materiality.actions.settings import expect
from materiality.errors import RoundStands
from materiality.models import Assessment, TopicQuestion, Verb
from surveys.errors import Conflict
from surveys.languages import Text, in_order
from surveys.models import Survey

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@transaction.atomic
def describe_round(
    *,
    assessment: Assessment,
    by: "User | None",
    year: str | None = None,
    name: Text | None = None,
    languages: Sequence[str] | None = None,
    expected_version: int | None = None,
) -> None:
    """Correct the year that is printed, name the round, or say what languages it is in.

    Questionnaires that are not published yet are asked in the round's languages.

    :raises RoundStands: the year is empty, or the company has no such language.
    """
    current = expect(assessment, expected_version)
    changes: dict[str, Any] = {}
    if year is not None:
        changes["year"] = year.strip()
    if name is not None:
        changes["name"] = {code: text.strip() for code, text in name.items() if text.strip()}
    if languages is not None:
        changes["languages"] = in_order(languages)
    if not changes.get("languages", current.languages):
        raise RoundStands(_("A round has at least one language. Tick one."))
    own = {*current.organisation.languages, *current.languages}
    if not own.issuperset(changes.get("languages", [])):
        raise RoundStands(_("Your organisation has no name in this language. Write it first."))
    if not changes.get("year", current.year):
        raise RoundStands(_("Write the year the report prints."))
    changed = [field for field, value in changes.items() if getattr(current, field) != value]
    before = {field: getattr(current, field) for field in changed}
    for field in changed:
        setattr(current, field, changes[field])
    if changed:
        current.save(update_fields=changed)
        if "languages" in changed:
            current.surveys.filter(published_at=None).update(languages=current.languages)
        after = {field: changes[field] for field in changed}
        record(current, Verb.DESCRIBE_ROUND, by=by, before=before, after=after)


@transaction.atomic
def archive_round(*, assessment: Assessment, archived: bool, by: "User | None") -> None:
    """Put a round away from the list, or back; nothing else changes. A locked one can be too."""
    current = hold(assessment)
    if (current.archived_at is not None) == archived:
        return
    current.archived_at = timezone.now() if archived else None
    Assessment.objects.filter(pk=current.pk).update(archived_at=current.archived_at)
    record(current, Verb.ARCHIVE if archived else Verb.UNARCHIVE, by=by)


@transaction.atomic
def delete_round(*, assessment: Assessment, by: "User | None") -> None:
    """Delete a round that nobody answered or scored. Its log stays, as every log does, unseen.

    :raises RoundStands: a questionnaire is published, an expert has scored, a round succeeds it, or
        files belong to it.
    """
    current = expect(assessment, None)
    if current.surveys.exclude(published_at=None).exists():
        raise RoundStands(_("A questionnaire is published, so the round stands. Archive it."))
    if current.is_scored:
        raise RoundStands(_("An expert has scored the register, so the round stands. Archive it."))
    if Assessment.objects.filter(previous=current).exists():
        raise RoundStands(_("Another round succeeds this one. Delete that one first."))
    if current.evidence_files.exists():
        raise RoundStands(_("Files are attached to this round. Remove them first."))
    for survey in current.surveys.all():
        discard(current, survey)
    current.successions.all().delete()
    current.iro_lines.all().delete()
    current.previous, current.deleted_at = None, timezone.now()
    current.save(update_fields=["previous", "deleted_at"])
    record(current, Verb.DELETE_ROUND, by=by)


@transaction.atomic
def discard_survey(*, assessment: Assessment, survey: Survey, by: "User | None") -> None:
    """Delete a questionnaire that was never published, with the people on its list.

    :raises Conflict: it is published.
    """
    current = expect(assessment, None)
    slug = survey.slug
    discard(current, survey)
    record(current, Verb.DISCARD_SURVEY, by=by, subject=slug)


def discard(assessment: Assessment, survey: Survey) -> None:
    """Delete a draft within another act.

    :raises Conflict: it is published.
    """
    stored = Survey.objects.select_for_update().get(pk=survey.pk)
    if stored.published_at is not None:
        raise Conflict(_("This questionnaire is published, so it cannot be deleted."))
    TopicQuestion.objects.filter(question__survey=stored).delete()
    assessment.groups.filter(audience__survey=stored).update(audience=None)
    stored.delete()
