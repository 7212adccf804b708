"""What the axes rest on: set with a reason, refused where it makes no sense, printed, planned."""

import pytest
from django.urls import reverse

from materiality import actions
from materiality.actions.settings import RULE
from materiality.errors import BadWeights, ChangeNeedsReason, LastEntryFeeds
from materiality.inputs import plan_in_force
from materiality.locking.snapshots import lock, results_for
from materiality.locking.verification import faults_of
from materiality.models import Assessment
from materiality.report.edition import Edition
from materiality.report.sentences import note
from tests.actions.test_setting_up import double_round
from tests.api.test_assessments import client_of
from tests.builders import both
from tests.markup import page_of
from tests.registers import THRESHOLDS, add, fill_register
from tests.rounds import make_round, make_user, sealed_round
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


def fed_round(feeds: str) -> Assessment:
    assessment = double_round()
    fill_register(assessment)
    actions.set_rule(assessment=assessment, by=None, register_feeds=feeds, reason="Agreed")
    return Assessment.objects.get(pk=assessment.pk)


def test_an_old_round_rests_on_the_survey_alone():
    assessment = double_round()
    before = results_for(assessment).topics
    fill_register(assessment)

    assert assessment.register_feeds == "survey"
    assert results_for(assessment).topics == before


def test_the_higher_of_both_counts_on_each_axis():
    alone = results_for(double_round())
    assessment = fed_round("worst")

    found = results_for(assessment)

    safety = found.topic("safety")
    assert found.register.topic("safety").impact == 4.5
    assert safety.x == 4.5 > alone.topic("safety").x
    assert safety.y == max(alone.topic("safety").y, found.register.topic("safety").financial)
    assert (safety.scores["impact"].survey, safety.stability) == (alone.topic("safety").x, None)
    assert found.topic("ethics").x == alone.topic("ethics").x


def test_a_fed_round_is_locked_computed_again_and_verified():
    assessment = fed_round("register")
    lock(assessment=assessment, by=None)

    assert list(faults_of(Assessment.objects.get(pk=assessment.pk))) == []


def test_once_there_are_results_it_needs_a_reason():
    with pytest.raises(ChangeNeedsReason):
        actions.set_rule(assessment=double_round(), by=None, register_feeds="worst")


@pytest.mark.parametrize("feeds", ["register", "worst"])
def test_a_round_with_other_axes_is_refused_and_may_have_it_beside(feeds):
    assessment = make_round()

    with pytest.raises(BadWeights):
        actions.set_rule(assessment=assessment, by=None, register_feeds=feeds)
    actions.set_rule(assessment=assessment, by=None, register_feeds="beside")

    assert Assessment.objects.get(pk=assessment.pk).register_feeds == "beside"


def test_a_fed_round_does_not_become_a_classic_one():
    assessment = make_round(preset="double")
    actions.set_rule(assessment=assessment, by=None, register_feeds="worst")

    with pytest.raises(BadWeights):
        actions.set_preset(assessment=assessment, preset="classic", by=None)


def test_the_next_round_takes_it_over_if_its_axes_are_the_same():
    first = make_round(preset="double", register_feeds="worst")

    assert make_round(year="2021", previous=first).register_feeds == "worst"
    other = make_round(preset="double", register_feeds="worst", year="2018")
    classic = actions.start_round(
        organisation=other.organisation, year="2022", by=None, previous=other, preset="classic"
    )
    assert classic.register_feeds == "survey"


def test_it_is_part_of_the_plan_with_the_thresholds():
    assessment = make_round(preset="double")
    add(assessment, topic="safety", kind="risk")
    thresholds = {kind: (value, both("惯例", "As usual")) for kind, value in THRESHOLDS.items()}
    actions.set_iro_thresholds(assessment=assessment, values=thresholds, by=None)
    assert "register" not in plan_in_force(assessment)
    actions.set_rule(assessment=assessment, by=None, register_feeds="worst")
    actions.fix_plan(assessment=assessment, by=None)

    actions.set_iro_thresholds(
        assessment=assessment, values={"risk": (4.0, both("更高", "Higher"))}, by=None
    )

    event = assessment.events.get(verb="change_plan")
    assert event.before["plan"]["register"]["thresholds"]["risk"] == 2
    assert event.after["plan"]["register"] == {
        "feeds": "worst",
        "likelihood_rule": "scaled",
        "thresholds": {"negative": 3, "positive": 2.5, "risk": 4},
    }


@pytest.mark.parametrize(
    ("feeds", "english", "chinese"),
    [
        ("survey", "", ""),
        ("beside", "stands beside the survey", "与问卷结果并列"),
        ("register", "has the value of its worst entry", "最突出条目的数值"),
        ("worst", "the higher counts of the survey", "二者中的较高值"),
    ],
)
def test_the_note_prints_it_in_both_languages(feeds, english, chinese):
    results = results_for(fed_round(feeds))

    for language, words, topic in (
        ("en", english, "risks and opportunities"),
        ("zh-hans", chinese, "风险与机遇"),
    ):
        printed = " ".join(note.sentences(Edition(results, language), low=0.0))
        assert words in printed
        assert (topic in printed) is (feeds != "survey")


def test_the_page_of_the_method_offers_it_to_a_classic_round_once_there_are_entries():
    assessment = make_round()
    make_user("owner", assessment.organisation)
    owner = signed_in("owner")
    page = reverse("materiality:method", args=[assessment.pk]) + "?lang=en"
    before = owner.get(page).content.decode()
    fill_register(assessment)
    after = owner.get(page).content.decode()

    for html, rules in ((before, "never"), (after, "")):
        field = html[: html.index('name="register_feeds"')].rsplit("data-rules=", 1)[1]
        assert field.startswith(f'"{rules}"')
    assert "The higher of survey and register" in page_of(owner.get(page))


