"""A round of experts alone: computed, locked, printed and recomputed without anybody's answers."""

import io
import json
import subprocess
import sys
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from docx import Document
from pptx import Presentation
from python_calamine import CalamineWorkbook

from materiality import actions
from materiality.actions.log import hold, record
from materiality.archive.making import archive
from materiality.document import BundleError, digest
from materiality.errors import AnswersKnown, NoResultsYet
from materiality.inputs import plan_in_force, registration_of
from materiality.locking.snapshots import lock, results_for
from materiality.locking.verification import faults_of
from materiality.method import evaluate
from materiality.models import Assessment, Iro, StakeholderGroup, Verb
from materiality.models.register import ASKED
from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.figure.layout.compose import compose
from materiality.report.files.package import files
from materiality.report.sentences import method_note, note, registration
from materiality.report.tables import double, register, set_topics
from surveys.actions.publish import publish
from surveys.models import Survey
from tests.actions.test_setting_up import double_round
from tests.alone import empty_alone, scored_alone, unscored_entry
from tests.builders import both
from tests.registers import ENTRIES, add, fill_register, judge
from tests.rounds import answer, close_and_seal, make_round, make_user, plan_for

pytestmark = pytest.mark.django_db

OF_ANSWERS = {
    "en": ("rated by", "Respondents", "pooled", "mean of the ratings", "People were asked"),
    "zh-hans": ("受访者", "有效问卷", "合并后", "份有效", "均值"),
}
"""Words that tell of answers; here nobody gave any."""


def locked(assessment: Assessment) -> Assessment:
    lock(assessment=assessment, by=None)
    return Assessment.objects.get(pk=assessment.pk)


def test_each_topic_has_the_value_of_its_worst_entry():
    results = results_for(scored_alone())

    safety = results.topic("safety")
    assert (safety.x, safety.y, safety.stability) == (4.5, 1.8, None)
    assert results.topic("ethics").tier is None
    assert results.is_without_survey


def test_it_is_locked_verified_and_recomputed_to_the_digit():
    assessment = locked(scored_alone())
    document = json.loads(assessment.snapshot.document)

    assert list(faults_of(assessment)) == []
    assert evaluate(document["inputs"])["topics"] == document["results"]["topics"]
    assert document["inputs"]["surveys"] == [] == document["inputs"]["groups"]
    assert document["inputs"]["units"] == {"impact": [], "financial": []}
    assert document["inputs"]["counts"] == {}


