"""What codings of passages come to: how far coders agree, and what rests on one source alone."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from materiality.analysis import krippendorff_alpha
from materiality.document.schema import CodingResult, Inputs, RestsOn, SourcePassage, Sources

FEWEST_PASSAGES = 5
"""Passages coded by two or more below which no agreement is given: it would be chance."""
SURVEY = "survey"
"""What all comments of surveys together count as: one source."""


def coded(inputs: Inputs) -> CodingResult | None:
    """Return agreement and sources per topic and entry; None where no source is told."""
    sources = inputs.get("sources")
    return coding_of(sources) if sources else None


def coding_of(sources: Sources) -> CodingResult:
    """Return the same of sources alone."""
    passages = _passages(sources)
    twice = [row for row in passages if len(row["codings"]) > 1]
    coders = {coding["coder"] for row in passages for coding in row["codings"]}
    return {
        "passages": sum(bool(row["codings"]) for row in passages),
        "coded_twice": len(twice),
        "coders": len(coders),
        "alpha": agreement(twice) if len(twice) >= FEWEST_PASSAGES else None,
        "topics": _rests_on(sources, "topics"),
        "entries": _rests_on(sources, "entries"),
    }


def agreement(passages: Sequence[SourcePassage]) -> float | None:
    """Return Krippendorff's nominal alpha of coders who chose any number of codes each.

    Each passage and each code that anybody used is an item, valued “chosen” or “not chosen” by each
    who coded the passage, so that coders need not have coded the same passages (Krippendorff 2019,
    ch. 12: a code that applies or not is a binary nominal variable). None where nothing differs.
    """
    codings = [coding for row in passages for coding in row["codings"]]
    codes = sorted({code for coding in codings for code in _codes(coding)})
    counts = []
    for row in passages:
        chosen = [set(_codes(coding)) for coding in row["codings"]]
        for code in codes:
            yes = sum(code in codes_chosen for codes_chosen in chosen)
            counts.append([len(chosen) - yes, yes])
    if not counts:
        return None
    alpha = krippendorff_alpha(np.array(counts), level="nominal")
    return None if math.isnan(alpha) else alpha


def _codes(coding: Mapping[str, object]) -> list[str]:
    """Return the topics and entries of a coding as codes that cannot be taken for each other."""
    topics, entries = coding.get("topics", []), coding.get("entries", [])
    assert isinstance(topics, list)
    assert isinstance(entries, list)
    return [*(f"topic:{code}" for code in topics), *(f"entry:{code}" for code in entries)]


def _passages(sources: Sources) -> list[SourcePassage]:
    rows = [passage for source in sources["records"] for passage in source["passages"]]
    return [*rows, *sources.get("comments", [])]


def _rests_on(sources: Sources, kind: str) -> list[RestsOn]:
    """Return which sources somebody coded to each topic or entry, in the order of their codes."""
    sources_of: dict[str, dict[str, None]] = {}
    for source, passage in _by_source(sources):
        for coding in passage["codings"]:
            for code in coding.get(kind, []):  # type: ignore[attr-defined]
                sources_of.setdefault(code, {})[source] = None
    return [{"code": code, "sources": list(sources_of[code])} for code in sorted(sources_of)]


def _by_source(sources: Sources) -> Iterator[tuple[str, SourcePassage]]:
    for source in sources["records"]:
        for passage in source["passages"]:
            yield source["code"], passage
    for passage in sources.get("comments", []):
        yield SURVEY, passage
