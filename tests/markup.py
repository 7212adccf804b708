"""Pages as tests compare them: templates are laid out for reading, tests look for what is shown."""

import re
from typing import Any


def one_line(markup: str) -> str:
    """Return a page without the line breaks that only serve whoever reads its template."""
    joined = re.sub(r"(?<=>)\s*\n\s*|\s*\n\s*(?=<)", "", markup)
    return re.sub(r"\s*\n\s*", " ", joined).replace(" >", ">")


def page_of(answered: Any) -> str:
    """Return what was answered: a page on one line, a file as it is."""
    content: str = answered.content.decode()
    is_page = answered.headers.get("Content-Type", "").startswith("text/html")
    return one_line(content) if is_page else content
