"""Files in an S3-compatible store: a real one, by HTTP on loopback, that ends with the tests."""

from collections.abc import Iterator

import boto3
import pytest
from django.core.checks import run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse

from materiality import actions
from materiality.backup import container
from materiality.backup.errors import BackupError
from materiality.backup.restoring import _put_files, _require_empty
from materiality.backup.selfcheck import faults
from materiality.backup.stores import fetched
from materiality.models import StoredFile
from materiality.project.files import DatabaseStorage
from materiality.project.filing import file_storages
from materiality.project.objects import FilesAway, ObjectStorage
from surveys.models import Organisation
from tests.locking.waiting import wait_over
from tests.web.conftest import round_to_decide, signed_in

pytestmark = pytest.mark.django_db
NAME = "ours"
LONG = b"%PDF minutes " * 100_000


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    running = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server):
    """An empty bucket that keeps versions, as careful operators set it."""
    store = boto3.resource(
        "s3", endpoint_url=server, aws_access_key_id="a", aws_secret_access_key="b",
        region_name="us-east-1",
    )  # fmt: skip
    made = store.create_bucket(Bucket=NAME)
    store.BucketVersioning(NAME).enable()
    yield made
    made.object_versions.delete()
    made.delete()


@pytest.fixture
def options(server):
    return {
        "bucket_name": NAME,
        "endpoint_url": server,
        "region_name": "us-east-1",
        "access_key": "a",
        "secret_key": "b",
        "location": "site",
        "addressing_style": "path",
    }


@pytest.fixture
def stored(bucket, options, settings, tmp_path):
    """A host whose files are in the store, and whose disk has nothing."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SURVEY_KEYS = str(tmp_path / "keys")
    settings.FILES, settings.S3 = "s3", options
    settings.STORAGES = {**settings.STORAGES, **file_storages("s3", options)}
    assert isinstance(storages["default"], ObjectStorage)
    return bucket


@pytest.fixture
def assessment(stored):
    """A round with an evidence file, whose members' names are their roles."""
    return round_to_decide()


def keys_in(bucket) -> list[str]:
    return [each.key for each in bucket.objects.all()]


def read(name: str) -> bytes:
    with default_storage.open(name) as opened:
        content: bytes = opened.read()
    return content


def test_a_file_comes_back_whole_on_every_host_and_is_nowhere_else(stored, tmp_path):
    name = default_storage.save("evidence/minutes.pdf", ContentFile(LONG))

    assert keys_in(stored) == [f"site/{name}"]
    with override_settings(MEDIA_ROOT=tmp_path / "another host"), default_storage.open(name) as one:
        assert one.read() == LONG
    assert default_storage.size(name) == len(LONG)
    assert not StoredFile.objects.exists()
    assert not (tmp_path / "files").exists()


def test_a_file_that_was_closed_is_opened_again(stored):
    name = default_storage.save("table", ContentFile(b"a,b"))
    file = default_storage.open(name)

    for _time in range(2):
        with file.open("rb") as opened:
            assert opened.read() == b"a,b"


def test_two_files_of_one_name_stay_two(stored):
    first = default_storage.save("same", ContentFile(b"1"))
    second = default_storage.save("same", ContentFile(b"2"))

    assert first != second
    assert read(first) == b"1"


def test_deleting_a_file_deletes_each_version_of_it_and_no_other(stored):
    name = default_storage.save("evidence/a", ContentFile(b"1"))
    other = default_storage.save("evidence/a-2", ContentFile(b"other"))
    stored.Object(f"site/{name}").put(Body=b"an older or newer version")
    versions = list(stored.object_versions.filter(Prefix=f"site/{name}"))
    assert len(versions) == 3

    default_storage.delete(name)

    left = list(stored.object_versions.all())
    assert [each.object_key for each in left] == [f"site/{other}"]
    assert not default_storage.exists(name)
    default_storage.delete(name)  # repeated, it does nothing


def test_what_was_in_the_database_or_on_the_disk_before_is_read_and_deleted(stored, settings):
    before = DatabaseStorage().save("evidence/before", ContentFile(b"database"))
    on_disk = FileSystemStorage(settings.MEDIA_ROOT).save("evidence/disk", ContentFile(b"disk"))

    assert read(before) == b"database"
    assert read(on_disk) == b"disk"
    assert default_storage.size(before) == 8
    for name in (before, on_disk):
        default_storage.delete(name)
        assert not default_storage.exists(name)


def test_a_file_that_is_nowhere_is_said_to_be_missing(stored):
    with pytest.raises(FileNotFoundError):
        read("evidence/none")


def test_tables_that_are_to_leave_no_trace_stay_in_the_database_encrypted(stored):
    name = storages["passing"].save("answer-tables/x", ContentFile(b"Ann,5"))

    assert keys_in(stored) == []
    assert StoredFile.objects.get(name=name).key


