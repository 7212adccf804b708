"""Tokens of the API: make one, see what there are, end one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from materiality.actions import end_token, make_token
from materiality.models.tokens import ApiToken, Scope
from materiality.web.access import confirmed, member
from materiality.web.fields import offer
from surveys.models import Organisation

DAYS = {
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("90 days"),
    "365": gettext_lazy("A year"),
}


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=100,
        help_text=gettext_lazy("Such as the program that will use it."),
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("All of mine"),
    )
    days = forms.ChoiceField(label=gettext_lazy("Until"), choices=DAYS.items(), initial="90")
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It reads results. What may it do besides?"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        offer(self, "organisation", Organisation.objects.visible_to(user).order_by("pk"))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's tokens; a POST makes one and shows it this once."""
    person = member(request)
    form = TokenForm(request.POST or None, user=person)
    secret = ""
    if form.is_valid():
        fields = form.cleaned_data
        _token, secret = make_token(
            by=person,
            name=fields["name"],
            days=int(fields["days"]),
            scopes=fields["scopes"],
            organisation=fields["organisation"],
        )
        form = TokenForm(user=person)
    context = {"form": form, "tokens": ApiToken.objects.of(person), "secret": secret}
    return render(request, "materiality/tokens.html", context)


@login_required
@never_cache
@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    """End a token: one's own, or one for an organisation that one owns."""
    person = member(request)
    token = get_object_or_404(ApiToken.objects.endable_by(person), token_key=key)
    end_token(token=token, by=person)
    messages.success(request, _("The token has ended: no program gets in with it any more."))
    if token.user_id == person.pk:
        return redirect("materiality:tokens")
    return redirect("materiality:organisation", pk=token.organisation_id)
