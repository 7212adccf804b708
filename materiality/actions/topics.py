"""Identify: which topics are considered, which are asked about, in which order, and why.

The long list is every topic considered; the short list is what is asked and scored. Both stand
once a questionnaire is published.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from materiality import catalogue
from materiality.actions.log import hold_open, record
from materiality.actions.questionnaire import follow_topics
from materiality.actions.settings import expect
from materiality.errors import (
    AlreadyAsked,
    BothLanguagesNeeded,
    InTheRegister,
    NotASuccession,
    TopicInUse,
    UnknownTopic,
)
from materiality.models import Assessment, Category, Source, Succession, Topic, Verb
from materiality.selectors.rounds import is_asked
from surveys.languages import Text, in_language, missing_languages

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Key = tuple[str, str, str]


def expect_open_list(assessment: Assessment, version: int | None) -> Assessment:
    """Return the round locked for this transaction, if its topics may still be chosen.

    :raises AlreadyAsked: a questionnaire is published.
    """
    current = expect(assessment, version)
    if is_asked(current):
        raise AlreadyAsked
    return current


@transaction.atomic
def add_topics(
    *, assessment: Assessment, topics: Iterable[dict[str, Any]], by: "User | None" = None
) -> list[Topic]:
    """Add topics (fields of Topic) at the end of the round's list.

    :raises AlreadyAsked: a questionnaire is published.
    """
    return _add(expect_open_list(assessment, None), topics, by)


def _add(current: Assessment, topics: Iterable[dict[str, Any]], by: "User | None") -> list[Topic]:
    """Add topics to a round that is held."""
    start = current.topics.count()
    rows = [
        Topic(assessment=current, position=start + at, **fields) for at, fields in enumerate(topics)
    ]
    for row in rows:
        row.clean_fields()
    topics_added = Topic.objects.bulk_create(rows)
    follow_topics(current)
    record(current, Verb.ADD_TOPICS, by=by, after=[topic.code for topic in topics_added])
    return topics_added


@transaction.atomic
def add_topic(*, assessment: Assessment, by: "User | None", **fields: Any) -> Topic:
    """Add a topic of one's own; its code is made of its English name.

    :raises AlreadyAsked: a questionnaire is published.
    """
    # Held before the codes are read: another of the same name waits, and gets a code of its own.
    current = expect_open_list(assessment, None)
    codes = set(current.topics.values_list("code", flat=True))
    code = _free_code(in_language(fields["name"], "en"), codes)
    [topic] = _add(current, [{"code": code, **fields}], by)
    return topic


@transaction.atomic
def add_topics_from_catalogue(
    *, assessment: Assessment, keys: Iterable[Key], by: "User | None"
) -> list[Topic]:
    """Add entries of published standards as topics; what is on the long list already stays.

    :param keys: (standard, edition, code).
    :raises catalogue.UnknownEntry: there is no such entry.
    """
    current = hold_open(assessment)  # before the list is read, as in `add_topic`
    listed = {
        tuple(key)
        for references in current.topics.values_list("references", flat=True)
        for key in references
    }
    codes = set(current.topics.values_list("code", flat=True))
    entries = [catalogue.find(*key) for key in dict.fromkeys(keys) if key not in listed]
    topics = [_from_catalogue(entry, codes, current.languages) for entry in entries]
    return add_topics(assessment=assessment, topics=topics, by=by) if topics else []


def _from_catalogue(
    entry: catalogue.Entry, taken: set[str], languages: Sequence[str]
) -> dict[str, Any]:
    """Return a topic as an entry describes it, in these languages."""
    known = entry.category in Category.values
    explained = catalogue.explanation_of(entry)
    texts = {"name": {"zh-hans": entry.name_zh, "en": entry.name_en}}
    if explained:
        texts |= {"definition": explained.definition, "example": explained.example}
    spoken = {
        part: {code: text[code] for code in languages if code in text}
        for part, text in texts.items()
    }
    return {
        "code": _free_code("-".join(entry.key), taken),
        **spoken,
        "category": entry.category if known else Category.GOVERNANCE,
        "references": [list(entry.key)],
        "sources": [Source.STANDARD],
    }


def _free_code(text: str, taken: set[str]) -> str:
    """Return a code nobody has, and take it."""
    wish = slugify(text)[:56] or "topic"
    code = next(c for c in (wish, *(f"{wish}-{n}" for n in range(2, 999))) if c not in taken)
    taken.add(code)
    return code


@transaction.atomic
def remove_topic(
    *, assessment: Assessment, topic: str, by: "User | None", expected_version: int | None = None
) -> None:
    """Take a topic off the long list: entered by mistake. A considered one is screened out.

    :raises AlreadyAsked: a questionnaire is published. :raises InTheRegister: it has entries there.
    :raises TopicInUse: files, remarks or the next round refer to it.
    """
    current = expect_open_list(assessment, expected_version)
    row = topic_of(current, topic)
    if codes := list(row.iros.values_list("code", flat=True)):
        raise InTheRegister(codes)
    _expect_unused(row)
    before = {"name": row.name, "references": row.references}
    row.topic_questions.all().delete()
    row.delete()
    follow_topics(current)
    record(current, Verb.REMOVE_TOPIC, by=by, subject=topic, before=before)


def _expect_unused(topic: Topic) -> None:
    """What is kept of a topic is kept: its files, what was said of it, what became of it later."""
    users = {
        _("its files"): topic.evidence_files,
        _("remarks"): topic.remarks,
        _("passages of sources"): topic.codings,
        _("the next round’s changes"): topic.successors,
    }
    by = [name for name, rows in users.items() if rows.exists()]
    if by:
        raise TopicInUse(by)


@transaction.atomic
def screen_out(
    *,
    assessment: Assessment,
    topic: str,
    kind: str,
    reason: Text,
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Leave a topic of the long list out of the questionnaire, and say why.

    :param kind: of Screening: not applicable, not relevant, covered by another topic.
    :param reason: in both languages; where last round had the topic, it explains the removal.
    :raises BothLanguagesNeeded: a language is missing. :raises AlreadyAsked: it was asked about.
    """
    current = expect_open_list(assessment, expected_version)
    row = topic_of(current, topic)
    if missing_languages(reason, tuple(current.languages)):
        raise BothLanguagesNeeded(current.languages)
    row.screened_out, row.screening_reason = kind, dict(reason)
    row.screened_by, row.screened_at = by, timezone.now()
    row.full_clean(exclude=["example", "references"], validate_constraints=False)
    row.save()
    _explain_removal(row)
    follow_topics(current)
    text_of_reason = " / ".join(text for text in reason.values() if text)
    record(
        current, Verb.SCREEN_OUT, by=by, subject=topic, after={"kind": kind}, reason=text_of_reason
    )


