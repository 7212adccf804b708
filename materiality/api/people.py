"""Who is asked: the list, one of them with all that is kept, and links to hand over."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from materiality import actions
from materiality.api import people_serializers as shapes
from materiality.api.access import OfSurvey
from materiality.api.refusals import by_code, unusable_rows
from materiality.models import Access
from surveys.actions.invite import invite
from surveys.api.fields import NothingSerializer, SureSerializer
from surveys.errors import Conflict
from surveys.models import Invitation, Survey
from surveys.models.organisations import MAY_EDIT
from surveys.people.columns import FIELDS
from surveys.people.links import language_of, personal_link
from surveys.people.person import Person
from surveys.people.records import person_data
from surveys.people.rows import Checked, check_people, links_to_hand_out
from surveys.tables.upload import Table


class InvitationViewSet(OfSurvey):
    """Who is asked; for those who run the survey."""

    queryset = Invitation.objects.none()
    serializer_class = shapes.InvitationSerializer
    reads = MAY_EDIT
    after_seal = ("opt_out", "opt_in", "erasure")
    notes = {
        "list": (Access.Kind.READ_LIST, ""),
        "retrieve": (Access.Kind.READ_LIST, ""),
        "data": (Access.Kind.DOWNLOAD, "person-data"),
    }
    lookup_url_kwarg = "person"
    lookup_value_converter = "int"

    @extend_schema(summary="Who is on the list")
    def list(self, request: Request, pk: int) -> Response:
        people = Invitation.objects.on_list_of(self.survey).exclude(name="", email="")
        return self.paged(people.order_by("pk"), shapes.InvitationSerializer)

    @extend_schema(
        summary="Put people on the list",
        description="Up to 1000 at once: all or none. Who is on it already is not added again. "
        "Nobody is written to before somebody sends the mail.",
        request=shapes.PeopleSerializer,
        responses={200: shapes.InvitedSerializer, 400: shapes.RowErrorsSerializer},
        examples=[
            OpenApiExample(
                "Two people",
                request_only=True,
                value={
                    "people": [
                        {"audience": "customers", "email": "li@example.com", "name": "李雷"},
                        {"audience": "employees", "email": "ann@example.com", "language": "en"},
                    ]
                },
            ),
            OpenApiExample("Added", response_only=True, value={"added": 2, "known": 0}),
        ],
    )
    def create(self, request: Request, pk: int) -> Response:
        checked = _check(self.survey, self.sent(shapes.PeopleSerializer)["people"])
        if checked.errors:
            return unusable_rows(
                [{"row": e.row - 2, "value": e.value, "reason": e.reason} for e in checked.errors]
            )
        added = actions.invite_people(people=checked.people, **self.who)
        return Response({"added": added, "known": checked.known + len(checked.people) - added})

    @extend_schema(summary="One person")
    def retrieve(self, request: Request, pk: int, person: int) -> Response:
        return self._answer(self._person())

    @extend_schema(summary="Correct who somebody is", request=shapes.AddressSerializer)
    def partial_update(self, request: Request, pk: int, person: int) -> Response:
        invitation = self._person()
        data = self.sent(shapes.AddressSerializer, instance=invitation)
        actions.correct_person(
            invitation=invitation, assessment=self.assessment, by=self.user, **data
        )
        return self._answer(invitation)

    @extend_schema(summary="Remove somebody", description="The link is void from then on.")
    def destroy(self, request: Request, pk: int, person: int) -> Response:
        invitation = self._person()
        actions.remove_person(assessment=self.assessment, invitation=invitation, by=self.user)
        return Response(status=204)

    @extend_schema(summary="Write to somebody no more", request=NothingSerializer, methods=["POST"])
    @action(detail=True, methods=["post"], url_path="opt-out")
    def opt_out(self, request: Request, pk: int, person: int) -> Response:
        return self._reach(actions.write_no_more)

    @extend_schema(summary="Write to somebody again", request=NothingSerializer, methods=["POST"])
    @action(detail=True, methods=["post"], url_path="opt-in")
    def opt_in(self, request: Request, pk: int, person: int) -> Response:
        return self._reach(actions.write_again)

    @extend_schema(
        summary="What is kept of somebody",
        description="In all surveys, under the address. The answers are in it where the survey is "
        "named.",
        responses=shapes.KeptDataSerializer(many=True),
    )
    @action(detail=True, pagination_class=None)
    def data(self, request: Request, pk: int, person: int) -> Response:
        return Response(person_data(self.survey.organisation, self._person().email))

    @extend_schema(
        summary="Erase somebody",
        description="From all surveys, under the address; what is sealed has no name any more.",
        request=SureSerializer,
        responses=shapes.ErasedSerializer,
    )
    @action(detail=True, methods=["post"])
    def erasure(self, request: Request, pk: int, person: int) -> Response:
        self.sent(SureSerializer)
        if not (email := self._person().email):
            raise Conflict(_("Nothing is kept under an address of this person: remove them."))
        return Response({"surveys": actions.forget_person(email=email, **self.who)})

    def _reach(self, act: Any) -> Response:
        self.sent(NothingSerializer)
        person = self._person()
        act(assessment=self.assessment, invitation=person, by=self.user)
        return self._answer(self._person())

    def _person(self) -> Invitation:
        people = Invitation.objects.on_list_of(self.survey)
        person: Invitation = self.row_of(people, pk=self.kwargs["person"])
        return person

    def _answer(self, person: Invitation) -> Response:
        return Response(shapes.InvitationSerializer(person).data)


class LinkViewSet(OfSurvey):
    notes = {"create": (Access.Kind.DOWNLOAD, "links")}

    @extend_schema(
        summary="Make links to hand over",
        description="For paper, a kiosk, or your own program to answer with. Each is shown once.",
        request=shapes.LinksSerializer,
        responses={200: shapes.MadeLinksSerializer},
    )
    def create(self, request: Request, pk: int) -> Response:
        data = self.sent(shapes.LinksSerializer)
        [audience] = by_code(self.survey.audiences.all(), [data["audience"]], "audience")
        with transaction.atomic():  # a link that nobody was shown is on no list
            actions.hand_out(links=data["count"], **self.who)
            invitations = invite(audience, [Person(language=data["language"])] * data["count"])
        return Response(
            {"links": [personal_link(token, language_of(one)) for one, token in invitations]}
        )


class HandOutViewSet(OfSurvey):
    notes = {"create": (Access.Kind.DOWNLOAD, "links")}
    pagination_class = None  # all at once: each is noted as handed out

    @extend_schema(
        summary="Take the links of people on the list",
        description="To print letters, say. Of an anonymous survey only of those without an "
        "address: whoever has a link can open what is answered there.",
        request=shapes.HandOutSerializer,
        responses={200: shapes.HandedOutSerializer(many=True)},
    )
    def create(self, request: Request, pk: int) -> Response:
        code, audiences = self.sent(shapes.HandOutSerializer)["audience"], self.survey.audiences
        [audience] = by_code(audiences.all(), [code], "audience") if code else [None]
        links = links_to_hand_out(self.survey, audience)
        actions.hand_out(links=len(links), **self.who)
        return Response(shapes.HandedOutSerializer(links, many=True).data)


def _check(survey: Survey, people: list[dict[str, str]]) -> Checked:
    rows = [[person[name] for name in FIELDS] for person in people]
    columns = {name: at for at, name in enumerate(FIELDS)}
    return check_people(survey, Table(list(FIELDS), rows), columns)
