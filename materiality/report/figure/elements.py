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


def drawing(
    width: float, height: float, content: str, *, language: str, name: str, is_fixed: bool,
    look: Attributes,
) -> str:  # fmt: skip
    """Return a whole figure, which is named by its `title` and `desc`.

    :param width: in millimetres, as `height`. :param name: what the ids of both begin with.
    :param is_fixed: on paper it has its size and is one image; on a page it takes the room there
        is, and what it holds can be reached one by one.
    :param look: further attributes.
    """
    size = {"width": f"{length(width)}mm", "height": f"{length(height)}mm"}
    root = {
        "xmlns": "http://www.w3.org/2000/svg",
        **(size if is_fixed else {}),
        "viewBox": f"0 0 {length(width)} {length(height)}",
        "role": "img" if is_fixed else "group",
        "aria-labelledby": f"{name}-title {name}-desc",
        "lang": "zh-Hans" if language.startswith("zh") else language,
        **look,
    }
    return tag("svg", root, content)


def _quoted(value: object) -> str:
    """Return the value of an attribute in its quotes; what the pen itself writes is harmless."""
    if isinstance(value, float):
        return f'"{length(value)}"'
    text = str(value)
    return f'"{text}"' if _HARMLESS.fullmatch(text) else quoteattr(plain(text))
