"""Sources by their pages: recorded, marked, coded by several; and what never leaves."""

import io
import json
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation
from docx import Document
from python_calamine import CalamineWorkbook

from materiality import actions
from materiality.actions.sources import Upload, hash_of
from materiality.archive.making import archive
from materiality.errors import (
    BadSource,
    ChangeNeedsReason,
    InTheRegister,
    RoundLocked,
    TopicInUse,
)
from materiality.inputs.sources import sources_of
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.locking.verification import faults_of
from materiality.models import Assessment, Passage
from materiality.report.edition import Edition
from materiality.report.files import package
from surveys.models import Comment
from tests.api.test_assessments import client_of
from tests.builders import both
from tests.markup import page_of
from tests.rounds import make_round, make_user
from tests.web.conftest import signed_in
from tests.web.report.test_quotes import UNREAD, WITHHELD, round_with_comments

pytestmark = pytest.mark.django_db
SECRET, TITLE = "the foreman hid the readings", "Audit of supplier 7"
FACTS = {"kind": "due_diligence", "title": TITLE, "dated": date(2020, 6, 1), "by": None}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def page(name: str, assessment: Assessment, *keys: str) -> str:
    return reverse(f"materiality:{name}", args=[assessment.pk, *keys]) + "?lang=en"


def secret_source(assessment, **facts):
    given = FACTS | {"confidentiality": "confidential", "origin": "Wu & Partners"} | facts
    source = actions.add_source(assessment=assessment, **given)
    actions.add_passage(source=source, text=SECRET, place="page 17", by=None)
    return source


def user(name):
    from django.contrib.auth.models import User

    return User.objects.get(username=name)


def code(assessment, passages, coder, *topics):
    for row in passages:
        actions.code_passage(passage=row, topics=topics, iros=[], by=user(coder))


def test_a_source_is_recorded_with_its_file_and_the_file_keeps_its_hash(assessment, owner):
    sent = {
        "version": "0", "title": "Town paper", "kind": "media", "dated": "2020-05-02",
        "origin": "The paper", "language": "Chinese", "confidentiality": "public",
        "upload": SimpleUploadedFile("paper.pdf", b"Dust rose"),
    }  # fmt: skip
    assert owner.post(page("add_source", assessment), sent).status_code == 302

    row = assessment.source_records.get(title="Town paper")
    assert row.code == "S-002"
    assert row.hash == row.file.digest
    with pytest.raises(InTheRegister, match="S-002"):
        actions.detach(file=row.file, by=None, reason="Wrong file")
    assert "Town paper" in page_of(owner.get(page("sources", assessment)))


def typed(title: str, **other: object) -> dict[str, object]:
    """Return what a browser sends of the form of a source where no file was chosen."""
    plain = {
        "version": "0", "title": title, "kind": "media", "dated": "2020-05-02", "origin": "",
        "language": "", "confidentiality": "public",
    }  # fmt: skip
    return plain | other


def test_a_source_is_recorded_and_changed_where_no_file_was_chosen(assessment, owner):
    assert owner.post(page("add_source", assessment), typed("Heard")).status_code == 302
    row = assessment.source_records.get(title="Heard")

    changed = typed("Heard by many", confidentiality="internal", version="1")
    assert owner.post(page("source", assessment, row.code), changed).status_code == 302

    row.refresh_from_db()
    assert (row.title, row.confidentiality, row.file) == ("Heard by many", "internal", None)


def test_a_form_of_a_source_that_was_cut_short_saves_nothing(assessment, owner):
    cut = typed("Heard")
    del cut["origin"]

    answer = owner.post(page("add_source", assessment), cut)

    assert "arrived incomplete" in page_of(answer)
    assert not assessment.source_records.filter(title="Heard").exists()


def test_of_a_confidential_file_only_the_hash_is_kept(assessment, owner):
    sent = {
        "version": "0", "title": TITLE, "kind": "due_diligence", "dated": "2020-05-02",
        "origin": "", "language": "", "confidentiality": "confidential",
        "upload": SimpleUploadedFile("audit.pdf", SECRET.encode()),
    }  # fmt: skip
    files = assessment.evidence_files.count()
    owner.post(page("add_source", assessment), sent)

    row = assessment.source_records.get(title=TITLE)
    assert (row.file, len(row.digest)) == (None, 64)
    assert assessment.evidence_files.count() == files


