"""What stands in a list for a language, a mail address, a name, or a wish for no mail."""

import re
import unicodedata
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from surveys.errors import Unusable
from surveys.models import Invitation
from surveys.questionnaire.wording import plain

Reach = Invitation.Reach
REACHES = {
    Reach.OPEN: ("", "ok", "open", "n", "no", "false", "0", "active", "正常", "否", "有效",
                 "subscribed"),
    Reach.OPTED_OUT: ("optout", "opted out", "opt out", "opt-out", "opted_out", "unsubscribed", "y",
                      "yes", "true", "1", "是", "退订", "已退订", "do not email"),
    Reach.BOUNCED: ("bounced", "bounce", "hard bounce", "invalid", "退信", "退回", "无效",
                    "undeliverable"),
}  # fmt: skip
_TRADITIONAL = re.compile(r"hant|tw|hk|mo\b|traditional|繁|台|臺|港")
_CHINESE = re.compile(r"zh\b|zh[-_]|中文|chinese|简体|簡體|汉语|漢語|华语|普通话|mandarin")
# From where a word begins: begun at each letter, a long word would be read as often as it is long.
_LIKE_ADDRESS = re.compile(r"(?<![^\s<>(),;@])[^\s<>(),;@]+@[^\s<>(),;@]+")
_ENGLISH = re.compile(r"en\b|en[-_]|english|英文|英语|英語|anglais")


def language_of(value: str) -> str | None:
    """Return the language a value means, "" for none, None where it must be asked.

    >>> language_of("zh_CN"), language_of("English (US)"), language_of("zh-TW")
    ('zh-hans', 'en', None)
    """
    word = plain(value)
    if not word:
        return ""
    if _CHINESE.match(word) or word in ("cn", "sc"):
        return None if _TRADITIONAL.search(word) else "zh-hans"
    if _ENGLISH.match(word):
        return "en"
    return None


def reach_of(value: str) -> str | None:
    """Return whether somebody may be written to, None where it must be asked."""
    word = plain(value)
    return next((str(reach) for reach, words in REACHES.items() if word in words), None)


def without_unseen(text: str) -> str:
    """Return a text without letters nobody sees, which would make two of one.

    Line breaks stay: they are refused.
    """
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf").strip()


def address_in(value: str) -> tuple[str, str]:
    """Return the mail address in a value, small, and the name beside it.

    :raises Unusable: it is none, or there are two.
    """
    text = without_unseen(unicodedata.normalize("NFKC", value)).removeprefix("mailto:")
    text = text.rstrip(";,").strip()
    if not text:
        return "", ""
    if len({one.lower() for one in _LIKE_ADDRESS.findall(text)}) > 1:
        raise Unusable(value[:100], _("There are two mail addresses. Give one a row."))
    name, address = parseaddr(text) if text.endswith(">") else ("", text)
    address = address.lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Unusable(value[:100], _("This is not a mail address.")) from error
    if len(address) > 254:
        raise Unusable(value[:100], _("This is not a mail address."))
    return address, name


def full_name(first: str, last: str) -> str:
    """Return first and last name as people write them: 李雷, but Ann Example."""
    if not (first and last):
        return first or last
    is_chinese = all("\u4e00" <= letter <= "\u9fff" for letter in first + last)
    return f"{last}{first}" if is_chinese else f"{first} {last}"
