"""A respondent's verbs. The token of the link is who they are; whoever holds it may answer.

Each verb is one transaction. An existing draft is locked before it is read, so that two tabs never
overwrite each other. A new draft is inserted before the closing time is read again: the insert's
foreign key waits for a seal in progress, so no answer slips in behind it.
"""

import reprlib
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.consent import is_consent
from surveys.errors import Conflict, ConsentMissing, InvalidAnswers, SurveyClosed, UnknownLink
from surveys.languages import in_language
from surveys.models import CANNOT_JUDGE, SCALE, Intake, Invitation, Question, Survey, token_hash
from surveys.questionnaires import questionnaire

CANNOT_JUDGE_WORD = "cannot_judge"
LONGEST_COMMENT = 500
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
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise InvalidAnswers(_("The comment holds a character that cannot be kept. Remove it."))
    return text


@transaction.atomic
def start(token: str, consent: str) -> Intake:
    """Begin, or go on with, this person's answers. `consent` is the hash of the text agreed to."""
    invitation = _locked_invitation(token)
    if invitation.draft is not None:
        return invitation.draft
    if not invitation.survey.is_open():
        raise SurveyClosed
    if not is_consent(invitation.survey, consent):
        raise ConsentMissing
    intake = Intake.objects.create(invitation=invitation, survey=invitation.survey, consent=consent)
    _require_unsealed(invitation.survey)
    _move(invitation, Invitation.State.STARTED)
    return intake


@transaction.atomic
def save(token: str, answers: Mapping[Any, Any], comment: str | None = None) -> Intake:
    """Keep these answers of a draft; the last answer to a question wins."""
    intake = _locked_intake(token)
    _require_open(intake)
    intake.ratings |= checked_ratings(_asked(intake), answers)
    if comment is not None:
        intake.comment = checked_comment(comment)
    intake.save(update_fields=["ratings", "comment"])
    return intake


@transaction.atomic
def submit(
    token: str,
    *,
    submission: UUID,
    ratings: Mapping[Any, Any] | None = None,
    comment: str = "",
    consent: str = "",
) -> str:
    """Hand in the answers and return the receipt code, the same for every repetition.

    :param submission: tells a repeated sending (same id, same content) from a new one.
    :param ratings: replace all ratings of the draft, as in `checked_response`; None keeps them.
    :param consent: needed if nothing was started with this link before.
    :raises Conflict: this submission was received with other content.
    """
    intake = _locked_intake(token, or_start_with=consent)
    content: dict[str, Any] = {"comment": checked_comment(comment)}
    if ratings is not None:
        content["ratings"] = checked_response(_asked(intake), ratings)
    if intake.submission == submission:
        return _repeated(intake, content)
    _require_open(intake)
    for field, value in content.items():
        setattr(intake, field, value)
    intake.submission, intake.submitted = submission, True
    intake.receipt = intake.receipt or new_receipt()
    intake.save(update_fields=["ratings", "comment", "submission", "submitted", "receipt"])
    _move(intake.invitation, Invitation.State.SUBMITTED)
    return intake.receipt


@transaction.atomic
def decline(token: str) -> Invitation:
    """Note that this person does not take part, and erase what they had begun."""
    return _leave(token, Invitation.State.DECLINED)


@transaction.atomic
def withdraw(token: str) -> Invitation:
    """Erase this person's answers."""
    return _leave(token, Invitation.State.WITHDRAWN)


def new_receipt() -> str:
    """Return a code that is easy to read out: no 0, O, 1 or I."""
    letters = "".join(secrets.choice(RECEIPT_ALPHABET) for _letter in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _leave(token: str, state: Invitation.State) -> Invitation:
    invitation = _locked_invitation(token)
    if not invitation.survey.is_open():
        raise SurveyClosed
    Intake.objects.filter(invitation=invitation).delete()
    _move(invitation, state)
    return invitation


def _locked_invitation(token: str) -> Invitation:
    invitations = Invitation.objects.with_survey().select_for_update(of=("self",))
    try:
        return invitations.by_token(token).get()  # type: ignore[no-any-return]
    except Invitation.DoesNotExist:
        raise UnknownLink from None


def _locked_intake(token: str, or_start_with: str = "") -> Intake:
    # The draft itself is locked: PostgreSQL rereads only locked rows after waiting for another tab.
    intakes = Intake.objects.select_for_update(of=("self",))
    joined = intakes.select_related("invitation__audience__survey__organisation")
    try:
        return joined.exclude(invitation__state=Invitation.State.REVOKED).get(
            invitation__token_hash=token_hash(token)
        )
    except Intake.DoesNotExist:
        return start(token, or_start_with)


def _asked(intake: Intake) -> Mapping[str, Question]:
    audience = intake.invitation.audience
    return questionnaire(audience.survey, audience.pk).asked


def _repeated(intake: Intake, content: Mapping[str, Any]) -> str:
    if any(getattr(intake, field) != value for field, value in content.items()):
        raise Conflict(
            _("This answer was received before with other content. The first one is kept.")
        )
    return intake.receipt


def _require_open(intake: Intake) -> None:
    if not intake.invitation.survey.is_open():
        raise SurveyClosed


def _require_unsealed(survey: Survey) -> None:
    survey.refresh_from_db(fields=["sealed_at"])
    if survey.is_sealed:
        raise SurveyClosed


def _move(invitation: Invitation, state: Invitation.State) -> None:
    if invitation.state != state:
        invitation.state = state
        invitation.save(update_fields=["state"])