def test_a_passage_is_marked_and_coded_by_two_each_for_themselves(assessment, owner):
    sent = {"version": "0", "text": "Water was foul", "place": "p. 2", "released": ""}
    owner.post(page("add_passage", assessment, "S-001"), sent)
    row = assessment.passages.get(text="Water was foul")

    owner.post(
        page("passage", assessment, row.code), {"version": "0", "topics": ["safety"], "iros": []}
    )
    signed_in("reviewer").post(
        page("passage", assessment, row.code),
        {"version": "0", "topics": ["energy"], "iros": ["IRO-001"]},
    )

    shown = page_of(owner.get(page("source", assessment, "S-001")))
    assert "Water was foul" in shown
    assert row.codings.count() == 3
    assert "rest on one source" in page_of(owner.get(page("sources", assessment)))


def test_coding_again_replaces_ones_own_and_nothing_ticked_is_an_answer(assessment, owner):
    row = assessment.passages.get()
    code(assessment, [row], "owner", "safety", "energy")
    code(assessment, [row], "reviewer", "safety")

    owner.post(page("passage", assessment, row.code), {"version": "0"})

    said = {(c.coder.username, c.topic and c.topic.code) for c in row.codings.all()}
    assert said == {("owner", None), ("reviewer", "safety")}


def test_entries_are_found_by_words_and_what_is_ticked_stays(assessment, owner):
    for at in range(9):
        actions.add_iro(
            assessment=assessment, topic="safety", kind="risk", by=None,
            title=both(f"险{at}", f"Flood {at}" if at % 2 else f"Drought {at}"),
        )  # fmt: skip
    row = assessment.passages.get()
    address = page("passage", assessment, row.code)
    every = page_of(owner.get(address))
    sent = {"version": "0", "topics": ["safety"], "iros": ["IRO-002"], "words": "flood"}

    sought = page_of(owner.post(address, sent | {"find": "1"}))

    assert every.count('name="iros"') == assessment.iros.count()
    assert "Flood 3" in sought
    assert "Drought 4" not in sought
    assert 'value="IRO-002"' in sought.partition('name="iros"')[2]
    assert sought.count("checked") == 2
    assert not row.codings.exists()

    assert owner.post(address, sent).status_code == 302
    assert {c.iro.code for c in row.codings.all() if c.iro} == {"IRO-002"}


def test_what_others_coded_is_shown_once_one_has_coded_oneself(assessment, owner):
    row = assessment.passages.get()
    code(assessment, [row], "reviewer", "safety")
    before = page_of(owner.get(page("source", assessment, "S-001")))
    assert "reviewer: " not in before

    code(assessment, [row], "owner", "energy")

    assert "reviewer: " in page_of(owner.get(page("source", assessment, "S-001")))


def test_log_sheet_and_api_keep_others_codings_until_one_has_coded_oneself(assessment, owner):
    row = assessment.passages.get()
    code(assessment, [row], "reviewer", "safety")
    actions.code_passage(passage=row, topics=["safety"], iros=["IRO-001"], by=user("reviewer"))

    def told(client) -> list[bool]:
        """Tell whether log, its file, sheet and API name the entry the passage was coded to."""
        log = page("log", assessment) + "&verb=code_passage"
        sheet = client.get(page("sources_sheet", assessment)).content
        book = CalamineWorkbook.from_filelike(io.BytesIO(sheet))
        lines = client.get(page("log_csv", assessment)).content.decode().splitlines()
        texts = [
            page_of(client.get(log)),
            "".join(line for line in lines if "code_passage" in line),
            str(book.get_sheet_by_index(1).to_python()),
            client.get(f"/api/v1/assessments/{assessment.pk}/sources/").content.decode(),
        ]
        return ["IRO-001" in text for text in texts]

    assert told(owner) == [False] * 4
    assert told(signed_in("reviewer")) == [True] * 4  # controls: one's own, and who codes nothing
    assert told(signed_in("viewer")) == [True] * 4

    code(assessment, [row], "owner", "energy")

    assert told(owner) == [True] * 4


def test_entry_and_topic_name_the_sources_once_one_has_coded_their_passages(assessment, owner):
    row = assessment.passages.get()
    actions.code_passage(passage=row, topics=["safety"], iros=["IRO-001"], by=user("reviewer"))
    pages = [page("iro", assessment, "IRO-001"), page("dossier", assessment, "safety")]

    def named(client) -> list[bool]:
        return ["All sources" in page_of(client.get(one)) for one in pages]

    assert named(owner) == [False, False]
    assert named(signed_in("reviewer")) == [True, True]  # control

    code(assessment, [row], "owner", "energy")

    assert named(owner) == [True, True]