def test_the_script_of_the_archive_computes_it_again_alone(tmp_path):
    package = ZipFile(io.BytesIO(archive(locked(scored_alone()))))
    package.extractall(tmp_path)

    made = subprocess.run(
        [sys.executable, "-I", "recompute.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert made.returncode == 0, made.stdout + made.stderr
    assert not [name for name in package.namelist() if name.startswith(("answers-", "question"))]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_printed_tells_of_answers_and_one_sentence_says_why(language):
    edition = Edition(results_for(locked(scored_alone())), language)

    made = files(edition)
    told = [text for _heading, texts in method_note.chapters(edition) for text in texts]
    told += note.sentences(edition, low=1.5)
    section = made["section.md"].decode()

    assert "groups.csv" not in made
    for words in OF_ANSWERS[language]:
        assert words not in "\n".join(told) + section
    assert {"en": "No survey was held", "zh-hans": "未开展问卷调查"}[language] in told[0] + section


def test_groups_are_described_and_weigh_nothing():
    assessment = scored_alone()
    group = {"code": "staff", "name": both("员工", "Staff"), "channels": [both("会", "Meetings")]}
    panel = {"code": "panel", "name": both("专家组", "Panel")}
    actions.add_groups(assessment=assessment, groups=[group], dimension="stakeholder")
    kind = StakeholderGroup.Kind.PANEL
    actions.add_groups(assessment=assessment, groups=[panel], dimension="impact", kind=kind)

    results = results_for(Assessment.objects.get(pk=assessment.pk))

    assert [dict(row["weights"]) for row in results.inputs["groups"]] == [{}, {}]
    assert sorted(row["code"] for row in results.inputs["dimensions"]) == ["financial", "impact"]


def test_an_empty_register_has_no_results_and_says_so():
    with pytest.raises(NoResultsYet, match=r"no open entry|尚无"):
        results_for(empty_alone())


def test_nobody_sees_a_result_before_everybody_asked_has_scored():
    assessment = scored_alone()
    late = make_user("late", assessment.organisation)
    actions.assign_iros(assessment=assessment, codes=["IRO-002"], experts=[late], by=None)

    with pytest.raises(NoResultsYet, match="IRO-002"):
        results_for(assessment)
    actions.unassign_iros(assessment=assessment, codes=["IRO-002"], experts=[late], by=None)

    assert results_for(assessment).topic("safety").x == 4.5


def test_an_entry_that_nobody_scored_is_named_and_cannot_be_locked():
    assessment = scored_alone()
    iro = unscored_entry(assessment)

    with pytest.raises(NoResultsYet, match=iro.code):
        lock(assessment=assessment, by=None)
    actions.close_iro(iro=iro, reason=both("不适用", "Does not apply"), by=None)

    assert locked(assessment).is_locked


def test_a_method_is_fixed_before_scores_or_not_at_all():
    assessment = empty_alone()
    rows = [add(assessment, title=both("条目", "Entry"), **facts) for facts in ENTRIES]
    fixed = actions.fix_plan(assessment=assessment, by=None)
    actions.describe_iro(
        iro=rows[2], by=None, is_net=True, mitigation=both("炉", "New"), evidence="Audit"
    )
    judge(assessment, rows)

    registration = results_for(assessment).inputs["registration"]

    assert registration["fixed"]["number"] == fixed.number < registration["known"]
    with pytest.raises(AnswersKnown):
        actions.fix_plan(assessment=assessment, by=None)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda i: i["surveys"].append({"code": "s", "dimensions": [], "mode": "named",
                                        "sources": [], "answered": 0, "counted": 0}),
         "inputs.surveys"),
        (lambda i: i["counts"].update(impact={"panel": []}), "inputs.counts"),
        (lambda i: i["units"].pop("impact"), "inputs.units.impact"),
        (lambda i: i["register"].update(feeds="worst"), "inputs.groups"),
    ],
)  # fmt: skip
def test_a_document_that_tells_of_answers_nobody_gave_is_refused(change, place):
    inputs = json.loads(json.dumps(results_for(scored_alone()).inputs))
    change(inputs)

    with pytest.raises(BundleError, match=place):
        evaluate(inputs)


def test_the_next_round_begins_like_it_and_compares_the_places():
    before = locked(scored_alone(year="2025"))
    after = actions.start_round(
        organisation=before.organisation, year="2026", by=None, previous=before, four_eyes=False
    )
    actions.carry_over(assessment=after)
    actions.carry_iros(assessment=after, by=None)
    judge(after, list(after.iros.order_by("code")))

    results = results_for(Assessment.objects.get(pk=after.pk))

    assert after.is_without_survey
    assert results.topic("safety").previous["x"] == 4.5
    assert results.tier_moves == ()
    assert locked(after).is_locked
    assert list(faults_of(Assessment.objects.get(pk=after.pk))) == []


def test_a_topic_has_the_same_number_in_matrix_list_and_tables():
    """Energy leads by its impact alone: it has no dot, and its number is nobody else's."""
    edition = Edition(results_for(scored_alone()), "en")

    numbers = {row[2]: row[1] for row in tables.topic_list(edition).rows}
    points = {point.name: point.number for point in compose(edition).points}

    lines = [line.text for line in compose(edition).key_lines]
    assert numbers["Energy"] == 1
    assert "Energy" in lines  # in the list beside the matrix, by its tier
    assert "Ethics" not in lines  # the control: it has no tier
    assert points == {name: numbers[name] for name in ("Safety", "Privacy")}


