"""Importing 100 000 answers to 40 questions: take the file, read it, move the rows."""

import csv
import resource
import tempfile
import time
from pathlib import Path

from tests.bench import scratch
from tests.bench.answers import block
from tests.bench.timing import peak_mb, report

RESPONDENTS = 100_000
TOPICS = 40
WORDS = {1: "很不重要", 2: "不重要", 3: "一般", 4: "重要", 5: "很重要", 255: "不清楚"}


def main() -> None:
    from surveys.actions.answer_tables import check, take_table
    from surveys.actions.import_answers import import_answers
    from surveys.tables.plan import TableOptions
    from tests.builders import make_survey

    survey = make_survey(topics=TOPICS)
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "answers.csv").open("w+b") as csv:
        write(csv.name)
        before, start = peak_mb(), time.perf_counter()
        everybody = TableOptions(everybody=survey.audiences.get().code)
        table = take_table(survey, csv, "answers.csv", None, everybody)
        check(table)
        read = time.perf_counter()
        moved = import_answers(table)
    assert moved == RESPONDENTS
    report(
        import_100k_s=time.perf_counter() - start,
        import_100k_move_s=time.perf_counter() - read,
        import_peak_mb=peak_mb(),
        import_before_mb=before,
        import_reader_peak_mb=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    )


def write(path: str) -> None:
    ratings, _group = block(RESPONDENTS, TOPICS)
    with Path(path).open("w", encoding="gbk", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["序号", "提交答卷时间", *(f"2、有多重要？—议题 {n + 1}" for n in range(TOPICS))]
        )
        for number, row in enumerate(ratings.tolist(), start=1):
            rows.writerow([number, "2026/3/1 10:00:01", *(WORDS[rating] for rating in row)])


if __name__ == "__main__":
    with scratch.database():
        main()
