"""Mail addresses, telephone numbers and the like in what people write: who leaves one can be found.

Pure. Names are not recognised: for them, and for what only one person can know, there is a reader.
"""

import re

BLACK = "█████"
CONTACTS = re.compile(
    r"""
    [\w.+-]+ \s? (?: @ | ＠ | \[at\] | \(at\) ) \s? [\w-]+ (?: \s?\.\s? [\w-]+ )+   # mail
  | (?: 微信 | wechat | weixin | \bwx | \bqq ) (?: 号码? | [ ]?id )? \s* [:：是]? \s*
    (?= [\w-]* \d ) [a-z0-9] [\w-]{4,19}
  | (?<![\d.,]) \d{17} [\dx] (?!\d)                                               # identity number
  | (?<![\d.,]) (?: (?: \+ | 00 )? 86 [\s-]? )? 1[3-9]\d [\s-]? \d{4} [\s-]? \d{4} (?!\d)   # mobile
  | (?<![\d.,]) [(（]? 0\d{2,3} [)）]? [\s-]? \d{7,8} (?!\d)                           # landline
  | \+ \d{1,3} [\s.-]? (?: \(\d+\) [\s.-]? )? \d (?: [\s.-]? \d ){6,11} (?!\d)        # elsewhere
    """,
    re.IGNORECASE | re.VERBOSE,
)


def without_contacts(text: str) -> str:
    """Return a text with every contact in it blacked out.

    >>> without_contacts("Call 13800138000 or mail li@example.com")
    'Call █████ or mail █████'
    """
    return CONTACTS.sub(BLACK, text)
