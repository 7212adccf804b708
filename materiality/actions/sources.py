"""Sources of an assessment: record them, mark passages, code these to topics and entries.

The log is part of what leaves with a round, and stays as it was written: it never holds a passage
or its place, nor title, origin, language or date of a source, which may be made confidential later.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from materiality.actions.evidence import drop, keep
from materiality.actions.log import hold_open, record
from materiality.errors import BadSource, ChangeNeedsReason, InTheRegister
from materiality.inputs import released_comments
from materiality.models import (
    Assessment,
    Coding,
    EvidenceFile,
    Iro,
    Passage,
    SourceKind,
    SourceRecord,
    Topic,
    Verb,
)
from surveys.errors import Conflict
from surveys.models import Comment

if TYPE_CHECKING:
    from django.contrib.auth.models import User

FIELDS = (
    *("kind", "title", "dated", "origin", "language"),
    *("confidentiality", "title_leaves", "file", "digest"),
)
LOGGED = ("kind", "confidentiality", "title_leaves", "digest")
SOURCE_PREFIX, PASSAGE_PREFIX = "S-", "P-"
PARTS = ("text", "place", "released")
LONGEST_PASSAGE = 3000


class Upload(NamedTuple):
    """The file of a source as somebody sends it."""

    name: str
    content: bytes


@transaction.atomic
def add_source(
    *, assessment: Assessment, by: "User | None", upload: Upload | None = None, **fields: Any
) -> SourceRecord:
    """Record a source.

    :param upload: its file: kept with the round, of a confidential source the hash alone.
    :param fields: of FIELDS. :raises BadSource: a sentence for each field that cannot be.
    :raises RoundLocked: the round is locked. :raises UnusableFile: it is empty or too large.
    """
    current = hold_open(assessment)
    row = SourceRecord(assessment=current, code=_next_source(current))
    _set(row, fields)
    _check(row)
    if upload:
        _take_file(row, upload, by)
    row.save()
    record(current, Verb.ADD_SOURCE, by=by, subject=row.code, after=log_values(row))
    return row


@transaction.atomic
def describe_source(
    *,
    source: SourceRecord,
    by: "User | None",
    expected_version: int | None = None,
    upload: Upload | None = None,
    **fields: Any,
) -> None:
    """Change a source; fields that are not named stay.

    A former file is removed from the round where another takes its place, or where the source
    becomes confidential, of which the hash stays.

    :raises Conflict: somebody saved it since. :raises InTheRegister: an entry needs the file that
        would be removed. :raises BadSource, RoundLocked, UnusableFile: as `add_source`.
    """
    current = hold_open(source.assessment)
    row = current.source_records.select_related("file").get(pk=source.pk)
    row.assessment = current
    _expect(row.version, expected_version)
    before, former, values = log_values(row), row.file, _values(row)
    _set(row, fields)
    if former and row.file == former and row.is_confidential and "file" not in fields:
        row.file, row.digest = None, former.digest
    _check(row)
    if upload:
        _take_file(row, upload, by)
    row.version += 1
    row.save()
    if former and row.file != former:
        _let_go(row, former, by)
    changed = [name for name, value in _values(row).items() if value != values[name]]
    after = log_values(row) | {"changed": changed}
    record(current, Verb.DESCRIBE_SOURCE, by=by, subject=row.code, before=before, after=after)
    source.refresh_from_db()


def _take_file(row: SourceRecord, upload: Upload, by: "User | None") -> None:
    """Keep the file of a source, or its hash; its name says nothing, since the log tells it."""
    if row.is_confidential:
        row.file, row.digest = None, hash_of(upload.content)
        return
    name = row.code + PurePath(upload.name).suffix[:10]
    kind = str(SourceKind(row.kind).label)
    row.file = keep(row.assessment, name=name, content=upload.content, about=kind, by=by)
    row.digest = ""


def _let_go(row: SourceRecord, former: EvidenceFile, by: "User | None") -> None:
    """Remove the former file of a source, unless something else of the round rests on it."""
    codes = [*former.iros.values_list("code", flat=True)]
    codes += former.source_records.values_list("code", flat=True)
    if codes and row.is_confidential:
        raise InTheRegister(codes)
    if not codes and (row.is_confidential or former.topic is None):
        drop(row.assessment, former, by=by, reason=row.code)


def _values(row: SourceRecord) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


@transaction.atomic
def remove_source(*, source: SourceRecord, reason: str, by: "User | None") -> None:
    """Take out a source that was recorded by mistake, with its passages and codings.

    :raises ChangeNeedsReason: nobody says why.
    """
    current = hold_open(source.assessment)
    if not reason.strip():
        raise ChangeNeedsReason
    before = {
        **log_values(source),
        "passages": list(source.passages.values_list("code", flat=True)),
    }
    record(current, Verb.REMOVE_SOURCE, by=by, subject=source.code, before=before, reason=reason)
    source.delete()


def log_values(row: SourceRecord) -> dict[str, Any]:
    """Return what the log says of a source: nothing that could become confidential."""
    return {name: getattr(row, name) for name in LOGGED} | {"digest": row.hash}


def _set(row: SourceRecord, fields: Mapping[str, Any]) -> None:
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"a source has no field {sorted(unknown)[0]!r}")
    for name, value in fields.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)


def _check(row: SourceRecord) -> None:
    faults = {}
    try:
        row.clean_fields(exclude=["assessment", "file"])
    except ValidationError as error:
        faults = {name: " ".join(sentences) for name, sentences in error.message_dict.items()}
    if row.file and row.file.assessment_id != row.assessment_id:
        faults["file"] = _("This file belongs to another round.")
    elif row.file and row.is_confidential:
        faults["file"] = _(
            "A file of the round can be downloaded by all its members. Keep a confidential one "
            "elsewhere; here its hash is enough."
        )
    if faults:
        raise BadSource(faults)


def hash_of(content: bytes) -> str:
    """Return the SHA-256 of a file that is kept elsewhere."""
    return hashlib.sha256(content).hexdigest()


def _expect(version: int, expected: int | None) -> None:
    if expected is not None and expected != version:
        raise Conflict(
            _("Somebody else saved this while you were editing. Look at it, then save again.")
        )


def _next_source(assessment: Assessment) -> str:
    """Return the next code that no source of the round has or had; the round is held."""
    logged = assessment.events.filter(verb=Verb.ADD_SOURCE).values_list("subject", flat=True)
    there = assessment.source_records.values_list("code", flat=True)
    return _after([*there, *logged], SOURCE_PREFIX)


def _next_passage(assessment: Assessment) -> str:
    """Return the next code that no passage of the round has or had; the round is held."""
    codes = list(assessment.passages.values_list("code", flat=True))
    for event in assessment.events.filter(verb=Verb.ADD_PASSAGE):
        codes += event.after if isinstance(event.after, list) else [event.after["passage"]]
    return _after(codes, PASSAGE_PREFIX)


def _after(codes: Iterable[str], prefix: str) -> str:
    """Return the code after these. The log names by their codes what was taken out."""
    numbers = [int(code[len(prefix) :]) for code in codes if code[len(prefix) :].isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1:03d}"


@transaction.atomic
def add_passage(
    *, source: SourceRecord, text: str, by: "User | None", place: str = "", released: str = ""
) -> Passage:
    """Mark a passage of a source.

    :param released: what of it may leave, without what names anybody; "": nothing.
    :raises BadSource: there is no text, or something of a confidential source was to leave.
    """
    current = hold_open(source.assessment)
    row = Passage(assessment=current, source=source, code=_next_passage(current))
    _write(row, text, place, released)
    row.save()
    record(current, Verb.ADD_PASSAGE, by=by, subject=source.code, after=_passage_told(row))
    return row


@transaction.atomic
def describe_passage(
    *,
    passage: Passage,
    text: str,
    by: "User | None",
    place: str = "",
    released: str = "",
    expected_version: int | None = None,
) -> None:
    """Change a passage; raises as `add_passage`, and Conflict where somebody saved it since."""
    current = hold_open(passage.assessment)
    row = current.passages.select_related("source").get(pk=passage.pk)
    if row.source is None:
        raise BadSource({"": _("A comment stays as it was let out.")})
    _expect(row.version, expected_version)
    before, values = _passage_told(row), {name: getattr(row, name) for name in PARTS}
    _write(row, text, place, released)
    row.version += 1
    row.save()
    changed = [name for name in PARTS if getattr(row, name) != values[name]]
    record(
        current,
        Verb.DESCRIBE_PASSAGE,
        by=by,
        subject=row.source.code,
        before=before,
        after=_passage_told(row) | {"changed": changed},
    )
    passage.refresh_from_db()


def _write(row: Passage, text: str, place: str, released: str) -> None:
    row.text, row.place, row.released = text.strip(), place.strip(), released.strip()
    faults = {}
    if not row.text:
        faults["text"] = _("Write the passage.")
    for name in ("text", "released"):
        if (length := len(getattr(row, name))) > LONGEST_PASSAGE:
            sentence = _("%(found)d characters; at most %(most)d.")
            faults[name] = sentence % {"found": length, "most": LONGEST_PASSAGE}
    if row.released and row.source and row.source.is_confidential:
        faults["released"] = _("The source is confidential: nothing of it may leave.")
    if faults:
        raise BadSource(faults)


def _passage_told(row: Passage) -> dict[str, Any]:
    """Return what the log says of a passage: never its text or place."""
    return {"passage": row.code, "released": bool(row.printed)}


@transaction.atomic
def remove_passage(*, passage: Passage, by: "User | None") -> None:
    """Take out a passage with its codings."""
    current = hold_open(passage.assessment)
    before = _passage_told(passage) | {"codings": passage.codings.count()}
    subject = passage.source.code if passage.source else passage.code
    record(current, Verb.REMOVE_PASSAGE, by=by, subject=subject, before=before)
    passage.delete()


@transaction.atomic
def take_comments(
    *, assessment: Assessment, comments: Collection[UUID], by: "User | None"
) -> list[Passage]:
    """Take comments of the round's surveys in, to be coded; only those that were let out.

    :raises BadSource: one was not let out, or is of another round.
    """
    current = hold_open(assessment)
    surveys = [survey for survey in current.surveys.all() if survey.is_sealed]
    let_out: dict[UUID, Comment] = {
        row.pk: row for survey in surveys for row in released_comments(survey)
    }
    if any(key not in let_out for key in comments):
        raise BadSource({"": _("Only comments of this round that were let out can be coded.")})
    there = set(current.passages.filter(comment__in=comments).values_list("comment", flat=True))
    taken = []
    for key in comments:
        if key not in there:
            code = _next_passage(current)
            row = Passage.objects.create(assessment=current, comment=let_out[key], code=code)
            taken.append(row)
    if taken:
        record(current, Verb.ADD_PASSAGE, by=by, after=[row.code for row in taken])
    return taken


@transaction.atomic
def code_passage(
    *, passage: Passage, topics: Sequence[str], iros: Sequence[str], by: "User"
) -> None:
    """Say which topics and entries a passage is about, as this person sees it.

    What the person said before is replaced; nothing named means that it is about none of them.

    :raises BadSource: no such topic of the short list, or no such open entry.
    """
    current = hold_open(passage.assessment)
    named = _named_topics(current, topics), _named_iros(current, iros)
    passage.codings.filter(coder=by).delete()
    rows = [Coding(passage=passage, coder=by, topic=topic) for topic in named[0]]
    rows += [Coding(passage=passage, coder=by, iro=iro) for iro in named[1]]
    Coding.objects.bulk_create(rows or [Coding(passage=passage, coder=by)])
    after = {"topics": [row.code for row in named[0]], "iros": [row.code for row in named[1]]}
    record(current, Verb.CODE_PASSAGE, by=by, subject=passage.code, after=after)


def _named_topics(assessment: Assessment, codes: Sequence[str]) -> list[Topic]:
    rows = {row.code: row for row in assessment.topics.short_list().filter(code__in=codes)}
    if unknown := [code for code in codes if code not in rows]:
        sentence = _("“%(topic)s” is no topic of the short list of this round.")
        raise BadSource({"topics": sentence % {"topic": unknown[0]}})
    return [rows[code] for code in dict.fromkeys(codes)]


def _named_iros(assessment: Assessment, codes: Sequence[str]) -> list[Iro]:
    rows = {row.code: row for row in assessment.iros.open().filter(code__in=codes)}
    if unknown := [code for code in codes if code not in rows]:
        raise BadSource({"iros": _("There is no open entry %(code)s.") % {"code": unknown[0]}})
    return [rows[code] for code in dict.fromkeys(codes)]
