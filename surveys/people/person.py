"""Whom to ask."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody to ask. Without name and mail: a link to hand over, on paper say."""

    name: str = ""
    email: str = ""
    language: str = ""  # of those the survey is in: its first, unless it is named
    subgroup: str = ""
    reach: str = "open"
