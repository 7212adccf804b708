"""Files of the kinds that were read wrong once: their own answers, or a question. Never others."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from surveys.errors import Unusable
from surveys.models import AnswerTable, Intake
from surveys.tables import context
from surveys.tables.sheet_reader import Problem
from tests.surveys.tables.bring import TOPICS, answers_of, send_file
from tests.surveys.tables.nasty import NASTY
from tests.surveys.tables.test_random_tables import read

NAMES = [nasty.name for nasty in NASTY]
SOME = [nasty for nasty in NASTY if nasty.name == "hidden-row.xlsx"] + list(NASTY[::10])


def read_or_asked(nasty):
    """Return the answers that would be imported without a word, or None."""
    kind = "xlsx" if nasty.content.startswith(b"PK") else "csv"
    try:
        questions, answers = read(nasty.content, kind)
    except (Problem, Unusable):
        return None
    if questions:
        return None
    width = len(nasty.answers[0][1]) if nasty.answers else len(TOPICS)
    rows = [(group, dict(ratings)) for group, ratings in answers]
    return sorted((g, tuple(one.get(topic, 0) for topic in TOPICS[:width])) for g, one in rows)


@pytest.mark.parametrize("nasty", NASTY, ids=NAMES)
def test_a_nasty_file_gives_its_answers_or_a_question(nasty):
    answers = read_or_asked(nasty)

    assert answers is None or answers == sorted(nasty.answers or [])
    assert answers or not nasty.must_read


def test_the_control_without_an_eye_for_what_stands_around_ratings_are_wrong(monkeypatch):
    monkeypatch.setattr(context, "asks_for_ratings", lambda asked, text: True)
    monkeypatch.setattr("surveys.tables.plan.scale_talk", lambda *around: [])

    wrong = [nasty.name for nasty in NASTY if read_or_asked(nasty) not in (None, nasty.answers)]

    assert "scale-in-a-title-row.csv" in wrong
    assert "performance-only.csv" in wrong


def bring(editor, survey, nasty):
    answered = send_file(editor, survey, SimpleUploadedFile(nasty.name, nasty.content))
    if answered.status_code == 200:
        width = len(nasty.answers[0][1]) if nasty.answers else len(TOPICS)
        assert answers_of(survey, width) == sorted(nasty.answers or [])
    else:
        assert answered.status_code in (400, 409)
        assert not nasty.must_read
        assert not Intake.objects.filter(survey=survey).exists()
        assert not AnswerTable.objects.filter(survey=survey).exists()
        assert answered.json()["detail"]
    return answered


@pytest.mark.django_db
@pytest.mark.parametrize("nasty", SOME, ids=[nasty.name for nasty in SOME])
def test_the_api_gives_its_answers_or_says_what_it_must_be_told(survey, editor, nasty):
    bring(editor, survey, nasty)


@pytest.mark.drill
@pytest.mark.django_db
@pytest.mark.parametrize("nasty", NASTY, ids=NAMES)
def test_every_nasty_file_through_the_api(survey, editor, nasty):
    bring(editor, survey, nasty)


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "number"), [("count", 3), ("leave", 2)])
def test_rows_that_a_filter_hides_count_only_if_somebody_says_so(survey, editor, said, number):
    [hidden] = [nasty for nasty in NASTY if nasty.name == "hidden-row.xlsx"]
    file = SimpleUploadedFile(hidden.name, hidden.content)

    asked = send_file(editor, survey, file).json()
    assert [(one["step"], one["value"]) for one in asked["questions"]] == [("hidden rows", "3")]
    file.seek(0)
    sent = send_file(editor, survey, file, {"hidden_rows": said})

    assert sent.json()["imported"] == number
