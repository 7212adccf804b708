"""The questionnaire as respondents will see it, and trying it without being counted."""

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.clickjacking import xframe_options_sameorigin

from materiality.models import Assessment
from materiality.web.access import show_survey, survey_page
from surveys.actions.invite import invite
from surveys.models import Invitation, Survey
from surveys.models.organisations import MAY_EDIT
from surveys.people.links import personal_path
from surveys.people.person import Person
from surveys.views.preview import preview, preview_numbers


@csp_update({"frame-src": [SELF]})
@survey_page(write=MAY_EDIT)
def preview_tab(request: HttpRequest, assessment: Assessment, survey: Survey) -> HttpResponse:
    """Show both languages side by side at the width of a phone; a POST opens a test answer."""
    audiences = list(survey.audiences.all())
    chosen = next((one for one in audiences if one.code == request.GET.get("group")), None)
    audience = chosen or next(iter(audiences), None)
    if request.method == "POST" and audience:
        [(_made, token)] = invite(audience, [Person()], source=Invitation.Source.TEST)
        return redirect(personal_path(token))
    numbers = list(preview_numbers(audience)) if audience and audience.questions.exists() else []
    wanted = request.GET.get("page", "")
    number = min(int(wanted), len(numbers) - 1) if wanted.isdecimal() and numbers else 0
    return show_survey(
        request,
        assessment,
        survey,
        "preview",
        audiences=audiences,
        audience=audience,
        numbers=numbers,
        number=number,
        languages=survey.codes,
    )


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@survey_page()
def preview_page(
    request: HttpRequest,
    assessment: Assessment,
    survey: Survey,
    code: str,
    tongue: str,
    number: int,
) -> HttpResponse:
    """Return one page of the questionnaire; nothing on it can be pressed."""
    audience = get_object_or_404(survey.audiences.select_related("survey__organisation"), code=code)
    return HttpResponse(
        preview(audience, tongue if tongue in survey.codes else survey.codes[0], number)
    )
