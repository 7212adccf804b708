"""Sums that do not add up, numbers that were skipped, heads that were copied."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from materiality.contentindex.index import Finding, Kind


@dataclass(frozen=True)
class Sum:
    """A total as it is stated, and the parts it is made of."""

    name: str
    total: int | Decimal
    parts: Mapping[str, int | Decimal]


def check_sums(sums: Sequence[Sum]) -> list[Finding]:
    """Return the totals that are not the sum of their parts.

    >>> [finding.sentence("en") for finding in check_sums([Sum("Valid", 3, {"a": 1, "b": 1})])]
    ['Valid: the parts add up to 2, the total says 3.']
    """
    return [
        Finding(
            Kind.SUM_DIFFERS,
            one.name,
            {"sum": f"{sum(one.parts.values()):,}", "total": f"{one.total:,}"},
        )
        for one in sums
        if sum(one.parts.values()) != one.total
    ]


@dataclass(frozen=True)
class Table:
    """A table of the report: its title, the heads of its columns, its running numbers."""

    title: str
    heads: tuple[str, ...]
    numbers: tuple[int, ...] = ()


def check_tables(tables: Sequence[Table]) -> list[Finding]:
    """Return numbers that were skipped, and tables that have another's column heads."""
    return [*_skips(tables), *_copies(tables)]


def _skips(tables: Sequence[Table]) -> Iterator[Finding]:
    for table in tables:
        for before, after in pairwise(table.numbers):
            if after != before + 1:
                details = {"before": str(before), "after": str(after)}
                yield Finding(Kind.NUMBER_SKIPPED, table.title, details)


def _copies(tables: Sequence[Table]) -> Iterator[Finding]:
    for first, second in combinations(tables, 2):
        if first.heads and first.heads == second.heads:
            details = {"other": first.title, "heads": ", ".join(first.heads)}
            yield Finding(Kind.SAME_HEADS, second.title, details)
