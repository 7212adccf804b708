"""What in a comment may name its author, proposed to a reader; and whether a text only takes away.

A proposal is generous, because a reader decides: what the seal blacks out without being
asked is in `surveys.contacts`.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from surveys.errors import RuleBroken
from surveys.models import Comment, Survey
from surveys.people.contacts import BLACK, CONTACTS

_SURNAMES = (
    "欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|慕容|令狐|东方|"
    "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"
    "阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]"
)
_GIVEN = r"[一-鿿](?:(?![在是的来从于和与说想认觉希，])[一-鿿])?"
_OFFICES = "先生|女士|小姐|经理|总监|主任|主管|部长|科长|处长|院长|老师|教授|博士|律师|工程师|师傅"
_MORE = r"(?-i: (?: [ ] [A-Z] (?: \. | [\w'’-]* ) ){0,2} )"
_PERSON = rf"(?-i: [A-Z][\w'’-]+ ) {_MORE}"

_NAMES = re.compile(
    rf"""
    (?<= 我叫 ) \s* [一-鿿·]{{2,4}}? (?= [^一-鿿·] | [在是的来从] | $ )
  | (?: (?<= 我是 ) | (?<= 本人 ) | (?<= 名字是 ) | (?<= 名字叫 ) | (?<= 姓名：) | (?<= 姓名: )
      | (?<= —— ) ) \s* (?: {_SURNAMES} ) {_GIVEN}
  | (?: {_SURNAMES} ) [一-鿿]{{0,2}}? (?: {_OFFICES} )
  | (?: (?<= \bmy\ name\ is\ ) | (?<= \bname:\ ) ) [^\W\d_][\w'’-]+ {_MORE}
  | (?: (?<= \bI\ am\ ) | (?<= \bI['’]m\ ) | (?<= \bthis\ is\ ) | (?<= \bregards,\ )
      | (?<= \bregards,\n ) ) {_PERSON}
  | \b (?: Mr | Mrs | Ms | Dr | Prof )\b \.? [ ] {_PERSON}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NUMBERS = re.compile(
    r"""
    (?: 工号 | 员工号 | 学号 | 护照号? | 车牌号? | \bpassport | \bemployee | \bstaff )
    (?: 码 | [ ]? (?: no\.? | id | number ) )? \s* [:：是]? \s* (?= [\w-]* \d ) [\w-]{4,18}
  | (?<! [\d.,] ) (?: 1[ -.] )? [(]? [2-9]\d\d [)]? [ .-] \d{3} [ .-] \d{4} (?!\d)   # N. America
  | (?<! [\d.,] ) [(]? 0\d{1,4} [)]? (?: [ /-] \d{2,4} ){2,4} (?!\d)               # many a country
  | (?<! [\d.,] ) [48]00 [ -]? \d{3,4} [ -]? \d{3,4} (?!\d)                        # of a company
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BLACKENED = re.compile(r"█+|\*{3,}|\[(?:…|\.{3})\]")


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, each with whether it may name somebody.

    >>> list(pieces("Ask Dr Wang."))
    [('Ask ', False), ('Dr Wang', True), ('.', False)]
    """
    end = 0
    for start, stop in _finds(text):
        if start > end:
            yield text[end:start], False
        yield text[max(start, end) : stop], True
        end = stop
    if end < len(text):
        yield text[end:], False


def _finds(text: str) -> list[tuple[int, int]]:
    """Return where something is found, in order; what another find holds is left out."""
    spans = sorted(
        match.span() for pattern in (CONTACTS, _NUMBERS, _NAMES) for match in pattern.finditer(text)
    )
    matches: list[tuple[int, int]] = []
    for start, stop in spans:
        if not matches or stop > matches[-1][1]:
            matches.append((start, stop))
    return matches


def proposal(text: str) -> str:
    """Return the text with all of that blacked out.

    >>> proposal("我叫李雷，电话 13800138000")
    '我叫█████，电话 █████'
    """
    return "".join(BLACK if contact else piece for piece, contact in pieces(text))


def blacken(written: str) -> str:
    """Return what a reader wrote, with every sign for “taken away” as one: ***, […], █.

    >>> blackened("I am *** of [...]")
    'I am █████ of █████'
    """
    return _BLACKENED.sub(BLACK, written)


def only_takes_away(text: str, shorter: str) -> bool:
    """Tell whether `shorter` is the text with parts blacked out, and nothing said that was not.

    >>> only_takes_away("I am Ann.", "I am █████."), only_takes_away("I am Ann.", "I am Bo.")
    (True, False)
    """
    first, *others = shorter.split(BLACK)
    if not others:
        return text == shorter
    *middle, last = others
    if not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        start = text.find(part, at, end)
        if start < 0:
            return False
        at = start + len(part)
    return at <= end


def released_text(comment: Comment, written: str) -> str:
    """Return what a reader wrote with every sign for “taken away” as one.

    :raises RuleBroken: it is not the comment with parts taken away.
    """
    text = blacken(_in_lines(written).strip())
    if text and not only_takes_away(_in_lines(comment.text), text):
        raise RuleBroken(
            _("This says what the author did not say. Only take away: write *** for what goes.")
        )
    return text


def _in_lines(text: str) -> str:
    """Return a text as a browser sends it back, but for the ends of its lines: these are one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def may_be_read(survey: Survey) -> bool:
    """Tell whether comments may be shown to a reader: sealed, and not of a few alone."""
    if not survey.is_sealed:
        return False
    return not survey.is_anonymous or survey.sealed.respondents >= survey.minimum_group
