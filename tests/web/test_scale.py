"""A page reads its own organisation's rows, however many others there are."""

import json
import subprocess
import sys

import pytest

from tests.bench.postgres import programs

ORGANISATIONS = 200
ROWS_OF_EACH = 8
"""Narrow tables the database may read through: users, memberships, organisations, three rounds.
Topics and events of every round, as joined by a list of rounds once, were 78."""


@pytest.mark.drill
@pytest.mark.skipif(programs() is None, reason="PostgreSQL's programs are not installed")
def test_no_page_reads_through_the_rows_of_other_organisations():
    """Times are the bench's affair; rows and queries are the same on a busy machine."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.scale", str(ORGANISATIONS)]
    # It ends with 1 where times have grown, which a busy machine does too.
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    figures = json.loads(done.stdout.splitlines()[-1])
    print(figures)

    assert figures["scale_queries_ratio"] == 1
    assert figures["scale_rows_more"] <= ROWS_OF_EACH * ORGANISATIONS
