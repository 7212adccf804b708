"""The key of a survey: made when it is published, shared by the hosts, gone with the seal."""

from pathlib import Path
from uuid import uuid4

import pytest

from surveys.actions import answer
from surveys.actions.publish import close
from surveys.actions.seal import destroy_left_keys, seal
from surveys.encryption import keys
from surveys.encryption.contents import STEP, Contents, decrypt, encrypt
from surveys.encryption.keys import KeyMissing, KeyNotDestroyed, KeyNotKept
from surveys.models import Intake, SealedAnswers, Survey
from tests.builders import consent_of, make_link, make_survey, ratings_for

pytestmark = pytest.mark.usefixtures("made_anew")


@pytest.fixture
def folder(tmp_path, settings):
    settings.SURVEY_KEYS = str(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def answered(transactional_db, folder):
    survey = make_survey(topics=3)
    answer.submit(
        make_link(survey),
        submission=uuid4(),
        ratings=ratings_for(survey),
        comment="Plant trees",
        consent=consent_of(survey),
    )
    return survey


def another_process() -> None:
    """Forget what this process remembers of keys, as another one never knew it."""
    keys._memory.clear()


def test_publishing_makes_a_key_that_only_its_user_may_read(answered, folder):
    path = folder / answered.key

    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_bytes()) == keys.KEY_BYTES
    assert b"Plant trees" not in bytes(Intake.objects.get().ciphertext)
    assert Intake.objects.get().contents.comment == "Plant trees"


def test_the_seal_destroys_the_key_and_what_was_copied_before_is_noise(answered, folder):
    copied = bytes(Intake.objects.get().ciphertext)
    close(answered)

    seal(answered)

    assert list(folder.iterdir()) == []
    with pytest.raises(KeyMissing):
        decrypt(copied)


def test_a_key_that_cannot_be_destroyed_fails_loudly_and_the_seal_can_be_repeated(
    answered, folder, monkeypatch
):
    close(answered)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", refused)
        with pytest.raises(KeyNotDestroyed):
            seal(answered)
    assert Survey.objects.get().is_sealed
    assert len(list(folder.iterdir())) == 1

    again = seal(answered)

    assert list(folder.iterdir()) == []
    assert again == SealedAnswers.objects.get()


def test_a_folder_that_cannot_be_written_to_stops_the_seal_before_it_begins(
    answered, folder, monkeypatch
):
    close(answered)
    monkeypatch.setattr("os.access", lambda *_path: False)

    with pytest.raises(KeyNotDestroyed):
        seal(answered)

    assert not Survey.objects.get().is_sealed
    assert Intake.objects.count() == 1


def test_the_key_of_a_seal_that_was_killed_is_destroyed_afterwards(answered, folder, monkeypatch):
    close(answered)
    with monkeypatch.context() as killed:
        killed.setattr(keys, "destroy", lambda name: None)
        seal(answered)
    other = make_survey(topics=1)

    assert destroy_left_keys() == 1

    assert [path.name for path in folder.iterdir()] == [other.key]


def test_a_key_that_another_seal_removes_at_the_same_moment_is_gone(folder, monkeypatch):
    name, erase = keys.create(), keys._erase

    def late(path):
        path.unlink()  # as the other one does, between the look and the writing
        erase(path)

    monkeypatch.setattr(keys, "_erase", late)
    keys.destroy(name)

    assert not keys.exists(name)


def test_a_host_without_the_key_asks_to_try_later_and_writes_nothing(answered, folder, client):
    token = make_link(answered)
    (folder / answered.key).rename(folder.parent / "elsewhere")
    another_process()

    with pytest.raises(KeyMissing):
        answer.start(token, consent_of(answered))
    close(answered)
    with pytest.raises(KeyMissing):
        seal(answered)

    assert Intake.objects.count() == 1
    (folder.parent / "elsewhere").rename(folder / answered.key)
    assert seal(answered).respondents == 1


def test_a_survey_is_not_published_without_a_place_for_its_key(db, tmp_path, settings):
    (tmp_path / "file").touch()
    settings.SURVEY_KEYS = str(tmp_path / "file" / "keys")

    with pytest.raises(KeyNotKept):
        make_survey()


@pytest.mark.parametrize("comment", ["", "字" * 300, "a b" * 160])
def test_every_answer_is_as_long_whatever_it_says(folder, comment):
    name = keys.create()
    contents = Contents(ratings={str(10_000 + at): 5 for at in range(40)}, comment=comment)

    stored = encrypt(name, contents)

    assert len(stored) == STEP
    assert decrypt(stored) == contents


def test_a_longer_answer_grows_by_whole_steps_and_comes_back_whole(folder):
    remarks = {str(at): f"{at} " + "🌳树tree" * 70 for at in range(30)}
    contents = Contents(remarks=remarks, draw=2**62 - 1, seconds=7, trapped=True)

    stored = encrypt(keys.create(), contents)

    assert len(stored) % STEP == 0
    assert decrypt(stored) == contents


def refused(*_path: object) -> None:
    raise OSError("read-only file system")
