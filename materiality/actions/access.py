"""Note who signed in and who took data away; forget it after a year."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from materiality.models import Access
from surveys.models import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger("materiality.access")

KEPT = timedelta(days=366)


def note_access(
    *,
    kind: Access.Kind,
    by: "User | None",
    subject: str = "",
    organisation: Organisation | None = None,
) -> None:
    """Write it into the database, for owners, and into the server's log, for whoever runs it.

    :param subject: what was taken: a file's name, a survey's slug; nobody's address.
    """
    subject = subject[:200]
    Access.objects.create(kind=kind, by=by, subject=subject, organisation=organisation)
    facts = {
        "event": str(kind),
        "by": by.pk if by else None,
        "organisation": organisation.pk if organisation else None,
        "subject": subject,
    }
    logger.info("%s", kind.value, extra=facts)


def forget_old_accesses() -> None:
    Access.objects.filter(at__lt=timezone.now() - KEPT).delete()
