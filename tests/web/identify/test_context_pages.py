"""The context of a round through its pages: said, listed as missing, printed, taken over."""

import io

import pytest
from django.urls import reverse
from django.utils import translation
from docx import Document
from python_calamine import CalamineWorkbook

from materiality import actions
from materiality.actions import StepRow
from materiality.actions.register_sheets import read_register, take_in_table, workbook
from materiality.catalogue.clauses import profiles
from materiality.catalogue.frameworks import frameworks
from materiality.inputs.context import context_of
from materiality.locking.snapshots import results_for
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.files import package
from materiality.results.clauses import clause_answers
from materiality.results.context import ASKED
from materiality.selectors.context import missing_of
from surveys.tables.upload import Table
from tests.builders import both
from tests.markup import page_of
from tests.rounds import make_round, make_user
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db
WHOLE = {
    "entity:zh-hans": "甲公司，生产电池",
    "entity:en": "Company A makes batteries",
    "scope:zh-hans": "母公司及全部子公司",
    "scope:en": "The parent and all subsidiaries",
    "due_diligence:zh-hans": "供应商审核结果用于识别影响",
    "due_diligence:en": "Audits of suppliers feed the list of impacts",
    "horizons_reason:zh-hans": "",
    "horizons_reason:en": "",
    "approver:zh-hans": "董事会",
    "approver:en": "the board of directors",
    "period_start": "2020-01-01",
    "period_end": "2020-12-31",
    "approved_on": "2021-03-20",
    "last_revision": "2021-03-12",
    "next_revision": "2022-03-01",
    "as_annual_report": "yes",
    "approach": "both",
    "standards": ["szse:2024", "esrs:2026"],
    "short_years": "1",
    "medium_years": "5",
    "version": "0",
}
STEPS = (
    StepRow("upstream", both("锂矿", "Lithium mines"), "Chile", both("签约", "Under contract")),
    StepRow("own", both("电池厂", "Battery plant"), "Suzhou"),
    StepRow("downstream", both("车企", "Car makers")),
)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def page(name: str, assessment: Assessment) -> str:
    return reverse(f"materiality:{name}", args=[assessment.pk]) + "?lang=en"


def say_all(assessment, owner) -> None:
    assert owner.post(page("context", assessment), WHOLE).status_code == 302
    actions.set_chain(assessment=assessment, steps=STEPS, by=None)


def test_what_is_missing_is_listed_with_the_clauses_that_ask_and_goes_when_it_is_said(
    assessment, owner
):
    before = page_of(owner.get(page("context", assessment)))
    assert "State who reports." in before
    assert "No stage of the value chain is named upstream." in before
    assert "IRO-1 par.35(e)" in before

    say_all(assessment, owner)

    after = page_of(owner.get(page("context", assessment)))
    assert "Nothing that the standards ask of the context is missing." in after
    assert "Company A makes batteries" in after
    assert "Lithium mines" in after


def test_only_the_standards_that_are_followed_are_asked_after(assessment, owner):
    actions.set_context(assessment=assessment, by=None, standards=["hkex:2025"])

    shown = page_of(owner.get(page("context", assessment)))

    assert "B-boundary" in shown
    assert "IRO-1" not in shown


def test_esrs_horizons_are_offered_and_others_are_refused_at_their_field(assessment, owner):
    shown = owner.get(page("context", assessment)).content.decode()
    assert 'placeholder="ESRS: 1"' in shown
    assert 'placeholder="ESRS: 5"' in shown

    answer = owner.post(page("context", assessment), WHOLE | {"medium_years": "9"})

    assert answer.status_code == 409
    shown = page_of(answer)
    assert "These horizons differ from those of ESRS" in shown
    assert "Company A makes batteries" in shown  # nothing is lost


