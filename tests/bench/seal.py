"""Sealing 100 000 answers to 40 questions: read, shuffle, write, verify, erase."""

import time
from uuid import uuid4

from tests.bench import scratch
from tests.bench.answers import block
from tests.bench.timing import peak_mb, report

RESPONDENTS = 100_000
CHUNK = 5_000


def main() -> None:
    from django.utils import timezone

    from surveys.actions.seal import seal
    from tests.builders import make_survey

    survey = make_survey(topics=40)
    fill(survey)
    survey.closes_at = timezone.now()
    survey.save()
    before = peak_mb()
    start = time.perf_counter()
    seal(survey)
    report(
        seal_100k_s=time.perf_counter() - start,
        seal_peak_mb=peak_mb(),
        seal_before_mb=before,
    )


def fill(survey) -> None:
    """Store answers as the pages leave them, behind their back: a bench has no day to wait."""
    from surveys.models import Intake, Invitation

    audience = survey.audiences.get()
    questions = [str(pk) for pk in survey.questions.values_list("pk", flat=True)]
    ratings, _group = block(RESPONDENTS)
    for start in range(0, RESPONDENTS, CHUNK):
        people = Invitation.objects.bulk_create(
            Invitation(audience=audience, token_hash=f"{start + at:064x}") for at in range(CHUNK)
        )
        rows = ratings[start : start + CHUNK].tolist()
        Intake.objects.bulk_create(
            Intake(
                invitation=person,
                survey=survey,
                ratings=dict(zip(questions, row, strict=True)),
                submitted=True,
                submission=uuid4(),
                receipt=f"{start + at:09d}",
                consent="0" * 64,
            )
            for at, (person, row) in enumerate(zip(people, rows, strict=True))
        )


if __name__ == "__main__":
    with scratch.database():
        main()
