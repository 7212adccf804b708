"""Words beside numbers: sentences that once were wrong, and the facts that they follow."""

import copy
import csv
import io

import pytest

from materiality.archive import tables as archived
from materiality.document import assemble
from materiality.method import evaluate
from materiality.method.raking import weighted_units
from materiality.report.edition import Edition
from materiality.report.files import opendata
from materiality.report.sentences import board, method_note, method_steps
from materiality.report.tables import _counts_like
from materiality.report.text import percents
from materiality.report.words import LANGUAGES, WORDS
from materiality.results import Results
from tests.method.test_double import double_round
from tests.method.test_raking import known, round_in_parts, unit
from tests.method.test_true_words import after, panel_round
from tests.report.test_facts import inputs_with_facts, note


def edition_of(inputs, language="en"):
    return Edition(Results(assemble(inputs, evaluate(inputs))), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_edition_of_each_standard_is_named(language):
    inputs = inputs_with_facts()
    inputs["topics"][0]["references"] = [["GRI", "2021", "418"]]
    other = copy.deepcopy(inputs)
    other["topics"][0]["references"] = [["GRI", "2016", "418"]]

    assert "2021" in method_steps.steps(edition_of(inputs, language))[0].text
    assert "2016" in method_steps.steps(edition_of(other, language))[0].text
    assert "2021" not in method_steps.steps(edition_of(other, language))[0].text


@pytest.mark.parametrize("language", LANGUAGES)
def test_topics_that_refer_to_no_standard_are_counted_and_no_other_source_is_claimed(language):
    inputs = inputs_with_facts()
    whole = method_steps.steps(edition_of(inputs, language))[0].text
    word = {"en": "refer to none", "zh-hans": "不对应任何标准"}[language]
    inputs["topics"][0]["references"] = []

    assert word in method_steps.steps(edition_of(inputs, language))[0].text
    assert word not in whole
    assert {"en": "business", "zh-hans": "业务"}[language] not in whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_ways_are_told_of_each_survey_by_what_it_asked(language):
    inputs = inputs_with_facts()
    name = edition_of(inputs, language).results.inputs["dimensions"][0]["name"][language]
    way = edition_of(inputs, language).say("ask_way_of", name=name, ways="")
    inputs["surveys"] = inputs["surveys"][:1]

    assert way not in method_steps.steps(edition_of(inputs, language))[1].text
    assert way in method_steps.steps(edition_of(inputs_with_facts(), language))[1].text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_said_to_have_discussed_what_one_person_decided(language):
    """A bundle says who decided and why, never that people talked about it."""
    text = note(inputs_with_facts(), language)

    assert {"en": "discuss", "zh-hans": "讨论"}[language] not in text.lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_many_were_reached_is_said_where_mail_came_back(language):
    inputs = inputs_with_facts()
    everybody = note(inputs, language)
    inputs["surveys"][0]["reached"] = 287

    assert "287" in note(inputs, language)
    assert "287" not in everybody
    inputs["surveys"][0]["reached"] = inputs["surveys"][0]["invited"]
    assert note(inputs, language) == everybody  # the control: all were reached


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_many_were_invited_turns_its_sentence(language):
    inputs = inputs_with_facts()
    before = note(inputs, language)
    inputs["surveys"][0]["invited"] = 311

    assert "311" in note(inputs, language)
    assert "311" not in before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_double_round_says_how_its_questions_become_one_score(language):
    """Severity and likelihood stand in the chapter on scores; a plain round says neither."""
    severity = WORDS[language]["note_severity_max"]
    double = list(method_note.PARTS["scores"](edition_of(double_round(), language)))
    plain = list(method_note.PARTS["scores"](edition_of(inputs_with_facts(), language)))

    assert any(severity.strip("。.") in line for line in double)
    assert WORDS[language]["fact_parts_independent"] in double
    assert not any(severity.strip("。.") in line for line in plain)


@pytest.mark.parametrize("language", LANGUAGES)
def test_stability_is_said_to_come_from_draws_and_with_their_error(language):
    text = note(inputs_with_facts(), language)

    assert {"en": "1000 draws", "zh-hans": "1000"}[language] in text
    assert {"en": "err by up to 3 points", "zh-hans": "误差至多 3 个百分点"}[language] in text
    assert "resample" not in text


def test_equal_scores_have_the_ranks_that_the_dictionary_tells():
    """Four equal scores print 1, 2, 3, 4: each rank once, in the order of the list."""
    results = evaluate(panel_round([[3, 4, 3, 4, 3, 4]] * 4))

    assert [row["rank"] for row in results["topics"]] == [1, 2, 3, 4]
    assert "keep the order of the list" in WORDS["en"]["dictionary_rank"]
    assert "share" not in WORDS["en"]["dictionary_rank"]


def test_chances_in_percent_add_up_and_six_equal_shares_are_written_alike():
    for shares in ([0.335, 0.335, 0.33], [1 / 3] * 3, [0.125, 0.125, 0.75], [0.005, 0.99, 0.005]):
        whole = [int(text.strip("<>%")) for text in percents(shares)]
        assert sum(whole) == pytest.approx(100, abs=1 if "<" in "".join(percents(shares)) else 0)
    rounded = [round(share * 100) for share in (0.335, 0.335, 0.33)]
    assert sum(rounded) != 100  # the control: rounded one by one they do not


def test_the_family_finds_less_than_each_axis_by_itself():
    """Method 1 tests each axis alone and calls moved what one family of all tests does not."""
    first = [[3, 3, 2, 3, 4, 3, 3, 2]] * 6
    second = [[4, 4, 3, 4, 5, 4, 4, 3], *first[1:]]
    found = {}
    for version in ("1", "2"):
        now = after(panel_round(first, version=version), second)
        rows = evaluate(now)["year_on_year"]["topics"]
        changes = [change for row in rows for change in row["dimensions"].values()]
        found[version] = sum(change["verdict"] == "moved" for change in changes)

    assert found["1"] > found["2"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tier_that_moved_by_chance_is_not_told_as_a_move(language):
    first = [[3, 3, 3, 4, 3, 4], [4, 4, 3, 4, 4, 4]]
    now = after(panel_round(first), [[4, 3, 3, 4, 3, 4], first[1]])
    now["assessment"] = {"year": "2020", "previous_year": "2019"}
    edition = edition_of(now, language)

    assert edition.results.tier_moves[0].verdict == "within_noise"
    lines = board.moves(edition).lines
    assert lines
    chance = WORDS[language]["board_noise"].split("{move}")[1].strip()
    assert all(chance in line for line in lines)


def test_only_a_tenth_of_a_share_is_lost_in_print():
    """The board's share and the page's are the same text."""
    edition = edition_of(inputs_with_facts())
    shown = {row[0]: row[-1] for row in board.reason_rows(edition)}

    for topic in edition.results.topics[: board.TOP]:
        if not topic.overridden and topic.stability is not None:
            name = topic.name["en"]
            assert shown[name] == method_note.percent(topic.stability)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_paragraph_of_the_note_ends_in_two_stops_or_says_pooled_of_named_panels(language):
    inputs = inputs_with_facts()
    text = note(inputs, language)
    named = copy.deepcopy(inputs)
    named["surveys"] = named["surveys"][1:]

    assert ".." not in text
    assert "。。" not in text
    word = {"en": "pooled with the smallest", "zh-hans": "合并后才计算"}[language]
    assert word in text
    assert word not in note(named, language)  # the control: nobody was asked anonymously


def asked_twice(*, west):
    """Staff whose sites are weighted on two questions; of the west, so many answered the other."""
    inputs = known(round_in_parts(), 0.2)
    inputs["dimensions"][1]["axis"] = ""
    inputs["dimensions"].append({"code": "other", "axis": "x"})
    for group in inputs["groups"][:2]:
        group["weights"]["other"] = 1.0
    units = [unit("east", 30), unit("west", west)]
    own = {"east": 1.0, "west": 1.0}
    inputs["units"]["other"] = weighted_units(units, inputs["raking"], own)
    inputs["counts"]["other"] = {
        "east": [[0, 0, 0, 0, 30, 0]],
        "west": [[0, 0, west, 0, 0, 0]],
    }
    for row in inputs["dimensions"]:
        row["name"] = {"en": row["code"].title(), "zh-hans": row["code"].title()}
    for group in inputs["groups"]:
        group |= {"name": {"en": group["code"]}, "responses": 30}
    return inputs


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("west", [20, 0], ids=["other numbers", "not weighted"])
def test_what_answers_count_like_is_not_told_of_one_question_for_all(language, west):
    edition = edition_of(asked_twice(west=west), language)

    cells = _counts_like(edition)

    said = {"en": "differs by question", "zh-hans": "各问题不同"}[language]
    assert cells == {"east": said, "west": said}
    told = "\n".join(method_note.raked(edition))
    for code, rows in edition.results.raking.items():
        for row in rows:
            assert code.title() in told
            assert row["state"] != "weighted" or f"{row['deff']:.2f}" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_answers_count_like_on_all_questions_is_told(language):
    """The control."""
    assert _counts_like(edition_of(asked_twice(west=10), language))["east"].startswith("40 ")


def pooled_and_not_asked():
    """a1 and b1 are pooled; t1 was asked of b1 only: the unit carries half of its weight there."""
    inputs = panel_round([[4] * 6, [2] * 6], groups=("a1", "b1"))
    inputs["groups"].append({"code": "c1"})
    for code in "ab":
        inputs["units"][code][0]["weight"] = 2
        other = {"code": "c", "groups": ["c1"], "weight": 1, "responses": 5}
        inputs["units"][code].append(other)
        inputs["counts"][code]["c"] = [[0, 0, 0, 0, 5, 0], [0, 0, 0, 0, 5, 0]]
    del inputs["gram"]
    inputs["not_asked"] = {"a": {"a1": ["t1"]}}
    inputs["assessment"] = {"year": "2020"}
    return inputs


@pytest.mark.parametrize("file", ["groups.csv", "scores.csv of the archive"])
def test_in_a_file_shares_times_means_are_the_score_of_the_topic(file):
    """Each row has the share of weight on its topic, not the unit's overall one."""
    results = edition_of(pooled_and_not_asked()).results
    if file == "groups.csv":
        text = opendata.groups_csv(edition_of(pooled_and_not_asked())).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
    else:
        rows = [row for row in archived.scores(results) if row["unit"]]

    for topic in results.topics:
        mine = [row for row in rows if (row["topic"], row["dimension"]) == (topic.code, "a")]
        total = sum(float(row["share"]) * float(row["mean"]) for row in mine)
        assert total == pytest.approx(topic.scores["a"].score)
    shares = {row["topic"]: float(row["share"]) for row in rows if row["unit"] == "panel"}
    assert shares["t0"] == pytest.approx(2 / 3)
    assert {float(row["share"]) for row in rows if row["topic"] == "t1"} != {2 / 3, 1 / 3}
