"""`Idempotency-Key`: a call whose answer was lost is sent again, and done once.

The key, what the call did and its answer are one transaction. So either all of it is there or
nothing, and of two at once the second waits for the first and gets its answer. An answer is given
again only to whom the call would be allowed now. A refusal is not kept: it changed nothing, and
what caused it may be mended. The key itself is not stored and encrypts the answer, for an answer
may hold what is told only once, such as links to hand over.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Protocol

from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from materiality.models.repeats import Call
from surveys.models import Organisation

HEADER = "Idempotency-Key"
LONGEST = 100
LIFETIME = timedelta(days=1)


class KeyUsed(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "key_used"

    def __init__(self) -> None:
        super().__init__(
            _("This Idempotency-Key was sent with another call. Make a new key for a new call.")
        )


class TooMuch(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_much"

    def __init__(self) -> None:
        super().__init__(_("More was sent than a call with an Idempotency-Key may hold."))


def key_of(request: Request) -> str:
    """Return the key of a call; "" if it has none.

    :raises ValidationError: no key can look like this.
    """
    key = str(request.headers.get(HEADER, ""))
    if len(key) > LONGEST or not key.isascii() or not key.isprintable():
        raise ValidationError(
            _("An Idempotency-Key is at most %(most)d ASCII characters, such as a UUID.")
            % {"most": LONGEST}
        )
    return key


class OnceView(Protocol):
    """A view whose calls are done once."""

    organisation: Organisation | None

    def require_right(self, organisation: Organisation) -> None: ...


def once(
    request: HttpRequest,
    *,
    caller: User,
    key: str,
    view: OnceView,
    act: Callable[[], HttpResponseBase],
) -> HttpResponseBase:
    """Do a call, or answer as it was answered before, to whom it would be allowed now.

    :raises KeyUsed: the key stands for another call.
    :raises ParseError, TooMuch: what was sent cannot be read.
    """
    try:
        fingerprint = _fingerprint(request)
    except MultiPartParserError as error:
        raise ParseError(str(error)) from error
    except RequestDataTooBig as error:
        raise TooMuch from error
    seal = Fernet(urlsafe_b64encode(salted_hmac("api.answer", key, algorithm="sha256").digest()))
    with transaction.atomic():
        Call.objects.filter(at__lt=timezone.now() - LIFETIME).delete()
        call, is_first = _take(caller, key, fingerprint)
        if not is_first:
            if call.organisation is not None:
                view.require_right(call.organisation)
            return _again(call, fingerprint, seal)
        response = act()
        if isinstance(response, Response):
            response.render()
        if response.status_code >= 300 or not isinstance(response, HttpResponse):
            call.delete()
            return response
        call.status, call.answer = response.status_code, seal.encrypt(response.content)
        call.organisation = view.organisation
        call.kind = response.headers.get("Content-Type", "")
        call.save()
    return response


def _take(caller: User, key: str, fingerprint: str) -> tuple[Call, bool]:
    """Return the call of this key, and whether it is a new one.

    Where another transaction is writing the same key, the database lets this one wait for it.
    """
    hashed = salted_hmac("api.key", key, algorithm="sha256").hexdigest()
    try:
        with transaction.atomic():
            call = Call.objects.create(caller=caller, key=hashed, fingerprint=fingerprint)
    except IntegrityError:
        return Call.objects.get(caller=caller, key=hashed), False
    return call, True


def _again(call: Call, fingerprint: str, seal: Fernet) -> HttpResponse:
    if call.fingerprint != fingerprint:
        raise KeyUsed
    answer = HttpResponse(
        seal.decrypt(bytes(call.answer)), status=call.status, content_type=call.kind or None
    )
    if not call.kind:
        del answer.headers["Content-Type"]
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def _fingerprint(request: HttpRequest) -> str:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for part in _sent(request):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _sent(request: HttpRequest) -> Iterator[bytes]:
    """Yield what was sent: the body, or of a form its fields and files (a boundary differs)."""
    if not str(request.content_type).startswith("multipart/"):
        yield request.body
        return
    for name, values in sorted(request.POST.lists()):
        yield name.encode()
        yield from (value.encode("utf-8", "surrogatepass") for value in values)
    for name, file in sorted(request.FILES.items()):
        if not isinstance(file, UploadedFile):
            continue
        yield f"{name} {file.name}".encode("utf-8", "surrogatepass")
        yield from file.chunks()
        file.seek(0)
