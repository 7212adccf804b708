"""What `tests.reading` keeps for a file is what its reader's process would print again."""

import io

import pytest

from surveys.tables import upload
from tests.reading import SMALL, read_once


@pytest.fixture
def printed():
    """A stand-in for the reader, which counts how often it is started."""
    starts = []

    def lines(file, task, source, seconds, *, is_held=False):
        starts.append(task)
        yield {"rows": [file.seek(0), len(file.read())]}
        if source.get("broken"):
            raise upload.UnreadableTable("Broken")

    return read_once(lines), starts


def read(lines, content, task="look", source=None):
    return list(lines(io.BytesIO(content), task, source or {"kind": "csv"}, None))


def test_the_same_bytes_are_read_once_and_each_reader_may_change_what_it_gets(printed):
    lines, starts = printed

    first = read(lines, b"a,b")
    first[0]["rows"].clear()

    assert read(lines, b"a,b") == [{"rows": [0, 3]}]
    assert starts == ["look"]


@pytest.mark.parametrize(
    ("content", "task", "source"),
    [
        (b"a,c", "look", {"kind": "csv"}),
        (b"a,b", "tally", {"kind": "csv"}),
        (b"a,b", "look", {"kind": "xlsx"}),
    ],
)
def test_another_file_task_or_source_is_read(printed, content, task, source):
    lines, starts = printed
    read(lines, b"a,b")

    read(lines, content, task, source)

    assert len(starts) == 2


def test_under_other_limits_a_file_is_read_again(printed, settings):
    lines, starts = printed
    read(lines, b"a,b")
    settings.SURVEYS_TABLE_LIMITS = {"rows": 1}

    read(lines, b"a,b")

    assert len(starts) == 2


def test_a_large_file_and_one_that_cannot_be_read_are_read_each_time(printed):
    lines, starts = printed
    for _time in range(2):
        read(lines, b"a" * (SMALL + 1))
        with pytest.raises(upload.UnreadableTable):
            read(lines, b"a", source={"broken": True})

    assert len(starts) == 4
