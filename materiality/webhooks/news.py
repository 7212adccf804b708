"""What there is to tell, read from what is stored: nothing is lost with a worker that died."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from materiality.inputs import progress
from materiality.models import Approval, Assessment, Delivery, News, Snapshot, Verdict, Webhook
from surveys.models import COUNTING_STEP, Survey


@dataclass(frozen=True)
class Told:
    """One thing that happened. `key` is the same however often it is read."""

    key: str
    kind: str
    at: datetime
    facts: dict[str, Any]

    @property
    def body(self) -> str:
        message = {"type": self.kind, "timestamp": self.at.isoformat(), "data": self.facts}
        return json.dumps(message, sort_keys=True)


def announce() -> int:
    """Write down what is new for every webhook that is on; return how much that is."""
    count = 0
    for webhook in Webhook.objects.filter(
        is_on=True, organisation__suspended_at=None
    ).select_related("organisation"):
        count += _announce(webhook)
    return count


@transaction.atomic
def _announce(webhook: Webhook) -> int:
    news = [one for one in _news(webhook) if one.kind in webhook.kinds]
    known = set(webhook.deliveries.values_list("key", flat=True))
    rows = [
        Delivery(webhook=webhook, key=one.key, body=one.body, not_before=timezone.now())
        for one in news
        if one.key not in known
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def forget_earlier(webhook: Webhook) -> None:
    """Count what is so already as told: a webhook begins with what happens from now on."""
    rows = [
        Delivery(
            webhook=webhook,
            key=one.key,
            body="",
            not_before=timezone.now(),
            state=Delivery.State.SENT,
        )
        for one in _news(webhook)
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _news(webhook: Webhook) -> Iterator[Told]:
    rounds = Assessment.objects.filter(organisation=webhook.organisation, deleted_at=None)
    for each in rounds.order_by("pk"):
        yield from _of_surveys(each)
        yield from _of_round(each)


def _of_surveys(assessment: Assessment) -> Iterator[Told]:
    counts: dict[int, int] = {}
    for row in progress(assessment):
        survey = row.group.audience.survey_id  # type: ignore[union-attr]
        counts[survey] = counts.get(survey, 0) + row.answered
    for survey in assessment.surveys.exclude(published_at=None).order_by("pk"):
        facts = {"round": assessment.pk, "survey": survey.pk}
        if survey.sealed_at is not None:
            yield Told(f"sealed {survey.pk}", News.SEALED, survey.sealed_at, facts)
            continue
        yield from _of_answers(survey, counts.get(survey.pk, 0), facts)


def _of_answers(survey: Survey, count: int, facts: dict[str, Any]) -> Iterator[Told]:
    """Tell of a count in whole steps of five, in named surveys too."""
    step = count // COUNTING_STEP * COUNTING_STEP
    if step:
        at = timezone.now()
        yield Told(f"responses {survey.pk} {step}", News.RESPONSES, at, facts | {"at_least": step})


def _of_round(assessment: Assessment) -> Iterator[Told]:
    facts = {"round": assessment.pk, "year": assessment.year}
    approvals = Approval.objects.filter(assessment=assessment, verdict=Verdict.APPROVED)
    for approval in approvals:
        digest = {"digest": approval.digest}
        yield Told(f"approved {approval.pk}", News.APPROVED, approval.at, facts | digest)
    locked = Snapshot.objects.defer("document").filter(assessment=assessment).first()
    if locked is not None:
        digest = {"digest": locked.digest}
        yield Told(f"locked {assessment.pk}", News.LOCKED, locked.locked_at, facts | digest)