def test_horizons_that_nobody_said_are_stored_for_nobody_and_shown_to_no_reader(assessment, owner):
    bare = WHOLE | {"short_years": "", "medium_years": ""}
    offered = owner.get(page("context", assessment)).context["form"]
    assert offered["short_years"].value() is None

    assert owner.post(page("context", assessment), bare).status_code == 302

    assert assessment.context.short_years is None
    assert "horizons" not in context_of(assessment)
    viewer = signed_in("viewer").get(page("context", assessment)).content.decode()
    assert "ESRS: 1" not in viewer
    assert "ESRS: 5" not in viewer

    said = WHOLE | {"version": "1"}
    assert owner.post(page("context", assessment), said).status_code == 302
    assert context_of(assessment)["horizons"] == {"short": 1, "medium": 5}  # control
    assert 'value="5"' in signed_in("viewer").get(page("context", assessment)).content.decode()


def test_a_text_in_one_language_alone_is_said_to_lack_the_other(assessment, owner):
    before = page_of(owner.get(page("context", assessment)))
    scope = {"scope:en": "", "version": "0"}

    owner.post(page("context", assessment), WHOLE | scope)

    after = page_of(owner.get(page("context", assessment)))
    assert "State the scope of consolidation." in before
    assert "State the scope of consolidation." not in after
    assert "Scope of consolidation: English is missing." in after
    assert [line.languages for line in missing_of(assessment) if line.code == "scope"] == [("en",)]


def test_two_editions_of_a_standard_are_both_asked_after(assessment, owner):
    actions.set_context(assessment=assessment, by=None, standards=["esrs:2026"])
    alone = missing_of(assessment)

    actions.set_context(assessment=assessment, by=None, standards=["esrs:2026", "esrs:2023"])

    assert missing_of(assessment) == [line for line in alone if line.code != "standards"]
    codes = {profile.code for line in missing_of(assessment) for profile, _clauses in line.clauses}
    assert codes == {"esrs"}


@pytest.mark.parametrize("name", ["value_chain", "register_scale", "context"])
def test_who_may_not_change_a_page_has_no_field_to_type_into(assessment, owner, name):
    say_all(assessment, owner)

    read = signed_in("viewer").get(page(name, assessment)).context["form"]
    edited = owner.get(page(name, assessment)).context["form"]

    assert all(field.disabled for field in read.fields.values())
    assert not any(field.disabled for field in edited.fields.values())


def test_two_people_at_once_are_told_and_the_second_may_save_over_it(assessment, owner):
    say_all(assessment, owner)

    answer = owner.post(page("context", assessment), WHOLE | {"approach": "top_down"})

    assert answer.status_code == 409
    assert "Somebody else saved the context" in page_of(answer)


def test_stages_are_put_in_order_named_and_taken_out_on_their_page(assessment, owner):
    rows = {
        "count": "2", "version": "0",
        "0-code": "", "0-order": "2", "0-side": "own", "0-places": "Suzhou",
        "0-name:zh-hans": "电池厂", "0-name:en": "Battery plant",
        "0-relation:zh-hans": "", "0-relation:en": "",
        "1-code": "", "1-order": "1", "1-side": "upstream", "1-places": "",
        "1-name:zh-hans": "锂矿", "1-name:en": "Lithium mines",
        "1-relation:zh-hans": "", "1-relation:en": "",
    }  # fmt: skip
    assert owner.post(page("value_chain", assessment), rows).status_code == 302
    assert [str(step) for step in assessment.chain_steps.all()] == [
        "Lithium mines",
        "Battery plant",
    ]

    gone = rows | {"version": "1", "0-code": "VC-02", "1-code": "VC-01", "1-gone": "on"}
    assert owner.post(page("value_chain", assessment), gone).status_code == 302
    assert assessment.chain_steps.get().code == "VC-02"


def test_a_stage_named_in_one_language_is_refused_where_it_stands(assessment, owner):
    rows = {
        "count": "1", "version": "0", "0-code": "", "0-order": "1", "0-side": "own",
        "0-places": "", "0-name:zh-hans": "", "0-name:en": "Battery plant",
        "0-relation:zh-hans": "", "0-relation:en": "",
    }  # fmt: skip

    answer = owner.post(page("value_chain", assessment), rows)

    assert answer.status_code == 409
    assert "Name the stage in: 中文." in page_of(answer)
    assert "Battery plant" in page_of(answer)


