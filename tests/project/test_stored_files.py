"""Files in the database: whole on every host, and gone without a trace where they must be."""

import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.test import override_settings

from materiality.models import FilePart, StoredFile
from materiality.project.files import PART, DatabaseStorage
from surveys.encryption.keys import KeyMissing
from tests.project.test_settings import django_says

pytestmark = pytest.mark.django_db(transaction=True)
LONG = os.urandom(2 * PART + 17)


@pytest.fixture(autouse=True)
def host(settings, tmp_path):
    """A host whose disk has nothing."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SURVEY_KEYS = str(tmp_path / "keys")
    return tmp_path


def test_a_file_that_was_closed_is_opened_again(host):
    name = DatabaseStorage().save("table", ContentFile(b"a,b"))
    file = DatabaseStorage().open(name)

    for _time in range(2):
        with file.open("rb") as opened:
            assert opened.read() == b"a,b"


@pytest.mark.parametrize("passing", [False, True])
def test_a_file_comes_back_whole_and_lies_on_no_disk(host, passing):
    name = DatabaseStorage(passing=passing).save("evidence/minutes.pdf", ContentFile(LONG))

    with override_settings(MEDIA_ROOT=host / "another host"):
        storage = DatabaseStorage(passing=passing)
        with storage.open(name) as file:
            assert file.read() == LONG
        assert (storage.exists(name), storage.size(name)) == (True, len(LONG))
    assert FilePart.objects.count() == 3
    assert not (host / "files").exists()


def test_what_is_handed_in_is_noise_in_the_database_and_its_key_goes_with_it(host):
    storage = DatabaseStorage(passing=True)
    name = storage.save("table", ContentFile(b"ann@example.com,5\n" * 1000))
    copied = [bytes(part) for part in FilePart.objects.values_list("content", flat=True)]
    stored = StoredFile.objects.get()
    assert len(list((host / "keys").iterdir())) == 1

    storage.delete(name)

    assert b"ann@example.com" not in b"".join(copied)
    assert list((host / "keys").iterdir()) == []
    assert not storage.exists(name)
    stored.save(force_insert=True)  # as from a backup
    FilePart.objects.create(file=stored, number=0, content=copied[0])
    with pytest.raises(KeyMissing):
        storage.open(name)


def test_the_control_a_file_that_stays_is_readable_in_the_database(host):
    DatabaseStorage().save("minutes", ContentFile(b"Minutes of the board"))

    assert bytes(FilePart.objects.get().content) == b"Minutes of the board"


def test_a_file_from_before_is_read_from_the_disk(host):
    FileSystemStorage().save("old", ContentFile(b"Kept on this host"))

    with DatabaseStorage().open("old") as file:
        assert file.read() == b"Kept on this host"
    DatabaseStorage().delete("old")
    assert not FileSystemStorage().exists("old")


def test_two_files_of_one_name_are_two(host):
    storage = DatabaseStorage()

    names = {storage.save("same", ContentFile(text)) for text in (b"one", b"two")}

    assert len(names) == 2


def test_production_keeps_files_in_the_database():
    code = (
        "from django.core.files.storage import storages as s;"
        "print(s['default'], s['passing'].passing)"
    )

    said = django_says(code, PRODUCTION="1", SECRET_KEY="x" * 60)

    assert "DatabaseStorage" in said.stdout
    assert said.stdout.split()[-1] == "True"