@pytest.mark.parametrize(
    ("language", "none", "neither", "unknown"),
    [
        ("en", "no entry", "neither", "unknown (no entry in the register)"),
        ("zh-hans", "无条目", "均无", "未知（清单中无条目）"),
    ],
)
def test_a_topic_with_entries_on_one_side_is_judged_by_that_side(language, none, neither, unknown):
    """Ethics gets a weak impact and no effect: it is known, and below the boundary of 3.50."""
    assessment = scored_alone(year="2025")
    before = Edition(results_for(assessment), language)
    weak = add(assessment, topic="ethics", kind="positive", is_actual=True)
    score_all(assessment, weak, 1)
    after = Edition(results_for(Assessment.objects.get(pk=assessment.pk)), language)

    [missing] = [row[1:] for row in double.table(before).rows if row[1] in ("Ethics", "议题ethics")]
    [judged] = [row for row in double.table(after).rows if row[1] in ("Ethics", "议题ethics")]
    listed = {row[2]: row[1] for row in tables.topic_list(after).rows}

    assert missing[1:] == [none, none, unknown, "–"]
    assert judged[2:] == [1.0, none, neither, after.say("no")]
    assert {row[1]: row[0] for row in double.table(after).rows} == listed
    assert {row[1]: row[0] for row in tables.topics(after).rows} == listed
    assert after.results.views["double"].topics["ethics"]["basis"] == "none"


def test_a_side_whose_entry_has_no_value_leaves_the_verdict_unknown():
    """Nobody could judge the risk of ethics: that is not the same as having none."""
    assessment = scored_alone()
    score_all(assessment, add(assessment, topic="ethics", kind="positive", is_actual=True), 1)
    score_all(assessment, add(assessment, topic="ethics", kind="risk"), None)

    edition = Edition(results_for(Assessment.objects.get(pk=assessment.pk)), "en")

    [row] = [row for row in double.table(edition).rows if row[1] == "Ethics"]
    assert row[2:] == [1.0, None, "unknown (no score)", "–"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "; by the register’s own thresholds another verdict follows for Ethics"),
        ("zh-hans", "；按清单自身的阈值，以下议题的结论不同：议题ethics"),
    ],
)
def test_the_second_table_names_topics_that_the_registers_thresholds_judge_otherwise(
    language, sentence
):
    """The control: before ethics has an impact of 3.00, the threshold being 2.50, none differs."""
    assessment = scored_alone()
    before = double.sentence(Edition(results_for(assessment), language))
    score_all(assessment, add(assessment, topic="ethics", kind="positive", is_actual=True), 3)

    after = Edition(results_for(Assessment.objects.get(pk=assessment.pk)), language)

    assert double.sentence(after) == before + sentence


def sheet_names(content: bytes) -> list[str]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names


def titles_of_slides(content: bytes) -> list[str]:
    slides = Presentation(io.BytesIO(content)).slides
    return [slide.shapes.title.text for slide in slides if slide.shapes.title is not None]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "No stakeholder group is part of this round."),
        ("zh-hans", "本轮未设利益相关方群体。"),
    ],
)
def test_a_round_without_groups_has_a_sentence_instead_of_an_empty_table(language, sentence):
    """The control: with a group there are table, sheet and slide."""
    assessment = scored_alone()
    names = ["section.docx", "section.md", "tables.xlsx", "slides.pptx"]

    without = files(Edition(results_for(assessment), language), names=names)
    group = {"code": "staff", "name": both("员工", "Staff"), "channels": [both("会", "Meetings")]}
    actions.add_groups(assessment=assessment, groups=[group], dimension="stakeholder")
    edition = Edition(results_for(Assessment.objects.get(pk=assessment.pk)), language)
    with_one = files(edition, names=names)

    heading = edition.say("engagement_heading")
    printed = [sentence in made["section.md"].decode() for made in (without, with_one)]
    sheets = [
        edition.say("sheet_engagement") in sheet_names(made["tables.xlsx"])
        for made in (without, with_one)
    ]
    slides = [heading in titles_of_slides(made["slides.pptx"]) for made in (without, with_one)]
    assert (printed, sheets, slides) == ([True, False], [False, True], [False, True])
    words = [
        paragraph.text for paragraph in Document(io.BytesIO(without["section.docx"])).paragraphs
    ]
    assert sentence in words


