"""A rating scale of 3 to 11 points: page, respondent, tables, figures, next year."""

import json
import re
import zipfile
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction

from materiality import actions
from materiality.errors import BadScale, ScaleIsUsed, ScaleStands
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.figure.layout import compose
from materiality.report.files import package
from materiality.report.sentences import facts
from materiality.report.tables import long_tables
from surveys.actions.invite import invite
from surveys.actions.publish import publish
from surveys.errors import InvalidAnswers, RuleBroken
from surveys.models import Survey
from surveys.people.person import Person
from surveys.tables.scales import Scale, guess_ratings
from tests.builders import both, consent_of
from tests.rounds import answer, ask, close_and_seal, make_round, make_user, plan_for
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

WHY = both("换用更细的量表", "A finer scale was asked for")


def rated(points: int, **fields) -> Assessment:
    """Return a sealed round on a scale of so many points, its ratings spread over all of it."""
    made = make_round(**fields)
    actions.set_scale(assessment=made, points=points, by=None)
    low, middle, top = 1, (points + 1) // 2, points
    rows = [[top, middle, low, middle]] * 4 + [[top - 1, middle, low + 1, top]] * 4
    for survey in ask(made):
        answer(survey, {group.code: rows for group in survey.audiences.all()})
        close_and_seal(survey)
    return made


def first_page(survey: Survey, client, language: str = "en") -> str:
    audience = survey.audiences.first()
    [(_invitation, token)] = invite(audience, [Person()])
    client.post(f"/r/{token}/", {"consent": consent_of(survey), "go": "1"})
    return client.get(f"/r/{token}/1/?lang={language}").content.decode()


@pytest.mark.parametrize("points", [3, 7, 11])
def test_a_round_on_another_scale_is_asked_scored_and_drawn_to_its_ends(points):
    made = rated(points)

    results = results_for(made)

    assert results.points == points
    best = max(results.topics, key=lambda topic: topic.y)
    assert best.y == points - 0.5
    assert best.scores["stakeholder"].high <= points
    for language in ("en", "zh-hans"):
        matrix = compose(Edition(results, language))
        assert matrix.axis.high == points
        assert matrix.axis.low == 1


def test_boundaries_move_to_the_same_share_of_the_scale():
    made = make_round()
    actions.set_scale(assessment=made, points=7, by=None)

    made.refresh_from_db()
    assert (made.cut_high, made.cut_low) == (5.5, 4.75)  # 4.0 and 3.5 of 1 to 5
    actions.set_scale(assessment=made, points=5, by=None)
    made.refresh_from_db()
    assert (made.cut_high, made.cut_low) == (4.0, 3.5)


def test_a_manager_chooses_the_scale_until_people_are_asked():
    made = make_round()
    make_user("owner", made.organisation)
    owner = signed_in("owner")
    owner.post(f"/a/{made.pk}/ask/", {"build": "stakeholder"})
    version = Assessment.objects.get(pk=made.pk).version

    saved = owner.post(f"/a/{made.pk}/method/scale/", {"points": 11, "version": version})

    assert saved.status_code == 302
    survey = made.surveys.get()
    assert survey.points == 11
    labels = survey.prompts.get().labels["en"]
    assert labels == ["Not at all", *[""] * 9, "Extremely"]
    page = owner.get(f"/a/{made.pk}/ask/{survey.pk}/questionnaire/?lang=en").content.decode()
    assert "11 Extremely" in page
    publish(survey)
    with pytest.raises(ScaleStands):
        actions.set_scale(assessment=made, points=5, by=None)


@pytest.mark.parametrize("what", ["score", "threshold"])
def test_the_scale_stands_once_the_register_is_judged_on_it(what):
    made = make_round()
    owner = make_user("owner", made.organisation)
    facts = {"topic": "safety", "kind": "positive", "is_actual": True, "by": None}
    row = actions.add_iro(assessment=made, title=both("培训", "Training"), **facts)
    actions.set_scale(assessment=made, points=7, by=None)  # the control: no score, no threshold
    if what == "score":
        actions.assign_iros(assessment=made, codes=[row.code], experts=[owner], by=None)
        marks = {"scale": 7, "scope": 1}
        actions.score_iro(iro=row, expert=owner, marks=marks, reason="Audit")
    else:
        values = {"positive": (6.5, both("高", "High"))}
        actions.set_iro_thresholds(assessment=made, values=values, by=None)

    with pytest.raises(ScaleIsUsed):
        actions.set_scale(assessment=made, points=5, by=None)
    version = Assessment.objects.get(pk=made.pk).version
    sent = {"points": 5, "version": version}
    refused = signed_in("owner").post(f"/a/{made.pk}/method/scale/?lang=en", sent)

    assert "words for numbers on this rating scale" in refused.content.decode()
    assert Assessment.objects.get(pk=made.pk).points == 7


