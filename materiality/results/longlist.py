"""The long list: what was considered and not asked about, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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


def screened_out(inputs: Mapping[str, Any]) -> tuple[ScreenedOut, ...]:
    return tuple(
        ScreenedOut(
            row["code"],
            row.get("name") or {},
            row.get("category", ""),
            tuple(tuple(key) for key in row.get("references", [])),
            tuple(row.get("sources", [])),
            row["kind"],
            row["reason"],
            row.get("by", ""),
            row.get("at"),
        )
        for row in inputs.get("screened_out", [])
    )
