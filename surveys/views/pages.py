"""Render the respondent pages.

Most of a page is the same for everybody, so each page is rendered once with holes, and each look of
an item (unanswered, answered 1, 2, …) once; what is left for a person is to fill the holes.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext

from surveys.languages import CODES, LANGUAGES, in_language
from surveys.models import BLANK, CANNOT_JUDGE, Question, Survey
from surveys.questionnaire.checks import LONGEST_COMMENT, ratings_of
from surveys.questionnaire.questionnaires import Item, Page, Questionnaire
from surveys.questionnaire.scales import layout_of

_LAYOUT = re.compile(r"(?<!\s)\s*\n\s*")
_HOLE = re.compile("\N{OBJECT REPLACEMENT CHARACTER}(\\w+)\N{OBJECT REPLACEMENT CHARACTER}")


def page(template: str, survey: Survey | None, *, status: int = 200, **facts: Any) -> HttpResponse:
    """Return a respondent page. No context processor runs: these pages know no user.

    :param template: the name of a page in `templates/surveys`, or the path of a kind's own.
    """
    return HttpResponse(_render(template, {"survey": survey, **facts}), status=status)


def page_with_holes(
    template: str, form: Questionnaire, holes: Mapping[str, Any], **facts: Any
) -> HttpResponse:
    """Return the same, rendered once for all who share `form`, `facts` and language.

    :param form: of a part of a questionnaire, the whole is shared.
    :param holes: what differs between persons; shown, and not otherwise used, by the template.
    """
    shared = form.whole or form
    parts = _with_holes(template, shared, get_language(), tuple(holes), tuple(facts.items()))
    filling = {name: conditional_escape(value) for name, value in holes.items()}
    return HttpResponse(
        "".join([filling.get(part, "") if at % 2 else part for at, part in enumerate(parts)])
    )


@lru_cache(maxsize=1024)
def _with_holes(
    template: str,
    form: Questionnaire,
    language: str | None,
    holes: tuple[str, ...],
    facts: tuple[tuple[str, Any], ...],
) -> list[str]:
    """Return the page cut at its holes: text, hole's name, text, … text."""
    marks = {name: _hole(name) for name in holes}
    html = _render(template, {"survey": form.survey, "form": form, **dict(facts), **marks})
    return _HOLE.split(_squeeze(html))


def _squeeze(html: str) -> str:
    """Return a page without the blanks its template is laid out with; what people write is not in.

    >>> _squeezed("<p>\\n    One\\n</p>")
    '<p> One </p>'
    """
    return _LAYOUT.sub(" ", html)


def _hole(name: str) -> SafeString:
    return mark_safe(_HOLE.pattern.replace("(\\w+)", name))  # noqa: S308 (a name of ours)


def _render(template: str, context: dict[str, Any]) -> str:
    language = get_language()
    survey = context.get("survey")
    codes = survey.codes if survey else CODES
    others = [each for each in LANGUAGES if each.code in codes and each.code != language]
    frame = {
        "language": language,
        "other": others[0] if others else None,
        "alone": len(codes) == 1,
    }
    path = template if template.endswith(".html") else f"surveys/{template}.html"
    return render_to_string(path, frame | context)


def item_html(
    item: Item,
    ratings: Mapping[str, int],
    *,
    warn: bool = False,
    remarks: Mapping[str, str] | None = None,
) -> SafeString:
    """Return an item to rate. `remarks` by topic, or None where none are asked for."""
    values = tuple([ratings.get(str(question.pk), BLANK) for question in item.questions])
    language, blank = get_language() or CODES[0], warn and BLANK in values
    if remarks is None:
        return _look(item, language, values, blank, None)
    remark = remarks.get(str(item.first), "")
    before, after = _HOLE.split(_look(item, language, values, blank, bool(remark)))[::2]
    return mark_safe(before + conditional_escape(remark) + after)  # noqa: S308 (escaped)


@lru_cache(maxsize=8192)
def _look(
    item: Item, language: str, given: tuple[int, ...], blank: bool, remarked: bool | None
) -> SafeString:
    # Numbers go in as text: a template would ask the language how to write each of them, 20 times
    # an item, which is a third of the work.
    context = {
        "item": item,
        "first": str(item.first),
        "several": len(item.questions) > 1,
        "help": in_language(item.help),
        "example": in_language(item.example),
        "asks_remark": remarked is not None,
        "remarked": remarked,
        "remark": _hole("remark"),
        "longest": str(LONGEST_COMMENT),
        "blank": blank,
        "hints": _own_hints(item),
        "fields": [
            _field(question, rating, language)
            for question, rating in zip(item.questions, given, strict=True)
        ],
    }
    return mark_safe(_squeeze(render_to_string("surveys/item.html", context)))  # noqa: S308


def _own_hints(item: Item) -> set[str]:
    """Return the hints that help with one question of several; those of all say nothing new."""
    hints = Counter(in_language(question.prompt.hint) for question in item.questions)
    return {hint for hint, times in hints.items() if hint and times == 1 < len(item.questions)}


def _field(question: Question, rating: int, language: str) -> dict[str, Any]:
    words = question.prompt.labels[language]
    return {
        "layout": layout_of(words),
        "points": str(len(words)),
        "ends": (words[0], words[-1]),
        "question": question,
        "key": str(question.pk),
        "hint": in_language(question.prompt.hint),
        "options": [
            {"value": str(value), "label": word, "chosen": value == rating}
            for value, word in enumerate(words, start=1)
        ],
        "cannot_judge": rating == CANNOT_JUDGE,
    }


def shown_again(posted: Mapping[str, Any], points: int) -> dict[str, int]:
    """Return what was chosen on a refused page, as far as it can be shown again."""
    words = ratings_of(points)
    return {key: words[value] for key, value in posted.items() if value in words}


def heading(items: Page, survey: Survey) -> dict[str, str]:
    prompts = {question.prompt_id: question.prompt for item in items for question in item.questions}
    if len(prompts) == 1:
        [prompt] = prompts.values()
        return {"heading": in_language(prompt.text), "lead": in_language(prompt.hint)}
    most = max(len(item.questions) for item in items)
    lead = ngettext(
        "There is %(most)s question on each topic.",
        "There are %(most)s questions on each topic.",
        most,
    )
    return {"heading": in_language(survey.headline), "lead": lead % {"most": most}}
