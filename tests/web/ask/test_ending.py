"""Before the seal the page says what it does in this survey, who answered, and what is early."""

import pytest

from surveys.models import Audience
from tests.rounds import STEADY, answer, close_and_seal
from tests.web.ask.asking import page

pytestmark = pytest.mark.django_db

GONE = "deletes the way back to each person"
KEPT = "The answers keep their names"


def test_the_promise_is_that_of_the_survey(anonymous, named, editor):
    assert GONE in page(editor, anonymous, "end/")
    assert KEPT not in page(editor, anonymous, "end/")
    assert KEPT in page(editor, named, "end/")
    assert GONE not in page(editor, named, "end/")


def test_who_answered_and_which_target_is_missed_stand_before_the_seal(named, editor):
    Audience.objects.filter(survey=named).update(target=20)
    answer(named, STEADY)

    content = page(editor, named, "end/")

    assert '<td class="r">6</td><td class="r">20</td>' in "".join(
        line.strip() for line in content.splitlines()
    )
    assert "fewer answers than aimed for" in content
    Audience.objects.filter(survey=named).update(target=0)
    assert "fewer answers than aimed for" not in page(editor, named, "end/")  # control


def test_a_seal_before_the_day_that_people_were_told_says_how_early(named, editor):
    assert "People were told that they can answer until" in page(editor, named, "end/")


def test_the_progress_of_one_survey_tells_of_that_survey_alone(anonymous, named, editor):
    answer(anonymous, {"employees": [[4, 3, 4, 4]] * 6})

    of_all = page(editor, anonymous, "progress/").partition("<section")[0]
    own = page(editor, named, "progress/").partition("<section")[0]

    assert "have not answered" in own
    assert own.partition("left,")[2][:20] != of_all.partition("left,")[2][:20]


def test_a_panel_that_nobody_answered_is_warned_of_and_its_page_of_results_says_so(
    anonymous, named, editor, round_
):
    answer(anonymous, STEADY)
    assert "Nobody has answered" in page(editor, named, "end/")
    assert "answered, if any" not in page(editor, anonymous, "end/")  # control

    close_and_seal(anonymous)
    close_and_seal(named)

    shown = editor.get(f"/a/{round_.pk}/results/?lang=en")
    assert shown.status_code == 200
    assert "Nobody answered" in shown.content.decode()


def test_an_anonymous_survey_without_answers_is_warned_of(anonymous, editor):
    assert "answered, if any" in page(editor, anonymous, "end/")