def test_each_of_two_stages_named_in_one_language_is_refused_where_it_stands(assessment, owner):
    rows = {"count": "2", "version": "0"}
    for at in (0, 1):
        stage = {
            "code": "", "order": str(at + 1), "side": "own", "places": "",
            "name:zh-hans": "只有中文", "name:en": "", "relation:zh-hans": "", "relation:en": "",
        }  # fmt: skip
        rows |= {f"{at}-{name}": value for name, value in stage.items()}

    answer = owner.post(page("value_chain", assessment), rows)

    errors = answer.context["form"].errors
    assert sorted(errors) == ["0-name:zh-hans", "1-name:zh-hans"]


def test_an_entry_is_put_into_a_stage_by_its_form(assessment, owner):
    actions.set_chain(assessment=assessment, steps=STEPS, by=None)
    row = assessment.iros.get()
    address = reverse("materiality:iro", args=[assessment.pk, row.code]) + "?lang=en"
    form = owner.get(address).context["form"]
    names = [name for name in form.fields if not name.startswith("links_")]  # none is ticked
    sent = {name: form[name].value() or "" for name in names}

    assert "Lithium mines" in page_of(owner.get(address))
    assert owner.post(address, sent | {"stage": "upstream:VC-01"}).status_code == 302

    row.refresh_from_db()
    assert (row.stage, row.step.code) == ("upstream", "VC-01")
    assert owner.get(address).context["form"]["stage"].value() == "upstream:VC-01"
    assert "Lithium mines" in page_of(owner.get(page("register", assessment)))


def test_a_stage_goes_out_and_comes_in_by_the_spreadsheet(assessment):
    assert "Named stage" not in headings(assessment)
    actions.set_chain(assessment=assessment, steps=STEPS, by=None)
    assert "Named stage" in headings(assessment)

    read = read_register(table([["IRO-001", "Car makers"]]), assessment)
    assert read.rows[0].fields["step"].code == "VC-03"
    assert read.rows[0].fields["stage"] == "downstream"

    wrong = read_register(table([["IRO-001", "Moon base"]]), assessment)
    assert "“Moon base” is no stage" in wrong.faults[0].why


def headings(assessment) -> list[str]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(assessment, "en")))
    return book.get_sheet_by_index(0).to_python()[0]


def table(rows) -> Table:
    return Table(header=["Code", "Named stage"], rows=rows, first=2)


def test_each_clause_that_asks_for_the_context_is_answered_by_it_and_lacking_without(
    assessment, owner
):
    bare = results_for(assessment)
    asked = {subject for each in profiles() for c in each.clauses for subject in c.subjects}
    assert set(ASKED) <= asked, "a field that no clause asks for is not listed as missing"

    say_all(assessment, owner)

    whole = results_for(Assessment.objects.get(pk=assessment.pk))
    for each in profiles():
        of_context = [c.code for c in each.clauses if set(c.subjects) & set(ASKED)]
        assert of_context
        lacking = {a.code: [lack.code for lack in a.lacks] for a in clause_answers(bare, each)}
        said = {a.code: [lack.code for lack in a.lacks] for a in clause_answers(whole, each)}
        for code in of_context:
            assert len(said[code]) < len(lacking[code]), code
    codes = {code for found in ASKED.values() for code in found}
    left = {
        lack.code
        for each in profiles()
        for answer in clause_answers(whole, each)
        for lack in answer.lacks
    }
    assert not left & codes


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "Reporting entity: Company A makes batteries",
                "Scope of consolidation: The parent and all subsidiaries",
                "Reporting period: 1 January 2020 to 31 December 2020",
                "Entity and period are those of the annual report",
                "European Sustainability Reporting Standards (ESRS) (2026)",
                "top-down, and bottom-up where",
                "short term is the reporting period (1 year), medium term up to 5 years",
                "Value chain, upstream: Lithium mines (Chile, Under contract)",
                "Due diligence: Audits of suppliers",
                "Approved by the board of directors on 20 March 2021",
                "Last revised on 12 March 2021",
                "Next revision planned for 1 March 2022",
            ],
        ),
        (
            "zh-hans",
            [
                "报告主体：甲公司，生产电池",
                "价值链上游：锂矿（Chile、签约）",
                "2021 年 3 月 20 日经董事会批准",
            ],
        ),
    ],
)
def test_the_method_note_and_the_section_print_every_sentence(assessment, owner, language, words):
    say_all(assessment, owner)
    results = results_for(Assessment.objects.get(pk=assessment.pk))

    for name in ("method.docx", "section.docx"):
        content = package.file(Edition(results, language), name)
        text = "\n".join(p.text for p in Document(io.BytesIO(content)).paragraphs)
        assert [sentence for sentence in words if sentence not in text] == []


