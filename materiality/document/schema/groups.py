"""Stakeholder groups, what is disclosed of them alone, and what is known of their people."""

from collections.abc import Mapping
from typing import NotRequired

from materiality.document.schema.values import Count, Positive, Text, TypedDict


class Group(TypedDict):
    """A stakeholder group. Numbers that are unknown or may not be told are null or left out."""

    code: str
    name: NotRequired[Text | None]
    kind: NotRequired[str]
    invited: NotRequired[Count | None]
    responses: NotRequired[Count | None]
    expectations: NotRequired[list[Text]]
    channels: NotRequired[list[Text]]
    how_chosen: NotRequired[Text | None]
    frequency: NotRequired[Text | None]
    weights: NotRequired[Mapping[str, Positive]]
    population: NotRequired[Count | None]
    invited_answered: NotRequired[Count | None]


class Unit(TypedDict):
    """What is disclosed alone: one group, or several pooled because one was too small."""

    code: str
    groups: list[str]
    weight: Positive
    name: NotRequired[Text | None]
    responses: NotRequired[Count]
    population: NotRequired[Count | None]


class Category(TypedDict):
    """A category of a group's people: its name, its known share of all, the groups asked of it."""

    name: str
    share: Positive
    groups: list[str]


class Margin(TypedDict):
    """What is known of a group's people by one characteristic: every part in one category."""

    name: str
    categories: list[Category]


class KnownShares(TypedDict):
    """A group asked in parts (`groups`), weighted among themselves by known shares."""

    name: str
    groups: list[str]
    margins: list[Margin]
