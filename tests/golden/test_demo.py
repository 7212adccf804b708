"""The demo, played once through the real pages, against what it gave when it was last looked at."""

import io
import json
import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from python_calamine import CalamineWorkbook

from materiality.actions import register_sheets
from materiality.demo import checks, rounds
from materiality.document import canonical
from materiality.inputs.register import Register
from materiality.locking.snapshots import find_faults, results_for
from materiality.method import evaluate
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.files.package import file, files
from surveys.models import Invitation, Survey
from tests.golden.comparing import golden, kept, same

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker):
    """Play the demo once for this file, and take it back afterwards."""
    said = []
    with django_db_blocker.unblock(), transaction.atomic():
        rounds.play(said.append)
        yield said
        transaction.set_rollback(True)


def round_of(year):
    return Assessment.objects.get(year=year)


def test_about_three_hundred_people_answer_the_2020_round(played):
    responses = results_for(round_of("2020")).responses

    assert sum(responses.values()) == 298
    assert played[-1].endswith("which is open")


def test_both_rounds_are_locked_and_intact_and_the_third_is_open(played):
    assert [round_of(year).is_locked for year in ("2019", "2020", "2021")] == [True, True, False]
    assert find_faults(round_of("2019").snapshot) == []
    assert find_faults(round_of("2020").snapshot) == []
    assert round_of("2020").previous == round_of("2019")


def test_the_log_tells_of_asking_and_sealing_and_names_nobody(played):
    told = [(row.verb, row.subject) for row in round_of("2020").events.order_by("number")]

    assert [verb for verb, subject in told if subject == "stakeholders-2020"] == [
        *("ask", "publish", "invite", "seal"),
    ]
    assert [verb for verb, _subject in told][-4:] == ["lock", "index", "index", "index"]


def test_everybody_who_is_asked_has_a_name_and_an_address_of_their_own(played):
    for survey in Survey.objects.all():
        people = Invitation.objects.filter(audience__survey=survey)
        names = set(people.values_list("name", flat=True))
        assert len(names) == people.count()
        assert not any("@" in name or not name for name in names)


def test_the_content_index_of_the_demo_points_at_its_headings(played):
    rows = round_of("2020").index_rows

    assert rows.count() > 10
    assert not rows.filter(heading=None).exists()
    assert not rows.filter(edition__gt="2021").exists()  # the report is of April 2021


def test_the_change_table_of_the_report_comes_out_exactly_as_printed(played):
    changes = results_for(round_of("2020")).changes
    table = "\n".join(
        "\t".join(row.columns(language)) for language in ("zh-hans", "en") for row in changes
    )

    assert table + "\n" == golden("changes.tsv", table + "\n")
    assert table.splitlines()[:3] == [
        "实体经济产业数据化\t推动全球贸易数字化转型\t疫情影响下，将议题范围增大",
        "/\t赋能全球贸易生态\t结合市场需求和公司业务动态新增议题",
        "帮助用户融入全球化贸易\t/\t已融入“赋能全球贸易生态”",
    ]


@pytest.mark.parametrize("year", ["2019", "2020"])
def test_the_bundle_is_the_golden_one(played, year):
    document = dict(results_for(round_of(year)).document)
    del document["digest"]
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    assert same(document, json.loads(golden(f"bundle-{year}.json", text)))


@pytest.mark.parametrize("year", ["2019", "2020"])
def test_a_golden_bundle_recomputes_to_its_own_results(year):
    document = json.loads(kept(f"bundle-{year}.json"))

    assert same(json.loads(canonical(evaluate(document["inputs"]))), document["results"])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_scores_are_the_golden_ones(played, language):
    scores = files(Edition(results_for(round_of("2020")), language))["scores.csv"].decode(
        "utf-8-sig"
    )
    lines = "\n".join(line for line in scores.splitlines() if "sha256" not in line) + "\n"

    assert lines == golden(f"scores-{language}.csv", lines)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_standards_held_against_the_report_are_the_golden_ones(played, language):
    edition = Edition(results_for(round_of("2020")), language)
    rows = file(edition, "clauses.csv").decode("utf-8-sig").replace("\r\n", "\n")

    assert rows == golden(f"clauses-{language}.csv", rows)


