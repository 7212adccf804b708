"""The schema tells every status a call may have, not only what it answers when all is well."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from materiality.api.repeats import HEADER, LONGEST


class RefusalSerializer(serializers.Serializer[Any]):
    """Why a call was refused. What is refused changed nothing."""

    code = serializers.CharField(help_text="For programs; it stays as it is.")
    detail = serializers.CharField(help_text="For people, in the language of Accept-Language.")
    problems = serializers.ListField(child=serializers.DictField(), required=False)
    questions = serializers.ListField(child=serializers.DictField(), required=False)


EVERYWHERE = {
    "401": "No token, or one that has ended.",
    "403": "The role, or the token, may not.",
    "406": "Not to be had in the form that `Accept` asks for.",
    "429": "Too many calls; `Retry-After` says how long to wait.",
    "503": "The site cannot answer just now; `Retry-After` says when to try again.",
}
OF_ONE = {"404": "Not here, or not yours."}
RULES = {"409": "A rule forbids it now."}
WRITING = {
    "400": "What was sent cannot be used.",
    "413": "More was sent than anybody needs.",
    "415": "Not sent as JSON, or for a file as a form.",
    "422": "The Idempotency-Key was sent with another call.",
}
KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description="A UUID of yours. The same call again under it, within a day, is done once.",
)


class EveryStatus(AutoSchema):
    def get_override_parameters(self) -> list[Any]:
        own = list(super().get_override_parameters())
        writes = self.method not in SAFE_METHODS
        return [*own, KEY] if writes and not self._is_of_respondents() else own

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status, sentence in self._refusals().items():
            if status not in bodies:
                body = self._get_response_for_code(RefusalSerializer, status)  # type: ignore[no-untyped-call]
                bodies[status] = body | {"description": sentence}
        return bodies

    def _refusals(self) -> dict[str, str]:
        refusals = dict(EVERYWHERE)
        if "{" in self.path or self._is_of_respondents():
            refusals |= OF_ONE | RULES
        if self.method not in SAFE_METHODS:
            refusals |= WRITING | RULES
        if self.method == "GET":
            refusals |= {"400": WRITING["400"]}
        return dict(sorted(refusals.items()))

    def _is_of_respondents(self) -> bool:
        # The framework's views read the setting that names this class before they are there.
        from surveys.api.respond import RespondentView

        return isinstance(self.view, RespondentView)
