"""A round that is copied is the round that the actions made, and is guarded like it."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from materiality.locking.snapshots import results_for
from materiality.models import Assessment, EvidenceFile
from surveys.actions import answer
from surveys.encryption import keys
from surveys.models import Organisation, Question, Survey
from surveys.questionnaire.questionnaires import questionnaire
from tests import keeping
from tests.builders import consent_of, make_link, make_survey
from tests.rounds import sealed_round
from tests.web.conftest import round_to_decide

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(keeping, "_kept", {})


def rows():
    return {table: sorted(map(repr, found)) for (table, _), found in keeping._all_rows().items()}


def made_and_taken_back(tmp_path):
    """Return the rows and results of a round that was made; neither it nor its file is there."""
    with transaction.atomic():
        made = keeping.made_once("a round", round_to_decide)
        results = rows(), results_for(made).document["results"]
        transaction.set_rollback(True)
    shutil.rmtree(tmp_path / "evidence")
    assert not Organisation.objects.exists()
    return results


def test_a_copied_round_has_every_row_and_file_and_number_of_the_made_one(tmp_path):
    made, results = made_and_taken_back(tmp_path)

    copied = keeping.made_once("a round", lambda: pytest.fail("It was made a second time."))

    assert rows() == made
    assert results_for(copied).document["results"] == results
    assert Path(EvidenceFile.objects.get().file.path).read_bytes() == b"Minutes"


def test_the_database_guards_a_copied_round(tmp_path):
    made_and_taken_back(tmp_path)
    keeping.made_once("a round", round_to_decide)

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Question.objects.update(position=99)


def test_where_something_is_there_already_a_round_is_made():
    keeping.made_once("a round", sealed_round)
    Assessment.objects.all().update(year="1999")

    second = keeping.made_once("a round", round_to_decide)

    assert Assessment.objects.count() == 2
    assert second.year == "2020"


def test_the_control_an_empty_database_gets_the_copy():
    with transaction.atomic():
        kept = sealed_round()
        transaction.set_rollback(True)

    [name] = [name for name in keeping._kept if name.startswith("a sealed round")]
    assert keeping.made_once(name, lambda: pytest.fail("It was made.")).pk == kept.pk


def test_a_copied_survey_can_be_answered_though_the_one_before_was_sealed():
    with transaction.atomic():
        first = make_survey(topics=2)
        keys.destroy(first.key)  # as its seal does, once that stands
        transaction.set_rollback(True)

    copied = make_survey(topics=2)
    answer.start(make_link(copied), consent_of(copied))

    assert copied.pk == first.pk
    assert keys.exists(copied.key)


def test_what_a_test_wrote_past_the_rules_is_not_remembered_in_the_next():
    with transaction.atomic():
        first = make_survey(topics=2)
        Survey.objects.update(title={"en": "Overwritten"})
        assert questionnaire(first.audiences.get()).survey.title == {"en": "Overwritten"}
        transaction.set_rollback(True)

    copied = make_survey(topics=2)

    assert questionnaire(copied.audiences.get()).survey.title == first.title


def test_other_values_make_another_survey():
    with transaction.atomic():
        assert make_survey(topics=2).questions.count() == 2
        transaction.set_rollback(True)

    assert make_survey(topics=3).questions.count() == 3
    assert len(keeping._kept) == 2


def test_what_belongs_to_one_test_is_made_anew():
    later = timezone.now() + timedelta(days=3)

    make_survey(closes_at=later)

    assert not keeping._kept
