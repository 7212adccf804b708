"""The register: its list, and one entry of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from materiality.actions.register import before_of
from materiality.models import Assessment, Iro
from materiality.models.register import LINKED
from materiality.selectors.sources import sources_for
from materiality.web.access import assessment_page, may, member, show
from materiality.web.register.bulk_forms import BulkForm
from materiality.web.register.forms import CloseForm, IroForm
from materiality.web.register.listing import Listing
from surveys.models.organisations import MAY_EDIT


@assessment_page(write=MAY_EDIT)
def register(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """List impacts, risks and opportunities; the address says which are sought.

    A POST changes the chosen ones alike, gives them to experts, or closes them.
    """
    listing = Listing(assessment, request.GET)
    form = None
    if may(assessment).edit and listing.entries:
        form = BulkForm(request.POST or None, assessment=assessment, listing=listing)
        if form.act(by=request.user):
            messages.success(request, form.sentence)
            return redirect(request.get_full_path())
    waiting = 0
    if assessment.previous_id and may(assessment).edit:
        waiting = before_of(assessment).filter(successors=None).count()
    status = form.status if form else 200
    return show(
        request, assessment, "register", status=status, listing=listing, waiting=waiting, form=form
    )


@assessment_page(write=MAY_EDIT)
def add(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Add an entry; `?from=` begins with one of last round's, `?topic=` under a topic."""
    form = IroForm(request.POST or None, assessment=assessment, start=_start(request, assessment))
    if form.act(by=request.user) and form.iro:
        messages.success(request, _("%(code)s is added.") % {"code": form.iro.code})
        _warn(request, form.iro)
        if "more" in request.POST:
            page = reverse("materiality:add_iro", args=[assessment.pk])
            return redirect(f"{page}?topic={form.iro.topic.code}")
        return _back(assessment, form.iro)
    return show(request, assessment, "iro_new", status=form.status, form=form)


def _start(request: HttpRequest, assessment: Assessment) -> dict[str, Any]:
    """Return what the fields begin with: a topic, or what last round's entry says."""
    start: dict[str, Any] = {"topic": request.GET.get("topic", "")}
    old = before_of(assessment).filter(code=request.GET.get("from", "")).first()
    if old is None:
        return start if start["topic"] else {}
    return _as_fields(assessment, old) | {
        "before": old.code,
        "topic": _topic_after(assessment, old),
    }


def _as_fields(after: Assessment, old: Iro) -> dict[str, Any]:
    texts = {
        f"{part}:{code}": text
        for part in ("title", "description", "affected", "dependency", "mitigation")
        for code, text in getattr(old, part).items()
    }
    plain = ("kind", "stage", "place", "horizon", "involvement", "evidence")
    flags = {name: "1" if getattr(old, name) else "" for name in ("is_actual", "human_rights")}
    return texts | flags | {name: getattr(old, name) for name in plain} | _stage_after(after, old)


def _stage_after(assessment: Assessment, old: Iro) -> dict[str, str]:
    """Return the stage it goes on in, where the value chain of this round still has it."""
    goes_on = old.step and assessment.chain_steps.filter(code=old.step.code, side=old.stage)
    return {"stage": f"{old.stage}:{old.step.code}"} if old.step and goes_on else {}


def _topic_after(assessment: Assessment, old: Iro) -> str:
    line = assessment.successions.filter(before=old.topic_id, after__isnull=False).first()
    return line.after.code if line and line.after else ""


@assessment_page(write=MAY_EDIT)
def iro(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Show an entry; a POST changes it."""
    row = find(assessment, code)
    form = IroForm(request.POST or None, assessment=assessment, iro=row)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        _warn(request, find(assessment, code))
        return _back(assessment, row)
    return _page(request, assessment, row, form=form)


@assessment_page(write=MAY_EDIT)
def close(request: HttpRequest, assessment: Assessment, code: str) -> HttpResponse:
    """Close an entry, with a reason; a closed one is opened again."""
    row = find(assessment, code)
    was_closed = row.is_closed
    form = CloseForm(request.POST or None, iro=row)
    if form.act(by=request.user):
        messages.success(request, _("Open again.") if was_closed else _("Closed, with its reason."))
        return redirect("materiality:iro", pk=assessment.pk, code=row.code)
    return _page(request, assessment, row, closing=form)


def find(assessment: Assessment, code: str) -> Iro:
    """Return an entry of this round, or answer that there is none."""
    rows = assessment.iros.select_related("topic", "step", "evidence_file", "closed_by")
    row: Iro = get_object_or_404(rows.prefetch_related(*LINKED), code=code)
    row.assessment = assessment
    return row


def _warn(request: HttpRequest, row: Iro) -> None:
    """Say what ESRS would have otherwise, where an actual impact was saved as net."""
    if row.is_net and row.is_actual:
        sentence = _(
            "ESRS 1 (2026) takes actual impacts before what was remedied in the year: for a report "
            "under it, let gross count."
        )
        messages.warning(request, sentence)


def _back(assessment: Assessment, row: Iro) -> HttpResponse:
    page = reverse("materiality:register", args=[assessment.pk])
    return redirect(f"{page}#{row.code}")


def _page(
    request: HttpRequest,
    assessment: Assessment,
    row: Iro,
    *,
    form: IroForm | None = None,
    closing: CloseForm | None = None,
) -> HttpResponse:
    form = form or IroForm(assessment=assessment, iro=row)
    closing = closing or CloseForm(iro=row)
    able = may(assessment).edit and not row.is_closed
    if not able:
        form.disable()
    return show(
        request,
        assessment,
        "iro",
        status=max(form.status, closing.status),
        iro=row,
        form=form,
        closing=closing,
        able=able,
        gaps=list(row.gaps(tuple(assessment.languages))),
        sources=sources_for(assessment, row, member(request)),
        lines=row.predecessors.select_related("before"),
        successors=row.successors.select_related("after"),
    )