def test_while_the_store_is_away_a_page_says_so_and_nothing_is_written(
    options, assessment, settings
):
    path = reverse("materiality:attach", args=[assessment.pk])
    sent = {
        "file": ContentFile(b"%PDF", name="a.pdf"),
        "about": "proof",
        "version": assessment.version,
    }
    [file] = assessment.evidence_files.all()
    away = options | {"endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = {**settings.STORAGES, **file_storages("s3", away)}

    refused = signed_in("owner").post(f"{path}?lang=en", sent)
    fetched_page = signed_in("viewer").get(
        reverse("materiality:evidence_file", args=[assessment.pk, file.pk]) + "?lang=en"
    )

    assert "store of files does not answer" in refused.content.decode()
    assert list(assessment.evidence_files.all()) == [file]
    assert fetched_page.status_code == 503
    assert any("does not answer" in fault or "没有响应" in fault for fault in faults())


def test_wrong_keys_are_said_and_not_taken_for_a_missing_file(stored, options, settings):
    wrong = options | {"bucket_name": "not-ours"}
    settings.STORAGES = {**settings.STORAGES, **file_storages("s3", wrong)}

    with pytest.raises(FilesAway):
        default_storage.save("evidence/a", ContentFile(b"1"))


# ---- evidence, deletion, backup ----


def test_evidence_is_attached_read_verified_and_goes_with_its_client(stored, assessment):
    here = assessment.organisation
    actions.attach(assessment=assessment, topic=None, name="b.pdf", content=LONG, by=None)
    file = assessment.evidence_files.get(name="b.pdf")
    got = signed_in("viewer").get(
        reverse("materiality:evidence_file", args=[assessment.pk, file.pk])
    )
    assert got.content == LONG
    assert file.content_digest() == file.digest
    stored.Object(f"site/{file.file.name}").put(Body=b"changed behind the product's back")
    assert file.content_digest() != file.digest  # control
    beside = default_storage.save("evidence/of another", ContentFile(b"theirs"))

    name = next(iter(here.name.values()))
    wait_over(actions.ask_deletion(organisation=here, name=name, by=None))
    call_command("delete_organisations")

    assert not Organisation.objects.exists()
    assert [each.object_key for each in stored.object_versions.all()] == [f"site/{beside}"]


def test_a_backup_fetches_every_file_and_a_restore_puts_them_into_an_empty_store(stored, tmp_path):
    contents = {default_storage.save(f"evidence/{n}", ContentFile(LONG[n:])): n for n in range(3)}

    copies = fetched(tmp_path / "copies")

    assert copies.keys() == contents.keys()
    for name, number in contents.items():
        assert copies[name].read_bytes() == LONG[number:]
    with pytest.raises(BackupError, match="holds files already"):
        _require_empty_store()
    stored.object_versions.delete()
    _require_empty_store()
    _put_files(copies)
    assert sorted(keys_in(stored)) == sorted(f"site/{name}" for name in contents)


def _require_empty_store() -> None:
    from unittest.mock import patch

    with patch("materiality.backup.restoring.connection.introspection.table_names", lambda: []):
        _require_empty()


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_the_files_of_the_store(stored, tmp_path):
    name = default_storage.save("evidence/minutes", ContentFile(LONG))
    target = tmp_path / "all.backup"

    call_command("backup", target)

    (tmp_path / "out").mkdir()
    contents = container.read(target, tmp_path / "out", "")
    assert contents.files[name].read_bytes() == LONG


@pytest.mark.django_db(transaction=True)
def test_a_file_removed_while_a_backup_is_made_is_named_and_the_rest_is_in_it(
    stored, tmp_path, monkeypatch, capsys
):
    name = default_storage.save("evidence/minutes", ContentFile(LONG))
    lost = default_storage.save("evidence/detached", ContentFile(b"gone"))
    names = ObjectStorage.names

    def removed_after(storage):
        listed = list(names(storage))
        storage.delete(lost)
        return listed

    monkeypatch.setattr(ObjectStorage, "names", removed_after)
    target = tmp_path / "all.backup"

    call_command("backup", target)

    assert f"not in it, though its rows may name them: {lost}" in capsys.readouterr().out
    (tmp_path / "out").mkdir()
    assert set(container.read(target, tmp_path / "out", "").files) == {name}


# ---- half a set-up ----


def said_of(settings, place="s3", **store) -> set[str]:
    settings.FILES = place
    whole = {"bucket_name": NAME, "endpoint_url": "", "access_key": "a", "secret_key": "b"}
    settings.S3 = whole | store
    told = run_checks(tags=["security"], include_deployment_checks=True)
    return {each.id for each in told if (each.id or "").startswith("materiality.")}


def test_half_a_store_is_refused(settings):
    whole = said_of(settings)
    for store, fault in (
        ({"bucket_name": ""}, "materiality.E014"),
        ({"secret_key": ""}, "materiality.E015"),
        ({"access_key": ""}, "materiality.E015"),
        ({"endpoint_url": "http://store.example.org"}, "materiality.E016"),
    ):
        assert said_of(settings, **store) - whole == {fault}
    assert not whole & {f"materiality.E0{number}" for number in range(13, 18)}
    assert said_of(settings, access_key="", secret_key="") == whole  # a role of the machine
    assert said_of(settings, endpoint_url="http://127.0.0.1:9000") == whole
    assert "materiality.E013" in said_of(settings, place="s4")
    assert "materiality.W010" in said_of(settings, place="disk")


def test_a_library_that_is_not_installed_is_named(settings, monkeypatch):
    from materiality.project import checks

    monkeypatch.setattr(checks, "find_spec", lambda name: None)

    assert "materiality.E017" in said_of(settings)
    assert "materiality.E017" not in said_of(settings, place="database")
