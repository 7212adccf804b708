"""Clause by clause: what a round holds of a standard, and what it lacks."""

import copy

import pytest

from materiality import actions
from materiality.catalogue import UnknownEntry
from materiality.catalogue.clauses import Clause, Profile, profile, profiles
from materiality.locking.snapshots import results_for
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.files.package import files
from materiality.results import Results
from materiality.results.clauses import MISSING, PARTLY, PRINTED, SUBJECTS, clause_answers
from tests.alone import scored_alone
from tests.builders import both
from tests.report.rounds import double_round, register_rows, results_of, sample, szse_round

TEXT = {"zh-hans": "有", "en": "Yes"}


def asked_about(*subjects: str) -> Profile:
    return Profile("x", "1", TEXT, "high", TEXT, (Clause("1", TEXT, subjects),))


def answer(results: Results, *subjects: str):
    [found] = clause_answers(results, asked_about(*subjects))
    return found


def lacks(results: Results, subject: str) -> list[str]:
    return [lack.code for lack in answer(results, subject).lacks]


def changed(results: Results, change) -> Results:
    """Return the round as if it had been entered otherwise, scored anew."""
    inputs = copy.deepcopy(dict(results.inputs))
    change(inputs)
    return results_of(inputs)


def test_each_clause_names_subjects_that_are_known_and_each_subject_is_asked_for():
    named = {
        subject for each in profiles() for clause in each.clauses for subject in clause.subjects
    }

    assert named == set(SUBJECTS)


def test_the_seven_standards_are_there_and_an_unknown_one_is_refused_by_name():
    assert [each.code for each in profiles()] == [
        *("szse", "sse", "bse", "hkex", "gri", "esrs", "mof"),
    ]
    with pytest.raises(UnknownEntry, match="'sasb'"):
        profile("sasb")


def test_no_clause_is_named_twice_in_one_standard_and_each_is_worded_in_both_languages():
    for each in profiles():
        codes = [clause.code for clause in each.clauses]
        assert len(set(codes)) == len(codes)
        assert all(clause.asks["en"] and clause.asks["zh-hans"] for clause in each.clauses)


def test_what_is_all_there_is_printed_and_nothing_at_all_is_missing():
    assert answer(sample(), "process").state == PRINTED
    assert answer(sample(), "horizons").state == MISSING
    assert answer(sample(), "process", "horizons").state == PARTLY


def set_of_group(name, value):
    def change(inputs):
        for group in inputs["groups"]:
            group[name] = value

    return change


@pytest.mark.parametrize(
    ("subject", "lack", "field", "entered", "empty"),
    [
        ("groups", "how_chosen", "how_chosen", TEXT, {}),
        ("channels", "channels", "channels", [TEXT], []),
        ("frequency", "frequency", "frequency", TEXT, {"en": " "}),
        ("expectations", "expectations", "expectations", [TEXT], []),
        ("respondents", "invited", "invited", 900, None),
    ],
)
def test_what_is_not_entered_of_a_group_is_lacking_by_its_name(
    subject, lack, field, entered, empty
):
    whole = changed(sample(), set_of_group(field, entered))
    bare = changed(sample(), set_of_group(field, empty))

    assert lacks(whole, subject) == []
    assert lacks(bare, subject) == [lack]
    [found] = answer(bare, subject).lacks
    assert {"en", "zh-hans"} <= set(found.of[0])


def test_the_financial_side_is_lacking_until_it_is_asked():
    assert lacks(sample(), "financial") == ["financial"]
    assert lacks(double_round(), "financial") == []
    assert lacks(sample(), "set_topics") == ["financial"]
    assert lacks(double_round(), "set_topics") == ["set_topics"]
    assert lacks(szse_round(), "set_topics") == []


def without_last_year(inputs):
    for key in ("previous", "successions"):
        inputs.pop(key, None)


def test_a_first_year_has_nothing_to_compare_and_lacks_nothing():
    first = changed(sample(), without_last_year)

    assert answer(first, "changes").parts == ("first_year",)
    assert lacks(first, "changes") == []


def test_a_topic_screened_out_without_a_reason_is_lacking_one():
    def screen(reason):
        row = {"code": "z", "name": TEXT, "kind": "not_relevant", "reason": reason}
        return lambda inputs: inputs.update(screened_out=[row])

    assert lacks(changed(sample(), screen({})), "not_material") == ["not_material"]
    assert lacks(changed(sample(), screen(TEXT)), "not_material") == []


def test_a_draft_has_no_date_and_nobody_approved_it():
    assert lacks(sample(locked=False), "revision") == ["lock"]
    assert lacks(sample(), "revision") == ["next_revision"]
    assert lacks(sample(), "board") in (["approval"], ["board"])


# ---- what the register answers ----


