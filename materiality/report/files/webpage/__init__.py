"""The matrix as one page for a browser: our drawing, its table and a small script."""

from materiality.report.files.webpage.page import (
    OtherLanguage,
    figure_of,
    json_within,
    policy,
    style,
    tag,
    webpage,
)

__all__ = ["OtherLanguage", "figure_of", "json_within", "policy", "style", "tag", "webpage"]
