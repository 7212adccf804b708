"""Approve, then lock: a second person stands for the results before they are frozen."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from materiality.actions import ask_approval
from materiality.locking import snapshots
from materiality.models import Approval, Assessment
from materiality.results import Results
from materiality.selectors.approvals import approvers, standing_approval
from materiality.templatetags.workspace import person as name_of
from materiality.web.access import OWNER, assessment_page, confirmed, may, member, show
from materiality.web.colleagues import mail_approver
from materiality.web.decide.approval_forms import ApprovalForm, SecondPersonForm
from materiality.web.decide.before_lock import remaining
from materiality.web.finding import results_or_reason
from surveys.errors import RuleBroken
from surveys.models.organisations import MAY_DECIDE


@assessment_page(write=OWNER)
@confirmed
def lock(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Ask once, then freeze the round."""
    refusal = _lock(request, assessment) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        messages.success(request, _("The round is locked. Every figure now comes from its record."))
        return redirect("materiality:export", pk=assessment.pk)
    return _page(request, assessment, refusal=refusal, status=409 if refusal else 200)


def _lock(request: HttpRequest, assessment: Assessment) -> RuleBroken | None:
    try:
        snapshots.lock(assessment=assessment, by=member(request))
    except RuleBroken as refusal:
        return refusal
    return None


@assessment_page(write=MAY_DECIDE)
@confirmed
def approve(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Record a second person's verdict on the results that were looked at, or ask for one."""
    if "approver" in request.POST:
        return _ask(request, assessment, request.POST["approver"])
    form = ApprovalForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("Your verdict is recorded."))
        return redirect("materiality:lock", pk=assessment.pk)
    return _page(request, assessment, approval=form if form.is_bound else None, status=form.status)


def _ask(request: HttpRequest, assessment: Assessment, approver: str) -> HttpResponse:
    """Write to a colleague that the results wait for approval."""
    colleagues = {str(one.pk): one for one in approvers(assessment)}
    if approver not in colleagues:
        raise Http404
    chosen = colleagues[approver]
    ask_approval(assessment=assessment, approver=chosen, by=member(request))
    if mail_approver(chosen, assessment, member(request)):
        messages.success(request, _("%(name)s is written to.") % {"name": name_of(chosen)})
    else:
        messages.warning(request, _("The mail could not be sent. Tell them yourself."))
    return redirect("materiality:lock", pk=assessment.pk)


@assessment_page(write=OWNER)
@confirmed
def second_person(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Set whether a second person has to approve."""
    form = SecondPersonForm(request.POST or None, assessment=assessment)
    if form.act(by=request.user):
        messages.success(request, _("Saved."))
        return redirect("materiality:lock", pk=assessment.pk)
    return _page(request, assessment, second=form if form.is_bound else None, status=form.status)


def _page(
    request: HttpRequest,
    assessment: Assessment,
    *,
    status: int = 200,
    refusal: RuleBroken | None = None,
    approval: ApprovalForm | None = None,
    second: SecondPersonForm | None = None,
) -> HttpResponse:
    results, reason = results_or_reason(assessment)
    standing = standing_approval(assessment) if results else None
    digest = results.digest if results else ""
    return show(
        request,
        assessment,
        "lock",
        status=status,
        results=results,
        reason=reason,
        refusal=refusal,
        standing=standing,
        verdicts=list(assessment.approvals.select_related("by").order_by("-pk")),
        approval=approval or ApprovalForm(assessment=assessment, digest=digest),
        second=second or SecondPersonForm(assessment=assessment),
        approvers=_others(request, assessment) if results and not assessment.is_locked else [],
        able=_is_lockable(assessment, results, standing),
        remaining=remaining(assessment, results) if results and not assessment.is_locked else [],
    )


def _others(request: HttpRequest, assessment: Assessment) -> list[User]:
    """Return whom this person can ask to approve."""
    return [one for one in approvers(assessment) if one != request.user]


def _is_lockable(
    assessment: Assessment, results: Results | None, standing: Approval | None
) -> bool:
    if results is None or results.open_questions or not may(assessment).lock:
        return False
    return bool(standing) or not assessment.four_eyes
