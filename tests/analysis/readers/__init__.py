"""Readers of reference cases; importing this package registers them all."""

from tests.analysis.readers import decisions, differences, scores, uncertainty, weights
from tests.analysis.readers.registry import NOT_OURS, reader_of

__all__ = [
    "NOT_OURS",
    "decisions",
    "differences",
    "reader_of",
    "scores",
    "uncertainty",
    "weights",
]
