"""What became of an organisation: open to whoever has the address, which its owner was given."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from materiality.models import Deletion
from materiality.selectors.certificates import signed_certificate


@never_cache
@require_safe
def deleted(request: HttpRequest, token: str) -> HttpResponse:
    """Say when it goes, or that it is gone and what there was of it."""
    deletion = get_object_or_404(Deletion, token=token)
    facts: dict[str, Any] = json.loads(deletion.certificate or "{}")
    rows: dict[str, int] = facts.get("rows", {})
    context = {
        "deletion": deletion,
        "facts": facts,
        "tables": sorted(rows.items()),
        "total": sum(rows.values()),
    }
    return render(request, "materiality/deleted.html", context)


@never_cache
@require_safe
def certificate(request: HttpRequest, token: str) -> HttpResponse:
    """Hand the certificate out as a file, signed."""
    deletion = get_object_or_404(Deletion, token=token)
    if not deletion.certificate:
        raise Http404
    written = json.dumps(signed_certificate(deletion), ensure_ascii=False, indent=1)
    named = f'attachment; filename="deletion-{deletion.organisation}.json"'
    headers = {"Content-Disposition": named}
    return HttpResponse(written + "\n", content_type="application/json", headers=headers)
