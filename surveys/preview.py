"""A survey's pages as respondents will see them, without an invitation and without effect."""

from typing import Any

from django.utils import translation
from django.utils.safestring import mark_safe

from surveys.actions.answer import LONGEST_COMMENT
from surveys.consent import consent_text
from surveys.models import Audience
from surveys.pages import heading, item_html, page
from surveys.questionnaires import Questionnaire, draft_questionnaire


def preview_numbers(audience: Audience) -> range:
    """Return the numbers of the pages: 0 the landing page, then the questions, then the end."""
    return range(draft_questionnaire(audience).page_count + 2)


def preview(audience: Audience, language: str, number: int) -> str:
    """Return a page as HTML, of a draft or a published survey; nothing on it can be pressed.

    :param number: one of `preview_numbers`; a number outside shows the nearest.
    """
    form = draft_questionnaire(audience)
    number = min(max(number, 0), form.page_count + 1)
    with translation.override(language):
        name, facts = _page(form, number)
        response = page(name, form.survey, form=form, preview=True, **facts)
    return response.content.decode()


def _page(form: Questionnaire, number: int) -> tuple[str, dict[str, Any]]:
    if number == 0:
        if not form.survey.consent:
            form.survey.consent = consent_text(form.survey)
        return "landing", {"personal": True, "audience": form.audience}
    form = form.part(0)
    facts = {"answered": 0, "asked": len(form.asked)}
    if number > form.page_count:
        return "end", facts | {"comment": "", "longest": LONGEST_COMMENT}
    items = form.pages("preview")[number - 1]
    remarks: dict[str, str] | None = {} if form.survey.topic_comments else None
    html = mark_safe("".join([item_html(item, {}, remarks=remarks) for item in items]))  # noqa: S308
    return "page", facts | {"number": number, "items": html, **heading(items, form.survey)}
