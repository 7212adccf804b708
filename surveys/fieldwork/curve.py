"""How answers came in, day by day: in steps of five, and only until the seal forgets the times."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median

from django.utils import timezone

from surveys.encryption.contents import decrypt
from surveys.models import COUNTING_STEP, Intake, Invitation, Message, Survey

LEAST_TO_TIME = 20


@dataclass(frozen=True)
class Day:
    """One day: all answers until its end, rounded down, and whether mails went out."""

    day: date
    answered: int
    invited: bool
    reminded: bool


def daily(survey: Survey, now: datetime | None = None) -> list[Day]:
    """Return every day from the opening until today; nothing once the survey is sealed.

    The answers of a day are told in steps of five whatever the mode: two days' exact totals would
    tell when somebody answered.
    """
    if survey.is_sealed or survey.published_at is None:
        return []
    here = timezone.get_current_timezone()
    last = min(now or timezone.now(), survey.closes_at).astimezone(here).date()
    came, mailed = _answers(survey), _mails(survey)
    first = min([survey.opens_at.astimezone(here).date(), *came, *mailed])
    days, total = [], 0
    for at in range((last - first).days + 1):
        day = first + timedelta(days=at)
        total += came[day]
        kinds = mailed.get(day, set())
        invited = Message.Kind.INVITATION in kinds
        step = total // COUNTING_STEP * COUNTING_STEP
        days.append(Day(day, step, invited, len(kinds) > invited))
    return days


@dataclass(frozen=True)
class Pace:
    """How answering goes: the median time, and the share of those who began and did not end."""

    seconds: int
    left: float


def pace(survey: Survey) -> Pace | None:
    """Return the pace while answers come in, coarse; None for few answers and after the seal.

    The median to ten seconds and the share to a twentieth: one more answer tells nothing of itself.
    """
    begun = Intake.objects.filter(survey=survey).exclude(invitation__source=Invitation.Source.TEST)
    timed = begun.filter(submitted=True).values_list("ciphertext", flat=True).iterator()
    durations = (decrypt(stored).seconds for stored in timed)
    seconds = [one for one in durations if one is not None]
    if len(seconds) < LEAST_TO_TIME:
        return None
    left = 1 - begun.filter(submitted=True).count() / begun.count()
    return Pace(int(round(median(seconds), -1)), round(left * 20) / 20)


def _answers(survey: Survey) -> Counter[date]:
    """Count the answers by the day they were first handed in."""
    submitted = Intake.objects.filter(survey=survey, submitted=True)
    rows = submitted.exclude(invitation__source=Invitation.Source.TEST)
    return Counter(
        _local(datetime.fromtimestamp(begun + (decrypt(stored).seconds or 0), UTC))
        for begun, stored in rows.values_list("begun", "ciphertext").iterator()
    )


def _mails(survey: Survey) -> dict[date, set[str]]:
    counts: dict[date, set[str]] = {}
    sent = survey.messages.exclude(sent_at=None).values_list("sent_at", "kind")
    for at, kind in sent:
        assert at is not None
        counts.setdefault(_local(at), set()).add(kind)
    return counts


def _local(moment: datetime) -> date:
    return timezone.localtime(moment).date()
