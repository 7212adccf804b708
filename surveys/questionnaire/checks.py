"""What is an answer: a rating of a question that was asked, a comment that can be kept."""

import reprlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from surveys.errors import InvalidAnswers
from surveys.languages import cannot_be_kept, in_language
from surveys.models import CANNOT_JUDGE
from surveys.questionnaire.questionnaires import Questionnaire

CANNOT_JUDGE_WORD = "cannot_judge"
LONGEST_COMMENT = 500


@cache
def ratings_of(points: int) -> Mapping[int | str, int]:
    """Return what may be sent on a scale of so many points → the rating as stored."""
    digits = range(1, points + 1)
    return {
        **{rating: rating for rating in digits},
        **{str(rating): rating for rating in digits},
        CANNOT_JUDGE_WORD: CANNOT_JUDGE,
    }


def checked_ratings(form: Questionnaire, answers: Mapping[Any, Any]) -> dict[str, int]:
    """Return the answers as stored: question id → 1 to the top of the scale, or 255 for “cannot
    judge”.

    :param form: what this person is asked.
    :param answers: question id → a rating as number or digit, or "cannot_judge".
    :raises InvalidAnswers: a question is not asked here, or a rating is not one.
    """
    return {str(key): _checked_rating(form, str(key), value) for key, value in answers.items()}


def checked_response(form: Questionnaire, answers: Mapping[Any, Any]) -> dict[str, int]:
    """Return a whole response as stored: every question named, None where it is left blank.

    :raises InvalidAnswers: as `checked_ratings`, or a question is missing.
    """
    questions = form.questions
    if missing := set(questions) - {str(key) for key in answers}:
        raise InvalidAnswers(
            _("Question %(found)s is missing. Send null to leave it blank. Nothing was saved.")
            % {"found": min(missing, key=int)}
        )
    blanks = {str(key) for key, value in answers.items() if value is None} & set(questions)
    return checked_ratings(form, {k: v for k, v in answers.items() if str(k) not in blanks})


def _checked_rating(form: Questionnaire, key: str, given: Any) -> int:
    questions, points = form.questions, form.survey.points
    known = ratings_of(points)
    if key not in questions:
        raise InvalidAnswers(
            _("Question %(found)s is not one you are asked here. Nothing was saved.")
            % {"found": reprlib.repr(key)}
        )
    # type() and not isinstance(): True would pass for 1.
    if type(given) not in (int, str) or given not in known:
        raise InvalidAnswers(
            _(
                "%(found)s is not a rating of “%(title)s”. "
                "Choose 1 to %(points)d, or that you cannot judge. Nothing was saved."
            )
            % {
                "found": reprlib.repr(given),
                "title": in_language(questions[key].title),
                "points": points,
            }
        )
    return known[given]


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


def checked_remarks(
    form: Questionnaire, remarks: Mapping[str, str], texts: Mapping[str, str]
) -> dict[str, str]:
    """Return the remarks with these put in; an empty one is taken away.

    :param texts: comments by topic, each by the id of its first question.
    :raises InvalidAnswers: a topic takes no remark, or `checked_comment` refuses one.
    """
    known = {str(item.first) for item in form.items} if form.survey.topic_comments else set()
    if unknown := set(texts) - known:
        raise InvalidAnswers(
            _("Question %(found)s is not one you are asked here. Nothing was saved.")
            % {"found": repr(min(unknown))[:40]}
        )
    texts_checked = {**remarks, **{key: checked_comment(text) for key, text in texts.items()}}
    return {key: text for key, text in texts_checked.items() if text}
