"""Sealing answers to 40 questions: read, look for signs, sort, write, verify, erase."""

import sys
import time
from uuid import uuid4

from tests.bench import scratch
from tests.bench.answers import block
from tests.bench.apart import measured
from tests.bench.timing import peak_mb, report

SIZES = {"100k": 100_000, "1m": 1_000_000}
FILLED = 100_000
CHUNK = 5_000


def main(name: str) -> None:
    from django.utils import timezone

    from surveys.actions.seal import seal
    from tests.builders import make_survey

    survey = make_survey(topics=40)
    fill(survey)
    for copy in range(1, SIZES[name] // FILLED):
        repeat(survey, copy)
    survey.closes_at = timezone.now()
    survey.save()
    start, spent = time.perf_counter(), time.process_time()
    sealed = seal(survey)
    assert sealed.respondents == SIZES[name]
    report(
        **{
            f"seal_{name}_s": time.perf_counter() - start,
            f"seal_{name}_cpu_s": time.process_time() - spent,
            f"seal_{name}_peak_mb": peak_mb(),
        }
    )


def fill(survey) -> None:
    """Store answers as the pages leave them, behind their back: a bench has no day to wait."""
    from surveys.encryption.contents import Contents, encrypt
    from surveys.models import Intake, Invitation

    audience = survey.audiences.get()
    questions = [str(pk) for pk in survey.questions.values_list("pk", flat=True)]
    ratings, _group = block(FILLED)
    for start in range(0, FILLED, CHUNK):
        people = Invitation.objects.bulk_create(
            Invitation(audience=audience, token_hash=f"{start + at:064x}") for at in range(CHUNK)
        )
        rows = ratings[start : start + CHUNK].tolist()
        Intake.objects.bulk_create(
            Intake(
                invitation=person,
                survey=survey,
                ciphertext=encrypt(
                    survey.key, Contents(ratings=dict(zip(questions, row, strict=True)))
                ),
                answered=True,
                submitted=True,
                submission=uuid4(),
                receipt=f"{start + at:09d}",
                consent="0" * 64,
            )
            for at, (person, row) in enumerate(zip(people, rows, strict=True))
        )


def repeat(survey, copy: int) -> None:
    """Add as many people again who answered the same."""
    from django.db import connection

    from surveys.models import Intake, Invitation

    for model, own in (
        (Invitation, {"token_hash": f"'{copy:04d}' || substr(token_hash, 5)"}),
        (Intake, {"invitation_id": f"invitation_id + {copy * FILLED}"}),
    ):
        table = model._meta.db_table
        columns = [f.column for f in model._meta.concrete_fields if not f.primary_key]
        taken = ", ".join(own.get(column, column) for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) "
                f"SELECT {taken} FROM {table} ORDER BY id LIMIT {FILLED}"
            )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with scratch.database():
            main(sys.argv[1])
    else:
        report(**{key: value for name in SIZES for key, value in measured("seal", name).items()})
