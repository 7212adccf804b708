"""Who may open which page: a stranger finds nothing, a member acts as the role allows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from materiality.actions import note_access
from materiality.models import Access, Assessment
from surveys.models import Role, Survey
from surveys.models.organisations import MAY_DECIDE, MAY_EDIT, OwnedQuerySet

View = Callable[..., HttpResponse]
OWNER = (Role.OWNER,)


@dataclass(frozen=True)
class May:
    """What this person may do to this round now; nothing once it is locked."""

    edit: bool
    decide: bool
    lock: bool


def rounds_of(user: User | AnonymousUser) -> OwnedQuerySet:
    """Return the rounds this person may see, each with the person's `role` in it."""
    visible: OwnedQuerySet = Assessment.objects.visible_to(user).with_role(user)
    return visible.select_related("organisation", "previous", "snapshot__locked_by")


def member(request: HttpRequest) -> User:
    """Return who acts: the pages of a round open to nobody who is not signed in."""
    return cast(User, request.user)


def edits(assessment: Any) -> bool:
    """Tell whether this person's role edits, be the round locked or not; compare `may`."""
    return assessment.role in MAY_EDIT


def may(assessment: Any) -> May:
    able = {
        name: not assessment.is_locked and assessment.role in roles
        for name, roles in (("edit", MAY_EDIT), ("decide", MAY_DECIDE), ("lock", OWNER))
    }
    return May(**able)


def assessment_page(
    *, write: tuple[Role, ...] = (), read: tuple[Role, ...] = tuple(Role)
) -> Callable[[View], View]:
    """Give the view the round instead of its key. `read` roles open it; only `write` roles post."""
    methods = ["GET", "HEAD", "POST"] if write else ["GET", "HEAD"]

    def decorate(view: View) -> View:
        @login_required
        @never_cache
        @require_http_methods(methods)
        @wraps(view)
        def page(request: HttpRequest, pk: int, **rest: Any) -> HttpResponse:
            assessment = get_object_or_404(rounds_of(request.user), pk=pk)
            if assessment.role not in (write if request.method == "POST" else read):
                raise PermissionDenied
            return view(request, assessment, **rest)

        return page

    return decorate


def survey_page(
    *, write: tuple[Role, ...] = (), read: tuple[Role, ...] = tuple(Role)
) -> Callable[[View], View]:
    """Give the view the round and one of its surveys; a survey of another round is not found."""

    def decorate(view: View) -> View:
        @assessment_page(write=write, read=read)
        @wraps(view)
        def page(
            request: HttpRequest, assessment: Assessment, survey: int, **rest: Any
        ) -> HttpResponse:
            surveys = assessment.surveys.select_related("organisation")
            return view(request, assessment, get_object_or_404(surveys, pk=survey), **rest)

        return page

    return decorate


def is_asked_again(_request: HttpRequest) -> bool:
    return bool(settings.REAUTHENTICATE)


confirmed: Callable[[View], View] = reauthentication_required(
    allow_get=True, enabled=is_asked_again
)
"""Under a page's decorator: a POST asks for password, factor or passkey again, once in a while."""
confirmed_reading: Callable[[View], View] = reauthentication_required(enabled=is_asked_again)
"""The same for pages that give away what must not leave with a forgotten, open browser."""


def note_download(request: HttpRequest, assessment: Assessment, name: str) -> None:
    """Note who took a file away."""
    note_access(
        kind=Access.Kind.DOWNLOAD,
        by=member(request),
        subject=name,
        organisation=assessment.organisation,
    )


def note_list(request: HttpRequest, assessment: Assessment, name: str) -> None:
    """Note who read a list of people."""
    note_access(
        kind=Access.Kind.READ_LIST,
        by=member(request),
        subject=name,
        organisation=assessment.organisation,
    )


def show_survey(
    request: HttpRequest, assessment: Any, survey: Survey, name: str, **context: Any
) -> HttpResponse:
    """Render a tab of “Ask”. `runs`: whether this person may see and change who is asked."""
    common: dict[str, Any] = {
        "survey": survey,
        "state": survey.state,
        "tab": name,
        "page": "ask",
        "runs": edits(assessment),
    }
    return show(request, assessment, f"ask_{name}", **common | context)


def show(
    request: HttpRequest, assessment: Assessment, name: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render the page `name` of this round."""
    common = {"assessment": assessment, "may": may(assessment), "page": name}
    return render(request, f"materiality/{name}.html", common | context, status=status)
