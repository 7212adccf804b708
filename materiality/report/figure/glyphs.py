"""Text that typst can set: what its fonts lack is left out where invisible, else set as 〓."""

import re
import unicodedata
from collections.abc import Iterator

MISSING = "〓"  # the sign printers set where a character is missing
# Joiner, variation selectors and skin tones: they only alter the sign before them.
_ALTERING = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
# A flag is two letters; private characters are forbidden in PDF/A.
_NEVER_SET = re.compile("[\U0001f1e6-\U0001f1ff]{1,2}|[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_SHIPPED = re.compile(
    "[\0-\u024f\u02b0-\u02ff\u0370-\u052f\u1e00-\u1eff\u2000-\u2bff\u2e80-\u9fff"
    "\uf900-\ufaff\ufe10-\ufe6f\uff00-\uffef]"
)


def settable(text: str) -> str:
    """Return the text without what no font sets.

    >>> settable("♻\\ufe0f \\ue000")
    '♻ 〓'
    """
    return _NEVER_SET.sub(MISSING, _ALTERING.sub("", text))


def never_set(text: str) -> list[str]:
    """Return what `settable` sets as 〓, each once."""
    return list(dict.fromkeys(_NEVER_SET.findall(text)))


def in_shipped_scripts(text: str) -> tuple[str, list[str]]:
    """Return the text, each letter of other scripts and each stack of marks set as 〓; and those.

    >>> in_shipped_scripts("e\\u0301, ह")
    ('é, 〓', ['ह'])
    """
    clusters = [unicodedata.normalize("NFC", cluster) for cluster in _clusters(text)]
    replaced = [cluster for cluster in clusters if not _SHIPPED.fullmatch(cluster)]
    clusters_shipped = (cluster if _SHIPPED.fullmatch(cluster) else MISSING for cluster in clusters)
    return "".join(clusters_shipped), list(dict.fromkeys(replaced))


def _clusters(text: str) -> Iterator[str]:
    """Yield each character with the marks on it; none is on the markup around a text."""
    cluster = ""
    for letter in text:
        if cluster and not (_takes_marks(cluster[0]) and _is_mark(letter)):
            yield cluster
            cluster = ""
        cluster += letter
    if cluster:
        yield cluster


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter).startswith("M")


def _takes_marks(letter: str) -> bool:
    return letter.isalnum() or not letter.isascii()
