"""Comments, evidence files, the way of one topic, and the archive: through their pages."""

import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from materiality import actions
from materiality.locking.snapshots import results_for
from materiality.models import Assessment, Event, EvidenceFile
from tests.rounds import make_round
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import text, url

pytestmark = pytest.mark.django_db
STUDY = b"%PDF-1.7 a study"


def sent_file(assessment, name="study.pdf", content=STUDY, **changes):
    values = {"version": assessment.version, "about": "What customers complain of"}
    return values | {"file": SimpleUploadedFile(name, content)} | changes


def test_a_comment_on_a_topic_is_kept_with_its_author(assessment, owner):
    sent = {"version": assessment.version, "text": "Is this <b>new</b>?"}

    answered = owner.post(url(assessment, "topics/energy/remark"), sent)

    assert answered.url == url(assessment, "topics/energy/dossier")
    page = text(owner.get(answered.url))
    assert "Is this &lt;b&gt;new&lt;/b&gt;?" in page
    assert Event.objects.get(verb="remark").subject == "energy"
    assert "Is this" in text(owner.get(url(assessment, "record")))


def test_an_empty_comment_gets_a_sentence(assessment, owner):
    sent = {"version": assessment.version, "text": "  "}

    assert 'role="alert"' in text(owner.post(url(assessment, "record/remark"), sent))
    assert not assessment.remarks.exists()


def test_a_file_is_attached_listed_with_its_hash_and_handed_out_to_be_saved(assessment, owner):
    owner.post(url(assessment, "topics/energy/attach"), sent_file(assessment))

    file = EvidenceFile.objects.get(topic__code="energy")
    assert hashlib.sha256(STUDY).hexdigest() in text(
        owner.get(url(assessment, "topics/energy/dossier"))
    )
    answered = owner.get(url(assessment, f"record/{file.pk}"))
    assert answered.content == STUDY
    assert answered.headers["Content-Disposition"] == 'attachment; filename="study.pdf"'
    assert answered.headers["Content-Type"] == "application/octet-stream"
    assert answered.headers["X-Content-Type-Options"] == "nosniff"


def test_a_name_in_chinese_or_with_a_path_is_handed_out_as_its_last_part(assessment, owner):
    named = sent_file(assessment, name="../../会议 纪要.pdf")

    owner.post(url(assessment, "record/attach"), named)

    file = EvidenceFile.objects.get(about="What customers complain of")
    answered = owner.get(url(assessment, f"record/{file.pk}"))
    told = answered.headers["Content-Disposition"]
    assert told.startswith("attachment; filename*=utf-8''")
    assert "/" not in told
    assert "%E7%BA%AA%E8%A6%81.pdf" in told


@pytest.mark.parametrize("name", ["page.html", "run.exe", "picture.svg", "none"])
def test_a_file_of_another_kind_is_refused_and_what_was_written_stays(assessment, owner, name):
    answered = owner.post(
        url(assessment, "record/attach") + "?lang=en", sent_file(assessment, name)
    )

    assert "is not allowed" in text(answered)
    assert 'value="What customers complain of"' in text(answered)
    assert EvidenceFile.objects.count() == 1


def test_a_file_over_20_megabytes_is_refused_with_its_size(assessment, owner):
    large = sent_file(assessment, content=b"x" * (20 * 2**20 + 1))

    answered = owner.post(url(assessment, "record/attach") + "?lang=en", large)

    assert "This file has 20 MB; at most 20 MB are kept." in text(answered)


def test_a_file_is_removed_with_a_reason_and_the_log_keeps_its_hash(assessment, owner):
    file = assessment.evidence_files.get()
    page = url(assessment, f"record/{file.pk}/remove")
    refused = owner.post(page, {"version": assessment.version, "reason": ""})
    assert 'role="alert"' in text(refused)

    owner.post(page, {"version": assessment.version, "reason": "The wrong minutes"})

    assert not assessment.evidence_files.exists()
    event = Event.objects.get(verb="detach")
    assert (event.reason, event.before["digest"]) == ("The wrong minutes", file.digest)


