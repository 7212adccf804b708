"""Mail: what goes out to whom, when, and what became of it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality import actions
from materiality.models import Assessment
from materiality.web.access import edits, member, note_list, show_survey, survey_page
from materiality.web.ask.mailing_forms import MailTextForm, PlanForm, RemindersForm, SendForm
from materiality.web.colleagues import mail_test
from materiality.web.fields import refusals_on
from surveys.errors import RuleBroken
from surveys.mail import delivery, recipients
from surveys.mail.emails import PLACEHOLDERS, samples
from surveys.mail.recipients import is_live
from surveys.models import MailText, Message, Survey
from surveys.models.organisations import MAY_EDIT

MOST_FAILURES = 100
FORMS: dict[str, type[forms.Form]] = {"send": SendForm, "plan": PlanForm}


@survey_page(write=MAY_EDIT)
def mail_tab(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Show every mail of the survey; a POST sends, plans, stops, tries again or sets the rules."""
    kind, act = request.POST.get("kind", ""), request.POST.get("act", "")
    form = _form(request, survey, act)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            if message := _act(request, assessment, survey, act, kind, form):
                messages.success(request, message)
            return redirect("materiality:mail", assessment.pk, survey.pk)
        except RuleBroken as refusal:
            form = form or forms.Form(request.POST)
            form.full_clean()
            form.add_error(None, str(refusal))
    status = 409 if form is not None and form.is_bound else 200
    return _page(request, assessment, survey, status, refused=(act, kind, form))


def _form(request: HttpRequest, survey: Survey, act: str) -> forms.Form | None:
    if act == "rules":
        return RemindersForm(request.POST, survey=survey)
    return FORMS[act](request.POST) if act in FORMS else None


def _act(
    request: HttpRequest, assessment: Assessment, survey: Survey, act: str, kind: str, form: Any
) -> str:
    """Do what was pressed and return what to say of it."""
    data = form.cleaned_data if form else {}
    who: dict[str, Any] = {"assessment": assessment, "survey": survey, "by": request.user}
    if act == "rules":
        actions.set_questionnaire(changes=data, **who)
        return _("Saved.")
    if kind not in Message.Kind.values:
        raise Http404
    match act:
        case "send":
            sent = actions.send_mail(kind=kind, **data, **who)
            if recipients.is_rounded(survey, kind):
                return _("At most %d mails are on their way.") % sent
            return ngettext("%d mail is on its way.", "%d mails are on their way.", sent) % sent
        case "plan":
            actions.plan_reminder(kind=kind, **data, **who)
            return _("The reminder is planned.")
        case "stop":
            count = actions.stop_mail(kind=kind, **who)
            if recipients.is_rounded(survey, kind):
                return _("At most %d mails stopped.") % count
            return ngettext("%d mail stopped.", "%d mails stopped.", count) % count
        case "retry":
            again = actions.retry_mail(kind=kind, **who)
            if recipients.is_rounded(survey, kind):
                return _("At most %d mails wait again.") % again
            return ngettext("%d mail waits again.", "%d mails wait again.", again) % again
    raise Http404


def _page(
    request: HttpRequest,
    assessment: Assessment,
    survey: Survey,
    status: int,
    refused: tuple[str, str, forms.Form | None],
) -> HttpResponse:
    act, of, form = refused
    runs = edits(assessment)
    wrong, states = delivery.failures(survey), delivery.delivery(survey)
    failed = list(wrong[:MOST_FAILURES]) if runs else []
    if failed:
        note_list(request, assessment, f"mail failures {survey.slug}")
    return show_survey(
        request,
        assessment,
        survey,
        "mail",
        status=status,
        kinds=_kinds(survey, states, runs, act, of, form),
        rules=form if act == "rules" and form else RemindersForm(survey=survey),
        refusal=form if form is not None and form.errors else None,
        delivery=_in_words(states),
        sending=delivery.is_sending(survey),
        failed=failed,
        failures=wrong.count(),
        **delivery.unreachable(survey),
        live=is_live(survey.organisation),
        allowed=settings.MAIL_TEST_ADDRESSES,
    )


