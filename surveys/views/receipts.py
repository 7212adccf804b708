"""Was my answer counted? /s/<slug>/receipt/."""

from django.http import HttpRequest, HttpResponse

from surveys.errors import UnknownLink
from surveys.models import Receipt, Survey
from surveys.views.pages import page
from surveys.views.visitors import respondent_page, speak


@respondent_page
def receipt(request: HttpRequest, slug: str) -> HttpResponse:
    """Look a receipt up. It tells that the answer is in the sealed block, not what it says."""
    published = Survey.objects.select_related("organisation").filter(published_at__isnull=False)
    survey = published.filter(slug=slug).first()
    if survey is None:
        raise UnknownLink
    speak(survey)
    code = request.POST.get("code", "")
    exists = bool(code) and Receipt.objects.of(survey, code).exists()
    return page("receipt", survey, code=code, found=exists)
