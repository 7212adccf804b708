"""What does not hold together between topics, codes and headings."""

import difflib
from collections import defaultdict
from collections.abc import Iterator, Sequence

from materiality import catalogue
from materiality.catalogue import Entry, spelling
from materiality.contentindex.index import Details, Finding, Index, Key, Kind, Row, Text, Topic

ALIKE = 0.5  # how alike two headings must be for one to be suggested instead of the other


def check(index: Index) -> list[Finding]:
    """Return everything that does not hold together, in the order of index, topics, headings."""
    return [
        *_rows(index),
        *_editions(index.rows),
        *_topics(index),
        *_headings(index),
    ]


def _rows(index: Index) -> Iterator[Finding]:
    titles = [heading.title for heading in index.headings]
    for row in index.rows:
        yield from _pointers(row, titles)
        yield from _code(row, index)


def _pointers(row: Row, titles: Sequence[str]) -> Iterator[Finding]:
    if row.applies and not row.headings:
        yield Finding(Kind.NO_HEADING, spelling(row.key))
    for heading in row.headings:
        if heading not in titles:
            nearest = difflib.get_close_matches(heading, titles, n=1, cutoff=ALIKE)
            details: Details = {"heading": heading, "suggestion": _in_brackets(nearest)}
            yield Finding(Kind.MISSING_HEADING, spelling(row.key), details)


def _in_brackets(names: Sequence[str]) -> Text:
    if not names:
        return {"zh-hans": "", "en": ""}
    return {"zh-hans": f"（是否应为“{names[0]}”？）", "en": f" (“{names[0]}”?)"}


def _title(entry: Entry) -> Text:
    return {"zh-hans": entry.name_zh, "en": entry.name_en}


def _code(row: Row, index: Index) -> Iterator[Finding]:
    standard, edition, code = row.key
    same = _same_code(standard, code)
    if not edition:
        editions = ", ".join(entry.edition for entry in same) or "?"
        yield Finding(Kind.EDITION_MISSING, spelling(row.key), {"editions": editions})
        return
    entry = next((entry for entry in same if entry.edition == edition), None)
    if entry is None:
        elsewhere = [spelling(other.key) for other in same]
        details: Details = {"suggestion": _in_brackets(elsewhere)}
        yield Finding(Kind.UNKNOWN_CODE, spelling(row.key), details)
        return
    yield from _in_force(entry, index)
    yield from _meaning(entry, same)
    if row.applies and row.topic is None and _has_no_topic(entry, index.topics):
        yield Finding(Kind.CODE_WITHOUT_TOPIC, spelling(row.key), {"name": _title(entry)})


def _same_code(standard: str, code: str) -> tuple[Entry, ...]:
    try:
        return catalogue.same_code(standard, code)
    except catalogue.UnknownEntry:
        return ()


def _in_force(entry: Entry, index: Index) -> Iterator[Finding]:
    about, day = spelling(entry.key), index.published
    if entry.is_withdrawn(day):
        successor = _in_brackets([entry.replaced_by] if entry.replaced_by else [])
        details: Details = {"day": str(entry.withdrawn), "suggestion": successor}
        yield Finding(Kind.WITHDRAWN_EDITION, about, details)
    elif not entry.is_in_force(day):
        yield Finding(Kind.NOT_YET_IN_FORCE, about, {"day": str(entry.effective)})


def _meaning(entry: Entry, same: Sequence[Entry]) -> Iterator[Finding]:
    """A code that another edition gives another meaning: a reader must be told which is meant."""
    others = [other for other in same if other.name_en != entry.name_en]
    if others:
        names = {
            "zh-hans": "、".join(f"“{other.name_zh}”（{other.edition}）" for other in others),
            "en": ", ".join(f"“{other.name_en}” ({other.edition})" for other in others),
        }
        details: Details = {"name": _title(entry), "others": names}
        yield Finding(Kind.MEANING_DIFFERS, spelling(entry.key), details)


def _has_no_topic(entry: Entry, topics: Sequence[Topic]) -> bool:
    """General disclosures, on the organisation itself, need none."""
    general = entry.category in ("general", "")
    return not general and not any(_reports_on(entry, topic) for topic in topics)


def _reports_on(entry: Entry, topic: Topic) -> bool:
    """Whether the topic names this entry, or the one it stands under, or one under it."""
    above = (entry.standard, entry.edition, entry.parent)
    return any(
        key in (entry.key, above) or (key[:2] == entry.key[:2] and _parent(key) == entry.code)
        for key in topic.references
    )


def _parent(key: Key) -> str:
    try:
        return catalogue.find(*key).parent
    except catalogue.UnknownEntry:
        return ""


def _editions(rows: Sequence[Row]) -> Iterator[Finding]:
    """A topic standard cited in two editions at once: its codes do not mean the same."""
    cited = defaultdict(set)
    for row in rows:
        family = _parent(row.key)
        if family and row.key[1]:
            cited[row.key[0], family].add(row.key[1])
    for (standard, family), editions in cited.items():
        if len(editions) > 1:
            details: Details = {"editions": ", ".join(sorted(editions))}
            yield Finding(Kind.MIXED_EDITIONS, f"{standard} {family}", details)


def _topics(index: Index) -> Iterator[Finding]:
    linked = {row.topic for row in index.rows}
    entries = [entry for row in index.rows if (entry := _entry(row.key))]
    for topic in index.topics:
        if topic.code in linked or any(_reports_on(entry, topic) for entry in entries):
            continue
        if not topic.references:
            yield Finding(Kind.OWN_TOPIC, topic.name)
            continue
        codes = ", ".join(spelling(key) for key in topic.references)
        yield Finding(Kind.TOPIC_NOT_INDEXED, topic.name, {"codes": codes})


def _entry(key: Key) -> Entry | None:
    try:
        return catalogue.find(*key)
    except catalogue.UnknownEntry:
        return None


def _headings(index: Index) -> Iterator[Finding]:
    indexed = {key for row in index.rows for key in (row.key, (*row.key[:2], _parent(row.key)))}
    pointed_at = {title for row in index.rows for title in row.headings}
    for heading in index.headings:
        for key in heading.prints:
            if key not in indexed:
                yield Finding(Kind.PRINTED_NOT_INDEXED, spelling(key), {"heading": heading.title})
        if heading.title not in pointed_at:
            yield Finding(Kind.HEADING_NOT_INDEXED, heading.title)
