"""The rating scale of a survey: 1 to `points`, each point or only the two ends in words."""

from collections.abc import Mapping, Sequence

MOST_IN_COLUMNS = 5
"""Words of more ratings than these would be too narrow beside each other on a phone."""

COLUMNS, ROWS, NUMBERS = "columns", "rows", "numbers"


def fitted(scale: Sequence[str], points: int) -> list[str]:
    """Return the words of a scale for so many points: as they are, or the two ends alone.

    >>> fitted(["Low", "Middle", "High"], 3), fitted(["Low", "Middle", "High"], 4)
    (['Low', 'Middle', 'High'], ['Low', '', '', 'High'])
    """
    if len(scale) == points or not scale:
        return list(scale)
    return [scale[0], *[""] * (points - 2), scale[-1]]


def fitted_to_all(labels: Mapping[str, Sequence[str]], points: int) -> dict[str, list[str]]:
    """Return the words of every language as `fitted`."""
    return {code: fitted(scale, points) for code, scale in labels.items()}


def has_ends_only(scale: Sequence[str]) -> bool:
    """Return whether the two ends have words, and nothing between them does."""
    return (
        bool(scale)
        and all([scale[0].strip(), scale[-1].strip()])
        and not any(word.strip() for word in scale[1:-1])
    )


def layout_of(scale: Sequence[str]) -> str:
    """Return how ratings stand: words in columns, words in rows, or numbers between two words.

    >>> layout_of(["a"] * 5), layout_of(["a"] * 7), layout_of(["a", "", "b"])
    ('columns', 'rows', 'numbers')
    """
    if not all(word.strip() for word in scale):
        return NUMBERS
    return COLUMNS if len(scale) <= MOST_IN_COLUMNS else ROWS
