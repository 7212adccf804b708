"""Time stamps of a service (RFC 3161) over the hash of a log entry: asked for, and checked.

A stamp says that an entry, and by the chain of hashes all before it, existed at that time. Who
holds the database cannot make one of an earlier day.
"""

import base64
import hashlib
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import UTC

from cryptography.x509 import (
    Certificate,
    ExtendedKeyUsage,
    ExtensionNotFound,
    load_der_x509_certificate,
    load_pem_x509_certificates,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

SECONDS = 10
LARGEST = 200_000  # bytes; an answer with all its certificates has some thousand
GRANTED = 0


class StampError(Exception):
    """The service gave no stamp, or not one of this entry. `str()` is what went wrong."""


def stamp_from(url: str, entry: str) -> dict[str, str]:
    """Return a stamp over an entry's hash: `at` (ISO, UTC), `authority`, `token` (base64).

    :param entry: the hash of the entry, 64 hexadecimal digits.
    :raises StampError: the service is away, refused, or stamped something else.
    """
    builder = TimestampRequestBuilder().data(entry.encode()).hash_algorithm(HashAlgorithm.SHA256)
    question = builder.cert_request(cert_request=True).nonce(nonce=True).build()
    answer = _answered(url, question.as_bytes())
    response = _decoded(answer)
    if response.tst_info.nonce != question.nonce:
        raise StampError("the answer belongs to another question")
    if why := _why_other(response, entry):
        raise StampError(why)
    moment = response.tst_info.gen_time.astimezone(UTC).isoformat(timespec="seconds")
    token = base64.b64encode(answer).decode()
    return {"at": moment, "authority": _authority(response), "token": token}


def fault_of(stamp: Mapping[str, str], entry: str, roots: Sequence[Certificate] = ()) -> str:
    """Return what is wrong with a stamp, "" if nothing is.

    :param roots: certificates the authority must descend from; without any its signature is not
        checked, only what it stamped and when.
    """
    try:
        response = _decoded(base64.b64decode(stamp["token"]))
    except (StampError, ValueError) as error:
        return f"it cannot be read ({error})"
    if why := _why_other(response, entry):
        return why
    moment = response.tst_info.gen_time.astimezone(UTC).isoformat(timespec="seconds")
    if moment != stamp["at"]:
        return f"it says {moment}, the log says {stamp['at']}"
    return _why_unsigned(response, entry, roots) if roots else ""


def certificates(path: str) -> list[Certificate]:
    """Return the certificates of a PEM file; none for an empty path."""
    if not path:
        return []
    with open(path, "rb") as file:
        return load_pem_x509_certificates(file.read())


def _answered(url: str, question: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query"}
    if not url.startswith(("https://", "http://")):
        raise StampError("its address is no web address")
    request = urllib.request.Request(url, data=question, headers=headers)  # noqa: S310 (a web one)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
            answer: bytes = response.read(LARGEST)
    except (OSError, urllib.error.URLError, ValueError) as error:
        raise StampError(f"it did not answer ({error})") from error
    return answer


def _decoded(answer: bytes) -> TimeStampResponse:
    try:
        response = decode_timestamp_response(answer)
    except ValueError as error:
        raise StampError("what it answered is no time stamp") from error
    if response.status != GRANTED:
        reasons = ", ".join(response.status_string) or f"status {response.status}"
        raise StampError(f"it refused ({reasons})")
    return response


def _why_other(response: TimeStampResponse, entry: str) -> str:
    if response.tst_info.message_imprint.message != _sha256(entry):
        return "it is a stamp of something else"
    return ""


def _sha256(entry: str) -> bytes:
    return hashlib.sha256(entry.encode()).digest()


def _why_unsigned(response: TimeStampResponse, entry: str, roots: Sequence[Certificate]) -> str:
    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify(response, _sha256(entry))
    except VerificationError as error:
        return f"its signature does not hold ({error})"
    return ""


def _authority(response: TimeStampResponse) -> str:
    """Return what the certificate that may stamp calls the authority."""
    for one in map(load_der_x509_certificate, response.signed_data.certificates):
        names = one.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        if names and _may_stamp(one):
            return str(names[0].value)
    return ""


def _may_stamp(certificate: Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(ExtendedKeyUsage).value
    except ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.TIME_STAMPING in usage
