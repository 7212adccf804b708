"""A survey's pages as respondents will see them, without an invitation and without effect."""

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.safestring import mark_safe

from surveys.models import Audience
from surveys.questionnaire.checks import LONGEST_COMMENT
from surveys.questionnaire.consent import consent_text
from surveys.questionnaire.questionnaires import Questionnaire, draft_questionnaire
from surveys.views.pages import heading, item_html, page
from surveys.visit.picks import MOST, SETS_A_PAGE

DRAW = 0


def preview_numbers(audience: Audience) -> range:
    """Return the numbers of the pages: 0 the landing page, then the questions, then the end."""
    return range(len(_steps(draft_questionnaire(audience))))


def preview(audience: Audience, language: str, number: int) -> str:
    """Return a page as HTML, of a draft or a published survey; nothing on it can be pressed.

    :param number: one of `preview_numbers`; a number outside shows the nearest.
    """
    form = draft_questionnaire(audience)
    steps = _steps(form)
    name, at = steps[min(max(number, 0), len(steps) - 1)]
    with translation.override(language):
        facts = _FACTS[name](form.part(DRAW), at)
        response = page(name, form.survey, form=form, preview=True, alone=True, **facts)
    return response.content.decode()


def _steps(form: Questionnaire) -> list[tuple[str, int]]:
    pages = [("page", at) for at in range(1, form.page_count + 1)]
    top = [("top", 1)] if form.survey.top_three else []
    best = [("best", 1)] if form.survey.best_worst else []
    return [("landing", 0), *pages, *top, *best, ("end", 1)]


def _landing(form: Questionnaire, _at: int) -> dict[str, Any]:
    if not form.survey.consent:
        form.survey.consent = consent_text(form.survey)
    return {"personal": True, "audience": form.audience}


def _questions(form: Questionnaire, at: int) -> dict[str, Any]:
    items = form.pages("preview")[at - 1]
    remarks: dict[str, str] | None = {} if form.survey.topic_comments else None
    html = mark_safe("".join([item_html(item, {}, remarks=remarks) for item in items]))  # noqa: S308
    return _end(form, at) | {"number": at, "items": html, **heading(items, form.survey)}


def _top(form: Questionnaire, _at: int) -> dict[str, Any]:
    return {"most": MOST, "boxes": [(item, False) for item in form.items]}


def _best(form: Questionnaire, _at: int) -> dict[str, Any]:
    sets = form.sets(DRAW)
    shown = [[(item, False, False) for item in items] for items in sets[:SETS_A_PAGE]]
    return {"of": len(sets), "sets": list(enumerate(shown))}


def _end(form: Questionnaire, _at: int) -> dict[str, Any]:
    return {
        "answered": 0,
        "asked": len(form.asked),
        "comment": "",
        "longest": LONGEST_COMMENT,
    }


_FACTS: dict[str, Callable[[Questionnaire, int], dict[str, Any]]] = {
    "landing": _landing,
    "page": _questions,
    "top": _top,
    "best": _best,
    "end": _end,
}
