"""The tables of the archive, a csv each: columns in English, texts in both languages."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from django.db.models import Count

from materiality.document import canonical
from materiality.inputs import answer_rows, effect_of_exclusions, released_comments, sign_counts
from materiality.models import Assessment, Verb
from materiality.report.files.opendata import inert
from materiality.results import Results, Score
from surveys.languages import CODES
from surveys.models import MOST_POINTS, Invitation, Survey

Row = Mapping[str, Any]
Rows = Iterator[Row]

BOM = "\ufeff"
MARKS = {"zh-hans": "、", "en": "; "}
RATINGS = np.array(
    ["", *map(str, range(1, MOST_POINTS + 1)), *[""] * (254 - MOST_POINTS), "cannot judge"],
    dtype=object,
)
"""What is written for each stored rating."""
SETTINGS = (
    Verb.START_ROUND,
    Verb.ADD_GROUPS,
    Verb.CARRY_OVER,
    Verb.WEIGH,
    Verb.SET_RULE,
    Verb.SET_SHARES,
)


def tables(assessment: Assessment, results: Results) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each table."""
    made = {
        "exclusions": exclusions(assessment, results),
        "long-list": long_list(results),
        "scores": scores(results),
        "settings": settings(assessment),
        "decisions": decisions(results),
        "changes": changes(results),
        "engagement": engagement(results),
        "content-index": content_index(assessment),
        "approvals": approvals(assessment),
        "comments": comments(assessment),
        "stakeholder-comments": stakeholder_comments(assessment.surveys.order_by("slug")),
        "files": files(assessment),
    }
    dimensions = [part for part, units in results.inputs["units"].items() if units]
    for part in dimensions:
        yield f"answers-{part}.csv", answers_csv(assessment, results, part)
    for name, rows in made.items():
        yield f"{name}.csv", csv_of(rows)


def csv_of(rows: Iterable[Row]) -> bytes:
    """Return a csv that no spreadsheet takes for formulas. Without rows it is empty."""
    listed, target = list(rows), io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    if listed:
        writer.writerow(listed[0])
    writer.writerows([_cell(value) for value in row.values()] for row in listed)
    return (BOM + target.getvalue()).encode()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, (list, tuple, dict)):
        return inert(canonical(value))
    return inert(value) if isinstance(value, str) else value


def _both(name: str, text: Any) -> Row:
    zh, en = ((text or {}).get(code, "") for code in CODES)
    return {f"{name}_zh": zh, f"{name}_en": en}


def _row_of_texts(name: str, texts: Sequence[Any]) -> Row:
    joined = {}
    for code in CODES:
        joined[code] = MARKS[code].join(text.get(code, "") for text in texts)
    return _both(name, joined)


def answers_csv(assessment: Assessment, results: Results, part: str) -> bytes:
    """Return the answers on one question: a row a person, nobody named, sorted by content.

    Cells are looked up and joined: for a hundred thousand people, a writer of rows takes too long.
    """
    dimension, _, criterion = part.partition(".")
    dimension_row = assessment.dimensions.get(code=dimension)
    lines = [_line("unit", *(row["code"] for row in results.inputs["topics"]))]
    for unit, ratings in answer_rows(dimension_row, criterion, results.inputs["units"][part]):
        start = _line(unit)
        lines += [f"{start},{','.join(cells)}" for cells in RATINGS[ratings].tolist()]
    return (BOM + "\r\n".join([*lines, ""])).encode()


def _line(*cells: str) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator="").writerow([_cell(cell) for cell in cells])
    return target.getvalue()


def exclusions(assessment: Assessment, results: Results) -> Rows:
    """What does not count, or is not shown alone, and why."""
    for dimension, units in results.units.items():
        for unit in units:
            if unit.is_pooled:
                why = f"a group with fewer than {results.minimum_group} answers"
                yield _left("groups pooled", dimension, "", unit.code, unit.responses, why)
            if not unit.answered:
                yield _left("unit silent", dimension, "", unit.code, 0, "nobody answered")
    for topic in results.topics:
        for dimension, score in topic.scores.items():
            yield from _not_scored(topic.code, dimension, score)
            if score.survey_reason and not results.is_without_survey:
                yield _left(
                    "no score of the survey",
                    dimension,
                    topic.code,
                    "",
                    score.n,
                    score.survey_reason,
                )
    for survey in assessment.surveys.order_by("slug"):
        yield from _not_counted(survey)
    for row in results.screened_out:
        yield _left("topic screened out", "", row.code, "", None, row.kind)


