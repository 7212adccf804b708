"""A respondent's verbs. The token of the link is who they are; whoever holds it may answer.

Each verb writes one row by one statement, or is one transaction: it happens whole or not at all.
A draft is stored only if nobody wrote to it since it was read; whoever was slower reads it again.
A seal holds all drafts, so who comes late finds none.
"""

import reprlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.errors import Conflict, ConsentMissing, InvalidAnswers, SurveyClosed, UnknownLink
from surveys.languages import cannot_be_kept, in_language
from surveys.models import CANNOT_JUDGE, SCALE, Intake, Invitation, Question
from surveys.questionnaire.consent import is_consent
from surveys.visit.picks import with_picks, with_remarks
from surveys.visit.visits import Draft, Visit, begin, find, store

CANNOT_JUDGE_WORD = "cannot_judge"
LONGEST_COMMENT = 500
MOST_TABS = 50
DRAW_BITS = 62
RECEIPT_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

_RATINGS: dict[int | str, int] = {
    **{rating: rating for rating in range(1, SCALE + 1)},
    **{str(rating): rating for rating in range(1, SCALE + 1)},
    CANNOT_JUDGE_WORD: CANNOT_JUDGE,
}


def checked_ratings(asked: Mapping[str, Question], answers: Mapping[Any, Any]) -> dict[str, int]:
    """Return the answers as stored: question id → 1 to 5, or 255 for “cannot judge”.

    :param asked: the questions this person is asked, by id.
    :param answers: question id → 1 to 5 as number or digit, or "cannot_judge".
    :raises InvalidAnswers: a question is not among `asked`, or a rating is not one.
    """
    return {str(key): _checked_rating(asked, str(key), given) for key, given in answers.items()}


def checked_response(asked: Mapping[str, Question], answers: Mapping[Any, Any]) -> dict[str, int]:
    """Return a whole response as stored: every question named, None where it is left blank.

    :raises InvalidAnswers: as `checked_ratings`, or a question is missing.
    """
    if missing := set(asked) - {str(key) for key in answers}:
        raise InvalidAnswers(
            _("Question %(found)s is missing. Send null to leave it blank. Nothing was saved.")
            % {"found": min(missing, key=int)}
        )
    blanks = {str(key) for key, given in answers.items() if given is None} & set(asked)
    return checked_ratings(asked, {k: v for k, v in answers.items() if str(k) not in blanks})


def _checked_rating(asked: Mapping[str, Question], key: str, given: Any) -> int:
    if key not in asked:
        raise InvalidAnswers(
            _("Question %(found)s is not one you are asked here. Nothing was saved.")
            % {"found": reprlib.repr(key)}
        )
    # type() and not isinstance(): True would pass for 1.
    if type(given) not in (int, str) or given not in _RATINGS:
        raise InvalidAnswers(
            _(
                "%(found)s is not a rating of “%(title)s”. "
                "Choose 1 to 5, or that you cannot judge. Nothing was saved."
            )
            % {"found": reprlib.repr(given), "title": in_language(asked[key].title)}
        )
    return _RATINGS[given]


def checked_comment(comment: Any) -> str:
    """Return the comment as stored.

    :raises InvalidAnswers: it is not text that can be kept, or too long.
    """
    if not isinstance(comment, str):
        raise InvalidAnswers(_("The comment is not text. Nothing was saved."))
    text = comment.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_COMMENT:
        raise InvalidAnswers(
            _("The comment has %(found)s characters; %(most)s fit. Please shorten it.")
            % {"found": len(text), "most": LONGEST_COMMENT}
        )
    if cannot_be_kept(text):
        raise InvalidAnswers(_("The comment holds a character that cannot be kept. Remove it."))
    return text


def start(token: str, consent: str, *, everything: bool = False) -> None:
    """Begin, or go on with, this person's answers. `consent` is the hash of the text agreed to.

    :param everything: ask everything, however much it is; otherwise a part is drawn if it is much.
    """
    visit = _visit(token)
    _require_open(visit)
    if visit.draft is not None:
        return
    if not is_consent(visit.form.survey, consent):
        raise ConsentMissing
    _move(visit, Invitation.State.INVITED)
    begin(visit, consent, None if everything else secrets.randbits(DRAW_BITS))


def save(
    token: str,
    answers: Mapping[Any, Any],
    comment: str | None = None,
    *,
    remarks: Mapping[str, str] = MappingProxyType({}),
    chosen: Mapping[str, str] = MappingProxyType({}),
) -> Visit:
    """Keep these answers of a draft; the last answer to a question wins.

    :param remarks: comments by topic, as `with_remarks` takes them.
    :param chosen: the top three, best and worst, as `with_picks` takes them.
    """

    def change(visit: Visit, draft: Draft) -> None:
        _require_open(visit)
        draft.ratings |= checked_ratings(visit.form.asked, answers)
        if comment is not None:
            draft.comment = checked_comment(comment)
        if remarks:
            texts = {key: checked_comment(text) for key, text in remarks.items()}
            draft.remarks = with_remarks(visit.form, draft.remarks, texts)
        if chosen:
            draft.picks = with_picks(visit.form, draft, chosen)

    visit, _draft = _changed(token, change)
    return visit


def submit(
    token: str,
    *,
    submission: UUID,
    ratings: Mapping[Any, Any] | None = None,
    comment: str = "",
    consent: str = "",
    trap: str = "",
) -> str:
    """Hand in the answers and return the receipt code, the same for every repetition.

    :param submission: tells a repeated sending (same id, same content) from a new one.
    :param ratings: replace all ratings of the draft, as in `checked_response`; None keeps them.
    :param consent: needed if nothing was started with this link before.
    :param trap: what came in the field that people do not see.
    :raises Conflict: this submission was received with other content.
    """

    def change(visit: Visit, draft: Draft) -> None:
        sent = replace(draft, comment=checked_comment(comment))
        if ratings is not None:
            sent.ratings = checked_response(visit.form.asked, ratings)
        if draft.submission == submission:
            return _require_same(draft, sent)
        _require_open(visit)
        draft.comment, draft.ratings = sent.comment, sent.ratings
        draft.submission, draft.submitted = submission, True
        draft.receipt = draft.receipt or new_receipt()
        draft.trapped = draft.trapped or bool(trap)
        if not consent:  # begun and handed in by one call: no time to measure
            draft.stop_the_clock()

    _visit, draft = _changed(token, change, consent)
    return draft.receipt


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


def _changed(
    token: str, change: Callable[[Visit, Draft], None], consent: str = ""
) -> tuple[Visit, Draft]:
    """Change a draft and store it; read it again whenever another tab was quicker."""
    for _attempt in range(MOST_TABS):
        visit = _visit(token)
        if visit.draft is None:
            return _begun_and_changed(token, change, consent)
        change(visit, visit.draft)
        if store(visit.draft):
            return visit, visit.draft
    raise Conflict(_("Too many pages save this answer at once. Please try again."))


@transaction.atomic
def _begun_and_changed(
    token: str, change: Callable[[Visit, Draft], None], consent: str
) -> tuple[Visit, Draft]:
    start(token, consent, everything=True)
    return _changed(token, change)


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
    if (draft.comment, draft.ratings) != (sent.comment, sent.ratings):
        raise Conflict(
            _("This answer was received before with other content. The first one is kept.")
        )


def _require_open(visit: Visit) -> None:
    if not visit.is_open:
        raise SurveyClosed


def _move(visit: Visit, state: Invitation.State) -> None:
    if visit.state != state:
        Invitation.objects.filter(pk=visit.invitation).update(state=state)
