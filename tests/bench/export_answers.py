"""Exporting 100 000 sealed answers to 40 questions as CSV, without the work of scoring."""

import time

from tests.bench import scratch
from tests.bench.answers import block
from tests.bench.timing import peak_mb, report

RESPONDENTS = 100_000
TOPICS = 40


def main() -> None:
    from materiality.archive.tables import answers_csv
    from materiality.inputs import live
    from tests.rounds import sealed_round

    topics = tuple(f"topic-{number}" for number in range(TOPICS))
    row = [4, 3, 5, 2] * (TOPICS // 4)
    groups = ("employees", "customers", "regulators", "panel")
    assessment = sealed_round({code: [row] * 8 for code in groups}, topics=topics)
    replace_answers(assessment)
    results = live(assessment)
    start = time.process_time()
    written = answers_csv(assessment, results, "stakeholder")
    spent = time.process_time() - start
    assert written.count(b"\n") == RESPONDENTS + 1
    report(export_100k_cpu_s=spent, export_mb=len(written) / 2**20, export_peak_mb=peak_mb())


def replace_answers(assessment) -> None:
    """Put a large block where the small one of the stakeholders' survey is."""
    import numpy as np

    from surveys.models import SealedAnswers
    from surveys.responses.blocks import counted, digest_of, in_canonical_order, pack, unpack

    survey = assessment.surveys.get(mode="anonymous")
    sealed = SealedAnswers.objects.get(survey=survey)
    columns = unpack(bytes(sealed.block), sealed.digest)
    ratings, group = block(RESPONDENTS, TOPICS)
    columns |= {
        "ratings": ratings,
        "audience": (group % 3).astype(np.uint16),
        "flags": np.zeros(RESPONDENTS, np.uint16),
    }
    columns = in_canonical_order(columns)
    sealed.block, sealed.digest = pack(columns), digest_of(columns)
    sealed.respondents, sealed.counts = RESPONDENTS, counted(columns)
    sealed.save()


if __name__ == "__main__":
    with scratch.database():
        main()