def test_codes_of_a_source_and_a_passage_that_were_removed_are_never_given_again(assessment):
    source = actions.add_source(assessment=assessment, **FACTS)
    passage = actions.add_passage(source=source, text="Dust", by=None)
    assert (source.code, passage.code) == ("S-002", "P-002")

    actions.remove_source(source=source, reason="By mistake", by=None)

    again = actions.add_source(assessment=assessment, **FACTS)
    assert again.code == "S-003"
    assert actions.add_passage(source=again, text="Dust", by=None).code == "P-003"


def test_by_program_a_source_is_changed_with_the_version_it_was_read_in(assessment, owner):
    key = assessment.pk
    client = client_of(user("owner"))
    [read] = client.get(f"/api/v1/assessments/{key}/sources/").json()["records"]

    def change(**sent):
        path = f"/api/v1/assessments/{key}/sources/S-001/"
        return client.patch(path, sent, format="json")

    assert change(title="First", version=read["version"]).status_code == 200
    assert change(title="Late", version=read["version"]).status_code == 409
    assert change(title="Blind").status_code == 400
    assert assessment.source_records.get().title == "First"


def test_agreement_is_shown_once_five_passages_were_coded_by_two(assessment, owner):
    source = assessment.source_records.get()
    for at in range(4):
        actions.add_passage(source=source, text=f"Dust {at}", by=None)
    rows = list(assessment.passages.all())
    code(assessment, rows[:3], "owner", "safety")
    code(assessment, rows[3:], "owner", "energy")
    code(assessment, rows[:4], "reviewer", "safety")
    assert "is not given" in page_of(owner.get(page("sources", assessment)))

    code(assessment, rows[4:], "reviewer", "energy")

    shown = page_of(owner.get(page("sources", assessment)))
    assert "Krippendorff’s alpha is" in shown
    note = printed(assessment, "method.docx")
    assert "Agreement of the coders, Krippendorff’s alpha (nominal):" in note
    assert "Topics that rest on one source:" in note


def printed(assessment, name: str) -> str:
    fresh = Assessment.objects.get(pk=assessment.pk)
    content = package.file(Edition(results_for(fresh), "en"), name)
    return "\n".join(p.text for p in Document(io.BytesIO(content)).paragraphs)


def everything_that_leaves(assessment, owner) -> str:
    """Return the text of bundle, log, archive, files, spreadsheet and API in one."""
    fresh = Assessment.objects.get(pk=assessment.pk)
    results = results_for(fresh)
    texts = [json.dumps(results.document, ensure_ascii=False)]
    texts += [json.dumps(event.entry(), ensure_ascii=False) for event in fresh.events.all()]
    texts += [printed(fresh, "method.docx"), printed(fresh, "section.docx")]
    sheet = owner.get(page("sources_sheet", fresh)).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(sheet))
    texts += [str(book.get_sheet_by_index(at).to_python()) for at in (0, 1)]
    texts.append(owner.get(f"/api/v1/assessments/{fresh.pk}/sources/").content.decode())
    with zipfile.ZipFile(io.BytesIO(archive(fresh))) as packed:
        names = [name for name in packed.namelist() if not name.startswith("method/")]
        texts += [packed.read(name).decode("utf-8", "replace") for name in names]
    return "\n".join(texts)


def test_nothing_of_a_confidential_source_leaves_and_the_control_does(assessment, owner):
    secret_source(assessment)
    open_one = actions.add_source(assessment=assessment, **FACTS | {"title": "Open report"})
    actions.add_passage(
        source=open_one, text="Mr Li said: filters failed", released="Filters failed", by=None
    )

    left = everything_that_leaves(assessment, owner)

    for never in (SECRET, TITLE, "page 17", "Wu & Partners", "Mr Li"):
        assert never not in left, never
    for always in ("Open report", "Filters failed", "S-002"):
        assert always in left, always


def test_a_confidential_title_leaves_only_where_that_is_allowed(assessment, owner):
    secret_source(assessment, title_leaves=True)

    left = everything_that_leaves(assessment, owner)

    assert TITLE in left
    assert SECRET not in left


def test_a_viewer_reads_neither_passages_nor_confidential_titles(assessment):
    secret_source(assessment)
    viewer = signed_in("viewer")

    shown = page_of(viewer.get(page("sources", assessment)))
    assert "S-002" in shown
    assert TITLE not in shown
    assert viewer.get(page("source", assessment, "S-002")).status_code == 403
    assert viewer.get(page("passage", assessment, "P-002")).status_code == 403


