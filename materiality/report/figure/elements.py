"""Elements of SVG as text: lengths without noise, names and attributes escaped."""

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from materiality.report.text import plain

Attributes = Mapping[str, object]


def length(value: float) -> str:
    """Return a length to a hundredth, without trailing zeros or a negative zero.

    >>> length(3.10001), length(-0.001)
    ('3.1', '0')
    """
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def words(value: str) -> str:
    return escape(plain(value))


def tag(name: str, attributes: Attributes, content: str | None = None) -> str:
    written = "".join(
        f" {key}={quoteattr(length(value) if isinstance(value, float) else plain(value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{written}/>" if content is None else f"<{name}{written}>{content}</{name}>"
