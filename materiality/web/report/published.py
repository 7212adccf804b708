"""The matrix of a locked round for other sites: switched on by a person, shown in their frames."""

import hashlib

from csp.decorators import csp_exempt
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from materiality.actions import publish_figure, withdraw_figure
from materiality.document import METHOD_VERSION, canonical
from materiality.locking.snapshots import results_to_print
from materiality.models import Assessment, PublishedFigure
from materiality.report.edition import Edition
from materiality.report.files import order, webpage
from materiality.selectors.looks import look_of
from materiality.web.access import assessment_page, member
from materiality.web.report.export_forms import ExportForm
from surveys.languages import CODES, LANGUAGE_NAMES
from surveys.models.organisations import MAY_DECIDE

KEEP = 60 * 60
LOOKS = {"size": "auto", "palette": "company", "parts": []}
CACHED = "public, max-age=300"  # seconds after which a withdrawn figure is gone everywhere


@assessment_page(write=MAY_DECIDE)
def publish(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Switch the public address of the matrix on or off."""
    if request.method == "POST" and "withdraw" in request.POST:
        withdraw_figure(assessment=assessment, by=member(request))
        messages.success(request, _("The matrix is no longer published."))
    elif request.method == "POST":
        publish_figure(assessment=assessment, by=member(request))
        messages.success(request, _("The matrix is published. Copy the lines below."))
    return redirect("materiality:export", pk=assessment.pk)


@require_safe
@gzip_page
@csp_exempt()  # type: ignore[arg-type]  # it takes views of addresses with parts as well
@xframe_options_exempt
def published(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """Return the stand-alone figure. This page alone may be framed by other sites."""
    if code not in CODES:
        raise Http404
    rows = PublishedFigure.objects.select_related("snapshot__assessment")
    figure = get_object_or_404(rows, token=token)
    edition = edition_of(figure.snapshot.assessment, code)
    policy = f"{webpage.policy(edition.look.palette)}; frame-ancestors *"
    headers = {"Content-Security-Policy": policy, "Cache-Control": CACHED}
    return HttpResponse(_page(figure, edition), headers=headers)


def edition_of(assessment: Assessment, code: str) -> Edition:
    """Return the edition that people outside read: in the company's colours and words."""
    chosen = {**ExportForm(QueryDict(), look=look_of(assessment)).order(), **LOOKS}
    results = results_to_print(assessment)
    return Edition(order.with_titles(results, chosen), code, order.look(chosen, code))


def key_of(edition: Edition) -> str:
    """Return a digest of everything that what people outside read is made from."""
    palette = edition.look.palette
    titles = [row.get("name") for row in edition.results.inputs["dimensions"]]
    made_from = [edition.results.digest, METHOD_VERSION, edition.language]
    written = canonical([*made_from, titles, dict(palette.signs)])
    return hashlib.sha256(written.encode()).hexdigest()


def _page(figure: PublishedFigure, edition: Edition) -> bytes:
    """Return the page as it was made last; it links to its own address in other languages."""
    key = f"{figure.token}:{key_of(edition)}"
    page: bytes | None = cache.get(f"published:{key}")
    if page is None:
        others = [
            webpage.OtherLanguage(code, name, _address(figure, code))
            for code, name in LANGUAGE_NAMES.items()
            if code != edition.language
        ]
        page = webpage.webpage(edition, with_groups=False, others=others)
        cache.set(f"published:{key}", page, timeout=KEEP)
    return page


def _address(figure: PublishedFigure, code: str) -> str:
    return reverse("materiality:published", args=[figure.token, code])
