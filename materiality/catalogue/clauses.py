"""What each standard asks of a materiality analysis, clause by clause, in our own words.

A clause names the subjects that answer it; `materiality.results.clauses` knows what a round holds
of each subject.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from materiality.catalogue import UnknownEntry, rows_of

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing a standard asks for."""

    code: str
    asks: Text
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """A standard, as one prepares a report for it. `note` says how far to trust the clauses."""

    code: str
    edition: str
    title: Text
    trust: str
    note: Text
    clauses: tuple[Clause, ...]


@cache
def profiles() -> tuple[Profile, ...]:
    """Return the standards a round can be held against."""
    return tuple(
        Profile(
            code=row["profile"],
            edition=row["edition"],
            title=_text(row, "title"),
            trust=row["trust"],
            note=_text(row, "note"),
            clauses=_clauses(row["profile"]),
        )
        for row in rows_of("profiles.csv")
    )


def profile(code: str) -> Profile:
    """Return one of them.

    :raises UnknownEntry: there is none of that code.
    """
    known = {each.code: each for each in profiles()}
    if code not in known:
        raise UnknownEntry(f"There is no profile {code!r}; there are {', '.join(known)}.")
    return known[code]


def _clauses(code: str) -> tuple[Clause, ...]:
    return tuple(
        Clause(row["clause"], _text(row, "asks"), tuple(row["subjects"].split()))
        for row in rows_of("clauses.csv")
        if row["profile"] == code
    )


def _text(row: Mapping[str, str], name: str) -> Text:
    return {"zh-hans": row[f"{name}_zh"], "en": row[f"{name}_en"]}
