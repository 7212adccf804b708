"""What is an answer: a rating of a question that was asked, a comment that can be kept."""

import reprlib
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from surveys.errors import InvalidAnswers
from surveys.languages import cannot_be_kept, in_language
from surveys.models import CANNOT_JUDGE, SCALE, Question
from surveys.questionnaire.questionnaires import Questionnaire

CANNOT_JUDGE_WORD = "cannot_judge"
LONGEST_COMMENT = 500

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
    return {str(key): _checked_rating(asked, str(key), value) for key, value in answers.items()}


def checked_response(asked: Mapping[str, Question], answers: Mapping[Any, Any]) -> dict[str, int]:
    """Return a whole response as stored: every question named, None where it is left blank.

    :raises InvalidAnswers: as `checked_ratings`, or a question is missing.
    """
    if missing := set(asked) - {str(key) for key in answers}:
        raise InvalidAnswers(
            _("Question %(found)s is missing. Send null to leave it blank. Nothing was saved.")
            % {"found": min(missing, key=int)}
        )
    blanks = {str(key) for key, value in answers.items() if value is None} & set(asked)
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