def test_what_cannot_be_is_refused_with_a_sentence(assessment):
    source = secret_source(assessment)
    file = assessment.evidence_files.first()
    passage = source.passages.get()

    with pytest.raises(BadSource, match="nothing of it may leave"):
        actions.describe_passage(passage=passage, text=SECRET, released="the foreman", by=None)
    with pytest.raises(BadSource, match="its hash is enough"):
        actions.describe_source(source=source, file=file, by=None)
    with pytest.raises(BadSource, match="no topic of the short list"):
        actions.code_passage(passage=passage, topics=["nothing"], iros=[], by=user("owner"))
    with pytest.raises(BadSource, match="no open entry IRO-099"):
        actions.code_passage(passage=passage, topics=[], iros=["IRO-099"], by=user("owner"))
    with pytest.raises(BadSource, match="Write the passage"):
        actions.add_passage(source=source, text=" ", by=None)
    with pytest.raises(ChangeNeedsReason):
        actions.remove_source(source=source, reason=" ", by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Passage.objects.create(assessment=assessment, code="P-099", text="x")


def test_a_source_that_becomes_confidential_takes_its_released_text_back(assessment, owner):
    source = assessment.source_records.get()
    assert "Dust rose" in everything_that_leaves(assessment, owner)

    actions.describe_source(source=source, by=None, confidentiality="confidential")

    assert "Dust rose" not in everything_that_leaves(assessment, owner)


def test_a_source_that_becomes_confidential_leaves_nothing_in_log_or_files(assessment, owner):
    paper = SimpleUploadedFile("supplier-7.pdf", b"Dust rose")
    open_one = typed(TITLE, origin="Wu & Partners", language="Low Saxon", dated="2019-02-03")
    owner.post(page("add_source", assessment), open_one | {"upload": paper})
    row = assessment.source_records.get(title=TITLE)
    actions.add_passage(source=row, text=SECRET, place="page 17", released="Foul", by=None)
    digest, key = row.hash, row.file.pk
    assert "Wu & Partners" in everything_that_leaves(assessment, owner)

    kept = open_one | {"confidentiality": "confidential", "version": str(row.version)}
    assert owner.post(page("source", assessment, row.code), kept).status_code == 302

    left = everything_that_leaves(assessment, owner)
    never = (TITLE, "Wu & Partners", "Low Saxon", "2019-02-03", "page 17", SECRET, "supplier-7")
    assert [text for text in never if text in left] == []
    row.refresh_from_db()
    assert (row.file, row.hash) == (None, digest)
    assert owner.get(page("evidence_file", assessment, str(key))).status_code == 404
    assert list(faults_of(Assessment.objects.get(pk=assessment.pk))) == []


def test_a_refused_change_keeps_no_file_and_another_upload_replaces_the_former(assessment, owner):
    def send(version: int, content: bytes) -> int:
        upload = SimpleUploadedFile("paper.pdf", content)
        sent = typed("Town paper", version=str(version), upload=upload)
        return owner.post(page("source", assessment, "S-001"), sent).status_code

    def stored() -> list[str]:
        return [str(one.content_digest()) for one in assessment.evidence_files.all()]

    before = stored()
    version = Assessment.objects.get(pk=assessment.pk).version
    row = assessment.source_records.get()
    assert send(row.version + 7, b"Late") == 409
    assert stored() == before

    assert send(row.version, b"First") == 302
    assert stored() == [*before, hash_of(b"First")]
    assert send(row.version + 1, b"Second") == 302
    assert stored() == [*before, hash_of(b"Second")]
    assert Assessment.objects.get(pk=assessment.pk).version == version


def test_a_viewer_gets_the_file_of_a_public_source_and_of_no_internal_one(assessment):
    source = assessment.source_records.get()
    paper = Upload("paper.pdf", b"Mr Li said: dust rose")
    actions.describe_source(source=source, by=None, upload=paper, confidentiality="internal")
    viewer, key = signed_in("viewer"), str(source.file.pk)

    assert "S-001.pdf" not in page_of(viewer.get(page("record", assessment)))
    assert viewer.get(page("evidence_file", assessment, key)).status_code == 404
    assert "S-001.pdf" in page_of(signed_in("reviewer").get(page("record", assessment)))
    assert b"dust rose" in signed_in("reviewer").get(page("evidence_file", assessment, key)).content

    actions.describe_source(source=source, by=None, confidentiality="public")
    assert "S-001.pdf" in page_of(viewer.get(page("record", assessment)))
    assert viewer.get(page("evidence_file", assessment, key)).status_code == 200


def test_a_file_that_an_entry_needs_stays_and_its_source_cannot_become_confidential(assessment):
    source = assessment.source_records.get()
    actions.describe_source(source=source, by=None, upload=Upload("a.pdf", b"Measured"))
    entry = assessment.iros.get()
    assessment.iros.filter(pk=entry.pk).update(evidence_file=source.file)

    with pytest.raises(InTheRegister, match=entry.code):
        actions.describe_source(source=source, by=None, confidentiality="confidential")

    former = source.file
    actions.describe_source(source=source, by=None, upload=Upload("b.pdf", b"Again"))
    assert source.file != former
    assert assessment.evidence_files.filter(pk=former.pk).exists()


def test_a_locked_round_keeps_its_sources_by_the_verbs_and_by_the_database(assessment):
    row = assessment.passages.get()
    code(assessment, [row], "owner", "safety")
    snapshot = snapshots.lock(assessment=assessment, by=None)
    told = json.loads(snapshot.document)
    assert told["inputs"]["sources"]["records"][0]["passages"][0]["text"] == "Dust rose"
    assert told["results"]["coding"]["topics"] == [{"code": "safety", "sources": ["S-001"]}]

    with pytest.raises(RoundLocked):
        code(assessment, [row], "owner", "energy")
    for statement in (
        "UPDATE materiality_sourcerecord SET title = 'Other'",
        "UPDATE materiality_passage SET released = ''",
        "UPDATE materiality_coding SET topic_id = NULL",
        "DELETE FROM materiality_coding",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)


def test_a_passage_coded_to_the_only_entry_does_not_stop_the_results_once_that_is_closed(
    assessment, owner
):
    iro = assessment.iros.get()
    row = assessment.passages.get()
    actions.code_passage(passage=row, topics=["safety"], iros=[iro.code], by=user("owner"))
    assert coded_entries(assessment) == [["IRO-001"]]

    actions.close_iro(iro=iro, reason=both("已出售", "Sold"), by=None)

    assert coded_entries(assessment) == [["IRO-001"]]  # the document holds it, closed
    assert owner.get(page("results", assessment)).status_code == 200
    snapshots.lock(assessment=assessment, by=None)
    assert list(faults_of(Assessment.objects.get(pk=assessment.pk))) == []


def coded_entries(assessment) -> list[list[str]]:
    """Return per coding of the first passage the entries that the document holds."""
    records = results_for(Assessment.objects.get(pk=assessment.pk)).inputs["sources"]["records"]
    return [coding["entries"] for coding in records[0]["passages"][0]["codings"]]


def test_a_member_of_another_company_finds_nothing(assessment, stranger):
    client = signed_in("stranger")

    assert client.get(page("sources", assessment)).status_code == 404
    assert client.get(page("source", assessment, "S-001")).status_code == 404


def test_a_topic_that_passages_were_coded_to_is_not_removed(db):
    draft = make_round()
    keeper = make_user("keeper", draft.organisation)
    source = actions.add_source(assessment=draft, **FACTS)
    row = actions.add_passage(source=source, text="Dust rose", by=None)
    actions.code_passage(passage=row, topics=["safety"], iros=[], by=keeper)

    with pytest.raises(TopicInUse, match="passages of sources"):
        actions.remove_topic(assessment=draft, topic="safety", by=None)


def test_comments_are_coded_once_they_were_let_out_and_only_then(db):
    assessment = round_with_comments(make_round())
    keeper = make_user("keeper", assessment.organisation)
    rows = Comment.objects.filter(survey__assessments=assessment)
    shown = rows.filter(text="Report in time").first()
    for hidden in (rows.filter(text=WITHHELD).first(), rows.filter(text=UNREAD).first()):
        with pytest.raises(BadSource, match="let out"):
            actions.take_comments(assessment=assessment, comments=[hidden.pk], by=keeper)

    client = signed_in("keeper")
    assert "Report in time" in page_of(client.get(page("sources", assessment)))
    client.post(page("sources", assessment), {"version": "0", "comments": [str(shown.pk)]})
    row = assessment.passages.get()
    client.post(page("passage", assessment, row.code), {"version": "0", "topics": ["safety"]})

    sources = sources_of(assessment)
    assert sources["records"] == []
    [told] = sources["comments"]
    assert told["codings"][0]["topics"] == ["safety"]
    assert "text" not in told
    assert actions.take_comments(assessment=assessment, comments=[shown.pk], by=keeper) == []
