"""Comments that a report may quote: read and let out, and of a group that is not a few.

Stricter than the page of comments: a report is read by everybody. The group is named always, so
comments of a group under the minimum are not printed at all, in a named survey neither.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from materiality.models import Assessment
from materiality.results.quotes import Quote, Quotes
from surveys.answers import released_comments, sealed_answers
from surveys.models import Comment, Survey


@dataclass(frozen=True, slots=True)
class Printable:
    """A comment that may be quoted: its id, and as it is printed."""

    key: str
    quote: Quote


def printable_comments(assessment: Assessment) -> list[Printable]:
    """Return the comments of a round that may be quoted, by survey, group and topic."""
    surveys = assessment.surveys.order_by("slug")
    return [row for survey in surveys if survey.is_sealed for row in _of(survey)]


def quotes_of(assessment: Assessment, chosen: Collection[str]) -> Quotes:
    """Return what is printed of the comments chosen, by their ids.

    What was withheld after it was chosen is not printed any more.
    """
    if not chosen:
        return Quotes()
    rows = printable_comments(assessment)
    return Quotes(tuple(row.quote for row in rows if row.key in chosen), len(rows))


def _of(survey: Survey) -> list[Printable]:
    groups = survey.sealed.groups_told(survey.minimum_group)
    comments = released_comments(survey).filter(audience__code__in=groups)
    rows = sorted(comments, key=_place)
    enough = _questions_of_enough(survey) if any(row.question_id for row in rows) else set()
    return [Printable(str(row.pk), _quote(row, enough)) for row in rows]


def _place(row: Comment) -> tuple[str, int, int, str]:
    """Return where a comment stands: by group and question, those on no question first.

    Not sorted by the database: each puts what is no question, and a hyphen, elsewhere.
    """
    group, topic = row.audience, row.question
    position, key = (topic.position, topic.pk) if topic else (-1, -1)
    return group.code if group else "", position, key, row.pk.hex


def _quote(row: Comment, enough: Collection[tuple[str, int]]) -> Quote:
    """Return a comment as it is printed: with its topic, where that may be told."""
    group, topic = row.audience, row.question
    if group is None or topic is None or (group.code, topic.pk) not in enough:
        topic = None
    return Quote(row.released or "", group.name if group else {}, topic.title if topic else {})


def _questions_of_enough(survey: Survey) -> set[tuple[str, int]]:
    """Return group and question where no fewer than the minimum group were asked.

    Where each is asked a part, those who could have commented on a topic may be a few of a group.
    """
    answers = sealed_answers(survey)
    is_asked = np.ones(answers.ratings.shape, bool)
    if answers.not_asked is not None:
        is_asked = ~answers.not_asked
    enough = set()
    for at, code in enumerate(answers.audiences):
        counts = is_asked[answers.audience == at].sum(axis=0).tolist()
        pairs = zip(answers.questions, counts, strict=True)
        enough |= {(code, question) for question, n in pairs if n >= survey.minimum_group}
    return enough