def _left(what: str, where: str, topic: str, unit: str, count: int | None, why: str) -> Row:
    return {
        "what": what,
        "where": where,
        "topic": topic,
        "unit": unit,
        "count": count,
        "why": why,
    }


def _not_scored(topic: str, dimension: str, score: Score) -> Rows:
    if score.reason:
        yield _left("no score", dimension, topic, "", score.n, score.reason)
    for row in score.units:
        unit = row.unit.code
        if row.mean is None and row.n:
            yield _left("mean withheld", dimension, topic, unit, None, "too few ratings")
        elif row.dont_know:
            yield _left("cannot judge", dimension, topic, unit, row.dont_know, "in no mean")


def _not_counted(survey: Survey) -> Rows:
    """Links that brought no answer, tests, and answers that a reviewer left out by a sign."""
    links = Invitation.objects.filter(audience__survey=survey)
    if tests := links.filter(source=Invitation.Source.TEST).count():
        yield _left("test links", survey.slug, "", "", tests, "never count")
    silent = links.exclude(source=Invitation.Source.TEST).exclude(
        state__in=(Invitation.State.SUBMITTED, Invitation.State.STARTED)
    )
    for state, count in silent.values_list("state").annotate(n=Count("pk")).order_by("state"):
        yield _left("links without an answer", survey.slug, "", "", count, state)
    effect = effect_of_exclusions(survey)
    met = sign_counts(survey) if effect else {}
    for row in survey.exclusions.order_by("pk"):
        why = f"{row.criterion}: {row.reason}{' (lifted)' if row.lifted_at else ''}"
        if not row.lifted_at and effect.get(row.criterion) == 0:
            nobody = met.get(row.criterion) == 0
            why += " (nobody meets it)" if nobody else " (takes no effect: too few on one side)"
        yield _left("answers left out by sign", survey.slug, "", "", effect.get(row.criterion), why)


def long_list(results: Results) -> Rows:
    """Every topic considered, where it came from, and why it was not asked about."""
    for topic in sorted(results.topics, key=lambda one: one.position):
        yield _names_and_origin(topic) | {
            "screened_out": "",
            **_both("reason", {}),
            "by": "",
            "at": "",
        }
    for row in results.screened_out:
        why = {"screened_out": row.kind, **_both("reason", row.reason)}
        yield _names_and_origin(row) | why | {"by": row.by, "at": row.at}


def _names_and_origin(topic: Any) -> dict[str, Any]:
    return {
        "code": topic.code,
        **_both("name", topic.name),
        "category": topic.category,
        "sources": topic.sources,
        "references": topic.references,
    }


def scores(results: Results) -> Rows:
    """From the means of the units to the score: a row for each unit, then one for the score."""
    for topic in sorted(results.topics, key=lambda one: one.position):
        for dimension, score in topic.scores.items():
            for row in score.units:
                unit = {"unit": row.unit.code, "weight": row.unit.weight, "share": row.share}
                counts = {"n": row.n, "cannot_judge": row.dont_know, "mean": row.mean}
                yield _scores(topic.code, dimension, **unit, **counts)
            names = ("score", "se", "low", "high", "n", "reason")
            yield _scores(topic.code, dimension, **{name: getattr(score, name) for name in names})
        yield _scores(topic.code, "overall", score=topic.overall)


def _scores(topic: str, dimension: str, **values: Any) -> Row:
    names = ("unit", "weight", "share", "n", "cannot_judge", "mean", "score", "se", "low", "high")
    row = {name: values.get(name) for name in (*names, "reason")}
    return {"topic": topic, "dimension": dimension, **row}


