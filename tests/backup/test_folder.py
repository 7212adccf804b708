"""A folder of backups: one a day and one after each seal, none older than it may be; and keys."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from materiality.backup.making import due, needed_keys, new_path, prune
from materiality.backup.selfcheck import faults, mend_keys
from surveys.actions import answer
from surveys.actions.publish import close
from surveys.actions.seal import seal
from surveys.encryption import keys
from surveys.encryption.keys import KeyNotDestroyed, KeyNotKept
from surveys.models import Intake, Survey
from tests.builders import consent_of, make_link, make_survey, ratings_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("made_anew")]
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def places(tmp_path, settings) -> list[Path]:
    """Two folders of keys."""
    settings.SURVEY_KEYS = str(tmp_path / "keys")
    settings.SURVEY_KEY_COPIES = [str(tmp_path / "copies")]
    return [tmp_path / "keys", tmp_path / "copies"]


@pytest.fixture
def survey(places) -> Survey:
    made = make_survey(topics=2)
    answer.submit(
        make_link(made), submission=uuid4(), ratings=ratings_for(made), consent=consent_of(made)
    )
    return made


def another_process() -> None:
    keys._memory.clear()


def test_a_backup_is_due_each_day_and_after_each_seal(survey, tmp_path):
    now = datetime.now(UTC)
    assert due(tmp_path, now)
    new_path(tmp_path, now, "").touch()
    assert not due(tmp_path, now)
    assert due(tmp_path, now + timedelta(days=1))

    close(survey)
    seal(survey)

    assert due(tmp_path, datetime.now(UTC) + timedelta(seconds=1))


def test_what_is_too_old_goes_and_the_newest_never(tmp_path):
    for days in (50, 40, 31, 2):
        new_path(tmp_path, NOW - timedelta(days=days), "age1").touch()
    (tmp_path / "materiality-notes.txt").touch()

    assert prune(tmp_path, NOW, 30) == 3
    assert prune(tmp_path, NOW + timedelta(days=99), 30) == 0

    kept = sorted(path.name for path in tmp_path.iterdir() if path.is_file())
    assert kept == ["materiality-20261127T120000Z.backup.age", "materiality-notes.txt"]


def test_without_a_place_the_command_says_what_to_do(survey):
    with pytest.raises(CommandError, match="set BACKUPS to the folder"):
        call_command("backup")


def test_a_backup_needs_the_keys_of_what_is_open_and_no_other(survey):
    assert needed_keys() == {survey.key: f"the answers of {survey.slug}"}
    close(survey)
    seal(survey)

    assert needed_keys() == {}


def test_a_key_lies_in_every_folder_and_each_of_them_is_enough(survey, places):
    for place in places:
        assert (place / survey.key).stat().st_mode & 0o777 == 0o600
    (places[0] / survey.key).unlink()
    another_process()

    assert Intake.objects.get().contents.ratings


def test_the_seal_destroys_every_copy(survey, places):
    close(survey)
    seal(survey)

    assert [list(place.iterdir()) for place in places] == [[], []]


def test_a_copy_that_is_not_there_stops_the_seal_it_would_outlive_it(survey, places):
    close(survey)
    places[1].rename(places[1].with_name("unmounted"))
    places[1].mkdir()  # as where nothing is mounted

    with pytest.raises(KeyNotDestroyed):
        seal(survey)
    assert not Survey.objects.get().is_sealed
    assert any("is not in" in fault for fault in faults())

    places[1].rmdir()
    places[1].with_name("unmounted").rename(places[1])
    seal(survey)
    assert list(places[1].iterdir()) == []


def test_the_control_without_looking_the_copy_would_outlive_the_seal(survey, places, monkeypatch):
    monkeypatch.setattr(keys, "require_destroyable", lambda _name: None)
    close(survey)
    places[1].rename(places[1].with_name("unmounted"))

    seal(survey)

    assert len(list(places[1].with_name("unmounted").iterdir())) == 1


def test_a_folder_that_lost_a_key_gets_it_again(survey, places):
    (places[0] / survey.key).write_bytes(b"short")

    assert mend_keys() == 1

    assert (places[0] / survey.key).read_bytes() == (places[1] / survey.key).read_bytes()
    assert list(faults()) == []
    close(survey)
    seal(survey)
    assert mend_keys() == 0
    assert [list(place.iterdir()) for place in places] == [[], []]


def test_nothing_is_published_where_one_folder_cannot_keep_the_key(places):
    places[1].touch()

    with pytest.raises(KeyNotKept):
        make_survey()