def test_how_far_experts_are_apart_has_no_tail_of_digits():
    edition = Edition(results_for(scored_alone()), "en")
    [row, *_rest] = edition.results.register.entries
    object.__setattr__(row, "spread", 4.6 - 3.8)

    [told] = [cells for cells in register.details(edition).rows if cells[0] == row.code]

    assert 4.6 - 3.8 != 0.8
    assert 0.8 in told


@pytest.mark.parametrize(("is_scored", "result"), [(True, "neither"), (False, "unknown")])
def test_a_set_topic_is_judged_by_the_side_that_has_an_entry(is_scored, result):
    assessment = scored_alone()
    score_all(assessment, add(assessment, topic="ethics", kind="positive", is_actual=True), 1)
    if not is_scored:
        score_all(assessment, add(assessment, topic="ethics", kind="risk"), None)
    results = results_for(Assessment.objects.get(pk=assessment.pk))
    entry = set_topics.entries()[0]
    ethics = next(row for row in results.inputs["topics"] if row["code"] == "ethics")
    ethics["references"] = [list(entry.key)]

    row = next(row for one, row in set_topics.verdicts(results) if one == entry)

    assert row["result"] == result
    reason = "Impact 1.00 (boundary 3.50), financial effect – (boundary 3.50)" if is_scored else ""
    assert set_topics.reason(Edition(results, "en"), row) == reason


def score_all(assessment: Assessment, iro: Iro, mark: int | None) -> None:
    """Let one expert give an entry this mark on everything it is asked by; None: cannot say."""
    erin = User.objects.get(username="erin")
    actions.assign_iros(assessment=assessment, codes=[iro.code], experts=[erin], by=None)
    iro.refresh_from_db()
    marks = dict.fromkeys(ASKED[iro.sheet], mark)
    actions.score_iro(iro=iro, expert=erin, marks=marks, reason="As seen")


def successor(before: Assessment, feeds: str) -> Assessment:
    """Begin the round after a locked one, with its topics; the register feeds its axes so."""
    after = actions.start_round(
        organisation=before.organisation,
        year="2027",
        by=None,
        previous=before,
        four_eyes=False,
        register_feeds=feeds,
    )
    actions.carry_over(assessment=after)
    reason = both("专家评分", "Experts score now")
    actions.explain_method(assessment=after, reason=reason, by=None)
    return Assessment.objects.get(pk=after.pk)


def test_after_a_round_with_a_survey_nothing_is_compared_that_people_answered():
    after = successor(locked(double_round(year="2025")), "register")
    fill_register(after)

    results = results_for(after)

    rows = results.document["results"]["year_on_year"]["topics"]
    assert {row["overall"]["verdict"] for row in rows if "overall" in row} == {"not_comparable"}
    verdicts = {one["verdict"] for row in rows for one in row["dimensions"].values()}
    assert verdicts <= {"not_comparable"}
    assert "register" in {row["aspect"] for row in results.document["results"]["method_changes"]}
    after = locked(after)
    assert list(faults_of(after)) == []
    for language in ("en", "zh-hans"):
        assert files(Edition(results_for(after), language))


def test_a_survey_may_follow_a_round_without_one():
    after = successor(locked(scored_alone(year="2025")), "survey")
    panel = {"code": "panel", "name": both("专家组", "Panel")}
    kind = StakeholderGroup.Kind.PANEL
    actions.add_groups(assessment=after, groups=[panel], dimension="impact", kind=kind)
    plan = plan_for("impact", after)
    survey = actions.ask(assessment=after, dimension="impact", plan=plan, by=None)
    publish(survey)
    answer(survey, {"panel": [[5, 4, 4] * 4] * 6})
    close_and_seal(survey)

    after = locked(after)

    assert list(faults_of(after)) == []
    assert not results_for(after).is_without_survey


