"""How the workspace writes texts, numbers, dates and tiers."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, Field
from django.http import QueryDict
from django.template.context import RequestContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from materiality.errors import OwnScoresFirst
from materiality.inputs import at_least
from materiality.models.assessments import Assessment
from materiality.models.decisions import Succession
from materiality.models.topics import Category
from materiality.report import signs
from materiality.report.edition import Edition
from materiality.report.sentences.naming import tier_name_before
from materiality.report.text import percent as report_percent
from materiality.results import Results, Score, TopicResult
from materiality.results.changereport import METHOD_CHANGED, MOVED_TIER
from materiality.selectors.members import written_name
from materiality.selectors.register import scores_before_results
from surveys.languages import LANGUAGE_NAMES, in_language

register = template.Library()

DASH = "–"
CHANGE_KINDS = {
    **{kind.value: kind.label for kind in Succession.Kind},
    MOVED_TIER: _("Moved tier"),
    METHOD_CHANGED: _("Method changed"),
}
ENGAGEMENT_PARTS = {
    "expectations": _("Expectations"),
    "channels": _("Channels and responses"),
    "how_chosen": _("Why this group, and who speaks for it"),
    "frequency": _("How often"),
}
DAY_FORMATS = {"zh-hans": "Y 年 n 月 j 日", "en": "j F Y"}
MARKERS = {
    signs.CIRCLE: mark_safe('<circle class="m circle" cx="7" cy="7" r="5.2"/>'),
    signs.DIAMOND: mark_safe('<path class="m diamond" d="M7 .34 13.66 7 7 13.66.34 7Z"/>'),
    signs.SQUARE: mark_safe(
        '<rect class="m square" x="2.32" y="2.32" width="9.36" height="9.36" stroke-width="1.7"/>'
    ),
    signs.TRIANGLE: mark_safe('<path class="m triangle" d="M7 .8 13.2 12.4H.8Z"/>'),
    signs.RING: mark_safe('<circle class="m ring" cx="7" cy="7" r="4.6" stroke-width="1.7"/>'),
    None: mark_safe('<circle class="m m0" cx="7" cy="7" r="5" stroke-dasharray="2 2"/>'),
}


@register.filter
def text(value: Mapping[str, str] | None) -> str:
    """Write a text of both languages in the reader's."""
    return in_language(value)


@register.filter
def other_text(value: Mapping[str, str] | None) -> str:
    """Write a text in the language that is not the reader's; nothing where it is missing."""
    return (value or {}).get("zh-hans" if language() == "en" else "en", "")


@register.filter
def score(value: float | None) -> str:
    """Write a score with two decimals; a dash where a rule has no such number."""
    return DASH if value is None or math.isnan(value) else f"{value:.2f}".replace("-", "−")


@register.filter
def score_3(value: float | None) -> str:
    """Write what a group contributes to a score, a decimal finer than the score itself."""
    return DASH if value is None else f"{value:.3f}".replace("-", "−")


@register.filter
def signed(value: float | None) -> str:
    """Write a difference with its sign and two decimals."""
    return DASH if value is None else f"{value:+.2f}".replace("-", "−")


@register.filter
def number(value: float | str | None) -> str:
    """Write a number as short as it is, with a point, as number fields want it."""
    return f"{value:.10g}" if isinstance(value, int | float) else value or ""


@register.filter
def percent(value: float | None) -> str:
    """Write a share in percent; only what is exactly all or nothing is written so."""
    return DASH if value is None else report_percent(value)


register.filter(at_least)


@register.filter
def percent_1(value: float | None) -> str:
    """Write a share of weight: to a tenth, since six equal ones of 17% would make 102%."""
    return DASH if value is None else f"{value:.1%}"


@register.filter
def change_kind(value: str) -> str:
    """Name a kind of change: of topics, of a tier, of the method."""
    return str(CHANGE_KINDS.get(value, value))


@register.filter
def engagement_part(value: str) -> str:
    return str(ENGAGEMENT_PARTS.get(value, value))


@register.filter
def day(value: date | datetime | str | None) -> str:
    """Write a day as “2021 年 2 月 28 日” or “28 February 2021”."""
    if isinstance(value, str) and value:
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return format_date(value, DAY_FORMATS[language()]) if value else ""


@register.filter
def moment(value: datetime) -> str:
    """Write a day and time, to the minute, in the site's time zone."""
    local = timezone.localtime(value)
    return f"{day(local)} {local:%H:%M}"


@register.filter
def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


@register.simple_tag
def reason_of(topic: TopicResult) -> SafeString:
    """Write why a tier was decided, in the reader's language if it was written in it."""
    return marked(topic.reasons or {"": topic.reason})


@register.filter
def marked(texts: Mapping[str, str]) -> SafeString:
    """Write a text in the reader's language; if it has none, in another one, which is named."""
    here = texts.get(language()) or texts.get("")
    if here:
        return format_html("{}", here)
    for code, text in texts.items():
        if text:
            return format_html('<span lang="{}">[{}] {}</span>', code, LANGUAGE_NAMES[code], text)
    return format_html("{}", "")


