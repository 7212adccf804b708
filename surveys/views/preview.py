"""A survey's pages as respondents will see them, without an invitation and without effect."""

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.safestring import mark_safe

from surveys.kinds import kinds_of
from surveys.models import Audience
from surveys.questionnaire.checks import LONGEST_COMMENT
from surveys.questionnaire.consent import consent_text
from surveys.questionnaire.questionnaires import Questionnaire, draft_questionnaire
from surveys.views.pages import heading, item_html, page
from surveys.views.steps import is_last_page
from surveys.visit.visits import example_draft

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
        template, facts = _content(form.part(DRAW), name, at)
        response = page(template, form.survey, form=form, preview=True, alone=True, **facts)
    return response.content.decode()


def _steps(form: Questionnaire) -> list[tuple[str, int]]:
    pages = [("page", at) for at in range(1, form.page_count + 1)]
    others = [(kind.code, 1) for kind in kinds_of(form.survey)]
    end = [] if is_last_page(form, form.page_count) else [("end", 1)]
    return [("landing", 0), *pages, *others, *end]


def _content(form: Questionnaire, name: str, at: int) -> tuple[str, dict[str, Any]]:
    """Return the template of a page and what it shows."""
    if name in _FACTS:
        return name, _FACTS[name](form, at)
    [kind] = [kind for kind in kinds_of(form.survey) if kind.code == name]
    draft = example_draft(DRAW, dict.fromkeys(form.questions, form.survey.points))
    return f"{kind.code}/page.html", kind.page(form, draft, at, {})


def _landing(form: Questionnaire, _at: int) -> dict[str, Any]:
    if not form.survey.consent:
        form.survey.consent = consent_text(form.survey)
    return {"personal": True, "audience": form.audience}


def _questions(form: Questionnaire, at: int) -> dict[str, Any]:
    items = form.pages("preview")[at - 1]
    remarks: dict[str, str] | None = {} if form.survey.topic_comments else None
    html = mark_safe("".join([item_html(item, {}, remarks=remarks) for item in items]))  # noqa: S308
    facts = {"number": at, "items": html, "last": is_last_page(form, at)}
    return _end(form, at) | facts | heading(items, form.survey)


def _end(form: Questionnaire, _at: int) -> dict[str, Any]:
    return {
        "answered": 0,
        "asked": len(form.questions),
        "comment": "",
        "longest": LONGEST_COMMENT,
    }


_FACTS: dict[str, Callable[[Questionnaire, int], dict[str, Any]]] = {
    "landing": _landing,
    "page": _questions,
    "end": _end,
}
