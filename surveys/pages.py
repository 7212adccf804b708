"""Render the respondent pages.

An item looks the same for everybody who rated it the same, so each look is rendered once; what is
left for a page is the frame and the joining.
"""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from surveys.actions.answer import CANNOT_JUDGE_WORD
from surveys.languages import CODES, in_language
from surveys.models import BLANK, CANNOT_JUDGE, Question, Survey
from surveys.questionnaires import Item

LANGUAGES = {
    "zh-hans": {"code": "zh-hans", "name": "中文"},
    "en": {"code": "en", "name": "English"},
}


def render_page(
    request: HttpRequest, template: str, survey: Survey | None, *, status: int = 200, **facts: Any
) -> HttpResponse:
    """Return a respondent page. No context processor runs: these pages know no user."""
    language = get_language()
    other = next(code for code in CODES if code != language)
    context = {"survey": survey, "language": language, "other": LANGUAGES[other], **facts}
    return HttpResponse(render_to_string(f"surveys/{template}.html", context), status=status)


def item_html(item: Item, ratings: dict[str, int], *, warn: bool) -> SafeString:
    given = tuple(ratings.get(str(question.pk), BLANK) for question in item.questions)
    return _look(item, get_language() or "", given, warn and BLANK in given)


@lru_cache(maxsize=8192)
def _look(item: Item, language: str, given: tuple[int, ...], blank: bool) -> SafeString:
    context = {
        "item": item,
        "first": item.questions[0].pk,
        "several": len(item.questions) > 1,
        "help": in_language(item.help),
        "blank": blank,
        "fields": [
            _field(question, rating, language)
            for question, rating in zip(item.questions, given, strict=True)
        ],
    }
    return render_to_string("surveys/item.html", context)


def _field(question: Question, rating: int, language: str) -> dict[str, Any]:
    words = question.prompt.labels[language]
    return {
        "question": question,
        "options": [
            {"value": value, "label": word, "chosen": value == rating}
            for value, word in enumerate(words, start=1)
        ],
        "cannot_judge": rating == CANNOT_JUDGE,
    }


def wire_ratings(posted: dict[str, Any]) -> dict[str, int]:
    """Return what was chosen on a refused page, as far as it can be shown again."""
    words = {str(rating): rating for rating in range(1, 6)} | {CANNOT_JUDGE_WORD: CANNOT_JUDGE}
    return {key: words[given] for key, given in posted.items() if given in words}
