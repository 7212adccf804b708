"""No fact without its turn: what a bundle tells of a round is turned over, sentence by sentence."""

import copy
from collections import defaultdict

import pytest

from materiality.document.schema import Group, SurveyFacts
from materiality.method.raking import weighted_units
from materiality.report.edition import Edition
from materiality.report.sentences import method_note
from materiality.report.words import LANGUAGES, WORDS
from tests.method.test_double import double_round
from tests.method.test_raking import known, margin, round_in_parts, staff, unit
from tests.method.test_true_words import after, counts, panel_round, twice
from tests.report.test_facts import SURVEYS, TURNS, inputs_with_facts, note


def invited(inputs):
    inputs["surveys"][0]["invited"] = 311


def reached(inputs):
    inputs["surveys"][0]["reached"] = 287


def began_on_another_day(inputs):
    inputs["surveys"][0]["opened"] = "2021-01-04"


def asked_of_the_other_axis(inputs):
    inputs["surveys"][0]["dimensions"] = ["impact"]


def more_answered_than_count(inputs):
    inputs["surveys"][0]["answered"] = 250


def late_ones(inputs):
    inputs["surveys"][1]["after_reminder"] = 9


def imported(inputs):
    inputs["surveys"][0]["sources"] = [{"source": "imported", "answers": 225}]
    rule = {
        "dimension": "stakeholder", "lowest": 1, "highest": 5, "most": 5, "by": "own",
        "ratings": {"very": 5, "hardly": 1, "-": 0, "?": 255},
    }  # fmt: skip
    inputs["surveys"][0]["imports"] = [{"program": "wjx", "tables": 2, "rules": [rule]}]


FURTHER = [
    invited, reached, began_on_another_day, asked_of_the_other_axis, more_answered_than_count,
    late_ones, imported,
]  # fmt: skip
NOT_SAID = {"code"}
"""Keys of a survey that only tell it apart; no sentence has them."""
OF_GROUPS = {"population", "invited", "invited_answered"}
"""Facts of groups in the note. Weights, kinds, channels and the like have tables of their own."""


def turned(turn):
    inputs = inputs_with_facts()
    turn(inputs)
    return inputs