def test_a_file_of_another_round_is_not_found_from_here(assessment, owner):
    other = make_round(year="2030", organisation=assessment.organisation)
    file = assessment.evidence_files.get()

    assert owner.get(url(other, f"record/{file.pk}")).status_code == 404
    assert owner.post(url(other, f"record/{file.pk}/remove"), {"reason": "x"}).status_code == 404


def test_a_file_whose_content_is_gone_is_not_found(assessment, owner):
    file = assessment.evidence_files.get()
    file.file.storage.delete(file.file.name)

    assert owner.get(url(assessment, f"record/{file.pk}")).status_code == 404


def test_a_viewer_and_a_locked_round_are_offered_no_form(locked, owner):
    for client in (owner, signed_in("viewer")):
        page = text(client.get(url(locked, "record")))
        assert "csrfmiddlewaretoken" not in page
        assert "minutes.pdf" in page
    answered = owner.post(url(locked, "record/remark"), {"version": locked.version, "text": "x"})
    assert answered.status_code == 409


def test_a_topic_is_followed_from_its_answers_to_its_approval(assessment, owner):
    page = text(owner.get(url(assessment, "topics/privacy/dossier") + "?lang=en"))

    topic = results_for(assessment).topic("privacy")
    for score in topic.scores.values():
        for unit in score.units:
            assert f">{unit.mean:.2f}<" in page
        assert f"<b>{score.score:.2f}</b>" in page
    assert f"Overall {topic.overall:.2f}" in page
    assert "No approval holds for these results." in page


def test_the_contributions_of_the_groups_add_up_to_the_printed_score(assessment, owner):
    import re

    page = text(owner.get(url(assessment, "topics/privacy/dossier") + "?lang=en"))

    table = page.split('id="tr1"')[1].split("</table>")[0]
    parts = [float(result) for result in re.findall(r'class="r"[^>]*>(\d\.\d{3})<', table)]
    [score] = re.findall(r"<b>(\d\.\d\d)</b>", table)
    assert len(parts) == 3
    assert round(sum(parts), 2) == float(score)


def test_a_screened_out_topic_has_its_reason_and_no_scores(assessment, owner):
    young = make_round(year="2031", organisation=assessment.organisation)
    reason = {"zh-hans": "没有", "en": "None of it here"}
    actions.screen_out(
        assessment=young, topic="energy", kind="not_applicable", reason=reason, by=None
    )

    page = text(owner.get(url(young, "topics/energy/dossier") + "?lang=en"))

    assert "None of it here" in page
    assert "Share of weight" not in page


def test_owners_and_editors_take_the_archive_of_a_locked_round(locked, owner):
    page = text(owner.get(url(locked, "evidence") + "?lang=en"))
    assert locked.snapshot.digest in page
    assert "python3 recompute.py" in page

    answered = owner.get(url(locked, "evidence")[:-1] + "/archive.zip")

    assert answered.headers["Content-Disposition"] == (
        'attachment; filename="evidence-2020-locked.zip"'
    )
    archive = zipfile.ZipFile(io.BytesIO(answered.content))
    assert json.loads(archive.read("bundle.json"))["digest"] == locked.snapshot.digest
    for name in ("viewer", "reviewer"):
        path = url(locked, "evidence")[:-1] + "/archive.zip"
        assert signed_in(name).get(path).status_code == 403
        assert "archive.zip" not in text(signed_in(name).get(url(locked, "evidence")))


def test_a_draft_says_that_it_is_one(assessment, owner):
    assert "This is a draft." in text(owner.get(url(assessment, "evidence") + "?lang=en"))
    assert Assessment.objects.get(pk=assessment.pk).is_locked is False


def test_before_the_seal_there_is_no_archive(assessment, owner):
    young = make_round(year="2032", organisation=assessment.organisation)

    assert "archive.zip" not in text(owner.get(url(young, "evidence")))
    assert owner.get(f"/a/{young.pk}/evidence/archive.zip").status_code == 409
