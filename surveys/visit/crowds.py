"""Whether visitors of an open link were asked to wait; neither how many nor who."""

from django.core.cache import cache

SEEN_FOR = 24 * 60 * 60  # seconds


def note_crowd(survey: int) -> None:
    cache.set(_key(survey), 1, SEEN_FOR)


def was_crowded(survey: int) -> bool:
    """Tell whether somebody was asked to wait within the last day."""
    return bool(cache.get(_key(survey)))


def _key(survey: int) -> str:
    return f"surveys.crowd.{survey}"
