"""Whom to ask."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody to ask. Without name and mail: a link to hand over, on paper say."""

    name: str = ""
    email: str = ""
    language: str = "zh-hans"
    subgroup: str = ""
