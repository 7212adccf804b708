"""The sources of a round as its bundle holds them: no text that may not leave.

Of a confidential source there is its code, kind and hash, its title only where that is allowed;
comments have no text here: what of them is printed is chosen apart (`inputs.quotes`).
"""

from collections.abc import Collection, Iterable, Mapping
from typing import cast

from materiality.document.schema import PassageCoding, Register, SourceFacts, SourcePassage, Sources
from materiality.models import Assessment, Coding, Passage, SourceRecord


def sources_with(assessment: Assessment, register: Register | None) -> Sources | None:
    """Return the sources as they stand beside a register: coded to entries that it holds.

    Entries that were closed are among them; of a round without a register none is told.
    """
    rows = [*register["entries"], *register.get("closed", [])] if register else []
    return sources_of(assessment, {row["code"] for row in rows})


def sources_of(assessment: Assessment, entries: Collection[str] | None = None) -> Sources | None:
    """Return the sources; None where there are none. Two queries, three where there are any.

    :param entries: what is coded to others is left out; None: nothing is.
    """
    rows = list(assessment.source_records.select_related("file"))
    passages = list(assessment.passages.select_related("source"))
    if not rows and not passages:
        return None
    codings = list(Coding.objects.filter(passage__in=passages).select_related("topic", "iro"))
    coders = _coders(codings)
    by_source: dict[int | None, list[SourcePassage]] = {}
    for row in passages:
        own = [coding for coding in codings if coding.passage_id == row.pk]
        by_source.setdefault(row.source_id, []).append(_passage(row, own, coders, entries))
    sources: Sources = {"records": [_source(row, by_source.get(row.pk, [])) for row in rows]}
    if comments := by_source.get(None):
        sources["comments"] = comments
    return sources


def _passage(
    row: Passage,
    codings: list[Coding],
    coders: Mapping[int, str],
    entries: Collection[str] | None,
) -> SourcePassage:
    by_coder: dict[str, PassageCoding] = {}
    for coding in codings:
        code = coders[coding.coder_id]
        one = by_coder.setdefault(code, {"coder": code, "topics": [], "entries": []})
        if coding.topic:
            one["topics"].append(coding.topic.code)
        if coding.iro and (entries is None or coding.iro.code in entries):
            one["entries"].append(coding.iro.code)
    # Not by the database: SQLite and PostgreSQL order codes differently.
    for one in by_coder.values():
        one["topics"].sort()
        one["entries"].sort()
    passage: SourcePassage = {
        "code": row.code,
        "codings": [by_coder[code] for code in sorted(by_coder)],
    }
    if row.printed:
        passage["text"] = row.printed
    if row.place and row.source and not row.source.is_confidential:
        passage["place"] = row.place
    return passage


def _coders(codings: Iterable[Coding]) -> Mapping[int, str]:
    """Return a code for each coder; who it is stays here."""
    keys = sorted({row.coder_id for row in codings})
    return {key: f"c{at}" for at, key in enumerate(keys, start=1)}


def _source(row: SourceRecord, passages: list[SourcePassage]) -> SourceFacts:
    facts: SourceFacts = {
        "code": row.code,
        "kind": row.kind,
        "confidentiality": row.confidentiality,
        "passages": passages,
    }
    if row.printed_title:
        facts["title"] = row.printed_title
    if not row.is_confidential:
        facts["dated"] = row.dated.isoformat()
        facts |= cast(
            SourceFacts,
            {name: getattr(row, name) for name in ("origin", "language") if getattr(row, name)},
        )
    if row.hash:
        facts["digest"] = row.hash
    return facts
