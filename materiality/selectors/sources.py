"""The sources of a round as people look at them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from materiality.document.schema import CodingResult
from materiality.inputs import printable_comments
from materiality.inputs.sources import sources_of
from materiality.method.coding import SURVEY, coding_of
from materiality.models import (
    Assessment,
    Coding,
    Confidentiality,
    EvidenceFile,
    Iro,
    Passage,
    SourceRecord,
    Topic,
)
from surveys.models.organisations import MAY_DECIDE

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet


@dataclass(frozen=True)
class RestsOnOne:
    """A topic or an entry that one source alone was coded to; `source` "" means comments."""

    row: Topic | Iro
    source: str


class SourceList:
    """The sources of a round with their passages, and what the codings come to."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment

    @cached_property
    def records(self) -> list[SourceRecord]:
        rows = self.assessment.source_records.select_related("file")
        return list(rows.prefetch_related("passages__codings"))

    @cached_property
    def comments(self) -> list[Passage]:
        """Return the comments of surveys that are taken in."""
        rows = self.assessment.passages.filter(source=None)
        return list(rows.select_related("comment").prefetch_related("codings"))

    @cached_property
    def coding(self) -> CodingResult | None:
        sources = sources_of(self.assessment)
        return coding_of(sources) if sources else None

    @cached_property
    def resting_on_one(self) -> list[RestsOnOne]:
        """Return the topics, then the entries, that only one source was coded to."""
        if self.coding is None:
            return []
        topics = {row.code: row for row in self.assessment.topics.short_list()}
        entries = {row.code: row for row in self.assessment.iros.open()}
        return [
            *_alone(self.coding, "topics", topics),
            *_alone(self.coding, "entries", entries),
        ]


def _alone(
    coding: CodingResult, kind: str, rows: dict[str, Topic] | dict[str, Iro]
) -> Iterator[RestsOnOne]:
    results = coding["topics"] if kind == "topics" else coding["entries"]
    for one in results:
        if len(one["sources"]) == 1 and (row := rows.get(one["code"])):
            source = one["sources"][0]
            yield RestsOnOne(row, "" if source == SURVEY else source)


def comments_to_take(assessment: Assessment) -> list[tuple[str, str]]:
    """Return id and text of the comments that may be printed and are not taken in yet."""
    there = {
        str(key) for key in assessment.passages.values_list("comment", flat=True) if key is not None
    }
    return [
        (row.key, row.quote.text) for row in printable_comments(assessment) if row.key not in there
    ]


def codes_of(passage: Passage, coder: "User") -> tuple[list[str], list[str], bool]:
    """Return the topics and entries that a person coded a passage to, and whether they did."""
    rows = list(Coding.objects.filter(passage=passage, coder=coder).select_related("topic", "iro"))
    topics = [row.topic.code for row in rows if row.topic]
    return topics, [row.iro.code for row in rows if row.iro], bool(rows)


def sources_for(assessment: Any, row: Topic | Iro, person: "User") -> list[str]:
    """Return the codes of the sources that somebody coded to a topic or an entry.

    Comments of surveys are one source, which has no code: "". None as long as one passage of these
    is still to be coded by the person: part of the sources would look like all of them.

    :param assessment: with the person's `role` in it.
    """
    codings = list(row.codings.select_related("passage__source"))
    if not codings or {coding.passage.code for coding in codings} & still_to_code(
        assessment, person
    ):
        return []
    sources = [coding.passage.source for coding in codings]
    return sorted({source.code if source else "" for source in sources})


def files_for(assessment: Any) -> "QuerySet[EvidenceFile]":
    """Return the files of a round that this person may read: all, for who may read its sources.

    Others get no file of a source that is not public: of its passages they see what is released.

    :param assessment: with the person's `role` in it.
    """
    files: QuerySet[EvidenceFile] = assessment.evidence_files.all()
    if assessment.role in MAY_DECIDE:
        return files
    hidden = assessment.source_records.exclude(confidentiality=Confidentiality.PUBLIC)
    return files.exclude(source_records__in=hidden)


def passages_read(
    assessment: Any, source: SourceRecord, *, for_coding: bool
) -> list[dict[str, Any]]:
    """Return the passages of a source as a program may read them for a person.

    Text and place are for who may code them, and stay inside where the source is confidential.

    :param assessment: with the person's `role` in it.
    :param for_coding: whether the program may code at all, as its token says.
    """
    is_read = for_coding and assessment.role in MAY_DECIDE and not source.is_confidential
    rows = []
    for row in source.passages.select_related("source"):
        facts = {"code": row.code, "released": row.printed, "version": row.version}
        text, place = (row.text, row.place) if is_read else (None, None)
        rows.append({**facts, "text": text, "place": place})
    return rows


def still_to_code(assessment: Any, person: "User") -> set[str]:
    """Return the codes of the passages that a person may code and has not: they do not see yet
    what others find. None in a locked round, nor for who codes nothing.

    :param assessment: with the person's `role` in it.
    """
    if assessment.is_locked or assessment.role not in MAY_DECIDE:
        return set()
    mine = Coding.objects.filter(coder=person).values("passage")
    return set(assessment.passages.exclude(pk__in=mine).values_list("code", flat=True))


def sources_seen(assessment: Any, person: "User") -> Any:
    """Return `inputs.sources` as a person may see it now, each record with its `version`.

    :param assessment: with the person's `role` in it.
    """
    sources = sources_of(assessment) or {"records": []}
    uncoded = still_to_code(assessment, person)
    versions = dict(assessment.source_records.values_list("code", "version"))
    passages = [row for record in sources["records"] for row in record["passages"]]
    for row in [*passages, *sources.get("comments", [])]:
        if row["code"] in uncoded:
            row["codings"] = []
    records = [record | {"version": versions[record["code"]]} for record in sources["records"]]
    return {**sources, "records": records}
