"""People of named panels who rated in both rounds: sums over pairs, for a paired test."""

from collections.abc import Iterable, Mapping

import numpy as np
from django.core.cache import cache
from numpy.typing import NDArray

from materiality.document import digest
from materiality.document.schema import Pairs, Previous, Succession
from materiality.inputs.records import Records, records_of
from materiality.inputs.sealed import with_seal
from materiality.method.composites import part_code
from materiality.method.previous import LIVES_ON
from materiality.models import Assessment, Dimension
from surveys import answers
from surveys.models import Survey

Ratings = NDArray[np.uint8]
TOP = 254  # above lies "cannot judge"


def twice(
    assessment: Assessment, records: Records, previous: Previous, lines: list[Succession]
) -> Pairs:
    """Return {dimension: {group: a row per code of `kept`}}: [pairs, Σ before, Σ after, Σ both].

    Of surveys that were named in both rounds only, and of people asked at the same address. What a
    reviewer leaves out is in no pair.
    """
    before = assessment.previous
    if before is None or not previous.get("kept"):
        return {}
    later = _named(records.surveys)
    earlier = _named(with_seal(before.surveys.order_by("pk"))) if later else []
    if not earlier:
        return {}
    seals = [
        (survey.sealed.digest, answers.criteria_in_force(survey)) for survey in (*later, *earlier)
    ]
    identity = {"seals": seals, "kept": previous["kept"], "lines": [dict(line) for line in lines]}
    key = f"twice-1:{digest(identity)}"
    pairs: Pairs | None = cache.get(key)
    if pairs is None:
        pairs = _counted(records, records_of(before), previous["kept"], lines)
        cache.set(key, pairs, timeout=None)
    return pairs


def _named(surveys: Iterable[Survey]) -> list[Survey]:
    return [survey for survey in surveys if survey.is_sealed and not survey.is_anonymous]


def _counted(
    records: Records, earlier: Records, codes: list[str], lines: list[Succession]
) -> Pairs:
    after_of = {line["before"]: line["after"] for line in lines if line["kind"] in LIVES_ON}
    pairs: Pairs = {}
    for dimension in records.dimensions:
        old = next((row for row in earlier.dimensions if row.code == dimension.code), None)
        if old is None:
            continue
        surveys = earlier.survey_of(old), records.survey_of(dimension)
        for criterion in records.criteria(dimension):
            then = _questions(earlier, old, criterion)
            now = _questions(records, dimension, criterion)
            questions = [(then.get(code), now.get(after_of.get(code) or "")) for code in codes]
            rows = _of_groups(*surveys, questions)
            if rows:
                pairs[part_code(dimension.code, criterion)] = rows
    return pairs


def _questions(records: Records, dimension: Dimension, criterion: str) -> dict[str, int]:
    """Return the question about each topic, by the topic's code."""
    topics = dict(dimension.assessment.topics.values_list("pk", "code"))
    rows = records.questions(dimension, criterion)
    return {topics[row.topic_id]: row.question_id for row in rows}


def _of_groups(
    before: Survey | None, after: Survey | None, questions: list[tuple[int | None, int | None]]
) -> Mapping[str, list[list[int]]]:
    if before is None or after is None:
        return {}
    pairs = answers.rated_twice(before, after)
    if not pairs:
        return {}
    then, now = answers.sealed_answers(before), answers.sealed_answers(after)
    stays = [
        ~answers.left_out(each, survey, answers.criteria_in_force(survey))
        for each, survey in ((then, before), (now, after))
    ]
    counted = [(old, new) for old, new in pairs if stays[0][old] and stays[1][new]]
    by_group: dict[str, list[tuple[int, int]]] = {}
    for old, new in counted:
        codes = then.audiences[then.audience[old]], now.audiences[now.audience[new]]
        if codes[0] == codes[1]:  # who changed the group is of neither pair
            by_group.setdefault(codes[0], []).append((old, new))
    sums = {}
    for code, rows in by_group.items():
        sums[code] = [_sums(then, now, rows, question) for question in questions]
    return sums


def _sums(
    then: answers.Answers,
    now: answers.Answers,
    rows: list[tuple[int, int]],
    question: tuple[int | None, int | None],
) -> list[int]:
    old, new = question
    if old not in then.questions or new not in now.questions:
        return [0, 0, 0, 0]
    first = then.ratings[[row for row, _ in rows], then.questions.index(old)].astype(int)
    second = now.ratings[[row for _, row in rows], now.questions.index(new)].astype(int)
    rated = (first > 0) & (first < TOP) & (second > 0) & (second < TOP)
    first, second = first[rated], second[rated]
    sums = rated.sum(), first.sum(), second.sum(), (first * second).sum()
    return [int(one) for one in sums]
