"""By what rule the values of an imported table became ratings: in the bundle, the note, the
dossier, and the same after the lock."""

import copy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from materiality.actions.importing import import_answers
from materiality.archive.tables import answers_csv
from materiality.document import assemble
from materiality.document.border import checked_inputs
from materiality.inputs import inputs_of, live
from materiality.method import evaluate
from materiality.report.edition import Edition
from materiality.report.sentences import method_note
from materiality.results import Results
from surveys.actions.answer_tables import check, say, take_table
from surveys.models import AnswerTable
from surveys.tables.plan import TableOptions
from surveys.tables.upload import on_disk
from tests.rounds import (
    STEADY,
    answer,
    ask,
    close_and_seal,
    make_round,
    make_user,
    sealed_round,
)
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db
TEN = "序号,提交答卷时间,来自IP,您的身份,Privacy,议题energy\r\n" + "".join(
    f"{n},2026/3/{n} 10:00,203.0.113.{n},{group},{n % 10 + 1},{(3 * n) % 10 + 1}\r\n"
    for n in range(1, 13)
    for group in ["Employees" if n % 2 else "Customers"]
)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sealed(db):
    """A round whose first survey was answered by a table on a scale of ten alone."""
    assessment = make_round()
    survey, panel = ask(assessment)
    _bring(assessment, survey, make_user("editor", assessment.organisation))
    answer(panel, STEADY)
    close_and_seal(survey)
    close_and_seal(panel)
    return assessment


def _bring(assessment, survey, by):
    upload = SimpleUploadedFile("十分制.csv", TEN.encode())
    with on_disk(upload) as file:
        table = take_table(survey, file, upload.name, by)
    prompts = [prompt.code for prompt in survey.prompts.all()]
    ten = {"lowest": 1, "highest": 10, "most": 10}
    plan = say(
        table, TableOptions(scales=dict.fromkeys(prompts, ten), columns=_columns(survey, prompts))
    )
    assert not plan.questions, plan.questions
    check(table)
    table.refresh_from_db()
    assert not table.problem_count, table.problems
    import_answers(assessment=assessment, table=table, by=by)


def _columns(survey, prompts):
    topics = list(survey.questions.filter(prompt__code=prompts[0]).order_by("position"))
    return {str(4 + at): f"{prompts[0]}:{one.item}" for at, one in enumerate(topics[:2])}


def test_the_rule_of_an_import_is_kept_in_the_bundle(sealed):
    survey = inputs_of(sealed)["surveys"][0]

    [tables] = survey["imports"]
    assert (tables["program"], tables["tables"]) == ("问卷星", 1)
    [rule] = tables["rules"]
    assert rule["dimension"] == survey["dimensions"][0]
    assert (rule["lowest"], rule["highest"], rule["most"], rule["by"]) == (1, 10, 10, "told")
    assert rule["ratings"]["1"] == 1
    assert rule["ratings"]["10"] == 5
    checked_inputs(inputs_of(sealed))
    assert "203.0.113" not in str(survey)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "numbers run from 1 to 10, 10 means most"), ("zh-hans", "数字自 1 至 10")],
)
def test_the_method_note_prints_the_rule(sealed, language, words):
    note = str(method_note.chapters(Edition(live(sealed), language)))

    assert words in note
    assert "“10”" in note
    assert "问卷星" in note


def test_the_dossier_of_a_topic_prints_the_rule(sealed):
    code = sealed.topics.short_list()[0].code
    address = f"/a/{sealed.pk}/topics/{code}/dossier/"

    page = signed_in("editor").get(address, headers={"accept-language": "en"}).content.decode()

    assert "numbers run from 1 to 10" in page


def test_the_same_bundle_without_rules_has_the_same_results(sealed):
    inputs = inputs_of(sealed)
    before = copy.deepcopy(inputs)
    del before["surveys"][0]["imports"]

    assert evaluate(before) == evaluate(inputs)
    note = str(method_note.chapters(Edition(Results(assemble(before, evaluate(before))), "en")))
    assert "read from" not in note  # the control


def test_a_table_that_was_taken_back_has_no_rule(sealed):
    AnswerTable.objects.update(state=AnswerTable.State.TAKEN_BACK)

    assert all("imports" not in survey for survey in inputs_of(sealed)["surveys"])


def test_the_answers_that_the_archive_holds_come_back_in_whole():
    """Our own CSV, as it is written today, read into a new round: the same counts of each group."""
    before = sealed_round()
    results = live(before)
    content = answers_csv(before, results, "stakeholder")
    now = make_round(year="2031", organisation=before.organisation)
    survey, panel = ask(now)
    with on_disk(SimpleUploadedFile("answers.csv", content)) as file:
        table = take_table(survey, file, "answers.csv", None)
    plan = say(table, TableOptions())
    assert not plan.questions, plan.questions
    check(table)
    table.refresh_from_db()
    assert import_answers(assessment=now, table=table, by=None) == content.count(b"\r\n") - 1
    answer(panel, STEADY)
    close_and_seal(survey)
    close_and_seal(panel)

    assert inputs_of(now)["counts"]["stakeholder"] == inputs_of(before)["counts"]["stakeholder"]
