"""What the table of coverage says, and when it fails."""

from tests.coverage import MUST, Share, gaps, rooms


def file(lines, branches, of=(10, 10)):
    return {
        "summary": {
            "covered_lines": lines,
            "covered_branches": branches,
            "num_statements": of[0],
            "num_branches": of[1],
        }
    }


def test_a_room_is_the_sum_of_its_files_lines_and_branches():
    result = rooms(
        {
            "surveys/mail/emails.py": file(10, 5),
            "surveys/mail/deep/file.py": file(5, 0),
            "surveys/answers.py": file(10, 10),
        }
    )

    assert result == {"surveys/mail": Share(75.0, 25.0), "beside the rooms": Share(100.0, 100.0)}


def test_a_room_without_a_branch_leaves_none_out():
    assert (
        rooms({"surveys/mail/emails.py": file(10, 0, of=(10, 0))})["surveys/mail"].branches == 100
    )


def test_a_room_under_its_least_is_named_and_so_is_one_that_was_not_measured():
    full = dict.fromkeys(MUST, Share(95.0, 95.0))

    assert gaps(full) == []
    assert gaps(full | {MUST[0]: Share(99.0, 94.9)}) == [MUST[0]]
    assert gaps(full | {MUST[0]: Share(94.9, 99.0)}) == [MUST[0]]
    assert gaps({}) == list(MUST)
