"""A respondent's verbs. The token of the link is who they are; whoever holds it may answer.

Each verb writes one row by one statement, or is one transaction: it happens whole or not at all.
A draft is stored only if nobody wrote to it since it was read; whoever was slower reads it again.
A seal holds all drafts, so who comes late finds none.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.actions.drafts import Agreement, begin, store
from surveys.errors import Conflict, ConsentMissing, SurveyClosed, UnknownLink
from surveys.kinds import choices_of
from surveys.models import Intake, Invitation
from surveys.questionnaire.checks import (
    checked_comment,
    checked_ratings,
    checked_remarks,
    checked_response,
)
from surveys.questionnaire.consent import is_consent
from surveys.visit.visits import Draft, Visit, find, new_draft

MOST_TABS = 50
DRAW_BITS = 62
Change = Callable[[Visit, Draft], None]
RECEIPT_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def start(token: str, consent: str, *, everything: bool = False) -> None:
    """Begin, or go on with, this person's answers. `consent` is the hash of the text agreed to.

    :param everything: ask everything, however much it is; otherwise a part is drawn if it is much.
    """
    visit = _visit(token)
    _require_open(visit)
    if visit.draft is None:
        agreement = Agreement(consent)
        _begin(visit, agreement, _new_draft(visit, agreement, everything=everything))


def save(
    token: str,
    answers: Mapping[Any, Any],
    comment: str | None = None,
    *,
    remarks: Mapping[str, str] = MappingProxyType({}),
    chosen: Mapping[str, str] = MappingProxyType({}),
    agreement: Agreement | None = None,
) -> Visit:
    """Keep these answers of a draft; the last answer to a question wins.

    :param remarks: comments by topic, as `checked_remarks` takes them.
    :param chosen: of the kinds beside the ratings, as `choices_of` takes them.
    :param agreement: begins the draft if nothing was begun with this link before.
    """

    def change(visit: Visit, draft: Draft) -> None:
        _require_open(visit)
        draft.ratings |= checked_ratings(visit.form, answers)
        if comment is not None:
            draft.comment = checked_comment(comment)
        if remarks:
            draft.remarks = checked_remarks(visit.form, draft.remarks, remarks)
        if chosen:
            draft.picks = choices_of(visit.form, draft, chosen)

    visit, _draft = _change(token, change, agreement)
    return visit


def submit(token: str, *, submission: UUID, consent: str = "", **sent: Any) -> str:
    """Hand in as `hand_in`, and return the receipt code, the same for every repetition.

    :param consent: needed if nothing was started with this link before.
    """
    agreement = Agreement(consent) if consent else None
    _visit, draft = hand_in(token, submission=submission, agreement=agreement, **sent)
    return draft.receipt


def hand_in(
    token: str,
    *,
    submission: UUID,
    ratings: Mapping[Any, Any] | None = None,
    answers: Mapping[Any, Any] = MappingProxyType({}),
    remarks: Mapping[str, str] = MappingProxyType({}),
    comment: str = "",
    agreement: Agreement | None = None,
    trap: str = "",
) -> tuple[Visit, Draft]:
    """Hand in the answers; return the visit and the draft as it is stored.

    :param submission: tells a repeated sending (same id, same content) from a new one.
    :param ratings: replace all ratings of the draft, as in `checked_response`; None keeps them.
    :param answers: put into the ratings of the draft, as `save` does; with them `remarks`.
    :param agreement: begins the draft if nothing was begun with this link before.
    :param trap: what came in the field that people do not see.
    :raises Conflict: this submission was received with other content.
    """

    def change(visit: Visit, draft: Draft) -> None:
        sent = replace(draft, comment=checked_comment(comment))
        if ratings is not None:
            sent.ratings = checked_response(visit.form, ratings)
        sent.ratings = sent.ratings | checked_ratings(visit.form, answers)
        if remarks:
            sent.remarks = checked_remarks(visit.form, draft.remarks, remarks)
        if draft.submission == submission:
            return _require_same(draft, sent)
        _require_open(visit)
        draft.comment, draft.ratings, draft.remarks = sent.comment, sent.ratings, sent.remarks
        draft.submission, draft.submitted = submission, True
        draft.receipt = draft.receipt or new_receipt()
        draft.trapped = draft.trapped or bool(trap)
        if agreement is None or agreement.since:  # else begun by this call: no time to measure
            draft.stop_the_clock()

    return _change(token, change, agreement)


def decline(token: str) -> Visit:
    """Note that this person does not take part, and erase what they had begun."""
    return _leave(token, Invitation.State.DECLINED)


def withdraw(token: str) -> Visit:
    """Erase this person's answers."""
    return _leave(token, Invitation.State.WITHDRAWN)


def new_receipt() -> str:
    """Return a code that is easy to read out: no 0, O, 1 or I."""
    letters = "".join(secrets.choice(RECEIPT_ALPHABET) for _letter in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _visit(token: str) -> Visit:
    if (visit := find(token)) is None:
        raise UnknownLink
    return visit


def _change(token: str, change: Change, agreement: Agreement | None = None) -> tuple[Visit, Draft]:
    """Change a draft and store it; read it again whenever another tab was quicker."""
    for _attempt in range(MOST_TABS):
        visit = _visit(token)
        if visit.draft is None:
            is_stored, visit, draft = _begin_and_change(visit, change, agreement)
        else:
            draft = visit.draft
            change(visit, draft)
            is_stored = store(draft)
        if is_stored:
            return visit, draft
    raise Conflict(_("Too many pages save this answer at once. Please try again."))


def _begin_and_change(
    visit: Visit, change: Change, agreement: Agreement | None
) -> tuple[bool, Visit, Draft]:
    """Begin with what was changed, by one statement."""
    _require_open(visit)
    if agreement is None:
        raise ConsentMissing
    draft = _new_draft(visit, agreement, everything=agreement.since is None)
    visit = visit.with_draft(draft)
    change(visit, draft)
    return _begin(visit, agreement, draft), visit, draft


def _new_draft(visit: Visit, agreement: Agreement, *, everything: bool) -> Draft:
    """:raises ConsentMissing: what was agreed to is not the survey's text."""
    if not is_consent(visit.form.survey, agreement.consent):
        raise ConsentMissing
    draw = None if everything else secrets.randbits(DRAW_BITS)
    return new_draft(visit, draw, agreement.since, agreement.version)


def _begin(visit: Visit, agreement: Agreement, draft: Draft) -> bool:
    if visit.state == Invitation.State.INVITED:
        return begin(visit, agreement.consent, draft)
    with transaction.atomic():
        _move(visit, Invitation.State.INVITED)
        return begin(visit, agreement.consent, draft)


@transaction.atomic
def _leave(token: str, state: Invitation.State) -> Visit:
    visit = _visit(token)
    _require_open(visit)
    erased, _of_what = Intake.objects.filter(invitation_id=visit.invitation).delete()
    if visit.draft is not None and not erased:
        raise SurveyClosed  # a seal was quicker
    _move(visit, state)
    return visit


def _require_same(draft: Draft, sent: Draft) -> None:
    stored = draft.comment, draft.ratings, draft.remarks
    if stored != (sent.comment, sent.ratings, sent.remarks):
        raise Conflict(
            _("This answer was received before with other content. The first one is kept.")
        )


def _require_open(visit: Visit) -> None:
    if not visit.is_open:
        raise SurveyClosed


def _move(visit: Visit, state: Invitation.State) -> None:
    if visit.state != state:
        Invitation.objects.filter(pk=visit.invitation).update(state=state)