@pytest.mark.parametrize("points", [2, 12])
def test_a_scale_has_three_to_eleven_points_in_the_database_too(points):
    made = make_round()
    with pytest.raises(BadScale):
        actions.set_scale(assessment=made, points=points, by=None)
    survey = actions.ask(
        assessment=made, dimension="impact", plan=plan_for("impact", made), by=None
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(points=points)


def test_eleven_points_are_numbers_between_the_words_of_the_two_ends(client):
    made = make_round()
    actions.set_scale(assessment=made, points=11, by=None)
    survey = ask(made)[0]

    page = first_page(survey, client)

    first = re.search(
        r'<div class="scale numbers n11">.*?</div>\s*</div>\s*<div class="dk">', page, re.S
    )[0]
    values = re.findall(r'type="?radio"?[^>]*value="?(\d+)', first)
    assert values == [str(number) for number in range(1, 12)]
    assert re.search(r"1 Not at all.*11 Extremely", page, re.S)


def test_a_rating_beyond_the_scale_is_refused_and_the_top_is_kept(client):
    made = make_round()
    actions.set_scale(assessment=made, points=7, by=None)
    survey = ask(made)[0]
    rows = [[7, 1, 4, "cannot_judge"]] * 5
    answer(survey, {"employees": rows})

    with pytest.raises(InvalidAnswers, match=r"1 to 7|1 至 7"):
        answer(survey, {"customers": [[8, 1, 1, 1]]})


def test_each_point_may_have_its_word_and_the_ends_alone_too():
    made = make_round()
    actions.set_scale(assessment=made, points=3, by=None)
    survey = actions.ask(
        assessment=made, dimension="stakeholder", plan=plan_for("stakeholder", made), by=None
    )
    prompt = survey.prompts.get()
    worded = {"zh-hans": ["低", "中", "高"], "en": ["Low", "Middle", "High"]}

    actions.set_prompt(
        assessment=made, survey=survey, prompt=prompt, words={"labels": worded}, by=None
    )
    prompt.refresh_from_db()
    assert prompt.labels == worded
    actions.set_prompt(
        assessment=made, survey=survey, prompt=prompt, by=None,
        words={"labels": {"zh-hans": ["低", "", "高"], "en": ["Low", "", "High"]}},
    )  # fmt: skip
    with pytest.raises(RuleBroken, match=r"3"):
        actions.set_prompt(
            assessment=made, survey=survey, prompt=prompt, by=None,
            words={"labels": {"zh-hans": ["低", "中", ""], "en": ["Low", "", "High"]}},
        )  # fmt: skip


def test_a_table_on_another_scale_is_read_on_the_rounds():
    """0 to 10 onto 1 to 7: the ends meet the ends, 5 the middle."""
    ours = Scale(1, 7, 7)
    own = guess_ratings(["1", "4", "7"], {}, ours=ours)
    told = guess_ratings(["0", "5", "10"], {}, scale=Scale(0, 10, 10), ours=ours)

    assert own.ratings == {"1": 1, "4": 4, "7": 7}
    assert not own.asks_scale
    assert told.ratings == {"0": 1, "5": 4, "10": 7}


@pytest.fixture
def finer():
    """A round on seven points after a locked one on five."""
    before = rated(5, cut_high=4.0, cut_low=3.0)
    snapshots.lock(assessment=before, by=None)
    before = Assessment.objects.get(pk=before.pk)
    after = rated(7, year="2021", previous=before)
    actions.explain_method(assessment=after, reason=WHY, by=None)
    return after


def test_without_a_rule_nothing_is_compared_with_another_scale(finer):
    results = results_for(finer)

    verdicts = {
        (change["verdict"], change["reason"])
        for row in results.year_on_year.values()
        for change in row["dimensions"].values()
    }
    assert verdicts == {("not_comparable", "scale_changed")}
    assert all(topic.change is None for topic in results.topics)
    assert all(topic.previous["x"] is None for topic in results.topics)
    assert "not compared" in " ".join(facts.scale_since(Edition(results, "en")))


def test_a_printed_rule_maps_the_old_scale_end_to_end(finer):
    actions.map_last_scale(assessment=finer, is_mapped=True, by=None)

    results = results_for(finer)

    first = results.topic("privacy")  # 5 and 4 of five last year: 7 and 5.5 of seven
    told = results.year_on_year["privacy"]["dimensions"]["stakeholder"]
    assert told["before"] == pytest.approx(6.25)
    assert told["after"] == pytest.approx(6.5)
    assert first.previous["y"] == pytest.approx(6.25)
    assert results.inputs["scale_mapping"] == "linear"
    for language, word in (("en", "Dawes 2008"), ("zh-hans", "线性换算")):
        edition = Edition(results, language)
        table = long_tables.change_report(edition)
        assert any(word in str(cell) for row in table.rows for cell in row)
        note = zipfile.ZipFile(BytesIO(package.file(edition, "method.docx")))
        assert word in note.read("word/document.xml").decode()


def test_the_rule_is_switched_on_the_page_of_changes_and_by_api(finer):
    make_user("owner", finer.organisation)
    owner = signed_in("owner")
    page = owner.get(f"/a/{finer.pk}/changes/?lang=en").content.decode()
    assert "linearly" in page

    told = {"reason": WHY, "maps_last_scale": True}
    answered = owner.put(
        f"/api/v1/assessments/{finer.pk}/method-reason/", json.dumps(told), "application/json"
    )

    assert answered.status_code == 200
    assert Assessment.objects.get(pk=finer.pk).maps_last_scale


def test_the_api_sets_preset_scale_and_criteria():
    made = make_round()
    make_user("owner", made.organisation)
    owner = signed_in("owner")
    told = {"preset": "double", "points": 7, "criteria": {"impact": ["scale", "likelihood"]}}

    answered = owner.patch(
        f"/api/v1/assessments/{made.pk}/design/", json.dumps(told), "application/json"
    )

    assert answered.status_code == 200
    assert answered.json()["points"] == 7
    assert answered.json()["preset"] == "double"
    assert answered.json()["criteria"]["impact"] == ["scale", "likelihood"]
