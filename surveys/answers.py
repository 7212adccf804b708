"""The one door out: sealed answers as arrays, and how many there are. No name, no mail."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.db.models import Count, Q
from numpy.typing import NDArray

from surveys.errors import SealBroken
from surveys.kinds import BITS, kinds_of
from surveys.models import (
    BLANK,
    COUNTING_STEP,
    NOT_ASKED,
    Comment,
    Criterion,
    Invitation,
    SealedAnswers,
    Survey,
)
from surveys.models.answers import CommentQuerySet
from surveys.responses.blocks import Answers, counted, unpack
from surveys.responses.signs import RowMask, Sign, SignBits, flags_set, with_sign

__all__ = [
    "Answers",
    "PickCounts",
    "came_late",
    "criteria_in_force",
    "criteria_shown",
    "late_count",
    "left_out",
    "matching",
    "named_answers",
    "pick_counts",
    "rated_twice",
    "released_comments",
    "response_counts",
    "sealed_answers",
    "sign_counts",
    "tells_a_few",
    "version_counts",
    "without_excluded",
]


def sealed_answers(survey: Survey) -> Answers:
    """Return the sealed answers of a survey, checked against their digest.

    :raises SealedAnswers.DoesNotExist: the survey is not sealed.
    :raises SealBroken: the stored block is not the one that was sealed.
    """
    sealed = SealedAnswers.objects.get(survey=survey)
    columns = unpack(bytes(sealed.block), sealed.digest)
    if counted(columns) != sealed.counts:
        raise SealBroken("The counts of the sealed answers were changed after the seal.")
    not_asked = columns["ratings"] == NOT_ASKED
    return Answers(
        ratings=np.where(not_asked, BLANK, columns["ratings"]).astype(np.uint8, copy=False),
        audience=columns["audience"],
        audiences=tuple(columns["audiences"].tolist()),
        questions=tuple(columns["questions"].tolist()),
        flags=columns["flags"],
        digest=sealed.digest,
        not_asked=not_asked,
        items=tuple(columns["items"].tolist()) if "items" in columns else (),
        picks=columns.get("picks"),
    )


def without_excluded(answers: Answers, survey: Survey) -> Answers:
    """Return the rows that no exclusion in force leaves out; all of them if there is none.

    The digest is then that of the block and the criteria: it is never mistaken for the whole.
    """
    criteria = criteria_in_force(survey)
    if not criteria:
        return answers
    stays = ~left_out(answers, survey, criteria)
    words = ",".join([answers.digest, *criteria])
    return replace(
        answers,
        ratings=answers.ratings[stays],
        audience=answers.audience[stays],
        flags=answers.flags[stays],
        not_asked=None if answers.not_asked is None else answers.not_asked[stays],
        picks=None if answers.picks is None else answers.picks[stays],
        digest=hashlib.sha256(words.encode()).hexdigest(),
    )


def criteria_in_force(survey: Survey) -> list[str]:
    """Return by what a reviewer leaves answers out now."""
    return sorted(one.criterion for one in survey.exclusions.all() if one.lifted_at is None)


def left_out(answers: Answers, survey: Survey, criteria: list[str]) -> RowMask:
    """Return which rows these criteria leave out.

    In an anonymous survey only where, of an audience, both those who go and those who stay are at
    least the minimum group: results before and after would otherwise tell what a few said. Answers
    by open link that wait for a reviewer were in no results before, so all of them stay out.
    """
    rows = _any_of(answers.flags, criteria) if criteria else np.zeros(len(answers.flags), bool)
    least = survey.minimum_group if survey.is_anonymous else 0
    size = np.bincount(answers.audience, minlength=len(answers.audiences))
    counts = np.bincount(answers.audience[rows], minlength=len(answers.audiences))
    may: RowMask = (counts >= least) & (size - counts >= least)
    counted = rows & may[answers.audience]
    if survey.open_answers_wait and Criterion.OPEN_LINK in criteria:
        counted |= matching(answers.flags, Criterion.OPEN_LINK)
    return counted


def tells_a_few(survey: Survey, criteria: list[str]) -> bool:
    """Tell whether results by these criteria, beside those shown before, would tell of a few.

    Rows of an audience that every result had or left out alike cannot be told apart; any sums and
    differences of the results are made of such classes. So each needs the minimum group, unless
    it is all of the audience, or in no result at all.
    """
    if not survey.is_anonymous:
        return False
    answers = sealed_answers(survey)
    states = [*criteria_shown(survey), criteria]
    counts = np.array([~left_out(answers, survey, each) for each in states])
    for audience in range(len(answers.audiences)):
        ours = counts[:, (answers.audience == audience) & counts.any(axis=0)]
        sizes = np.unique(ours, axis=1, return_counts=True)[1]
        if len(sizes) > 1 and sizes.min() < survey.minimum_group:
            return True
    return False


def criteria_shown(survey: Survey) -> list[list[str]]:
    """Return by what answers were left out, in each state that results were ever shown in.

    None were while answers by open link waited for a reviewer.
    """
    past = list(survey.exclusions.all())
    waited = next((one for one in past if one.by_id is None), None)
    begin = waited.lifted_at if waited else survey.sealed_at
    if begin is None:
        return []
    changes = {at for one in past for at in (one.at, one.lifted_at) if at and at > begin}
    periods = []
    for at in sorted({begin, *changes}):
        periods.append(
            [
                one.criterion
                for one in past
                if one.at <= at and not (one.lifted_at and one.lifted_at <= at)
            ]
        )
    return periods


def sign_counts(survey: Survey, sealed: Answers | None = None) -> dict[str, int | None]:
    """Return how many sealed answers meet each criterion; None for a few in an anonymous survey.

    :param sealed: the sealed answers of the survey, where the caller has them.
    """
    flags = (sealed or sealed_answers(survey)).flags
    counts = {each: int(matching(flags, each).sum()) for each in Criterion.values}
    least = survey.minimum_group if survey.is_anonymous else 0
    return {each: None if 0 < count < least else count for each, count in counts.items()}


ORIGINS = {
    "open": Criterion.OPEN_LINK,
    "staff": Criterion.STAFF,
    "imported": Criterion.IMPORTED,
}
PERSONAL = "personal"


def origin_counts(survey: Survey, sealed: Answers) -> dict[str, dict[str, int]]:
    """Return how many of the answers that count came which way: {audience code: {source: n}}.

    The ways are personal, open, staff and imported. Exact: who prints it withholds the small ones.
    """
    answers = without_excluded(sealed, survey)
    rest = np.ones(len(answers.flags), dtype=bool)
    rows: dict[str, RowMask] = {}
    for source, criterion in ORIGINS.items():
        rows[source] = matching(answers.flags, criterion)
        rest &= ~rows[source]
    rows[PERSONAL] = rest
    counts = {}
    for at, code in enumerate(answers.audiences):
        counts[code] = {
            source: int((each & (answers.audience == at)).sum()) for source, each in rows.items()
        }
    return counts


def exclusion_counts(survey: Survey, sealed: Answers) -> dict[str, int]:
    """Return how many answers each criterion in force leaves out, the small-group rule applied."""
    return {
        criterion: int(left_out(sealed, survey, [criterion]).sum())
        for criterion in criteria_in_force(survey)
    }


def came_late(flags: SignBits) -> RowMask:
    """Return which rows of a named survey were begun after a reminder to that person."""
    return with_sign(flags, Sign.LATE)


def late_count(survey: Survey, sealed: Answers) -> int:
    """Return how many of the answers that count were begun after a reminder to that person."""
    if not came_late(sealed.flags).any():
        return 0
    return int(came_late(without_excluded(sealed, survey).flags).sum())


def matching(flags: SignBits, criterion: str) -> RowMask:
    """Return which rows a criterion is about."""
    if criterion == Criterion.TWO_SIGNS:
        return flags_set(flags)
    return with_sign(flags, Sign[criterion.upper()])


def released_comments(survey: Survey) -> CommentQuerySet:
    """Return what a reader let out of the comments of a survey, in an order that means nothing."""
    if not survey.is_sealed:
        return Comment.objects.none()
    return Comment.objects.to_show(survey).released()


def named_answers(survey: Survey, invitation: int) -> dict[int, int]:
    """Return question id → rating of one person in a sealed named survey; {} if there is no row."""
    sealed = SealedAnswers.objects.get(survey=survey)
    columns = unpack(bytes(sealed.block), sealed.digest)
    rows = np.flatnonzero(columns["invitations"] == invitation)
    if not len(rows):
        return {}
    pairs = zip(columns["questions"].tolist(), columns["ratings"][rows[0]].tolist(), strict=True)
    return {question: rating for question, rating in pairs if rating not in (BLANK, NOT_ASKED)}


def rated_twice(before: Survey, after: Survey) -> list[tuple[int, int]]:
    """Return the rows of the same people in two sealed named surveys: (row before, row after).

    The same is who was asked at the same mail address; who that is stays in here. Nobody where a
    survey is anonymous, or where the addresses are erased.
    """
    if before.is_anonymous or after.is_anonymous:
        return []
    earlier, later = _rows_by_mail(before), _rows_by_mail(after)
    return sorted((row, later[mail]) for mail, row in earlier.items() if mail in later)


def _rows_by_mail(survey: Survey) -> dict[str, int]:
    sealed = SealedAnswers.objects.get(survey=survey)
    invitations = unpack(bytes(sealed.block), sealed.digest)["invitations"].tolist()
    people = Invitation.objects.filter(audience__survey=survey).exclude(email="")
    mails = dict(people.values_list("pk", "email"))
    return {mails[pk].casefold(): row for row, pk in enumerate(invitations) if pk in mails}


@dataclass(frozen=True, eq=False)
class PickCounts:
    """What people chose of each item, in the order of `items`, beside rating it.

    :param people: who answered on the pages and was not left out.
    :param of: name of a bit (`surveys.kinds.BITS`) → how many chose it: int64 [items].
    """

    items: tuple[str, ...]
    people: int
    of: Mapping[str, NDArray[np.int64]]


def pick_counts(survey: Survey) -> PickCounts | None:
    """Return how often each item was picked by everybody who counts; None if a few were asked.

    Over all audiences: a few people's picks would tell what they rated. Who was entered by staff
    or imported was never asked, and hides nobody.
    """
    answers = without_excluded(sealed_answers(survey), survey)
    counting = (answers.flags & np.uint16(Sign.STAFF | Sign.IMPORTED)) == 0
    if answers.picks is None or counting.sum() < survey.smallest_shown:
        return None
    of = {name: _times(answers.picks, bit) for name, bit in BITS.items()}
    if survey.is_anonymous:
        _suppress(of, survey)
    return PickCounts(answers.items, int(counting.sum()), of)


def _times(picks: NDArray[np.uint8], bit: int) -> NDArray[np.int64]:
    times: NDArray[np.int64] = ((picks & np.uint8(bit)) > 0).sum(axis=0)
    return times


def _suppress(of: dict[str, NDArray[np.int64]], survey: Survey) -> None:
    """Take out what a few said of an item (primary suppression, by each kind's own base).

    Nothing adds up over items, so no total gives back what is taken out: there is no complementary
    suppression to do.
    """
    for kind in kinds_of(survey):
        if kind.base:
            base = np.sum([of[name] for name in kind.base], axis=0)
            few = (base > 0) & (base < survey.minimum_group)
            for name in kind.base:
                of[name] = np.where(few, 0, of[name])


def _any_of(flags: SignBits, criteria: list[str]) -> RowMask:
    rows = matching(flags, criteria[0])
    for criterion in criteria[1:]:
        rows = rows | matching(flags, criterion)
    return rows


def response_counts(survey: Survey) -> dict[str, int]:
    """Return how many have answered, per audience code: exact once sealed.

    While an anonymous survey is open, rounded down to steps of five: exact figures before and after
    one more answer would tell what it was.
    """
    if survey.is_sealed:
        return _sealed_counts(survey)
    submitted = Q(invitations__intake__submitted=True) & ~Q(invitations__source="test")
    counted = survey.audiences.annotate(submitted=Count("invitations", filter=submitted))
    step = COUNTING_STEP if survey.is_anonymous else 1
    return {audience.code: audience.submitted // step * step for audience in counted}


def version_counts(survey: Survey) -> list[dict[str, Any]]:
    """Return how many answered each version of the wording, as `versions` and `answers`.

    Nothing while an anonymous survey is open; afterwards its seal has pooled small figures.
    """
    if survey.is_sealed:
        return list(survey.sealed.versions)
    if survey.is_anonymous:
        return []
    answered = survey.intakes.filter(submitted=True).exclude(invitation__source="test")
    counts = Counter(answered.values_list("survey_version", flat=True))
    return [
        {"versions": [number], "answers": counts[number]} for number in range(1, survey.version + 1)
    ]


def _sealed_counts(survey: Survey) -> dict[str, int]:
    return dict(survey.sealed.counts)
