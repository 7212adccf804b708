"""A register whose entries were all closed: it stays in the document, with reasons and lineage."""

import io
import json
from zipfile import ZipFile

import pytest

from materiality import actions
from materiality.archive.making import archive
from materiality.document import canonical, digest
from materiality.locking.snapshots import lock, results_for
from materiality.locking.verification import faults_of
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.files.package import files
from materiality.report.sentences import register
from materiality.report.text import name_in
from tests.builders import both
from tests.registers import fill_register
from tests.rounds import make_round, sealed_round
from tests.tampering import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked() -> Assessment:
    """A locked round that took over last year's six open entries and closed them all."""
    before = make_round(year="2019")
    fill_register(before)
    assessment = sealed_round(year="2020", previous=before)
    actions.carry_iros(assessment=assessment, by=None)
    for iro in assessment.iros.open():
        actions.close_iro(iro=iro, reason=both("业务已出售", "Business sold"), by=None)
    lock(assessment=assessment, by=None)
    return Assessment.objects.get(pk=assessment.pk)


def test_the_document_holds_every_closed_entry_with_its_reason_and_its_line(locked):
    kept = json.loads(locked.snapshot.document)["inputs"]["register"]

    assert kept["entries"] == []
    assert sorted(row["code"] for row in kept["closed"]) == [f"IRO-00{at}" for at in range(1, 7)]
    assert {row["reason"]["en"] for row in kept["closed"]} == {"Business sold"}
    assert len(kept["lines"]) == 6
    assert list(faults_of(locked)) == []


def test_a_round_that_never_had_an_entry_has_no_register():
    assessment = sealed_round()
    lock(assessment=assessment, by=None)

    assert "register" not in json.loads(assessment.snapshot.document)["inputs"]


def test_a_closed_entry_taken_out_of_the_document_is_named(locked):
    document = json.loads(locked.snapshot.document)
    del document["inputs"]["register"]["closed"][0]
    document["digest"] = digest(document)
    sql = "UPDATE materiality_snapshot SET document = %s, digest = %s"
    tamper(sql, canonical(document), document["digest"])

    faults = "\n".join(faults_of(Assessment.objects.get(pk=locked.pk)))
    assert "closed IRO-005: there now, and not locked" in faults


@pytest.mark.parametrize(
    ("language", "sentence", "sheet"),
    [
        ("en", "Closed in this round, with reasons: IRO-001", "Register since last round"),
        ("zh-hans", "本轮关闭并说明理由：IRO-001", "与上一轮清单的衔接"),
    ],
)
def test_files_say_what_was_closed_and_promise_no_open_entry(locked, language, sentence, sheet):
    edition = Edition(results_for(locked), language)

    made = files(edition)

    assert register.sentences(edition)[0].count(sentence) == 1
    assert not [name for name in made if name.startswith(("iros", "heat", "chain", "register"))]
    book = ZipFile(io.BytesIO(made["tables.xlsx"]))
    assert sheet in book.read("xl/workbook.xml").decode()
    assert (
        name_in({"en": "Business sold", "zh-hans": "业务已出售"}, language)
        in book.read("xl/sharedStrings.xml").decode()
    )


def test_an_auditor_gets_a_dossier_of_each_closed_entry(locked):
    names = ZipFile(io.BytesIO(archive(locked))).namelist()

    assert len([name for name in names if "register/IRO-" in name]) == 12
