"""What people judge beside the scores: kinds of impact, what compares, what is not material."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from materiality import inputs as results
from materiality.actions.log import record
from materiality.actions.settings import expect, record_change
from materiality.errors import ChangeNeedsReason
from materiality.models import Assessment, Explanation, Verb
from surveys.languages import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Key = tuple[str, str, str]


@transaction.atomic
def judge_impacts(
    *,
    assessment: Assessment,
    actual: Collection[str],
    human_rights: Collection[str],
    by: "User | None",
    reason: str = "",
    expected_version: int | None = None,
) -> None:
    """Say which topics' impacts have happened, and which harm human rights: by topic code.

    :raises ChangeNeedsReason: there are results, and no reason.
    """
    current = expect(assessment, expected_version)
    before, digest = _impacts(current), results.digest_of(current)
    after = {"actual": sorted(actual), "human_rights": sorted(human_rights)}
    if before == after:
        return
    if digest and not reason.strip():
        raise ChangeNeedsReason
    for name, codes in after.items():
        current.topics.exclude(code__in=codes).update(**{name: False})
        current.topics.filter(code__in=codes).update(**{name: True})
    record_change(current, Verb.JUDGE, by, reason, digest, before, after)


def _impacts(assessment: Assessment) -> dict[str, list[str]]:
    return {
        name: sorted(assessment.topics.filter(**{name: True}).values_list("code", flat=True))
        for name in ("actual", "human_rights")
    }


@transaction.atomic
def judge_comparable(
    *,
    assessment: Assessment,
    comparable: Mapping[str, bool | None],
    by: "User | None",
    reason: str = "",
    expected_version: int | None = None,
) -> None:
    """Say whether topics can be compared with last round's; None: as the kind of change says.

    :param comparable: by the code of this round's topic; others stay.
    :raises ChangeNeedsReason: a verdict changes, and no reason.
    """
    current = expect(assessment, expected_version)
    continuations = current.successions.filter(after__code__in=comparable, before__isnull=False)
    lines = [
        (line, line.after.code) for line in continuations.select_related("after") if line.after
    ]
    before = {code: line.comparable for line, code in lines}
    after = {code: comparable[code] for code in before}
    if before == after:
        return
    if not reason.strip():
        raise ChangeNeedsReason
    digest = results.digest_of(current)
    for line, code in lines:
        line.comparable = after[code]
        line.save(update_fields=["comparable"])
    record_change(current, Verb.JUDGE, by, reason, digest, before, after)


@transaction.atomic
def explain_set_topics(
    *,
    assessment: Assessment,
    reasons: Mapping[Key, Text],
    by: "User | None",
    expected_version: int | None = None,
) -> None:
    """Say why set topics of a standard are not material or do not apply; an empty text withdraws.

    :param reasons: by (standard, edition, code); others stay.
    """
    current = expect(assessment, expected_version)
    for key, reason in reasons.items():
        _explain(current, key, {name: text.strip() for name, text in reason.items()}, by)


def _explain(assessment: Assessment, key: Key, reason: Text, by: "User | None") -> None:
    standard, edition, code = key
    named: dict[str, Any] = {"standard": standard, "edition": edition, "code": code}
    before = assessment.explanations.filter(**named).first()
    old, new = before.reason if before else {}, reason if any(reason.values()) else {}
    if old == new:
        return
    if new:
        Explanation.objects.update_or_create(
            assessment=assessment, **named, defaults={"reason": new}
        )
    elif before:
        before.delete()
    subject = " ".join(key)
    record(assessment, Verb.EXPLAIN_TOPIC, by=by, subject=subject, before=old, after=new)
