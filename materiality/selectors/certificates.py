"""Whether a certificate of a deletion is this site's, unchanged, and still true."""

import json
from typing import Any

from django.core.signing import BadSignature, Signer

from materiality.document import canonical
from materiality.models import Deletion
from materiality.selectors.belongings import rows_of

KIND = "materiality-deletion-certificate"
SALT = "materiality.deletion"


def signed_certificate(ended: Deletion) -> dict[str, Any]:
    """Return the certificate as it is handed out: with the site's signature over it."""
    return {
        "certificate": json.loads(ended.certificate),
        "signature": Signer(salt=SALT).signature(ended.certificate),
    }


def fault_of_certificate(document: Any) -> str:
    """Return what is wrong with a certificate as it was handed out, "" if nothing is."""
    certificate = document.get("certificate") if isinstance(document, dict) else None
    if not isinstance(certificate, dict) or certificate.get("kind") != KIND:
        return "This is not a certificate of a deletion."
    written, signature = canonical(certificate), document.get("signature", "")
    try:
        Signer(salt=SALT).unsign(f"{written}:{signature}")
    except BadSignature:
        return "The signature is not this site's, or what it signs was changed."
    number = int(certificate["organisation"])
    deletion = Deletion.objects.filter(organisation=number).exclude(certificate="").first()
    if deletion is None or deletion.certificate != written:
        return "The database holds no such certificate: it may be older than the deletion."
    for table, rows in rows_of(number).items():
        if rows.exists():
            return f"Rows of the organisation are in {table._meta.db_table} again."
    return ""