def settings(assessment: Assessment) -> Rows:
    """Weights and thresholds: each value they had, from when, by whom and why."""
    for event in assessment.events.filter(verb__in=SETTINGS).order_by("number"):
        entry = event.entry()
        names = ("number", "at", "name", "verb", "before", "after", "reason")
        yield {name: entry[name] for name in names}


def decisions(results: Results) -> Rows:
    """What the rule suggested for each topic, what people decided, and why it differs."""
    by_topic = {row["topic"]: row for row in results.inputs.get("decisions", [])}
    for topic in results.topics:
        decision = by_topic.get(topic.code)
        yield {
            "topic": topic.code,
            **_both("name", topic.name),
            "overall": topic.overall,
            "suggested_tier": topic.suggested_tier,
            "tier": topic.tier,
            "overridden": int(topic.overridden),
            "reason": topic.reason,
            **_both("reason", topic.reasons),
            "by": decision.get("by", "") if decision else "",
            "at": decision.get("at", "") if decision else "",
        }


def changes(results: Results) -> Rows:
    """The longer form of the change table."""
    for number, row in enumerate(results.change_report, start=1):
        yield {
            "number": number,
            "kind": row.kind,
            **_row_of_texts("before", row.before),
            **_row_of_texts("after", row.after),
            **_both("reason", row.reason),
            "tiers_before": row.tiers_before,
            "tiers_after": row.tiers_after,
            "see": row.see,
            "cause": row.cause,
            "restated_tier": row.restated,
            "aspect": row.aspect,
            "value_before": row.value_before,
            "value_after": row.value_after,
        }


def engagement(results: Results) -> Rows:
    """Each group: how it was chosen and is heard, what it expects, what it raised."""
    for group in results.groups:
        raised = [topic.code for topic in results.raised_by(group.code)]
        yield {
            "group": group.code,
            **_both("name", group.name),
            "kind": group.kind,
            "invited": group.invited,
            "responses": group.responses,
            **_both("how_chosen", group.engagement.how_chosen),
            **_both("frequency", group.engagement.frequency),
            **_row_of_texts("expectations", group.engagement.expectations),
            **_row_of_texts("channels", group.engagement.channels),
            "raised": ", ".join(raised),
        }


def content_index(assessment: Assessment) -> Rows:
    for row in assessment.index_rows.select_related("topic", "heading"):
        yield {
            "standard": row.standard,
            "edition": row.edition,
            "code": row.code,
            "topic": row.topic.code if row.topic else "",
            **_both("heading", row.heading.title if row.heading else row.wanted),
            "status": row.status,
            **_both("note", row.note),
        }


def approvals(assessment: Assessment) -> Rows:
    for row in assessment.approvals.select_related("by"):
        yield {
            "at": row.at.isoformat(),
            "by": _name(row.by),
            "verdict": row.verdict,
            "digest": row.digest,
            "comment": row.comment,
            **_both("comment", row.comments),
        }


def comments(assessment: Assessment) -> Rows:
    for row in assessment.remarks.select_related("by", "topic"):
        topic = row.topic.code if row.topic else ""
        yield {"at": row.at.isoformat(), "by": _name(row.by), "topic": topic, "text": row.text}


def stakeholder_comments(surveys: Iterable[Survey]) -> Rows:
    """What a reader let out of the comments of those asked; the exact texts are in no table."""
    for survey in surveys:
        for row in released_comments(survey):
            group = row.group.name if row.group else None
            topic = row.question.title if row.question else None
            line = {"text": row.released, "survey": survey.slug}
            yield {**_both("group", group), **_both("topic", topic), **line}


def files(assessment: Assessment) -> Rows:
    for row in assessment.evidence_files.select_related("topic", "added_by"):
        yield {
            "name": row.name,
            "topic": row.topic.code if row.topic else "",
            "about": row.about,
            "size": row.size,
            "sha256": row.digest,
            "added_at": row.added_at.isoformat(),
            "added_by": _name(row.added_by),
        }


def _name(person: Any) -> str:
    return person.get_full_name() if person else ""
