"""The file of a backup: whole or refused, whoever cut, changed or renamed it."""

import gzip
import io
import json
import random
import tarfile

import pyrage
import pytest

from materiality.backup import container
from materiality.backup.container import Contents, read, write
from materiality.backup.errors import BackupError

SECRET = pyrage.x25519.Identity.generate()
ABOUT = {"program": "0.2.0", "engine": "sqlite", "rows": {"a": 1}}


@pytest.fixture
def contents(tmp_path):
    database, proof = tmp_path / "db", tmp_path / "proof"
    database.write_bytes(random.Random(1).randbytes(100_000))
    proof.write_bytes("证据".encode() * 1000)
    return Contents(ABOUT, database, {"evidence/proof": proof})


@pytest.fixture(params=["", str(SECRET.to_public())], ids=["plain", "encrypted"])
def written(request, contents, tmp_path):
    path = tmp_path / "site.backup"
    write(path, contents, request.param)
    return path


@pytest.fixture
def empty(tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def test_what_went_in_comes_out(written, contents, empty):
    found = read(written, empty, str(SECRET))

    assert found.database.read_bytes() == contents.database.read_bytes()
    assert found.files["evidence/proof"].read_bytes() == "证据".encode() * 1000
    assert found.about["rows"] == {"a": 1}
    assert written.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_gone_by_then_is_named_and_the_rest_is_in_it(contents, tmp_path, empty):
    files = {**contents.files, "evidence/detached": tmp_path / "detached"}

    gone = write(tmp_path / "site.backup", Contents(ABOUT, contents.database, files))

    assert gone == ["evidence/detached"]
    assert set(read(tmp_path / "site.backup", empty).files) == {"evidence/proof"}
    assert write(tmp_path / "whole.backup", contents) == []  # the control


def test_an_encrypted_backup_shows_nothing_of_what_is_in_it(contents, tmp_path):
    plain, locked = tmp_path / "plain", tmp_path / "locked"
    write(plain, contents)
    write(locked, contents, str(SECRET.to_public()))

    assert b"sqlite" in gzip.decompress(plain.read_bytes())
    assert b"sqlite" not in locked.read_bytes()
    with pytest.raises(BackupError, match="Name the file with its secret key"):
        read(locked, tmp_path)


@pytest.mark.parametrize("seed", range(20))
def test_cut_anywhere_it_is_refused(written, empty, seed):
    whole = written.read_bytes()
    written.write_bytes(whole[: random.Random(seed).randrange(40, len(whole))])

    with pytest.raises(BackupError, match="cut short or was changed"):
        read(written, empty, str(SECRET))


@pytest.mark.parametrize("seed", range(20))
def test_with_one_byte_changed_it_is_refused(written, empty, seed):
    changed = bytearray(written.read_bytes())
    changed[random.Random(seed).randrange(300, len(changed))] ^= 1
    written.write_bytes(changed)

    with pytest.raises(BackupError, match=r"cut short or was changed|no backup"):
        read(written, empty, str(SECRET))


def packed(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name.replace("_json", ".json").replace("up", "../up"))
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def about(**facts: object) -> bytes:
    return json.dumps({"format": container.FORMAT, "version": container.VERSION, **facts}).encode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 somebody's letter", "is no backup of Materiality"),
        (b"", "is no backup of Materiality"),
        (packed(letter=b"Dear"), "is an archive, and no backup of Materiality"),
        (packed(about_json=about(format="another")), "is an archive, and no backup"),
        (packed(about_json=about(version=9, program="7.1")), r"version 9; .*Use the release.*7\.1"),
        (packed(about_json=about(), up=b"#!"), "holds '../up', which no backup of ours does"),
        (packed(about_json=about(), database=b"x"), "cut short or was changed"),
    ],
    # Their names may not come from the bytes: a gzip holds the second it was made in.
    ids=["letter", "nothing", "foreign", "other", "newer", "escaping", "cut"],
)
def test_what_is_foreign_or_of_another_version_is_refused_by_name(
    tmp_path, empty, content, sentence
):
    path = tmp_path / "file"
    path.write_bytes(content)

    with pytest.raises(BackupError, match=sentence):
        read(path, empty)

    assert not (tmp_path / "up").exists()


def test_another_secret_key_and_no_key_at_all_are_told_apart(contents, tmp_path, empty):
    path = tmp_path / "locked"
    write(path, contents, str(SECRET.to_public()))

    with pytest.raises(BackupError, match="encrypted for another key"):
        read(path, empty, str(pyrage.x25519.Identity.generate()))
    with pytest.raises(BackupError, match="is no secret key of age"):
        read(path, empty, "hunter2")
    with pytest.raises(BackupError, match="is no public key of age"):
        write(path, contents, "age1nonsense")


def test_a_backup_that_is_killed_has_not_its_name(contents, tmp_path, monkeypatch):
    def killed(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "site.backup", contents)

    assert not (tmp_path / "site.backup").exists()
