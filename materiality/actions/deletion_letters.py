"""Every owner of an organisation is written to when its deletion is asked for or taken back.

One owner asks, and the others may be on holiday: fourteen days in sight of a page are in sight of
nobody who does not open it.
"""

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from materiality.actions.letters import send_letter
from materiality.models import Deletion
from materiality.selectors.members import written_name
from surveys.models import Membership, Organisation, Role
from surveys.people.links import absolute


def announce_deletion(deletion: Deletion, organisation: Organisation) -> None:
    """Write to every owner that it is asked for, until when it can be taken back, and how."""
    page = absolute(reverse("materiality:organisation", args=[organisation.pk]))
    certificate = absolute(reverse("materiality:deleted", args=[deletion.token]))
    for owner in _owners(organisation):
        with override(_language_of(owner)):
            facts = _facts(owner, organisation, deletion.asked_by) | {
                "date": date_format(timezone.localtime(deletion.not_before), "DATE_FORMAT"),
                "link": page,
                "certificate": certificate,
            }
            subject = _("%(company)s is to be deleted after %(date)s") % facts
            body = _(
                "Hello %(name)s,\n\n%(by)s asked for %(company)s to be deleted with all its "
                "rounds, answers and files. It is suspended now. Until %(date)s any owner can "
                "take this back:\n\n%(link)s\n\nOnce it is deleted, a certificate of what went "
                "is here:\n\n%(certificate)s\n"
            )
            send_letter(owner.user, subject, body % facts)


def announce_taken_back(organisation: Organisation, by: User | None) -> None:
    """Write to every owner that it is not to be deleted any more."""
    for owner in _owners(organisation):
        with override(_language_of(owner)):
            facts = _facts(owner, organisation, by)
            subject = _("%(company)s is not deleted") % facts
            body = _(
                "Hello %(name)s,\n\n%(by)s took back that %(company)s is to be deleted. Nothing of "
                "it is gone, and it can be used again.\n"
            )
            send_letter(owner.user, subject, body % facts)


def _owners(organisation: Organisation) -> list[Membership]:
    owners = organisation.memberships.filter(role=Role.OWNER, user__is_active=True)
    with_address = owners.exclude(user__email="").select_related("user", "organisation")
    return list(with_address.order_by("pk"))


def _language_of(owner: Membership) -> str:
    """Return what an owner signed in in; of who never did, the first of its names."""
    return owner.language or next(iter(owner.organisation.name))


def _facts(owner: Membership, organisation: Organisation, by: User | None) -> dict[str, str]:
    return {
        "name": written_name(owner.user),
        "by": written_name(by) or _("Who runs this site"),
        "company": str(organisation),
    }
