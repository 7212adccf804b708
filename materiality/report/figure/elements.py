"""Elements of SVG as text: lengths without noise, names and attributes escaped."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from materiality.report.text import plain

Attributes = Mapping[str, object]

# Letters, numbers and paths: nothing to escape, no blank that `plain` would take away.
_HARMLESS = re.compile(r"[!#-%'-;=?-~]+(?: [!#-%'-;=?-~]+)*", re.ASCII)


def length(value: float) -> str:
    """Return a length to a hundredth, without trailing zeros or a negative zero.

    >>> length(3.10001), length(-0.001)
    ('3.1', '0')
    """
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def words(value: str) -> str:
    return escape(plain(value))


def tag(name: str, attributes: Attributes, content: str | None = None) -> str:
    written = "".join([f" {key}={_quoted(value)}" for key, value in attributes.items()])
    return f"<{name}{written}/>" if content is None else f"<{name}{written}>{content}</{name}>"


def _quoted(value: object) -> str:
    """Return the value of an attribute in its quotes; what the pen itself writes is harmless."""
    if isinstance(value, float):
        return f'"{length(value)}"'
    text = str(value)
    return f'"{text}"' if _HARMLESS.fullmatch(text) else quoteattr(plain(text))