def _explain_removal(topic: Topic) -> None:
    """Say of last round's topics that led here that they were removed, unless they live on."""
    for line in topic.predecessors.select_related("before"):
        lives_on = line.before and line.before.successors.exclude(pk=line.pk).exists()
        if line.before is None or lives_on:
            line.delete()
            continue
        line.kind, line.after = Succession.Kind.REMOVED, None
        line.reason = topic.screening_reason
        line.save()


@transaction.atomic
def take_back(
    *, assessment: Assessment, topic: str, by: "User | None", expected_version: int | None = None
) -> None:
    """Put a screened-out topic back onto the short list."""
    current = expect_open_list(assessment, expected_version)
    row = topic_of(current, topic)
    before = {"kind": row.screened_out, "reason": row.screening_reason}
    row.screened_out, row.screening_reason = "", {}
    row.screened_by = row.screened_at = None
    row.save()
    _continue_again(current, row)
    follow_topics(current)
    record(current, Verb.TAKE_BACK, by=by, subject=topic, before=before)


def _continue_again(assessment: Assessment, topic: Topic) -> None:
    removed = assessment.successions.filter(
        kind=Succession.Kind.REMOVED, before__code=topic.code
    ).first()
    if removed:
        removed.kind, removed.after = Succession.Kind.CONTINUED, topic
        removed.reason = {}
        removed.save()


@transaction.atomic
def reorder(
    *,
    assessment: Assessment,
    codes: Sequence[str],
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Put the short list into this order. It breaks ties, and the questionnaire follows it.

    :param codes: every topic of the short list, once.
    :raises UnknownTopic: one is missing, unknown or there twice. :raises AlreadyAsked: too late.
    """
    current = expect_open_list(assessment, expected_version)
    rows = {topic.code: topic for topic in current.topics.short_list()}
    before = list(rows)
    if sorted(codes) != sorted(rows):
        raise UnknownTopic(_("Name every topic once."))
    if before == list(codes):
        return
    for position, code in enumerate(codes):
        rows[code].position = position
    Topic.objects.bulk_update(rows.values(), ["position"])
    follow_topics(current)
    record(current, Verb.REORDER, by=by, before=before, after=list(codes))


def move(
    *,
    assessment: Assessment,
    topic: str,
    places: int,
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Move a topic down the short list by so many places; negative is up."""
    codes = list(assessment.topics.short_list().values_list("code", flat=True))
    if topic not in codes:
        raise UnknownTopic(_("“%(code)s” is not on the short list.") % {"code": topic})
    at = codes.index(topic)
    codes.insert(max(at + places, 0), codes.pop(at))
    reorder(assessment=assessment, codes=codes, by=by, expected_version=expected_version)


@transaction.atomic
def match_topic(
    *,
    assessment: Assessment,
    topic: str,
    before: str | None,
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Say which of last round's topics this one continues; None: none, it is new.

    A different name makes it a renaming, whose reason the change table asks for.

    :raises NotASuccession: last round has no such topic.
    """
    current = expect(assessment, expected_version)
    row = topic_of(current, topic)
    old = _previous_topic(current, before) if before else None
    same = (Succession.Kind.CONTINUED, Succession.Kind.RENAMED, Succession.Kind.ADDED)
    row.predecessors.filter(kind__in=same).delete()
    if old:
        current.successions.filter(before=old, after=None).delete()
        kind = Succession.Kind.CONTINUED if old.name == row.name else Succession.Kind.RENAMED
        position = current.successions.count()
        Succession.objects.create(
            assessment=current, before=old, after=row, kind=kind, position=position
        )
    record(current, Verb.MATCH, by=by, subject=topic, after=before)


def _previous_topic(assessment: Assessment, code: str) -> Topic:
    before = (
        assessment.previous.topics.short_list() if assessment.previous else Topic.objects.none()
    )
    topic: Topic | None = before.filter(code=code).first()
    if topic is None:
        raise NotASuccession(_("“%(code)s” is not a topic of that round.") % {"code": code})
    return topic


def topic_of(assessment: Assessment, code: str) -> Topic:
    """Return a topic of the round's long list.

    :raises UnknownTopic: there is none of that code.
    """
    topic: Topic | None = assessment.topics.filter(code=code).first()
    if topic is None:
        raise UnknownTopic(_("“%(code)s” is not a topic of this round.") % {"code": code})
    return topic
