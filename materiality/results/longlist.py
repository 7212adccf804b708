"""The long list: what was considered and not asked about, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from materiality.document.schema import Inputs, Topic


@dataclass(frozen=True)
class ScreenedOut:
    """A topic that was considered and not asked about. Long list = short list + these."""

    code: str
    name: Mapping[str, str]
    category: str
    references: tuple[tuple[str, str, str], ...]
    sources: tuple[str, ...]
    kind: str
    reason: Mapping[str, str]
    by: str
    at: str | None


def references_of(row: Topic) -> tuple[tuple[str, str, str], ...]:
    """Return the topics of standards behind a topic: standard, edition, code."""
    rows = row.get("references", [])
    return tuple((standard, edition, code) for standard, edition, code in rows)


def screened_out(inputs: Inputs) -> tuple[ScreenedOut, ...]:
    return tuple(
        ScreenedOut(
            row["code"],
            row.get("name") or {},
            row.get("category", ""),
            references_of(row),
            tuple(row.get("sources", [])),
            row["kind"],
            row.get("reason") or {},
            row.get("by", ""),
            row.get("at"),
        )
        for row in inputs.get("screened_out", [])
    )
