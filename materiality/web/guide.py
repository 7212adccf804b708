"""The guide: the pages of docs/guide, in the reader's language, a page a step."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from materiality.templatetags.workspace import language

FOLDER = Path(settings.ROOT) / "docs/guide"
PICTURES = FOLDER / "pictures"
INDEX = "README"
_LINK = re.compile(r'href="([\w-]+)\.md"')
_PICTURE = re.compile(r'<p><img src="\.\./pictures/([\w-]+\.png)"[^>]*></p>\n')


@require_safe
def guide(request: HttpRequest, name: str = INDEX) -> HttpResponse:
    """Show a page of the guide; everybody may read it."""
    written = FOLDER / ("en" if language() == "en" else "zh") / f"{name}.md"
    if not written.is_file():
        raise Http404
    facts = {"text": _html(written), "is_index": name == INDEX}
    return render(request, "materiality/guide.html", facts)


@cache
def _html(written: Path) -> SafeString:
    """Return a page as HTML; raw HTML in it is not taken over, a missing picture left out."""
    html = MarkdownIt("commonmark", {"html": False}).render(written.read_text(encoding="utf-8"))
    html = _LINK.sub(r'href="\1/"', html)
    html = _PICTURE.sub(lambda match: match[0] if (PICTURES / match[1]).is_file() else "", html)
    return mark_safe(html)  # noqa: S308 (our own files)


@require_safe
def picture(_request: HttpRequest, name: str) -> HttpResponse:
    """Return a picture of the guide."""
    file = PICTURES / f"{name}.png"
    if not file.is_file():
        raise Http404
    return HttpResponse(file.read_bytes(), content_type="image/png")
