"""Mails to the people who work on a round: a link to come in, and “this waits for you”."""

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from materiality.actions.letters import send_letter
from materiality.models import Assessment
from materiality.templatetags.workspace import person as name_of
from surveys.models import Organisation
from surveys.people.links import absolute


def in_this_language(path: str) -> str:
    """Return the address of a page that opens in the language of the mail that leads there."""
    return f"{absolute(path)}?lang={get_language()}"


def mail_way_in(colleague: User, organisation: Organisation, link: str, by: User) -> bool:
    """Send the link that lets a colleague in; return whether the mail server took it."""
    facts = {
        "name": name_of(colleague),
        "by": name_of(by),
        "company": str(organisation),
        "link": link,
    }
    subject = _("%(by)s invites you to work on the materiality assessment of %(company)s") % facts
    body = _(
        "Hello %(name)s,\n\n%(by)s lets you in to the materiality assessment of %(company)s. This "
        "link is yours alone and works once, within a day:\n\n%(link)s\n"
    )
    return send_letter(colleague, subject, body % facts)


def mail_approver(approver: User, assessment: Assessment, by: User) -> bool:
    """Tell somebody that results wait for their approval."""
    facts = {
        "name": name_of(approver),
        "by": name_of(by),
        "company": str(assessment.organisation),
        "year": assessment.year,
        "link": in_this_language(reverse("materiality:lock", args=[assessment.pk])),
    }
    subject = _("The results of %(year)s wait for your approval: %(company)s") % facts
    body = _(
        "Hello %(name)s,\n\n%(by)s asks you to look at the materiality assessment %(year)s of "
        "%(company)s and to approve its results, or to ask for changes:\n\n%(link)s\n"
    )
    return send_letter(approver, subject, body % facts)


def mail_test(reader: User, mails: dict[str, tuple[str, str]]) -> bool:
    """Send mails to whoever wrote them, to see them as they arrive; one a language."""
    sent = [
        send_letter(reader, _("[Test] %(subject)s") % {"subject": subject}, body)
        for subject, body in mails.values()
    ]
    return bool(sent) and all(sent)
