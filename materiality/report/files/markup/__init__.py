"""The section of the report for those who set it themselves: Markdown and LaTeX."""

from materiality.report.files.markup.latex import latex_section
from materiality.report.files.markup.markdown import markdown_section

__all__ = ["latex_section", "markdown_section"]
