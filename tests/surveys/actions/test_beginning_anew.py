"""Where a key is gone its answers are noise: they go, links stay, and people may answer again."""

from pathlib import Path
from uuid import uuid4

import pytest

from surveys.actions import answer
from surveys.actions.answer_tables import check, say, take_table
from surveys.actions.begin_anew import begin_anew, forget_unreadable_tables
from surveys.actions.import_answers import import_answers, take_back
from surveys.encryption import keys
from surveys.encryption.keys import KeyMissing
from surveys.models import AnswerTable, Intake, Invitation, Survey
from surveys.questionnaire import questionnaires
from surveys.tables.plan import TableOptions
from tests.builders import consent_of, invitation_of, make_link, make_survey, ratings_for
from tests.surveys.conftest import on_disk

pytestmark = pytest.mark.django_db
RATINGS = ("5,2", "3,4", "1,1")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def survey(db):
    return make_survey(topics=2)


def taken(survey, tmp_path, ratings):
    with on_disk(f"Group,t1,t2\ncustomers,{ratings}\n".encode(), tmp_path) as file:
        return take_table(survey, file, f"{ratings}.csv", None)


def imported(survey, tmp_path, ratings):
    table = taken(survey, tmp_path, ratings)
    say(table, TableOptions())
    check(table)
    assert import_answers(table) == 1
    return table


def hand_in(survey, token):
    answer.submit(
        token, submission=uuid4(), ratings=ratings_for(survey), consent=consent_of(survey)
    )


def test_unreadable_answers_go_and_whoever_gave_them_may_answer_again(survey, tmp_path):
    tokens = [make_link(survey), make_link(survey)]
    for token in tokens:
        hand_in(survey, token)
    whole, back, waiting = (
        imported(survey, tmp_path, RATINGS[0]),
        imported(survey, tmp_path, RATINGS[1]),
        taken(survey, tmp_path, RATINGS[2]),
    )
    take_back(back)
    keys.destroy(survey.key)
    lost = survey.key

    assert begin_anew(survey) == 3
    questionnaires._cached.cache_clear()  # a site is started after it was restored

    assert not Intake.objects.filter(survey=survey).exists()
    assert keys.exists(survey.key)
    assert Survey.objects.get(pk=survey.pk).key == survey.key != lost
    assert Invitation.objects.filter(audience__survey=survey).count() == len(tokens)
    tables = dict(AnswerTable.objects.values_list("pk", "state"))
    assert tables == {whole.pk: "taken_back", back.pk: "taken_back"}
    assert waiting.pk not in tables

    hand_in(survey, tokens[0])
    assert Intake.objects.get().invitation == invitation_of(tokens[0])


def test_the_control_without_a_new_key_nobody_can_answer(survey):
    token = make_link(survey)
    keys.destroy(survey.key)

    with pytest.raises(KeyMissing):
        hand_in(survey, token)


def test_of_the_tables_handed_in_those_go_whose_files_cannot_be_read(survey, tmp_path):
    other = make_survey(topics=2, slug="other")
    unreadable, readable = (taken(one, tmp_path, RATINGS[0]) for one in (survey, other))
    Path(unreadable.file.path).unlink()

    assert forget_unreadable_tables() == 1

    assert list(AnswerTable.objects.all()) == [readable]
