"""The standards that a company says it reports by, each with its edition.

Those of `clauses` among them are held against the report clause by clause.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from materiality.catalogue import rows_of

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Framework:
    """A standard in one edition."""

    code: str
    edition: str
    title: Text

    @property
    def key(self) -> str:
        """Return standard and edition as one string, for example ``esrs:2026``."""
        return f"{self.code}:{self.edition}"


@cache
def frameworks() -> Mapping[str, Framework]:
    """Return the standards by their key, those of China first.

    >>> frameworks()["esrs:2023"].edition
    '2023'
    """
    rows = (
        Framework(
            row["framework"],
            row["edition"],
            {"zh-hans": row["title_zh"], "en": row["title_en"]},
        )
        for row in rows_of("frameworks.csv")
    )
    return {row.key: row for row in rows}
