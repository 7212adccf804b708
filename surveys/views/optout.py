"""No more mail: /r/<token>/opt-out/. Mail programs post here too (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from surveys.actions.invite import opt_out as stop_mail
from surveys.views.pages import page
from surveys.views.visitors import notice, respondent_page, visit_of


@respondent_page
def opt_out(request: HttpRequest, token: str) -> HttpResponse:
    visit = visit_of(token)
    if request.method == "POST":
        stop_mail(visit.invitation)
        sentence = _("You will get no more mail about this survey. Your link still works.")
        return notice(visit.form.survey, _("No more mail"), sentence)
    return page("optout", visit.form.survey)
