"""A machine whose files are in an object store, brought back on another with a store of its own."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.backup.places import Machine

pytestmark = [pytest.mark.drill, pytest.mark.machine]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    running = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


def bucket(server: str, name: str) -> Any:
    store = boto3.resource(
        "s3", endpoint_url=server, aws_access_key_id="a", aws_secret_access_key="b",
        region_name="us-east-1",
    )  # fmt: skip
    return store.create_bucket(Bucket=name)


def machine(folder: Path, server: str, name: str) -> Machine:
    """Return a machine of this name with a SQLite database and its files in the bucket so named."""
    folder = folder / name
    return Machine(
        folder, f"sqlite:///{folder / 'site.sqlite3'}", FILES="s3", S3_BUCKET=name,
        S3_ENDPOINT=server, S3_REGION="us-east-1", S3_ACCESS_KEY="a", S3_SECRET_KEY="b",
        S3_ADDRESSING="path",
    )  # fmt: skip


def contents(bucket: Any) -> dict[str, bytes]:
    return {each.key: each.get()["Body"].read() for each in bucket.objects.all()}


def test_files_come_back_byte_for_byte_on_a_machine_with_an_empty_store(server, tmp_path):
    ours, theirs = bucket(server, "ours"), bucket(server, "theirs")
    first = machine(tmp_path, server, "ours")
    tokens = json.loads(first.do("fill", "3"))
    first.do("answer", *tokens)
    first.manage("backup", tmp_path / "backup")
    files = contents(ours)
    assert any(b"%PDF proof" in content for content in files.values())
    other = machine(tmp_path, server, "theirs")
    shutil.copytree(first.keys, other.keys)
    theirs.put_object(Key="of somebody else", Body=b"1")

    sentence = other.refused("restore", tmp_path / "backup")
    theirs.objects.all().delete()
    other.manage("restore", tmp_path / "backup")

    assert "holds files already" in sentence
    assert contents(theirs) == files
    assert other.tell()["receipts"] == first.tell()["receipts"]
    assert "Everything is there" in other.manage("selfcheck")
    assert other.manage("verify")
    assert not (other.folder / "data/files").exists()


def test_a_file_that_the_store_lost_is_named_by_selfcheck(server, tmp_path):
    ours = bucket(server, "lossy")
    first = machine(tmp_path, server, "lossy")
    first.do("fill", "1")
    ours.objects.all().delete()

    process = first.start("manage.py", "selfcheck")
    _out, sentence = process.communicate()

    assert process.returncode == 1
    assert "its content is gone" in sentence
