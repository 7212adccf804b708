"""`Authorization: Token …`: who calls, for which organisation, and for what."""

from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from materiality.actions.tokens import note_use
from materiality.models.tokens import ApiToken


class ApiTokenAuthentication(TokenAuthentication):  # type: ignore[misc]
    """Knox finds a token by its first letters and compares the hash of the whole."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        try:
            token.decode()
        except UnicodeDecodeError as error:
            raise AuthenticationFailed(_("No such token, or it has ended.")) from error
        user, known = super().authenticate_credentials(token)
        user.within = known.organisation_id
        note_use(token=known)
        return user, known

    def _cleanup_token(self, token: ApiToken) -> bool:
        """Tell whether a token is over. It stays on its person's list until it is ended there."""
        return token.is_over


class ApiTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = ApiTokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token ` and a token made on the page “API tokens”.",
        }


def lacks_scope(request: Request, scope: str) -> bool:
    """Tell whether a caller's token is not for this. Who is signed in has no such limit."""
    return isinstance(request.auth, ApiToken) and scope not in request.auth.scopes
