"""The evidence as one page that opens offline: look, walk from a dot to the answers, recompute."""

from materiality.archive.audit.page import audit_page

__all__ = ["audit_page"]
