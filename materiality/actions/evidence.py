"""Attach files that prove something, and say something about a topic."""

import hashlib
import unicodedata
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from materiality.actions.log import record
from materiality.actions.settings import expect
from materiality.errors import ChangeNeedsReason, CommentNeeded, InTheRegister, UnusableFile
from materiality.models import Assessment, EvidenceFile, Remark, Topic, Verb

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LARGEST = 20 * 2**20


@transaction.atomic
def attach(
    *,
    assessment: Assessment,
    name: str,
    content: bytes,
    by: "User | None",
    topic: Topic | None = None,
    about: str = "",
    expected_version: int | None = None,
) -> EvidenceFile:
    """Keep a file with the round, or with one of its topics.

    It is stored under a name made up for it, and only ever handed out as a download.

    :raises UnusableFile: it is empty or larger than 20 MB.
    """
    current = expect(assessment, expected_version)
    return keep(current, name=name, content=content, by=by, topic=topic, about=about)


def keep(
    assessment: Assessment,
    *,
    name: str,
    content: bytes,
    by: "User | None",
    topic: Topic | None = None,
    about: str = "",
) -> EvidenceFile:
    """Keep a file with a round that is held: part of an action, whose version it leaves alone.

    :raises UnusableFile: it is empty or larger than 20 MB.
    """
    if not 0 < len(content) <= LARGEST:
        raise UnusableFile(_("A file must hold something, and at most 20 MB."))
    row = EvidenceFile(
        assessment=assessment,
        topic=topic,
        name=_plain(name),
        about=about.strip()[:300],
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        added_by=by,
        added_at=timezone.now(),
    )
    row.file.save("content", ContentFile(content), save=False)
    row.save()
    record(assessment, Verb.ATTACH, by=by, subject=_subject(topic), after=row.facts(), reason=about)
    return row


@transaction.atomic
def detach(
    *, file: EvidenceFile, by: "User | None", reason: str, expected_version: int | None = None
) -> None:
    """Remove a file. The log keeps its name and hash, and the reason.

    :raises ChangeNeedsReason: nobody says why.
    :raises InTheRegister: it shows there that mitigation works.
    """
    current = expect(file.assessment, expected_version)
    codes = [*file.iros.values_list("code", flat=True)]
    codes += file.source_records.values_list("code", flat=True)
    if codes:
        raise InTheRegister(codes)
    if not reason.strip():
        raise ChangeNeedsReason
    drop(current, file, by=by, reason=reason)


def drop(assessment: Assessment, file: EvidenceFile, *, by: "User | None", reason: str) -> None:
    """Remove a file that nothing needs from a round that is held: part of an action."""
    subject = _subject(file.topic)
    record(assessment, Verb.DETACH, by=by, subject=subject, before=file.facts(), reason=reason)
    storage, stored = file.file.storage, str(file.file.name)
    file.delete()
    transaction.on_commit(partial(storage.delete, stored))


@transaction.atomic
def remark(
    *, assessment: Assessment, text: str, by: "User | None", topic: Topic | None = None
) -> Remark:
    """Say something about a topic, or about the round. It is a record: answered, not edited.

    :raises CommentNeeded: there is no text.
    """
    current = expect(assessment, None)
    if not text.strip():
        raise CommentNeeded
    row: Remark = Remark.objects.create(
        assessment=current, topic=topic, text=text.strip(), by=by, at=timezone.now()
    )
    record(current, Verb.REMARK, by=by, subject=_subject(topic), after=row.text)
    return row


def _subject(topic: Topic | None) -> str:
    return topic.code if topic else ""


def _plain(name: str) -> str:
    """Return the last part of a file's name, without what cannot be seen."""
    last = PurePosixPath(name.replace("\\", "/")).name
    visible = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    return visible[-200:] if visible.strip(". ") else "file"
