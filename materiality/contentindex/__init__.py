"""The content index of a report, and what does not hold together in it.

Topics, disclosures (standard, edition, code) and headings of the report refer to one another; a
careful reader follows each reference. So do these checks, before the reader does. They are pure;
`reading` makes an index of the rows of a round.
"""

from materiality.contentindex.checks import check
from materiality.contentindex.index import Finding, Heading, Index, Key, Kind, Row, Topic
from materiality.contentindex.pasted import check_pasted
from materiality.contentindex.tables import Sum, Table, check_sums, check_tables

__all__ = [
    "Finding",
    "Heading",
    "Index",
    "Key",
    "Kind",
    "Row",
    "Sum",
    "Table",
    "Topic",
    "check",
    "check_pasted",
    "check_sums",
    "check_tables",
]
