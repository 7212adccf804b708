"""Who opened a link, how far they are, and whether their survey is open: one row."""

import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from surveys.encryption.contents import NAMES, Contents, decrypt, key_name
from surveys.errors import RuleBroken, TooManyUnknownLinks, UnknownLink
from surveys.models import Invitation, token_hash
from surveys.questionnaire.questionnaires import Questionnaire, current
from surveys.sql.selects import CompiledSelect
from surveys.visit.rates import UNKNOWN


@dataclass(slots=True, kw_only=True)
class Draft(Contents):
    """The answers so far."""

    key: str
    pk: int
    receipt: str
    submission: UUID | None
    submitted: bool
    version: int
    survey_version: int
    begun: int

    def stop_the_clock(self) -> None:
        """Note how long the first submission took; a whole second at least."""
        self.seconds = self.seconds or max(1, int(time.time()) - self.begun)


def example_draft(draw: int, ratings: dict[str, int]) -> Draft:
    """Return a draft that is nobody's, to show pages that follow from ratings."""
    return _empty_draft(key="", draw=draw, ratings=ratings, survey_version=1, begun=0)


def _empty_draft(**parts: Any) -> Draft:
    """Return a draft that is stored nowhere yet."""
    return Draft(**parts, pk=0, receipt="", submission=None, submitted=False, version=0)


@dataclass(frozen=True, slots=True)
class Visit:
    """One person at their link."""

    invitation: int
    token_hash: str
    state: str
    form: Questionnaire
    version: int
    draft: Draft | None
    sealed_at: datetime | None

    @property
    def is_open(self) -> bool:
        survey = self.form.survey
        return self.sealed_at is None and survey.opens_at <= timezone.now() < survey.closes_at

    def with_draft(self, draft: Draft) -> "Visit":
        """Return the visit of somebody who has just begun."""
        return replace(self, draft=draft, form=self.form.part(draft.draw))


def find(token: str) -> Visit | None:
    """Return the visit, or None if the link is unknown, revoked, or of an unpublished survey."""
    return _visit(_READ.one(token_hash(token)))


def new_draft(
    visit: Visit, draw: int | None, since: int | None = None, version: int | None = None
) -> Draft:
    """Return an empty draft of somebody who begins.

    :param draw: chooses the part that is asked; None for everything.
    :param since: Unix time since when the questions were seen; None for now.
    :param version: the wording that was seen; None, or one that never was, for the newest.
    """
    newest = visit.version
    seen = version if version in range(1, newest) else newest
    begun = since or int(time.time())
    key = visit.form.survey.key
    return _empty_draft(key=key, draw=draw, survey_version=seen, begun=begun)


def prepare() -> None:
    """Write the query of `find` before anybody asks."""
    _READ.prepare()


def unknown(address: str) -> RuleBroken:
    """Return what to say to who opens an unknown link, and count it.

    Only failures count, so an office behind one address that answers rightly is not held up.
    """
    if UNKNOWN.is_used_up(address):
        return TooManyUnknownLinks()
    UNKNOWN.count(address)
    return UnknownLink()


def _visit(row: tuple[Any, ...] | None) -> Visit | None:
    if row is None:
        return None
    invitation, hashed, state, audience, *facts = row
    published_at, opens_at, closes_at, sealed_at, version, *draft = facts
    if published_at is None:
        return None
    begun = _draft(*draft)
    version_number = begun.survey_version if begun else version
    form = current(audience, published_at, opens_at, closes_at, version_number)
    if begun is None:
        return Visit(invitation, hashed, state, form, version, None, sealed_at)
    return Visit(invitation, hashed, state, form.part(begun.draw), version, begun, sealed_at)


def _draft(ciphertext: bytes | None, *columns: Any) -> Draft | None:
    if ciphertext is None:
        return None
    contents = decrypt(ciphertext)
    parts = {name: getattr(contents, name) for name in NAMES}
    stored = dict(zip(_COLUMNS, columns, strict=True))
    return Draft(**parts, **stored, key=key_name(ciphertext))


_MOMENTS = ("published_at", "opens_at", "closes_at", "sealed_at")
_SURVEY = [f"audience__survey__{name}" for name in (*_MOMENTS, "version")]
_COLUMNS = ("pk", "receipt", "submission", "submitted", "version", "survey_version", "begun")
_DRAFT = [f"intake__{name}" for name in ("ciphertext", *_COLUMNS)]
_READ = CompiledSelect(
    lambda hashed: (
        Invitation.objects.filter(token_hash=hashed)
        .exclude(state=Invitation.State.REVOKED)
        .values_list("pk", "token_hash", "state", "audience_id", *_SURVEY, *_DRAFT)
    )
)