def with_register(change=None) -> Results:
    def enter(inputs):
        inputs["register"] = register_rows([row["code"] for row in inputs["topics"]])
        if change:
            change(inputs["register"])

    return changed(sample(), enter)


def names_of(results: Results, subject: str, code: str) -> list[str]:
    lack = next(lack for lack in answer(results, subject).lacks if lack.code == code)
    return [name["en"] for name in lack.of]


@pytest.mark.parametrize(
    "subject",
    ["register", "involvement", "mitigation", "thresholds", "severity", "likelihood", "experts",
     "impact", "financial"],
)  # fmt: skip
def test_the_register_answers_what_a_round_without_one_lacks(subject):
    def enter(register):
        register["thresholds"].append({"kind": "opportunity", "value": 3.0, "reason": TEXT})
        for row in register["entries"]:
            row["mitigation"] = TEXT
            if row["kind"] in ("negative", "positive"):
                row["affected"] = TEXT
        register["entries"][-1]["judgements"] = register["entries"][1]["judgements"]

    results = changed(
        with_register(enter),
        lambda inputs: inputs.update(
            groups=[{**row, "kind": "stakeholders"} for row in inputs["groups"]]
        ),
    )

    assert answer(results, subject).state == PRINTED


@pytest.mark.parametrize(
    ("subject", "parts"),
    [
        ("involvement", ("iro_details",)),
        ("mitigation", ("iro_details",)),
        ("register", ("register", "iro_details", "value_chain")),
        ("severity", ("method_note", "iro_scores")),
        ("likelihood", ("method_note", "iro_scores")),
        ("experts", ("method_note", "iro_scores")),
    ],
)
def test_what_stands_in_a_sheet_of_the_workbook_alone_is_said_to_stand_there(subject, parts):
    assert answer(with_register(), subject).parts == parts


def test_a_table_of_thresholds_is_named_only_where_it_is_printed():
    bare = with_register(lambda register: register["thresholds"].clear())

    assert answer(bare, "thresholds").parts == ("method_note",)
    assert answer(with_register(), "thresholds").parts == ("method_note", "thresholds")


def test_what_entries_lack_is_named_by_their_codes():
    results = with_register()

    assert names_of(results, "register", "iro_affected") == ["IRO-003", "IRO-004"]
    assert names_of(results, "register", "iro_scores") == ["IRO-006"]
    assert names_of(results, "mitigation", "iro_mitigation") == ["IRO-001", "IRO-002"]
    assert names_of(results, "thresholds", "iro_thresholds") == ["opportunities"]


def test_what_is_taken_out_of_the_register_is_lacking():
    def empty(register):
        register["entries"][0].pop("involvement")
        register["entries"][1].pop("description")
        register["thresholds"][0].pop("reason")

    results = with_register(empty)

    assert names_of(results, "involvement", "iro_involvement") == ["IRO-001"]
    assert names_of(results, "register", "iro_descriptions") == ["IRO-002"]
    assert names_of(results, "thresholds", "iro_threshold_reasons") == ["negative impacts"]


def test_a_register_of_one_side_lacks_the_other():
    def keep(kinds):
        def change(register):
            register["entries"] = [row for row in register["entries"] if row["kind"] in kinds]
            register["lines"] = register["links"] = []

        return change

    assert "iro_kinds" in lacks(with_register(keep(("negative", "positive"))), "register")
    assert "iro_impacts" in lacks(with_register(keep(("risk", "opportunity"))), "register")
    assert not {"iro_kinds", "iro_impacts"} & set(lacks(with_register(), "register"))


# ---- where nobody was heard ----

ABOUT_STAKEHOLDERS = ("groups", "channels", "frequency", "expectations", "respondents")


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ABOUT_STAKEHOLDERS)
def test_a_round_of_experts_that_describes_no_group_lacks_stakeholders(subject):
    found = answer(results_for(scored_alone()), subject)

    assert found.state == MISSING
    assert [lack.code for lack in found.lacks] == ["stakeholders"]


@pytest.mark.django_db
def test_no_clause_on_stakeholders_is_printed_where_none_is_described():
    made = files(Edition(results_for(scored_alone()), "en"))["clauses.csv"].decode()

    assert "stakeholder table" not in made
    assert "No stakeholder group is described" in made


@pytest.mark.django_db
def test_groups_that_are_described_answer_and_the_survey_that_was_not_held_is_named():
    assessment = scored_alone()
    group = {"code": "staff", "name": both("员工", "Staff"), "channels": [both("会", "Meetings")]}
    actions.add_groups(assessment=assessment, groups=[group], dimension="stakeholder")

    results = results_for(Assessment.objects.get(pk=assessment.pk))

    assert answer(results, "channels").state == PRINTED
    assert answer(results, "respondents").parts == ("engagement",)
    assert lacks(results, "respondents") == ["survey"]
    assert lacks(results, "frequency") == ["frequency"]