@register.filter
def tier(value: int | None, assessment: Assessment) -> str:
    """Name a tier as its round does."""
    return assessment.tier_name(value) if value else DASH


@register.filter
def tier_before(value: int | None, results: Results) -> str:
    """Name a tier of the previous round as that round did."""
    return tier_name_before(Edition(results, language()), value) if value else DASH


@register.simple_tag
def scores_first(assessment: Assessment) -> str:
    """Say that whoever reads this page sees results once they have scored; "" if they have."""
    count = scores_before_results(assessment)
    return str(OwnScoresFirst(count)) if count else ""


@register.simple_tag(takes_context=True)
def marker(context: RequestContext, value: int | None, tiers: int | None = None) -> SafeString:
    """Draw the sign of a tier: its shape carries the tier as well as its colour.

    :param tiers: how many there are; as many as the page's round has, unless given.
    """
    number = tiers or context["assessment"].tier_count
    return _sign(value, signs.shape(value, number) if value else None)


@lru_cache(maxsize=32)
def _sign(tier: int | None, shape: str | None) -> SafeString:
    return format_html(
        '<svg class="mk" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"'
        ' data-tier-number="{}">{}</svg>',
        tier or "",
        MARKERS[shape],
    )


@register.simple_tag
def heat_cells(cells: Iterable[tuple[float | None, int]]) -> SafeString:
    """Write a row of the heat map: each mean on its shade. By hand, as there are thousands."""
    return format_html_join(
        "", '<td class="h{}">{}</td>', [(shade, score(mean)) for mean, shade in cells]
    )


@register.simple_tag
def options(choices: Sequence[tuple[Any, str, bool]]) -> SafeString:
    """Write what a select offers: value, label, whether it is chosen."""
    return _options(tuple(choices))


@lru_cache(maxsize=128)
def _options(choices: tuple[tuple[Any, str, bool], ...]) -> SafeString:
    """The same for equal choices: each topic has those of its round, one of them chosen."""
    return format_html_join(
        "\n",
        '<option value="{}"{}>{}</option>',
        [(value, _SELECTED if is_chosen else "", label) for value, label, is_chosen in choices],
    )


_SELECTED = mark_safe(" selected")


@register.simple_tag
def language() -> str:
    """Return the reader's language, one of the product's two."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh-hans"


@register.simple_tag
def html_language() -> str:
    return {"zh-hans": "zh-Hans", "en": "en"}[language()]


@register.filter
def category(value: str) -> str:
    return str(Category(value).label) if value in Category.values else value


@register.filter
def score_on(topic: TopicResult, dimension: str) -> Score:
    """Return the topic's score on one dimension."""
    return topic.scores[dimension]


@register.filter
def listed(names: Sequence[str]) -> str:
    """Write names as one list, with the comma of the reader's language."""
    return gettext(", ").join(names)


@register.filter
def person(user: Any) -> str:
    """Write a person's name in its own order (李敏, Li Min); the mail address if there is none."""
    return written_name(user)


@register.filter
def choice(field: BoundField) -> str:
    """Write the label of the choice that a field holds."""
    labels = {str(value): label for value, label in field.field.choices}  # type: ignore[attr-defined]
    return str(labels.get(str(field.value()), DASH))


@register.filter
def read_lines(fields: Sequence[BoundField]) -> list[str]:
    """Return the entries of a group in the reader's language, for a page that cannot be edited."""
    field_in_language = next(
        field for field in fields if field.html_name.endswith(f":{language()}")
    )
    return [line for line in str(field_in_language.value() or "").splitlines() if line.strip()]


@register.simple_tag
def tier_lists(results: Results) -> list[tuple[int, Sequence[Any]]]:
    return [(tier, results.tier(tier)) for tier in results.tiers]


@register.inclusion_tag("materiality/components/bar.html")
def bar(row: Any) -> dict[str, Any]:
    """Draw how many of those invited have answered, with a mark at the target."""
    whole = max(row.invited, row.target, row.answered, 1)
    return {
        "row": row,
        "answered": round(100 * row.answered / whole, 1),
        "target": round(100 * row.target / whole, 1) if row.target else None,
    }


CONTEXT_PAGES = ("context", "value_chain")
SOURCE_PAGES = ("sources", "source", "source_new", "passage")
REGISTER_PAGES = (
    *("register", "register_pictures", "iro", "iro_new", "register_import", "register_before"),
    *("register_assess", "register_experts", "register_verdicts", "register_scale", "iro_score"),
)
GUIDE = {
    "topics": (
        *("topics", "topic", "own", "topic_table", "dossier"),
        *CONTEXT_PAGES,
        *SOURCE_PAGES,
        *REGISTER_PAGES,
    ),
    "groups": ("stakeholders", "stakeholder", "engagement"),
    "ask": ("ask", "end"),
    "score": ("results", "no_results", "review", "method", "set_topics"),
    "decide": ("changes", "no_changes", "record", "detach", "lock", "unchanged"),
    "report": ("export", "index", "evidence", "look", "labels", "tell", "standard"),
}
"""Per page of the guide the pages of the workspace that it is about; all others: the start."""


