"""No sentence without its fact: a fact turned over gives another sentence, in both languages."""

import copy

import pytest

from materiality.document import assemble
from materiality.method import evaluate
from materiality.report.edition import Edition
from materiality.report.sentences import method_note, method_steps, problems
from materiality.report.text import percent
from materiality.report.words import LANGUAGES, WORDS
from materiality.results import Results
from tests.samples import sample_inputs

SURVEYS = [
    {
        "code": "ask",
        "dimensions": ["stakeholder"],
        "mode": "anonymous",
        "opened": "2021-01-11",
        "closed": "2021-02-28",
        "sources": [{"source": "personal", "answers": 200}, {"source": "open", "answers": 25}],
        "invited": 300,
        "answered": 233,
        "counted": 225,
        "exclusions": [{"criterion": "fast", "met": 8, "left_out": 8}],
        "wordings": 1,
    },
    {
        "code": "panel",
        "dimensions": ["impact"],
        "mode": "named",
        "opened": "2021-01-11",
        "closed": "2021-02-28",
        "sources": [{"source": "personal", "answers": 32}],
        "invited": 36,
        "answered": 32,
        "counted": 32,
        "exclusions": [],
        "wordings": 1,
    },
]


def inputs_with_facts():
    return {
        **copy.deepcopy(sample_inputs()),
        "method_version": "2",
        "surveys": copy.deepcopy(SURVEYS),
    }


def note(inputs, language, **lock):
    """Return the whole method note, its steps included, as one text."""
    edition = Edition(Results(assemble(inputs, evaluate(inputs)), **lock), language)
    lines = [step.text for step in method_steps.steps(edition)]
    for heading, paragraphs in method_note.chapters(edition):
        lines += [heading, *paragraphs]
    return "\n".join(lines)


def both_named(inputs):
    inputs["surveys"][0]["mode"] = "named"


def other_sources(inputs):
    inputs["surveys"][0]["sources"] = [{"source": "imported", "answers": 225}]


def few_by_staff(inputs):
    inputs["surveys"][0]["sources"].append({"source": "staff", "answers": None})


def all_counted(inputs):
    inputs["surveys"][0]["counted"] = 233


def no_exclusion(inputs):
    inputs["surveys"][0]["exclusions"] = []


def without_effect(inputs):
    inputs["surveys"][0]["exclusions"][0]["left_out"] = 0


def other_days(inputs):
    inputs["surveys"][0]["closed"] = "2021-03-05"


def reworded(inputs):
    inputs["surveys"][0]["wordings"] = 3


def opened_later(inputs):
    code = inputs["groups"][1]["code"]
    inputs["surveys"][0]["later"] = [{"group": code, "asked_from": "2021-02-10"}]


def head_counts(inputs):
    inputs["groups"][0]["population"] = 400


def more_answered(inputs):
    inputs["groups"][0].update(invited=80, invited_answered=20)


def symmetric(inputs):
    inputs["interval"] = "symmetric" if inputs.get("interval") == "bounded" else "bounded"


def other_seed(inputs):
    inputs["seed"] = 77


def without_gram(inputs):
    del inputs["gram"]


def other_minimum(inputs):
    inputs["minimum_group"] = 4


def undecided(inputs):
    inputs["decisions"] = []


TURNS = [
    both_named, other_sources, few_by_staff, all_counted, no_exclusion, without_effect, other_days,
    reworded, opened_later, head_counts, more_answered, symmetric, other_seed, without_gram,
    other_minimum, undecided,
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn.__name__)
def test_a_fact_turned_over_changes_the_sentence(turn, language):
    inputs = inputs_with_facts()
    before = note(inputs, language)

    turn(inputs)

    assert note(inputs, language) != before
    assert note(inputs_with_facts(), language) == before  # the control


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_named_panel_is_never_said_to_be_sealed_without_names(language):
    inputs = inputs_with_facts()
    inputs["surveys"] = inputs["surveys"][1:]
    without_names = WORDS[language]["fact_sealed_anonymous"]

    assert without_names not in note(inputs, language)
    assert without_names in note(inputs_with_facts(), language)  # the control


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bundle_that_does_not_say_how_people_were_asked_gets_no_such_sentence(language):
    inputs = inputs_with_facts()
    del inputs["surveys"]
    text = note(inputs, language)

    for key in ("fact_mode_anonymous", "fact_mode_named", "fact_sealed_anonymous"):
        assert WORDS[language][key] not in text
    assert "online" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_approver_is_named_or_said_to_be_missing(language):
    approved = {"approved_by": "Chen Wei", "approved_at": "2021-03-10T10:00:00+08:00"}
    inputs = inputs_with_facts()

    assert "Chen Wei" in note(inputs, language, **approved)
    assert WORDS[language]["fact_not_approved"] in note(inputs, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_caveat_of_self_selection_stands_beside_the_ranges(language):
    assert WORDS[language]["fact_self_selection"] in note(inputs_with_facts(), language)


def test_only_what_is_all_is_printed_as_all():
    assert [percent(share) for share in (0.999, 1.0, 0.001, 0.0, -0.0)] == [
        ">99%", "100%", "<1%", "0%", "0%",
    ]  # fmt: skip


def test_a_response_rate_is_that_of_the_invited_and_never_above_one():
    inputs = inputs_with_facts()
    inputs["groups"][0].update(invited=10, responses=21)
    group = Results(assemble(inputs, evaluate(inputs))).groups[0]
    assert group.response_rate is None  # 21 answers of 10 invited: others answered too

    inputs["groups"][0]["invited_answered"] = 7
    group = Results(assemble(inputs, evaluate(inputs))).groups[0]

    assert group.response_rate == pytest.approx(0.7)


def test_a_topic_that_went_into_another_and_is_still_listed_is_said_to_be_so():
    inputs = inputs_with_facts()
    lines = inputs["successions"]
    same = next(line for line in lines if line["before"] == line["after"])
    other = next(line["after"] for line in lines if line["after"] not in (None, same["after"]))
    before = questions_of(inputs)

    same.update(kind="absorbed", after=other, reason={"zh-hans": "并入", "en": "Taken in"})

    [said] = set(questions_of(inputs)) - set(before)
    assert "yet it is still on this year's list" in said
    assert "has no origin" not in said


def questions_of(inputs):
    edition = Edition(Results(assemble(inputs, evaluate(inputs))), "en")
    return problems.open_questions(edition)