def keys_changed(before, now):
    """Return the keys whose values a turn changed."""
    return {
        key
        for old, new in zip(before, now, strict=True)
        for key in {*old, *new}
        if old.get(key) != new.get(key)
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("turn", FURTHER, ids=lambda turn: turn.__name__)
def test_a_further_fact_turned_over_changes_the_note(turn, language):
    assert note(turned(turn), language) != note(inputs_with_facts(), language)


def test_every_fact_of_a_survey_has_its_turn():
    """A fact that is added to the bundle must be added here, with the sentence it changes."""
    found = set()
    for turn in [*TURNS, *FURTHER]:
        found |= keys_changed(SURVEYS, turned(turn)["surveys"])

    assert found == set(SurveyFacts.__annotations__) - NOT_SAID


def test_every_fact_of_a_group_that_the_note_tells_has_its_turn():
    before = inputs_with_facts()["groups"]
    found = set()
    for turn in [*TURNS, *FURTHER]:
        found |= keys_changed(before, turned(turn)["groups"])

    assert found == OF_GROUPS
    assert set(Group.__annotations__) >= OF_GROUPS


def in_parts(*, east=0.2, west=10, margins=1):
    inputs = known(round_in_parts(), east)
    if west != 10:
        inputs["units"]["view"] = [unit("east", 30), unit("west", west)]
        inputs["counts"]["view"]["west"] = [[west, 0, 0, 0, 0, 0]]
        inputs["units"]["view"][1]["responses"] = west
    if margins > 1:
        other = margin("Age", old=(0.9, ["east"]), young=(0.1, ["west"]))
        [site] = inputs["raking"][0]["margins"]
        inputs["raking"] = [staff(site, other)]
        inputs["units"]["view"] = [unit("east", 30), unit("west", 10)]
    return inputs


def silent_part():
    inputs = round_in_parts()
    inputs["groups"].append({"code": "north", "weights": {"view": 1.0}})
    inputs["units"]["view"].append(unit("north", 0))
    inputs["counts"]["view"]["north"] = [[0] * 6]
    site = margin("Site", east=(0.5, ["east"]), west=(0.3, ["west"]), north=(0.2, ["north"]))
    return {**inputs, "raking": [staff(site)]}


def cut_weights():
    """Two of the four parts have hardly anybody."""
    inputs = round_in_parts()
    codes = {"a": 400, "b": 5, "c": 5, "d": 60}
    told = staff(
        margin("Site", east=(0.5, "ab"), west=(0.5, "cd")),
        margin("Age", old=(0.5, "ac"), young=(0.5, "bd")),
    )
    inputs["groups"] = [{"code": code, "weights": {"view": 1.0}} for code in codes] + [
        {"code": "panel", "weights": {"impact": 1.0}}
    ]
    inputs["counts"]["view"] = {code: [[0, 0, n, 0, 0, 0]] for code, n in codes.items()}
    inputs["raking"] = [told]
    units = [unit(code, n) for code, n in codes.items()]
    inputs["units"]["view"] = weighted_units(units, [told], dict.fromkeys(codes, 1.0))
    return inputs


def on_six_points():
    inputs = round_in_parts()
    inputs["scale"] = {"points": 6}
    for rows in inputs["counts"].values():
        for row in (row for unit_rows in rows.values() for row in unit_rows):
            row.insert(5, 0)
    return inputs


def by_this_years_scores():
    inputs = inputs_with_facts()
    inputs["rule"] = {"kind": "natural_breaks", "weights": {"x": 1, "y": 1}}
    return inputs


def late_round(second):
    """A panel of which the second half answered after a reminder."""
    first = [[2, 3, 2, 3, 2, 3], [3, 4, 3, 4, 3, 4]]
    inputs = panel_round([a + b for a, b in zip(first, second, strict=True)])
    early = {"panel": [counts(column) for column in first]}
    inputs["variants"] = [{"code": "without_late", "counts": {"a": early}}]
    inputs["surveys"] = [
        {**copy.deepcopy(SURVEYS[1]), "dimensions": ["a", "b"], "after_reminder": 6}
    ]
    return inputs


def two_years(*, mode, pairs=False):
    first = [[1, 2, 3, 4, 2, 3], [3, 4, 3, 4, 3, 4]]
    second = [[2, 3, 4, 5, 3, 4], first[1]]
    now = after(panel_round(first), second)
    now["assessment"] = {"year": "2020", "previous_year": "2019"}
    now["surveys"] = [{**copy.deepcopy(SURVEYS[1]), "mode": mode, "dimensions": ["a"]}]
    if pairs:
        now["previous"]["twice"] = {code: {"panel": twice(first, second)} for code in "ab"}
    return now


def states():
    """Return rounds in which every fact is so, and otherwise."""
    base = [inputs_with_facts(), *(turned(turn) for turn in [*TURNS, *FURTHER])]
    base += [
        two_years(mode="anonymous"),
        two_years(mode="named"),
        two_years(mode="named", pairs=True),
    ]
    base += [in_parts(), in_parts(west=0), in_parts(margins=2), silent_part(), cut_weights()]
    base += [late_round([[5, 4, 5, 4, 5, 4], [3, 4, 3, 4, 3, 4]])]
    base += [late_round([[2, 3, 2, 3, 2, 3], [3, 4, 3, 4, 3, 4]])]
    base += [double_round(), panel_round([[5] * 5, [3, 4, 5, 4, 4]])]
    base += [on_six_points(), by_this_years_scores(), panel_round([[2, 3] * 16, [3, 4] * 16])]
    only = inputs_with_facts()
    only["surveys"] = only["surveys"][:1]
    return [*base, only]


@pytest.fixture(scope="module")
def said():
    """{language: {key: what was said by it in each state}} of all states."""
    found = {language: [] for language in LANGUAGES}
    usual = Edition.say

    def listen(self, key, **fields):
        text = usual(self, key, **fields)
        found[self.language][-1][key].add(text)
        return text

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Edition, "say", listen)
        for inputs in states():
            inputs.setdefault("assessment", {"year": "2020"})
            for language in LANGUAGES:
                found[language].append(defaultdict(set))
                note(inputs, language)
        for language in LANGUAGES:
            found[language].append(defaultdict(set))
            note(inputs_with_facts(), language, approved_by="Chen", approved_at="2021-03-10")
    return found


ALWAYS = {"fact_self_selection"}
"""What stands wherever ranges do, whatever the round: who answered chose to."""
SENTENCES = sorted(key for key in WORDS["en"] if key.startswith("fact_"))
LIMITS = [f"limit_{code}" for code in method_note.SAID_LIMITS]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [*SENTENCES, *LIMITS])
def test_every_sentence_is_said_where_its_fact_is_so_and_not_or_otherwise_where_it_is_not(
    said, key, language
):
    texts = [state.get(key, set()) for state in said[language]]

    assert any(texts), "no round of these says it: add one in which its fact is so"
    if key in ALWAYS:
        assert all(texts)
    else:
        assert len({frozenset(one) for one in texts}) > 1, "whatever the facts, the same is said"