def with_survey(feeds: str) -> Assessment:
    """Return a round that the register feeds, not scored yet, whose groups are to be asked."""
    assessment = make_round(preset="double")
    actions.set_rule(assessment=assessment, by=None, register_feeds=feeds)
    return Assessment.objects.get(pk=assessment.pk)


def publish_all(assessment: Assessment, by=None) -> list[Survey]:
    surveys = []
    for dimension in ("stakeholder", "impact"):
        plan = plan_for(dimension, assessment)
        survey = actions.ask(assessment=assessment, dimension=dimension, plan=plan, by=None)
        actions.open_survey(assessment=assessment, survey=survey, by=by)
        surveys.append(survey)
    return surveys


@pytest.mark.parametrize("feeds", ["register", "worst"])
def test_scores_that_feed_the_axes_are_known_whatever_is_published(feeds):
    assessment = with_survey(feeds)
    fill_register(assessment)
    publish_all(assessment)

    with pytest.raises(AnswersKnown):
        actions.fix_plan(assessment=assessment, by=None)


def test_scores_that_stand_beside_the_survey_leave_the_method_to_be_fixed():
    assessment = with_survey("beside")
    fill_register(assessment)
    publish_all(assessment)

    fixed = actions.fix_plan(assessment=assessment, by=None)

    assert fixed.verb == "fix_plan"
    assert list(faults_of(Assessment.objects.get(pk=assessment.pk))) == []


def test_what_was_fixed_on_the_survey_after_scores_is_not_fixed_once_scores_feed_the_axes():
    assessment = with_survey("survey")
    fill_register(assessment)
    fixed = actions.fix_plan(assessment=assessment, by=None)
    plan = plan_in_force(assessment)
    assert registration_of(assessment, plan)["fixed"]["number"] == fixed.number

    actions.set_rule(assessment=assessment, by=None, register_feeds="register")
    fed = Assessment.objects.get(pk=assessment.pk)

    assert registration_of(fed, plan_in_force(fed))["fixed"] is None
    assert list(faults_of(fed)) == []


def test_verify_names_a_plan_that_was_fixed_after_scores_behind_the_products_back():
    assessment = with_survey("register")
    fill_register(assessment)
    publish_all(assessment)
    plan = plan_in_force(assessment)
    after = {"digest": digest(plan), "plan": plan}
    with transaction.atomic():
        record(hold(assessment), Verb.FIX_PLAN, by=None, after=after)

    [fault] = faults_of(Assessment.objects.get(pk=assessment.pk))

    assert "cannot be fixed once answers are known" in fault


def test_publishing_a_survey_notes_that_groups_weigh_and_nobody_else_is_blamed():
    assessment = with_survey("register")
    publisher = make_user("publisher", assessment.organisation)
    actions.fix_plan(assessment=assessment, by=None)

    publish_all(assessment, by=publisher)
    fill_register(assessment)

    first, *later = assessment.events.filter(verb=Verb.CHANGE_PLAN).order_by("number")
    assert first.by == publisher
    assert "问卷已发布" in first.reason
    assert first.before["plan"]["weights"] == {} != first.after["plan"]["weights"]
    assert later
    assert all(one.before["plan"]["weights"] == one.after["plan"]["weights"] for one in later)


def test_publishing_a_survey_changes_nothing_of_a_plan_that_names_the_weights_already():
    assessment = with_survey("worst")
    actions.fix_plan(assessment=assessment, by=None)

    publish_all(assessment)

    assert not assessment.events.filter(verb=Verb.CHANGE_PLAN).exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "before answers and experts’ scores"), ("zh-hans", "专家评分之前")],
)
def test_files_of_a_round_with_both_say_that_it_was_fixed_before_neither(language, words):
    assessment = double_round()
    fill_register(assessment)
    actions.set_rule(assessment=assessment, by=None, register_feeds="worst", reason="Agreed")
    results = results_for(Assessment.objects.get(pk=assessment.pk))

    [told] = registration.sentences(Edition(results, language))

    assert words in told
