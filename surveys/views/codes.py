"""A code from a letter, typed by hand: /r/."""

from django.http import HttpRequest, HttpResponse

from surveys.views import pages
from surveys.views.visitors import go, respondent_page, visit_of


@respondent_page
def code(request: HttpRequest) -> HttpResponse:
    """Lead from a letter's code to its link; blanks that were typed with it do not count."""
    typed = "".join(request.POST.get("code", "").split())
    if not typed:
        return pages.page("code", None)
    visit_of(typed)
    return go(request, "landing", typed)