def test_a_round_without_a_context_prints_no_empty_part(assessment):
    content = package.file(Edition(results_for(assessment), "en"), "section.docx")

    text = "\n".join(p.text for p in Document(io.BytesIO(content)).paragraphs)
    assert "Context of the assessment" not in text


def test_last_rounds_context_is_taken_over_by_a_button(db):
    last = make_round()
    make_user("keeper", last.organisation)
    actions.set_context(assessment=last, by=None, entity=both("甲公司", "Company A"))
    following = make_round(year="2021", previous=last)
    keeper = signed_in("keeper")
    assert "Take over the context of 2020" in page_of(keeper.get(page("context", following)))

    keeper.post(page("carry_context", following))

    assert following.context.entity["en"] == "Company A"
    assert "Take over the context" not in page_of(keeper.get(page("context", following)))


def test_every_standard_that_is_held_against_the_report_can_be_named_in_its_edition():
    assert {f"{each.code}:{each.edition}" for each in profiles()} <= set(frameworks())


def test_of_two_stages_of_one_name_the_side_or_the_entrys_own_says_which(assessment):
    steps = [StepRow(side, both("运输", "Transport")) for side in ("upstream", "downstream")]
    actions.set_chain(assessment=assessment, steps=steps, by=None)
    up = assessment.chain_steps.get(code="VC-01")
    row = assessment.iros.get()
    read = lambda *cells: read_register(table([["IRO-001", *cells]]), assessment)  # noqa: E731

    assert (
        "names several stages. Write the code of one: VC-01, VC-02"
        in read("Transport").faults[0].why
    )
    assert read("VC-01").rows[0].fields == {"step": up, "stage": "upstream"}
    actions.describe_iro(iro=row, by=None, step=up, stage="upstream")
    assert (read("Transport").faults, read("Transport").unchanged) == ([], 1)
    assert read("–").rows[0].fields["step"] is None


def test_the_export_of_two_stages_of_one_name_comes_back_unchanged(assessment, owner):
    steps = [StepRow(side, both("运输", "Transport")) for side in ("upstream", "downstream")]
    actions.set_chain(assessment=assessment, steps=steps, by=None)
    up = assessment.chain_steps.get(code="VC-01")
    actions.describe_iro(iro=assessment.iros.get(), by=None, step=up, stage="upstream")
    sheet = Table(
        ["Code", "Value-chain stage", "Named stage"], [["IRO-001", "Upstream", "Transport"]], 2
    )

    plan = read_register(sheet, assessment)

    assert (plan.faults, plan.unchanged) == ([], 1)
    sheet = Table(sheet.header, [["IRO-001", "Downstream", "VC-02"]], 2)
    assert read_register(sheet, assessment).rows[0].fields["step"].code == "VC-02"


def test_a_stage_that_changes_alone_lets_the_named_one_go(assessment):
    actions.set_chain(assessment=assessment, steps=STEPS, by=None)
    mines = assessment.chain_steps.get(code="VC-01")
    row = assessment.iros.get()
    actions.describe_iro(iro=row, by=None, step=mines, stage="upstream")
    sheet = Table(["Code", "Value-chain stage"], [["IRO-001", "Own operations"]], 2)

    take_in_table(assessment=assessment, table=sheet, by=None)

    row.refresh_from_db()
    assert (row.stage, row.step) == ("own", None)
    actions.describe_iro(iro=row, by=None, step=mines, stage="upstream")
    actions.describe_iro(iro=row, by=None, stage="upstream", place="Wuxi")  # the control
    row.refresh_from_db()
    assert row.step == mines