def test_a_round_of_double_materiality_may_choose_it_before_any_entry():
    assessment = make_round(preset="double")
    make_user("owner", assessment.organisation)
    page = reverse("materiality:method", args=[assessment.pk]) + "?lang=en"

    html = signed_in("owner").get(page).content.decode()

    field = html[: html.index('name="register_feeds"')].rsplit("data-rules=", 1)[1]
    assert field.startswith('""')


def test_a_new_round_fed_as_the_last_one_was_can_be_made_a_classic_one():
    first = make_round(preset="double", register_feeds="worst")
    second = make_round(year="2021", previous=first)
    make_user("owner", second.organisation)
    owner = signed_in("owner")
    page = reverse("materiality:method", args=[second.pk])

    html = owner.get(page).content.decode()
    field = html[: html.index('name="register_feeds"')].rsplit("data-rules=", 1)[1]
    assert field.startswith('""')

    now = Assessment.objects.get(pk=second.pk)
    sent = {name: getattr(now, name) for name in (*RULE, "version")}
    answered = owner.post(f"{page}rule/", sent | {"register_feeds": "survey", "reason": ""})
    assert answered.status_code == 302
    actions.set_preset(assessment=second, preset="classic", by=None)
    assert not Assessment.objects.get(pk=second.pk).is_double


@pytest.mark.parametrize("feeds", ["register", "worst"])
def test_the_last_open_entry_of_a_fed_round_stays_open_until_the_survey_counts(feeds):
    assessment = make_round(preset="double", register_feeds=feeds)
    first, last = (add(assessment, topic="energy", kind="risk") for _ in range(2))
    gone = both("已出售", "Sold")

    both_of_them = {row.code: row.version for row in (first, last)}
    with pytest.raises(LastEntryFeeds):
        actions.close_iros(assessment=assessment, chosen=both_of_them, reason=gone, by=None)
    assert assessment.iros.open().count() == 2
    actions.close_iro(iro=first, reason=gone, by=None)  # control: one is left
    with pytest.raises(LastEntryFeeds):
        actions.close_iro(iro=last, reason=gone, by=None)
    assert assessment.iros.open().get() == last

    actions.set_rule(assessment=assessment, by=None, register_feeds="survey")
    last.refresh_from_db()
    actions.close_iro(iro=last, reason=gone, by=None)
    assert not assessment.iros.open().exists()


def test_the_page_says_why_the_last_entry_of_a_fed_round_stays_open():
    assessment = make_round(preset="double", register_feeds="worst")
    row = add(assessment, topic="energy", kind="risk")
    make_user("owner", assessment.organisation)
    path = reverse("materiality:close_iro", args=[assessment.pk, row.code])
    sent = {"version": row.version, "why:en": "Sold", "why:zh-hans": "已出售"}

    for language, words in (("en", "no entry would stay open"), ("zh-hans", "不再有未关闭的条目")):
        page = page_of(signed_in("owner").post(f"{path}?lang={language}", sent))
        assert words in page
    assert assessment.iros.open().exists()


@pytest.mark.parametrize(
    ("feeds", "has"), [("survey", True), ("worst", False), ("register", False)]
)
def test_the_page_explains_sampling_ranges_only_where_one_is_shown(feeds, has):
    assessment = fed_round(feeds)
    make_user("owner", assessment.organisation)
    owner, path = signed_in("owner"), reverse("materiality:results", args=[assessment.pk])

    def explains(matrix: str) -> bool:
        page = page_of(owner.get(path + f"?lang=en&matrix={matrix}"))
        return "The sampling ranges beside the scores" in page

    assert explains("double") is has
    assert explains("classic")  # control: importance to stakeholders is the survey's
    other = page_of(owner.get(path + "?lang=en&matrix=classic"))
    assert ("importance to stakeholders on the survey" in other) is (feeds != "survey")


def test_without_open_entries_the_survey_alone_counts_and_the_document_names_no_feeding():
    assessment = double_round()
    before = results_for(assessment).topics
    actions.set_rule(assessment=assessment, by=None, register_feeds="register", reason="Agreed")

    found = results_for(Assessment.objects.get(pk=assessment.pk))

    assert found.topics == before
    assert "register" not in found.inputs


def test_the_program_sets_it_and_gets_the_sentence():
    assessment = sealed_round()
    client = client_of(make_user("owner", assessment.organisation))
    path = f"/api/v1/assessments/{assessment.pk}/rule/"

    refused = client.patch(path, {"register_feeds": "worst", "reason": "x"}, format="json")
    taken = client.patch(path, {"register_feeds": "beside", "reason": "x"}, format="json")

    assert (refused.status_code, taken.status_code) == (409, 200)
    assert taken.json()["register_feeds"] == "beside"


def test_the_way_of_a_topic_says_what_each_side_comes_to():
    assessment = fed_round("worst")
    make_user("owner", assessment.organisation)

    path = reverse("materiality:dossier", args=[assessment.pk, "safety"])
    page = page_of(signed_in("owner").get(path + "?lang=en"))

    assert "4.50 counts" in page


@pytest.mark.parametrize(
    ("feeds", "words"),
    [
        ("survey", ""),
        ("register", "not of the survey"),
        ("worst", "the higher counts of the survey"),
    ],
)
def test_the_page_of_results_says_what_a_dot_rests_on(feeds, words):
    assessment = fed_round(feeds)
    make_user("owner", assessment.organisation)

    path = reverse("materiality:results", args=[assessment.pk])
    page = page_of(signed_in("owner").get(path + "?lang=en"))

    assert words in page
    assert ("How firm a place is cannot be told" in page) is (feeds != "survey")
