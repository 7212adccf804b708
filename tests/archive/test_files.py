import hashlib
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from materiality import actions
from materiality.errors import ChangeNeedsReason, CommentNeeded, UnusableFile
from materiality.models.immutable import RowIsImmutable
from tests.rounds import make_round, make_user
from tests.tampering import tamper

pytestmark = pytest.mark.django_db
MINUTES = b"Minutes of the board"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def attached():
    assessment = make_round()
    topic = assessment.topics.get(code="energy")
    alice = make_user("alice", assessment.organisation)
    actions.attach(
        assessment=assessment,
        topic=topic,
        name="minutes.pdf",
        content=MINUTES,
        about="The board saw the cuts",
        by=alice,
    )
    return assessment


def test_a_file_is_kept_with_its_hash_under_a_name_that_says_nothing(attached, folder):
    file = attached.evidence_files.get()

    assert (file.name, file.size) == ("minutes.pdf", len(MINUTES))
    assert file.digest == hashlib.sha256(MINUTES).hexdigest() == file.content_digest()
    stored = folder / file.file.name
    assert stored.read_bytes() == MINUTES
    assert "minutes" not in file.file.name
    assert stored.suffix == ""
    event = attached.events.last()
    assert (event.verb, event.subject, event.after["digest"]) == ("attach", "energy", file.digest)


def test_files_are_not_among_those_the_web_server_hands_out():
    from django.conf import settings

    assert Path(settings.STATIC_ROOT) not in Path(default_storage.location).parents
    assert not settings.MEDIA_URL.strip("/")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\minutes\\board.docx", "board.docx"),
        ("a\u202ecod.exe\x00", "acod.exe"),
        ("..", "file"),
        ("会议纪要.pdf", "会议纪要.pdf"),
    ],
)
def test_the_name_is_the_last_part_and_can_be_seen(given, kept):
    file = actions.attach(assessment=make_round(), name=given, content=b"x", by=None)

    assert file.name == kept


@pytest.mark.parametrize("content", [b"", b"x" * (20 * 2**20 + 1)])
def test_an_empty_or_huge_file_is_refused(content):
    assessment = make_round()

    with pytest.raises(UnusableFile):
        actions.attach(assessment=assessment, name="a", content=content, by=None)

    assert not assessment.evidence_files.exists()


def test_a_file_is_removed_with_a_reason_and_stays_in_the_log(
    attached, folder, django_capture_on_commit_callbacks
):
    file = attached.evidence_files.get()
    stored = folder / file.file.name

    with pytest.raises(ChangeNeedsReason):
        actions.detach(file=file, by=None, reason=" ")
    with django_capture_on_commit_callbacks(execute=True):
        actions.detach(file=file, by=None, reason="The wrong meeting")

    assert not stored.exists()
    event = attached.events.last()
    assert event.before["digest"] == hashlib.sha256(MINUTES).hexdigest()
    assert event.reason == "The wrong meeting"
    call_command("verify")


def test_a_remark_is_a_record():
    assessment = make_round()
    row = actions.remark(
        assessment=assessment, topic=assessment.topics.first(), text=" Why so low? ", by=None
    )

    assert row.text == "Why so low?"
    assert assessment.events.last().subject == "privacy"
    with pytest.raises(RowIsImmutable):
        row.delete()
    with pytest.raises(CommentNeeded):
        actions.remark(assessment=assessment, text=" ", by=None)


def sql(statement):
    return lambda file, folder: tamper(statement)


OTHER = hashlib.sha256(b"Other minutes").hexdigest()
TAMPERINGS = {
    "changed content": lambda file, folder: (folder / file.file.name).write_bytes(b"Other"),
    "removed content": lambda file, folder: (folder / file.file.name).unlink(),
    "a cut tail": lambda file, folder: (folder / file.file.name).write_bytes(MINUTES[:-1]),
    "a removed row": sql("DELETE FROM materiality_evidencefile"),
    "another name": sql("UPDATE materiality_evidencefile SET name = 'agenda.pdf'"),
    "another hash": sql(f"UPDATE materiality_evidencefile SET digest = '{OTHER}'"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_verify_names_the_file(attached, folder, name, capsys):
    TAMPERINGS[name](attached.evidence_files.get(), folder)

    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify")

    assert "evidence file “" in capsys.readouterr().err


def test_verify_names_an_edited_remark(attached, capsys):
    actions.remark(assessment=attached, text="Not enough", by=None)
    tamper("UPDATE materiality_remark SET text = 'Quite enough'")

    with pytest.raises(CommandError, match="1 faults"):
        call_command("verify")

    assert "comments are not those" in capsys.readouterr().err
