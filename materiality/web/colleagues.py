"""Mails to the people who work on a round: a link to come in, and “this waits for you”."""

import logging
import smtplib

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from materiality.models import Assessment
from materiality.templatetags.workspace import person as name_of
from surveys.models import Organisation
from surveys.people.links import absolute

logger = logging.getLogger(__name__)


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
    return _send(colleague, subject, body % facts)


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
    return _send(approver, subject, body % facts)


def mail_expert(expert: User, assessment: Assessment, waits: int, by: User) -> bool:
    """Ask an expert again for scores of the register, in each language of the round.

    An account has no language of its own; the link of each part opens in the language of it.
    """
    subjects, bodies = [], []
    for language in assessment.languages:
        with override(language):
            facts = {
                "name": name_of(expert),
                "by": name_of(by),
                "company": str(assessment.organisation),
                "year": assessment.year,
                "link": in_this_language(
                    reverse("materiality:register_assess", args=[assessment.pk])
                ),
                "count": waits,
            }
            subjects.append(_("Your scores are asked for: %(company)s, %(year)s") % facts)
            body = ngettext(
                "Hello %(name)s,\n\n%(by)s asks you to score %(count)d impact, risk or opportunity "
                "of %(company)s that still waits for you:\n\n%(link)s\n",
                "Hello %(name)s,\n\n%(by)s asks you to score %(count)d impacts, risks and "
                "opportunities of %(company)s that still wait for you:\n\n%(link)s\n",
                waits,
            )
            bodies.append(body % facts)
    return _send(expert, " / ".join(subjects), "\n---\n\n".join(bodies))


def mail_test(reader: User, mails: dict[str, tuple[str, str]]) -> bool:
    """Send mails to whoever wrote them, to see them as they arrive; one a language."""
    sent = [
        _send(reader, _("[Test] %(subject)s") % {"subject": subject}, body)
        for subject, body in mails.values()
    ]
    return bool(sent) and all(sent)


def _send(to: User, subject: str, body: str) -> bool:
    mail = EmailMessage(" ".join(subject.split()), body, settings.DEFAULT_FROM_EMAIL, [to.email])
    try:
        mail.send()
    except (smtplib.SMTPException, OSError) as refusal:
        logger.warning("A mail to a colleague was not taken: %s", refusal)
        return False
    return True
