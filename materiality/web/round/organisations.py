"""Make an organisation, and say what it is called."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from materiality.actions import (
    ask_deletion,
    describe_organisation,
    found_organisation,
    resume_organisation,
    set_mail,
    suspend_organisation,
)
from materiality.models import WAIT, ApiToken, Deletion
from materiality.web.access import confirmed, member
from materiality.web.fields import LANGUAGES, both_languages, refusals_on
from surveys.models import Membership, Organisation, Role


class OrganisationNameForm(forms.Form):
    """What an organisation is called and whom respondents may ask; one language is enough."""

    def __init__(self, data: Any = None, *, organisation: Organisation | None = None) -> None:
        super().__init__(data)
        for code, tongue in LANGUAGES:
            self.fields[f"name:{code}"] = forms.CharField(
                label=_("Company · %(language)s") % {"language": tongue},
                max_length=100,
                required=False,
                initial=organisation.name.get(code, "") if organisation else "",
            )
        for code, tongue in LANGUAGES:
            self.fields[f"contact:{code}"] = forms.CharField(
                label=_("Contact for questions · %(language)s") % {"language": tongue},
                max_length=200,
                required=False,
                initial=organisation.contact.get(code, "") if organisation else "",
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = [data.get(f"name:{code}") for code, _tongue in LANGUAGES]
        if not any(names) and not self.errors:
            first = f"name:{LANGUAGES[0][0]}"
            self.add_error(first, _("Write the company’s name in at least one language."))
        return data

    def text(self, name: str) -> dict[str, str]:
        return both_languages(self.cleaned_data, name)


class MailForm(forms.Form):
    """Whom mail of the organisation's surveys comes from, and where it goes."""

    sender = forms.CharField(
        label=gettext_lazy("Sender of mails"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("The name that people see; the address is the site’s."),
    )
    reply_to = forms.EmailField(
        label=gettext_lazy("Answers to mails go to"), max_length=200, required=False
    )
    is_held = forms.BooleanField(
        label=gettext_lazy("Hold mail: only the site’s test addresses get it"), required=False
    )

    def __init__(self, data: Any = None, *, organisation: Organisation) -> None:
        settings = {
            "sender": organisation.sender,
            "reply_to": organisation.reply_to,
            "is_held": organisation.mail_is_held,
        }
        super().__init__(data, initial=settings)


class DeletionForm(forms.Form):
    """The name, typed: nobody deletes an organisation by a slip of the hand."""

    name = forms.CharField(label=gettext_lazy("Its name, to be sure"), max_length=200)


def _owned(request: HttpRequest, pk: int) -> Organisation:
    """Return an organisation of this owner's, suspended or not."""
    owns = Membership.objects.filter(user=member(request), role=Role.OWNER)
    return get_object_or_404(Organisation, pk=pk, memberships__in=owns)


def _put_away(request: HttpRequest, row: Organisation, act: str) -> HttpResponse:
    if act == "suspend":
        suspend_organisation(organisation=row, by=member(request))
        messages.success(request, _("Suspended: nobody opens it until an owner resumes it."))
    else:
        resume_organisation(organisation=row, by=member(request))
        messages.success(request, _("Resumed."))
    return redirect("materiality:organisation", pk=row.pk)


def _address_of(deletion: Deletion) -> str:
    path = reverse("materiality:deleted", args=[deletion.token])
    return f"{settings.SITE_URL}{path}"


def _ask_deletion(request: HttpRequest, row: Organisation, form: DeletionForm) -> bool:
    """Ask for it if the name is right; whether it was asked for."""
    if form.is_valid():
        with refusals_on(form, "name"):
            name = form.cleaned_data["name"]
            ask_deletion(organisation=row, name=name, by=member(request))
            return True
    return False


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Make another organisation; whoever owns one may."""
    person = member(request)
    if not Membership.objects.filter(user=person, role=Role.OWNER).exists():
        raise PermissionDenied
    form = OrganisationNameForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            found_organisation(name=form.text("name"), contact=form.text("contact"), by=person)
            messages.success(request, _("The organisation is made. You own it."))
            return redirect("materiality:assessments")
    return render(request, "materiality/organisation.html", {"form": form})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Name an organisation, say how its mail goes, suspend, resume or delete it: owners may."""
    row = _owned(request, pk)
    act = request.POST.get("act", "")
    if act in ("suspend", "resume"):
        return _put_away(request, row, act)
    mail = MailForm(request.POST if act == "mail" else None, organisation=row)
    if mail.is_valid():
        with refusals_on(mail, "sender"):
            set_mail(organisation=row, by=member(request), **mail.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("materiality:organisation", pk=pk)
    going = DeletionForm(request.POST if act == "delete" else None)
    if _ask_deletion(request, row, going):
        return redirect("materiality:organisation", pk=pk)
    form = OrganisationNameForm(None if act else request.POST or None, organisation=row)
    if form.is_valid():
        with refusals_on(form):
            describe_organisation(
                organisation=row,
                name=form.text("name"),
                contact=form.text("contact"),
                by=member(request),
            )
            messages.success(request, _("Saved."))
            return redirect("materiality:assessments")
    tokens = ApiToken.objects.reaching(row)
    deletion = Deletion.objects.filter(organisation=row.pk).first()
    context = {
        "form": form,
        "mail": mail,
        "going": going,
        "deletion": deletion,
        "certificate_at": _address_of(deletion) if deletion else "",
        "days": WAIT.days,
        "organisation": row,
        "tokens": tokens,
    }
    return render(request, "materiality/organisation.html", context)