@register.simple_tag(takes_context=True)
def guide_address(context: RequestContext) -> str:
    """Return the page of the guide that is about this page."""
    page = context.get("page", "")
    step = next((name for name, pages in GUIDE.items() if page in pages), "start")
    return reverse("materiality:guide", args=[step])


GROUP_PAGES = ("stakeholders", "stakeholder")
NAVIGATION = (
    ("overview", _("Overview"), ("overview",)),
    (
        "topics",
        _("Identify"),
        (
            *("topics", "topic", "own", "topic_table", "dossier"),
            *CONTEXT_PAGES,
            *SOURCE_PAGES,
            *SOURCE_PAGES,
            *GROUP_PAGES,
            *REGISTER_PAGES,
        ),
    ),
    ("ask", _("Ask"), ("ask", "end")),
    (
        "results",
        _("Score"),
        ("results", "no_results", "review", "method", "set_topics", "judgements", "known_shares"),
    ),
    ("changes", _("Decide"), ("changes", "no_changes", "record", "detach", "lock", "unchanged")),
    ("engagement", _("Engagement"), ("engagement",)),
    (
        "export",
        _("Report"),
        ("export", "look", "labels", "index", "evidence", "tell", "standard"),
    ),
)


SECTIONS = (
    (
        ("topics", _("Topics"), ("topics", "topic", "own", "topic_table")),
        ("context", _("Context"), CONTEXT_PAGES),
        ("sources", _("Sources"), SOURCE_PAGES),
        ("register", _("Impacts, risks and opportunities"), REGISTER_PAGES),
        ("stakeholders", _("Groups and panels"), GROUP_PAGES),
    ),
    (
        ("changes", _("Topic changes"), ("changes", "no_changes")),
        ("results", _("Tiers"), ()),
        ("record", _("Comments and evidence"), ("record", "detach")),
        ("lock", _("Approve and lock"), ("lock",)),
    ),
    (
        ("export", _("Files for the report"), ("export", "look", "labels")),
        ("content_index", _("Content index"), ("index",)),
        ("evidence", _("Evidence archive"), ("evidence",)),
    ),
    (
        ("people", _("People"), ("people",)),
        ("settings", _("Settings of the round"), ("settings",)),
        ("log", _("Log"), ("log",)),
    ),
)


@register.filter
def naming(error: str, field: BoundField) -> str:
    """Return what is wrong with a field, and which it is: most sentences of Django do not say."""
    label = str(field.label)
    if error == str(Field.default_error_messages["required"]):
        return gettext("“%(label)s” is empty. Fill it in.") % {"label": label}
    says_so = any(part in error for part in label.split(" · "))
    return error if says_so else gettext("%(label)s: %(error)s") % {"label": label, "error": error}


@register.simple_tag(takes_context=True)
def faulty(context: RequestContext) -> bool:
    """Return whether the page says what is wrong with something that was sent."""
    values = context.flatten().values()
    return bool(context.get("refusal")) or any(
        isinstance(value, BaseForm) and value.is_bound and value.errors for value in values
    )


@register.simple_tag(takes_context=True)
def organisations(context: RequestContext) -> int:
    """Return to how many organisations the reader belongs: several are switched between."""
    user: Any = context.get("user")
    return user.memberships.count() if user and user.is_authenticated else 0


@register.simple_tag(takes_context=True)
def section_tabs(context: RequestContext) -> list[dict[str, Any]]:
    """Return the links to the pages of this page's step; none where a step is one page."""
    key, page = context["assessment"].pk, context["page"]
    here = [section for section in SECTIONS if any(page in pages for _n, _t, pages in section)]
    return [
        {
            "url": reverse(f"materiality:{name}", args=[key]),
            "title": title,
            "current": page in pages,
        }
        for section in here
        for name, title, pages in section
    ]


@register.simple_tag(takes_context=True)
def steps_navigation(context: RequestContext) -> list[dict[str, Any]]:
    """Return the links to the steps of this round, the current one marked."""
    key, page = context["assessment"].pk, context["page"]
    return [
        {
            "url": reverse(f"materiality:{name}", args=[key]),
            "title": title,
            "current": page in pages,
        }
        for name, title, pages in NAVIGATION
    ]


@register.simple_tag(takes_context=True)
def other_language(context: RequestContext) -> dict[str, str]:
    """Return language, label and address of this page in the other language, its data kept."""
    other = ("en", "English") if language() == "zh-hans" else ("zh-hans", "中文")
    code, label = other
    request: Any = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query["lang"] = code
    path = request.path if request else ""
    html = {"zh-hans": "zh-Hans", "en": "en"}[code]
    return {"html": html, "label": label, "url": f"{path}?{query.urlencode()}"}
