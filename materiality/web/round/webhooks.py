"""Webhooks of an organisation: what is told to which address, and whether it arrived."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from materiality.actions import add_webhook, remove_webhook, turn_webhook
from materiality.models import News, Webhook
from materiality.web.access import confirmed_reading, member
from materiality.web.fields import refusals_on
from surveys.models import Organisation, Role


class WebhookForm(forms.Form):
    url = forms.URLField(label=gettext_lazy("Address"), max_length=500, assume_scheme="https")
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What is told"),
        choices=News.choices,
        widget=forms.CheckboxSelectMultiple,
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_reading
def webhooks(request: HttpRequest, pk: int) -> HttpResponse:
    """List webhooks with their secrets; a POST adds one, turns one on or off, or removes it."""
    owned = Organisation.objects.for_roles(request.user, (Role.OWNER,))
    organisation: Organisation = get_object_or_404(owned, pk=pk)
    act = request.POST.get("act", "")
    if act:
        _change(request, organisation, act)
        return redirect("materiality:webhooks", pk=pk)
    form = WebhookForm(request.POST or None)
    if form.is_valid():
        fields: dict[str, Any] = form.cleaned_data
        with refusals_on(form, "url"):
            add_webhook(organisation=organisation, by=member(request), **fields)
            messages.success(request, _("Saved. Turn it on when its receiver is ready."))
            return redirect("materiality:webhooks", pk=pk)
    rows = organisation.webhooks.all()
    context = {"organisation": organisation, "form": form, "webhooks": rows}
    return render(request, "materiality/webhooks.html", context)


def _change(request: HttpRequest, organisation: Organisation, act: str) -> None:
    key = request.POST.get("webhook", "")
    rows = organisation.webhooks.filter(pk=key if key.isdecimal() and len(key) < 18 else 0)
    webhook: Webhook = get_object_or_404(rows)
    if act == "remove":
        remove_webhook(webhook=webhook, by=member(request))
        messages.success(request, _("Removed."))
    else:
        turn_webhook(webhook=webhook, on=act == "on", by=member(request))
        messages.success(request, _("Saved."))
