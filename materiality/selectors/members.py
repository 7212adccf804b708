"""People of an organisation: what they are called, and in which language they are written to."""

from typing import TYPE_CHECKING

from materiality.models import Assessment

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def written_name(person: "User | None") -> str:
    """Return a name in its own order (李敏, Li Min); the mail address if there is none."""
    if person is None:
        return ""
    first, last = person.first_name, person.last_name
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in last)
    return f"{last}{first}" if chinese else f"{first} {last}".strip() or person.email


def language_of(person: "User", assessment: Assessment) -> str:
    """Return what a person signed in in; of who never did, the first language of the round."""
    membership = assessment.organisation.memberships.filter(user=person).first()
    spoken = membership.language if membership else ""
    return spoken or str(assessment.languages[0])
