"""What the pages of “Ask” write."""

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()
MINUTE = 60


@register.filter
def as_time(seconds: int) -> str:
    """Write a time as minutes and seconds."""
    if seconds < MINUTE:
        return _("under 1 min")
    minutes, rest = divmod(seconds, MINUTE)
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}


@register.filter
def scale(labels: Mapping[str, list[str]]) -> list[str]:
    """Return the words of a scale in the reader's language, or else in the other.

    A rating without a word is its number; ends that have one stand with theirs.
    """
    words = labels.get(get_language() or "") or next(iter(labels.values()), [])
    if all(words):
        return words
    return [f"{rating} {word}".strip() for rating, word in enumerate(words, start=1)]


@register.filter
def mail_address(value: str) -> SafeString:
    """Let an address break after @ and points only, where a column is narrow."""
    parts = re.split(r"(?<=[@.])", value)
    return format_html_join(
        mark_safe("<wbr>"), '<span class="nb">{}</span>', ((part,) for part in parts)
    )


@register.simple_tag(takes_context=True)
def with_query(context: RequestContext, **changes: Any) -> str:
    """Return the query of this page with some of it changed."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"
