"""After the ratings: the pages of the other kinds of question, /r/<token>/<step>/<number>/."""

from django.http import HttpRequest, HttpResponse

from surveys.actions import answer
from surveys.errors import ConsentMissing, InvalidAnswers
from surveys.kinds import Kind
from surveys.kinds.kind import Fields
from surveys.languages import CODES
from surveys.views.pages import page
from surveys.views.steps import beside, fields_of, steps_of
from surveys.views.visitors import go, not_open, respondent_page, visit_of
from surveys.visit.visits import Draft, Visit


@respondent_page
def choose(request: HttpRequest, token: str, number: int, kind: Kind) -> HttpResponse:
    if request.method == "POST":
        return _keep(request, token, kind, number)
    visit = visit_of(token)
    if not visit.is_open:
        return not_open(visit)
    if visit.draft is None:
        return go(request, "landing", token)
    if (kind.step, number) not in steps_of(visit):
        return beside(request, token, visit, kind.step, number)
    return _page(visit, visit.draft, kind, number, kind.fields(visit.draft.picks))


def _keep(request: HttpRequest, token: str, kind: Kind, number: int) -> HttpResponse:
    fields = _fields(request, token, kind)
    try:
        visit = answer.save(token, {}, chosen=fields)
    except ConsentMissing:
        return go(request, "landing", token)
    except InvalidAnswers as error:
        return _refuse(visit_of(token), kind, number, fields, error)
    if "autosave" in request.POST:
        return HttpResponse(status=204)
    if request.POST.get("lang") in CODES:
        return go(request, kind.step, token, number)
    by = -1 if request.POST.get("go") == "back" else 1
    return beside(request, token, visit, kind.step, number, by)


def _fields(request: HttpRequest, token: str, kind: Kind) -> dict[str, str]:
    """Return what was sent, and of a whole page also what browsers leave out."""
    fields = {
        f"{letter}{number}": value
        for letter in kind.letters
        for number, value in fields_of(request, letter).items()
    }
    if "autosave" in request.POST:
        return fields
    visit = visit_of(token)
    if visit.draft is None:
        return fields
    return kind.unsent(visit.form, visit.draft) | fields


def _refuse(
    visit: Visit, kind: Kind, number: int, fields: Fields, error: InvalidAnswers
) -> HttpResponse:
    """Show the page again with what was chosen, and say what was wrong."""
    if visit.draft is None:
        raise error
    return _page(visit, visit.draft, kind, number, fields, error)


def _page(
    visit: Visit,
    draft: Draft,
    kind: Kind,
    number: int,
    fields: Fields,
    error: InvalidAnswers | None = None,
) -> HttpResponse:
    return page(
        f"{kind.code}/page.html",
        visit.form.survey,
        status=400 if error else 200,
        form=visit.form,
        error=error,
        key=visit.token_hash[:16],
        **kind.page(visit.form, draft, number, fields),
    )
