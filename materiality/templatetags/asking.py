"""What the pages of “Ask” write."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def as_time(seconds: int) -> str:
    """Write a time as minutes and seconds."""
    minutes, rest = divmod(seconds, 60)
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}


@register.simple_tag(takes_context=True)
def with_query(context: RequestContext, **changes: Any) -> str:
    """Return the query of this page with some of it changed."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"
