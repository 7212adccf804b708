"""The printed figure of the sample, byte for byte (its stamp apart). After a change that is meant:

python -m tests.report.test_golden
"""

from pathlib import Path

import pytest

from materiality.report.edition import Edition
from materiality.report.figure import svg
from materiality.report.figure.layout import compose
from tests.report.rounds import sample

FOLDER = Path(__file__).parent / "golden"
CASES = [(topics, language) for topics in (14, 40) for language in ("zh-hans", "en")]


def golden(topics: int, language: str) -> Path:
    return FOLDER / f"matrix-{topics}-{language}.svg"


def drawn(topics: int, language: str) -> str:
    return svg.draw(compose(Edition(sample(topics), language)))


@pytest.mark.parametrize(("topics", "language"), CASES)
def test_the_figure_is_the_one_we_looked_at(topics, language):
    expected = golden(topics, language).read_text(encoding="utf-8")

    assert drawn(topics, language) == expected


if __name__ == "__main__":
    for topics, language in CASES:
        golden(topics, language).write_text(drawn(topics, language), encoding="utf-8")
