"""The matrix as one page for a browser: our drawing, its table and a small script."""

from materiality.report.files.webpage.page import (
    OtherLanguage,
    figure_of,
    head,
    json_within,
    policy,
    policy_of,
    style,
    tag,
    webpage,
)

__all__ = [
    "OtherLanguage",
    "figure_of",
    "head",
    "json_within",
    "policy",
    "policy_of",
    "style",
    "tag",
    "webpage",
]