def test_the_picture_of_the_front_page_is_the_demos(played):
    figure = files(Edition(results_for(round_of("2020")), "en"))["matrix.svg"].decode()

    assert figure == golden("../../docs/matrix.svg", figure)


def test_a_group_of_four_is_pooled_in_2019_and_everybody_stands_alone_in_2020(played):
    pooled = [unit.code for unit in results_for(round_of("2019")).units["stakeholder"]]
    alone = [unit.code for unit in results_for(round_of("2020")).units["stakeholder"]]

    assert "regulators+community" in pooled
    assert len(alone) == 6


def test_every_page_of_the_demo_answers(played, monkeypatch):
    """Three of a kind; `make demo SERVE=0`, which `.ci/run` begins with, looks at twenty."""
    monkeypatch.setattr(checks, "MOST_ALIKE", 3)

    assert checks.every_page_answers() > 40


def test_the_openapi_schema_is_the_golden_one(tmp_path):
    file = tmp_path / "schema.json"
    call_command(
        "spectacular",
        "--format",
        "openapi-json",
        "--file",
        str(file),
        "--validate",
        "--fail-on-warn",
    )
    schema = json.dumps(json.loads(file.read_text()), indent=1, sort_keys=True) + "\n"
    widths = rf'\n *"(format": "int64"|maximum": ({2**15 - 1}|{2**31 - 1}|{2**63 - 1})),'
    schema = re.sub(widths, "", schema)  # each database has its own

    assert schema == golden("openapi.json", schema)


def test_the_double_round_holds_a_register_that_is_scored_and_said_to_be_made_up(played, client):
    double = round_of("2022")
    register = Register(double)

    assert len(register.entries) == 42
    assert {row.iro.topic.code for row in register.entries} == {
        topic.code for topic in double.topics.all()
    }
    assert all(len(row.scores) == 2 and row.scored.value for row in register.entries)
    assert any(row.scored.by_consensus for row in register.entries)
    assert {row.scores_before for row in register.thresholds.values()} == {0}
    scales = double.iro_scales.all()
    assert [(len(row.words), row.scores_before) for row in scales] == [(5, 0)] * 5
    assert [row.criterion for row in scales if row.limits] == ["magnitude"]
    verdicts = [one.outcome.is_material for one in register.topics]
    assert True in verdicts
    assert False in verdicts
    client.force_login(User.objects.get(email=rounds.MANAGER))
    page = client.get(f"/a/{double.pk}/register/", {"lang": "en"}).content.decode()
    assert "These entries and their scores are made up" in page
    for language, name in (("en", "Register (simulated)"), ("zh-hans", "模拟")):
        book = CalamineWorkbook.from_filelike(
            io.BytesIO(register_sheets.workbook(double, language))
        )
        assert name in book.sheet_names[0]
        assert len(book.get_sheet_by_index(0).to_python()) == 43


def test_the_double_round_says_what_it_is_about_and_what_it_rests_on(played):
    double = round_of("2022")
    texts = ("entity", "scope", "due_diligence", "approver")

    assert all("imulated" in getattr(double.context, name)["en"] for name in texts)
    assert all("simulated" in source.title for source in double.source_records.all())
    assert all(iro.step and iro.step.side == iro.stage for iro in double.iros.all())
    assert set(double.chain_steps.all()) == {iro.step for iro in double.iros.all()}
    assert double.source_records.count() == 6
    assert double.passages.count() == 8
    assert {row.codings.values("coder").distinct().count() for row in double.passages.all()} == {2}
    hidden = double.passages.filter(source__confidentiality="confidential")
    leaving = canonical(results_for(double).document)
    assert hidden.exists()
    assert not any(row.text in leaving for row in hidden)
    assert "Zhang" not in leaving
    assert "A buyer: the goods are not what the page showed." in leaving
