"""Read sealed comments and say what of each may leave the product."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.errors import Conflict, RuleBroken
from surveys.models import Comment, Survey
from surveys.people.contacts import BLACK
from surveys.people.redaction import may_be_read, released_text


@dataclass(frozen=True)
class CommentReading:
    """What a reader decided of one comment.

    :param before: `Comment.reading` as the reader saw it. ``released``: what may leave; "" nothing.
    """

    before: str
    released: str


@dataclass(frozen=True)
class Redacted:
    """How many comments were read, and what became of them."""

    read: int = 0
    blackened: int = 0
    withheld: int = 0


@transaction.atomic
def redact(survey: Survey, readings: Mapping[UUID, CommentReading]) -> Redacted:
    """Keep what may leave of each comment; what is sealed stays as it is.

    :raises RuleBroken: a text says what its author did not say, or too few answered to read any.
    :raises Conflict: somebody else has read one of them meanwhile; nothing is kept.
    """
    if not may_be_read(survey):
        raise RuleBroken(_("Too few people answered for their comments to be read."))
    rows = survey.comments.select_for_update().in_bulk(list(readings))
    changed = []
    for key, reading in readings.items():
        row, text = rows[key], released_text(rows[key], reading.released)
        if row.released == text:
            continue
        if row.reading != reading.before:
            raise Conflict(_("Somebody else has read one of these meanwhile. Nothing was kept."))
        row.released = text
        changed.append(row)
    Comment.objects.bulk_update(changed, ["released"])
    return Redacted(
        read=len(changed),
        blackened=sum(BLACK in (row.released or "") for row in changed),
        withheld=sum(row.released == "" for row in changed),
    )
