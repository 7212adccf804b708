"""The first day of an installation: a link, and behind it the first account and organisation."""

from datetime import timedelta
from typing import Any

from allauth.account.utils import perform_login
from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from materiality.actions import first_owner
from materiality.errors import HasOwner
from materiality.web.fields import LANGUAGES
from surveys.people.links import absolute

SALT = "materiality.web.round.first"
GOOD_FOR = timedelta(days=1)
"""A link that lies in an old log opens nothing; the server prints a new one when it starts."""


def first_link() -> str:
    """Return the address at which the first owner makes an account, once, within a day.

    Each process of a server writes its own; all are spent when somebody has an account.
    """
    token = signing.TimestampSigner(salt=SALT).sign("owner")
    return absolute(reverse("materiality:first", args=[token]))


def _is_good(token: str) -> bool:
    try:
        return signing.TimestampSigner(salt=SALT).unsign(token, max_age=GOOD_FOR) == "owner"
    except signing.BadSignature:
        return False


class FirstForm(forms.Form):
    """Who begins, and for which company."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of your reports and surveys"),
        choices=LANGUAGES,
        initial=[code for code, _tongue in LANGUAGES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )
    person = forms.CharField(label=gettext_lazy("Your name"), max_length=100)
    email = forms.EmailField(label=gettext_lazy("Your mail address"), max_length=150)
    password = forms.CharField(
        label=gettext_lazy("Password, 12 characters or more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=200,
    )
    contact = forms.CharField(
        label=gettext_lazy("Whom respondents may ask: an office or a name, and a mail address"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Left empty, it is your name and address. You can change it later."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for code, tongue in LANGUAGES:
            self.fields[f"company:{code}"] = forms.CharField(
                label=_("Company · %(language)s") % {"language": tongue},
                max_length=100,
                required=False,
            )

    @property
    def companies(self) -> list[tuple[str, forms.BoundField]]:
        """Return the fields of the company's name, each with its language."""
        return [(code, self[f"company:{code}"]) for code, _tongue in LANGUAGES]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[name] for name in ("person", "email", "password", "contact")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for code, tongue in LANGUAGES:
            name = f"company:{code}"
            if code in data.get("languages", []) and not data.get(name):
                sentence = _("Write the company’s name in %(language)s, or leave the language out.")
                self.add_error(name, sentence % {"language": tongue})
        if data.get("password"):
            person = User(email=data.get("email", ""), first_name=data.get("person", ""))
            try:
                validate_password(data["password"], person)
            except forms.ValidationError as refusal:
                self.add_error("password", refusal)
        return data

    def save(self) -> User:
        data = self.cleaned_data
        contact = data["contact"] or f"{data['person']}, {data['email']}"
        person, _organisation = first_owner(
            name=data["person"],
            email=data["email"],
            password=data["password"],
            company={code: data[f"company:{code}"] for code in data["languages"]},
            contact=dict.fromkeys(data["languages"], contact),
        )
        return person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first account; whoever comes second, or with a wrong link, is told so."""
    if User.objects.exists() or not _is_good(token):
        return render(request, "materiality/first.html", _spent(), status=410)
    form = FirstForm(request.POST or None)
    if form.is_valid():
        try:
            person = form.save()
        except HasOwner:
            return render(request, "materiality/first.html", _spent(), status=410)
        then = reverse("materiality:new")
        return perform_login(  # type: ignore[no-any-return]
            request, person, email_verification="none", redirect_url=then
        )
    return render(request, "materiality/first.html", {"form": form})


def _spent() -> dict[str, Any]:
    """Tell what to do: sign in where there is an account, else take a new link."""
    return {"form": None, "is_begun": User.objects.exists()}
