"""Who may call what: a stranger finds nothing, a member acts as the role allows."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, NotFound, PermissionDenied
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.throttling import UserRateThrottle
from rest_framework.viewsets import GenericViewSet

from materiality.actions import note_access
from materiality.api.repeats import HEADER, key_of, once
from materiality.api.tokens import lacks_scope
from materiality.models import Access, ApiToken, Assessment, Scope
from surveys.api.fields import SentSerializer
from surveys.errors import Conflict
from surveys.models import Membership, Organisation, Role, Survey
from surveys.models.organisations import MAY_EDIT

EVERYBODY = tuple(Role)
Serializer = type[BaseSerializer[Any]]


class Pages(LimitOffsetPagination):
    """A page of a list, never a page without end: a limit beyond that is taken as the most."""

    max_limit = 1000


class TeamThrottle(UserRateThrottle):
    scope = "team"


class TeamViewSet(GenericViewSet[Any]):
    """Calls of the team. `reads` and `writes`: the roles that may."""

    throttle_classes = (TeamThrottle,)
    pagination_class: type[Pages] | None = Pages
    reads: tuple[Role, ...] = EVERYBODY
    writes: tuple[Role, ...] = MAY_EDIT
    writes_by_action: Mapping[str, tuple[Role, ...]] = {}
    """Who may write, of actions whose writers are others."""
    scope = Scope.COLLECT
    scope_by_action: Mapping[str, Scope] = {}
    """What a token must be for, to write; and to read where not everybody reads."""
    notes: Mapping[str, tuple[Access.Kind, str]] = {}
    """Actions that tell of people or give data away, with what the log of access says of it.

    A file needs no line here: whatever is to be saved is noted under its name.
    """
    organisation: Organisation | None = None
    """Whose data a call is about, once it is known."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer a call; one that has a key is done once."""
        act = partial(super().dispatch, request, *args, **kwargs)
        if request.method in SAFE_METHODS or HEADER not in request.headers:
            return act()
        try:
            call = self.initialize_request(request, *args, **kwargs)
            if not (key := key_of(call)) or not call.user.is_authenticated:
                return act()
            self.request = call
            self.require_scope(call)
            self.require_confirmation(call)
            return once(request, caller=call.user, key=key, view=self, act=act)
        except APIException as error:
            return self._refusal(request, error, *args, **kwargs)

    def _refusal(
        self, request: HttpRequest, error: Exception, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Answer as `dispatch` answers what is refused before a call is looked at."""
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        return self.finalize_response(self.request, self.handle_exception(error), *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action is None:
            self.http_method_not_allowed(request)
        self.require_scope(request)
        self.require_confirmation(request)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """Note who took what away, of calls that were not refused."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code < 300 and (note := self._note(answer)):
            kind, subject = note
            note_access(kind=kind, by=self.user, subject=subject, organisation=self.organisation)
        return answer

    def _note(self, answer: HttpResponseBase) -> tuple[Access.Kind, str] | None:
        """Return what the log of access says of this answer; None where it says nothing."""
        if saved_as := answer.headers.get("Content-Disposition"):
            return Access.Kind.DOWNLOAD, saved_as.partition("filename=")[2].strip('"')
        if self.action not in self.notes:
            return None
        kind, what = self.notes[self.action]
        return kind, f"{what} {self.subject}".strip()

    @property
    def subject(self) -> str:
        """What a call is about, as the log of access names it."""
        return ""

    def require_scope(self, request: Request) -> None:
        """Refuse a token that was not made for this, whatever its person may do."""
        is_open = request.method in SAFE_METHODS and self.reads == EVERYBODY
        scope = self.scope_by_action.get(self.action, self.scope)
        if not is_open and lacks_scope(request, scope):
            sentence = _("This token may not: make one that may “%(scope)s”.")
            raise PermissionDenied(sentence % {"scope": scope.label}, code="scope_missing")

    def require_confirmation(self, request: Request) -> None:
        """Ask who is signed in to confirm it, as the pages do; a token was confirmed when made."""
        if not settings.REAUTHENTICATE or isinstance(request.auth, ApiToken):
            return
        is_open = request.method in SAFE_METHODS and self.reads == EVERYBODY
        if not is_open and not did_recently_reauthenticate(request._request):
            raise PermissionDenied(
                _("Confirm that it is you: sign in again, or call with a token."),
                code="confirm_again",
            )

    def require_right(self, organisation: Organisation) -> None:
        """Refuse whoever may not do this any more, before what was done is told again.

        :raises NotFound: no member, or the organisation is suspended.
        """
        membership = Membership.objects.of(self.user).filter(organisation=organisation).first()
        if membership is None:
            raise NotFound
        self.require_role(membership.role)

    def require_role(self, role: str) -> None:
        writes = self.writes_by_action.get(self.action, self.writes)
        if role not in (self.reads if self.request.method in SAFE_METHODS else writes):
            raise PermissionDenied

    @property
    def user(self) -> User:
        return self.request.user  # type: ignore[return-value]

    def sent(self, shape: type[SentSerializer], **options: Any) -> dict[str, Any]:
        """Return what was sent, checked."""
        sent = shape(data=self.request.data, **options)
        sent.is_valid(raise_exception=True)
        data: dict[str, Any] = sent.validated_data
        return data

    def paged(self, rows: Any, shape: Serializer) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(shape(page, many=True).data)


class OfSurvey(TeamViewSet):
    """Calls about one survey, `pk` in their address, and the round that asks it."""

    survey: Survey
    assessment: Assessment
    after_seal: tuple[str, ...] = ()
    """Which of its actions write something once the survey is sealed."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.survey = self.find_survey(kwargs["pk"])
        self.assessment = round_of(self.survey)

    def find_survey(self, pk: int) -> Survey:
        visible = Survey.objects.visible_to(self.user).with_role(self.user)
        row: Any = visible.select_related("organisation").filter(pk=pk).first()
        if row is None:
            raise Http404
        self.require_role(row.role)
        self.organisation = row.organisation
        reads = self.request.method in SAFE_METHODS
        if row.is_sealed and not reads and self.action not in self.after_seal:
            raise Conflict(_("This survey is sealed already."))
        survey: Survey = row
        return survey

    @property
    def subject(self) -> str:
        return self.survey.slug

    @property
    def runs(self) -> bool:
        """Tell whether this person may see and change who is asked."""
        return self.survey.role in MAY_EDIT  # type: ignore[attr-defined]

    @property
    def who(self) -> dict[str, Any]:
        """What every action is told."""
        return {"assessment": self.assessment, "survey": self.survey, "by": self.user}

    def row_of(self, rows: Any, **key: Any) -> Any:
        """Return one row of the survey's."""
        if (row := rows.filter(**key).first()) is None:
            raise Http404
        return row


def round_of(survey: Survey) -> Assessment:
    assessment: Assessment | None = Assessment.objects.filter(surveys=survey).order_by("pk").first()
    if assessment is None:
        raise Http404
    return assessment
