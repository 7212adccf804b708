"""What mails say. People's own texts have a fixed list of placeholders and nothing else."""

import re
from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from urllib.parse import quote

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.dateformat import format as format_date
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.errors import RuleBroken
from surveys.languages import CODES, LANGUAGE_NAMES, Text, in_language, missing_languages
from surveys.models import Audience, Invitation, MailText, Organisation, Survey
from surveys.people.links import absolute, opt_out_link, personal_link
from surveys.questionnaire.questionnaires import draft_questionnaire, questionnaire

PLACEHOLDERS = (
    "name",
    "organisation",
    "title",
    "audience",
    "link",
    "closes",
    "contact",
    "time",
    "privacy",
)
"""What a text may leave open; “time” and “privacy” are whole sentences."""

LONGEST_SUBJECT, LONGEST_BODY = 200, 5000
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


def default_text(occasion: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return subject and body in both languages."""
    subject, body = {}, {}
    for code in CODES:
        with translation.override(code):
            subject[code], body[code] = _default(occasion)
    return subject, body


def _default(occasion: str) -> tuple[str, str]:
    if occasion == MailText.Occasion.REMINDER:
        return _("Reminder: {title}"), _(
            "Hello,\n\nWe have not received your answers yet. The survey is open until {closes}; "
            "what you have begun is saved. {time}\n\n{link}\n\n{privacy}\n\n"
            "Questions? {contact}\n{organisation}"
        )
    return _("{organisation} asks for your view: {title}"), _(
        "Hello,\n\nWhich topics should {organisation} address first? Please tell us by {closes}. "
        "{time}\n\n{link}\n\nThis link is yours alone; please do not pass it on. {privacy}\n\n"
        "Questions? {contact}\n{organisation}"
    )


def check_text(survey: Survey, subject: Text, body: Text) -> None:
    """Refuse a text that could not be sent as it is meant, in the languages of its survey.

    :raises RuleBroken: with the sentence to show.
    """
    spoken = survey.codes
    if missing_languages(subject, spoken) or missing_languages(body, spoken):
        names = _(", ").join(LANGUAGE_NAMES[code] for code in spoken)
        raise RuleBroken(_("Write subject and text in %(languages)s.") % {"languages": names})
    for text in (*subject.values(), *body.values()):
        if unknown := set(_PLACEHOLDER.findall(text)) - set(PLACEHOLDERS):
            raise RuleBroken(_("There is no placeholder {%s}.") % sorted(unknown)[0])
    if any("{link}" not in text for text in body.values()):
        raise RuleBroken(_("The text needs {link}, or nobody can answer."))
    if any(_CONTROL.search(line) or "\n" in line for line in subject.values()):
        raise RuleBroken(_("A subject is a single line."))
    if any(_CONTROL.search(text.replace("\r\n", "\n")) for text in body.values()):
        raise RuleBroken(_("The text holds a control character. Remove it."))
    too_long = any(len(line) > LONGEST_SUBJECT for line in subject.values())
    if too_long or any(len(text) > LONGEST_BODY for text in body.values()):
        raise RuleBroken(
            _("A subject has at most %(subject)s characters, a text %(body)s.")
            % {"subject": LONGEST_SUBJECT, "body": LONGEST_BODY}
        )


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Put facts into a text, once: what a fact holds is never read as a placeholder."""
    return _PLACEHOLDER.sub(lambda match: facts.get(match[1], match[0]), text)


def sender_of(organisation: Organisation, language: str) -> str:
    """Return whom its mail comes from: its own name, at the address that the site may send from.

    The name that it chose, else the one that the site's address has, else what it is called.
    """
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    called = " ".join(in_language(organisation.name, language).split())
    return formataddr((organisation.sender or name or called, address))


def reply_to_of(organisation: Organisation) -> list[str]:
    return [organisation.reply_to] if organisation.reply_to else []


def compose(invitation: Invitation, occasion: str, token: str) -> EmailMessage:
    """Return the mail to one person, in their language, with the one-click way out (RFC 8058)."""
    out = opt_out_link(token)
    with translation.override(invitation.language):
        subject, body = text_of(invitation.audience, occasion, token, invitation.name)
    return EmailMessage(
        subject,
        body,
        sender_of(invitation.audience.survey.organisation, invitation.language),
        [invitation.email],
        reply_to=reply_to_of(invitation.audience.survey.organisation),
        headers={
            "List-Unsubscribe": f"<{out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def feedback_mail(survey: Survey, email: str, language: str) -> EmailMessage:
    """Return the one mail to whoever asked to hear what came of the answers."""
    with translation.override(language):
        organisation = in_language(survey.organisation.name)
        title = in_language(survey.title)
        link = absolute(f"{survey.feedback_path}?lang={language}")
        subject = _("What came of your answers: %(title)s") % {"title": title}
        body = _(
            "Hello,\n\nYou answered “%(title)s” and asked to hear the result. Here it is:\n\n"
            "%(link)s\n\nThe link of your survey shows it too. This is the only mail about it; "
            "your address is deleted now.\n\n%(organisation)s\n"
        ) % {"title": title, "link": link, "organisation": organisation}
    return EmailMessage(
        " ".join(subject.split()),
        body,
        sender_of(survey.organisation, language),
        [email],
        reply_to=reply_to_of(survey.organisation),
        headers={"Auto-Submitted": "auto-generated"},
    )


def samples(
    survey: Survey, occasion: str, texts: tuple[Text, Text] | None = None
) -> dict[str, tuple[str, str]]:
    """Return a mail in each language as somebody will read it, with “…” for the link's secret.

    :param texts: subject and body to show instead of those that are kept.
    """
    audience = survey.audiences.select_related("survey__organisation").first()
    texts = texts or mail_text(survey, occasion)
    mails: dict[str, tuple[str, str]] = {}
    for code in survey.codes if audience else ():
        with translation.override(code):
            subject, body = text_of(audience, occasion, "…", "…", texts)  # type: ignore[arg-type]
            mails[code] = subject, body.replace(quote("…"), "…")
    return mails


def text_of(
    audience: Audience,
    occasion: str,
    token: str,
    name: str = "",
    texts: tuple[Text, Text] | None = None,
) -> tuple[str, str]:
    """Return subject and body in the active language."""
    subject, body = texts or mail_text(audience.survey, occasion)
    facts = _facts(audience, token, name)
    end = _("No more mail about this survey: %(link)s") % {"link": opt_out_link(token)}
    return (
        " ".join(fill(in_language(subject), facts).split()),
        fill(in_language(body), facts) + f"\n\n--\n{end}\n",
    )


def mail_text(survey: Survey, occasion: str) -> tuple[Text, Text]:
    """Return subject and body of a mail: the organisation's own, or the usual ones."""
    own = MailText.objects.filter(survey=survey, occasion=occasion).first()
    return (own.subject, own.body) if own else default_text(occasion)


def _facts(audience: Audience, token: str, name: str) -> dict[str, str]:
    survey, spoken = audience.survey, translation.get_language() or ""
    return {
        "name": name,
        "organisation": in_language(survey.organisation.name),
        "title": in_language(survey.title),
        "audience": in_language(audience.name),
        "link": personal_link(token, spoken if len(survey.codes) > 1 else ""),
        "closes": format_date(localtime(survey.closes_at), _("j F Y")),
        "contact": in_language(survey.organisation.contact),
        "time": _time(audience),
        "privacy": _privacy(survey),
    }


def _time(audience: Audience) -> str:
    """Say how many minutes it takes; nothing where that would deter more than inform."""
    is_draft = audience.survey.published_at is None
    form = draft_questionnaire(audience) if is_draft else questionnaire(audience)
    minutes = form.minutes if form.items else None
    if minutes is None:
        return ""
    sentence = ngettext(
        "It takes about %(minutes)d minute.", "It takes about %(minutes)d minutes.", minutes
    )
    return sentence % {"minutes": minutes}


def _privacy(survey: Survey) -> str:
    if survey.is_anonymous:
        return _(
            "Your answers are anonymous once the survey closes, and nobody is told who answered."
        )
    return _("Your answers are kept with your name, for those who work on the assessment.")
