"""The matrix as one page for a browser: our drawing, its table and a small script."""

from materiality.report.files.webpage.page import OtherLanguage, policy, webpage

__all__ = ["OtherLanguage", "policy", "webpage"]