def _kinds(
    survey: Survey,
    delivery: Mapping[str, Mapping[str, int]],
    runs: bool,
    act: str,
    of: str,
    form: forms.Form | None,
) -> list[dict[str, Any]]:
    """Return each mail with who would get it, what waits, what is planned, and its forms."""
    if survey.is_sealed:
        return []
    plans = {plan.kind: plan for plan in survey.reminder_plans.all()}
    names = {one.code: str(one) for one in survey.audiences.all()}
    kinds = []
    for kind in recipients.kinds(survey):
        preview = recipients.preview(survey, kind)
        groups = [(names[code], count) for code, count in preview.by_audience.items()]
        kinds.append(
            {
                "kind": kind,
                "is_reminder": kind != Message.Kind.INVITATION,
                "rounded": recipients.is_rounded(survey, kind),
                "preview": preview,
                "groups": groups,
                "first": preview.first if runs else [],
                "waiting": delivery[kind].get(Message.State.WAITING, 0),
                "refused": delivery[kind].get(Message.State.FAILED, 0),
                "plan": plans.get(kind),
                "reached": recipients.number_reached(survey, kind) if kind in plans else 0,
                "send": _kept(SendForm, "send", kind, act, of, form),
                "schedule": _kept(PlanForm, "plan", kind, act, of, form),
            }
        )
    return kinds


def _kept(
    made: type[forms.Form], name: str, kind: str, act: str, of: str, form: forms.Form | None
) -> forms.Form:
    """Return the form as it was sent, if it was this one that was refused."""
    if form is not None and (act, of) == (name, kind):
        form.auto_id = f"{kind}_%s"
        return form
    return made(auto_id=f"{kind}_{name}_%s")


def _in_words(
    delivery: Mapping[str, Mapping[str, int]],
) -> list[tuple[Any, list[tuple[Any, int]]]]:
    """Return the mails of each kind by state, as the page writes them."""
    rows = []
    for kind, states in delivery.items():
        if states:
            rows.append(
                (
                    Message.Kind(kind),
                    [(Message.State(state), count) for state, count in states.items()],
                )
            )
    return rows


@survey_page(write=MAY_EDIT)
def words(
    request: HttpRequest, assessment: Assessment, survey: Survey, occasion: str
) -> HttpResponse:
    """Write an invitation or a reminder; a POST of `look` shows it without saving."""
    if occasion not in MailText.Occasion.values:
        raise Http404
    form = MailTextForm(request.POST or None, survey=survey, occasion=occasion)
    if "test" in request.POST and form.is_valid():
        _send_test(request, samples(survey, occasion, form.texts()))
    elif request.method == "POST" and "look" not in request.POST and form.is_valid():
        subject, body = form.texts()
        with refusals_on(form):
            actions.write_mail(
                assessment=assessment,
                survey=survey,
                occasion=occasion,
                subject=subject,
                body=body,
                by=member(request),
            )
            messages.success(request, _("Saved."))
            return redirect("materiality:mail_text", assessment.pk, survey.pk, occasion)
    drafted = form.texts() if form.is_bound and form.is_valid() else None
    return show_survey(
        request,
        assessment,
        survey,
        "mail_text",
        status=409 if form.errors else 200,
        form=form,
        occasion=MailText.Occasion(occasion),
        placeholders=PLACEHOLDERS,
        mails=samples(survey, occasion, drafted),
    )


def _send_test(request: HttpRequest, mails: Mapping[str, tuple[str, str]]) -> None:
    """Send the words as they are on the page to whoever writes them."""
    reader = member(request)
    if mail_test(reader, dict(mails)):
        messages.success(request, _("A test went to %(email)s.") % {"email": reader.email})
    else:
        messages.warning(request, _("The mail server did not take the test. Nothing was sent."))
