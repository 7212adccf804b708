from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from materiality import actions, catalogue
from materiality.actions import lastyear
from materiality.catalogue import UnknownEntry
from materiality.errors import AlreadyAsked, BothLanguagesNeeded, NotASuccession, UnknownTopic
from materiality.locking.snapshots import results_for
from materiality.models import TopicQuestion
from materiality.web.identify.catalogue import Catalogue
from surveys.actions.publish import publish
from tests.builders import both
from tests.rounds import (
    STEADY,
    TOPICS,
    answer,
    ask,
    close_and_seal,
    make_round,
    make_user,
    sealed_round,
)

pytestmark = pytest.mark.django_db
REASON = both("公司没有生产车间", "The company has no factories")


def codes(assessment):
    return list(assessment.topics.short_list().values_list("code", flat=True))


def screen_out(assessment, code, **options):
    given = {"kind": "not_applicable", "reason": REASON, "by": None} | options
    actions.screen_out(assessment=assessment, topic=code, **given)


def test_topics_come_from_a_standard_with_edition_names_and_source():
    assessment = make_round()

    made = actions.add_topics_from_catalogue(
        assessment=assessment, keys=[("SZSE", "2024", "Art.30"), ("GRI", "2018", "403")], by=None
    )

    assert [topic.code for topic in made] == ["szse-2024-art30", "gri-2018-403"]
    assert made[0].name == {"zh-hans": "污染物排放", "en": "Pollutant discharge"}
    assert made[0].references == [["SZSE", "2024", "Art.30"]]
    assert made[0].sources == ["standard"]
    assert codes(assessment)[-2:] == ["szse-2024-art30", "gri-2018-403"]


def test_what_is_on_the_long_list_is_not_added_twice_even_if_screened_out():
    assessment, key = make_round(), ("SZSE", "2024", "Art.30")
    actions.add_topics_from_catalogue(assessment=assessment, keys=[key, key], by=None)
    screen_out(assessment, "szse-2024-art30")

    assert actions.add_topics_from_catalogue(assessment=assessment, keys=[key], by=None) == []
    assert assessment.topics.count() == 5


def test_an_unknown_entry_is_refused_and_nothing_is_added():
    assessment = make_round()

    with pytest.raises(UnknownEntry):
        actions.add_topics_from_catalogue(assessment=assessment, keys=[("GRI", "1", "1")], by=None)

    assert codes(assessment) == list(TOPICS)


def test_a_topic_that_is_screened_out_stays_on_the_long_list_with_its_reason():
    assessment = make_round()
    alice = make_user("alice", assessment.organisation)

    screen_out(assessment, "energy", by=alice)

    assert codes(assessment) == ["privacy", "safety", "ethics"]
    kept = assessment.topics.exclude(screened_out="").get()
    assert (kept.code, kept.screening_reason, kept.screened_by) == ("energy", REASON, alice)
    event = assessment.events.last()
    assert (event.verb, event.subject) == ("screen_out", "energy")
    assert "no factories" in event.reason


def test_the_short_list_is_what_is_asked_scored_and_printed():
    assessment = make_round()
    screen_out(assessment, "energy")
    without = {group: [row[:1] + row[2:] for row in rows] for group, rows in STEADY.items()}
    for survey in ask(assessment):
        assert survey.questions.count() == 3
        answer(survey, without)
        close_and_seal(survey)

    results = results_for(assessment)

    assert [row["code"] for row in results.inputs["topics"]] == ["privacy", "safety", "ethics"]
    [left] = results.screened_out
    assert (left.code, left.kind, left.reason) == ("energy", "not_applicable", REASON)
    assert left.at == timezone.now().date().isoformat()


@pytest.mark.parametrize("reason", [{}, {"en": "No"}, both("无", " ")])
def test_screening_needs_its_reason_in_both_languages(reason):
    assessment = make_round()

    with pytest.raises(BothLanguagesNeeded):
        screen_out(assessment, "energy", reason=reason)

    assert codes(assessment) == list(TOPICS)


def test_a_screened_out_topic_can_be_taken_back():
    assessment = make_round()
    screen_out(assessment, "energy")

    actions.take_back(assessment=assessment, topic="energy", by=None)

    assert codes(assessment) == list(TOPICS)


def test_a_topic_of_last_round_that_is_screened_out_stands_in_the_change_table():
    first = sealed_round()
    second = make_round(year="2021", previous=first)

    screen_out(second, "energy")

    [line] = second.successions.exclude(kind="continued")
    assert (line.kind, line.before.code, line.after, line.reason) == (
        "removed",
        "energy",
        None,
        REASON,
    )
    actions.take_back(assessment=second, topic="energy", by=None)
    assert set(second.successions.values_list("kind", flat=True)) == {"continued"}


def test_next_round_takes_over_the_short_list_only():
    first = make_round()
    screen_out(first, "energy")

    assert codes(make_round(year="2021", previous=first)) == ["privacy", "safety", "ethics"]


def test_topics_are_put_in_order_and_moved():
    assessment = make_round()

    actions.reorder(assessment=assessment, codes=["ethics", "energy", "safety", "privacy"], by=None)
    actions.move(assessment=assessment, topic="privacy", places=-2, by=None)
    actions.move(assessment=assessment, topic="ethics", places=-1, by=None)  # is at the top

    assert codes(assessment) == ["ethics", "privacy", "energy", "safety"]
    assert [event.verb for event in assessment.events.all()][-2:] == ["reorder", "reorder"]


@pytest.mark.parametrize("order", [["privacy"], ["privacy"] * 4, ["privacy", "a", "b", "c"]])
def test_an_order_names_every_topic_once(order):
    with pytest.raises(UnknownTopic):
        actions.reorder(assessment=make_round(), codes=order, by=None)


def test_a_questionnaire_that_is_not_published_follows_the_list():
    assessment = make_round()
    plan = lastyear_plan("stakeholder")
    survey = actions.ask(assessment=assessment, dimension="stakeholder", plan=plan, by=None)

    screen_out(assessment, "energy")
    actions.remove_topic(assessment=assessment, topic="safety", by=None)
    keys = [("SZSE", "2024", "Art.30")]
    actions.add_topics_from_catalogue(assessment=assessment, keys=keys, by=None)
    actions.move(assessment=assessment, topic="ethics", places=-1, by=None)
    actions.describe_topic(
        topic=assessment.topics.get(code="ethics"), name=both("道", "Dao"), by=None
    )

    asked = list(survey.questions.values_list("item", flat=True))
    assert asked == ["ethics", "privacy", "szse-2024-art30"] == codes(assessment)
    assert survey.questions.first().title == both("道", "Dao")
    assert TopicQuestion.objects.count() == 3
    assert all(question.audiences.count() == 3 for question in survey.questions.all())


def lastyear_plan(dimension):
    now = timezone.now()
    return actions.SurveyPlan(
        slug=f"{dimension}-x",
        title=both("调查", "Survey"),
        headline=both("哪些", "Which"),
        lead=both("请", "Tell"),
        after=both("后", "After"),
        opens_at=now,
        closes_at=now + timedelta(days=9),
        keep_until=now.date() + timedelta(days=99),
    )


LISTING = {
    "add": lambda a: actions.add_topics(assessment=a, topics=[], by=None),
    "remove": lambda a: actions.remove_topic(assessment=a, topic="energy", by=None),
    "screen out": lambda a: screen_out(a, "energy"),
    "take back": lambda a: actions.take_back(assessment=a, topic="energy", by=None),
    "move": lambda a: actions.move(assessment=a, topic="energy", places=1, by=None),
}


@pytest.mark.parametrize("what", LISTING)
def test_the_list_stands_once_a_questionnaire_is_published(what):
    assessment = make_round()
    ask(assessment)

    with pytest.raises(AlreadyAsked):
        LISTING[what](assessment)

    assert codes(assessment) == list(TOPICS)


def test_wording_fixed_after_the_first_answer_is_logged_as_such():
    assessment = make_round()
    topic = assessment.topics.get(code="energy")
    surveys = ask(assessment)
    actions.describe_topic(topic=topic, name=both("能源", "Energy use"), by=None)
    assert assessment.events.last().verb == "describe_topic"

    answer(surveys[0], {"employees": [[5, 4, 3, 2]]})
    actions.describe_topic(
        topic=topic, name=both("能源", "Energy"), by=None, reason="A slip of the pen"
    )

    event = assessment.events.last()
    assert (event.verb, event.subject) == ("fix_wording", "energy")
    assert (event.before["name"]["en"], event.after["name"]["en"]) == ("Energy use", "Energy")
    assert event.reason == "A slip of the pen"
    assert surveys[0].questions.get(item="energy").title["en"] == "Energy"  # as it was sent


def test_a_topic_has_references_sources_and_a_category():
    assessment = make_round()
    topic = assessment.topics.get(code="energy")

    actions.describe_topic(
        topic=topic,
        references=[["GRI", "2016", "302"]],
        sources=["standard", "grievance"],
        category="environment",
        by=None,
    )

    topic.refresh_from_db()
    assert topic.sources == ["standard", "grievance"]
    assert set(assessment.events.last().after) == {"references", "sources"}  # the rest was so


def test_an_unknown_source_is_refused():
    topic = make_round().topics.first()

    with pytest.raises(Exception, match="rumours"):
        actions.describe_topic(topic=topic, sources=["rumours"], by=None)


def test_a_topic_is_matched_with_last_rounds():
    first = make_round()
    second = make_round(year="2021", previous=first)
    actions.match_topic(assessment=second, topic="energy", before=None, by=None)
    assert not second.successions.filter(after__code="energy").exists()

    actions.match_topic(assessment=second, topic="energy", before="energy", by=None)
    assert second.successions.get(after__code="energy").kind == "continued"

    topic = second.topics.get(code="safety")
    actions.describe_topic(topic=topic, name=both("健康与安全", "Health and safety"), by=None)
    actions.match_topic(assessment=second, topic="safety", before="safety", by=None)
    assert second.successions.get(after__code="safety").kind == "renamed"
    with pytest.raises(NotASuccession):
        actions.match_topic(assessment=second, topic="safety", before="unknown", by=None)


def test_the_questionnaire_of_last_round_can_be_asked_again():
    first = make_round()
    ask(first, open_links=True)
    first.surveys.update(page_size=4)
    second = make_round(year="2021", previous=first)

    result = lastyear.asking(second, "impact")
    survey = actions.ask(assessment=second, dimension="impact", by=None, **vars(result))
    publish(survey)

    assert (survey.mode, survey.page_size) == ("named", 4)
    assert "2021" not in survey.slug
    assert survey.lead == both("请告诉我们。", "Tell us.")
    assert survey.closes_at - first.surveys.get(mode="named").closes_at == timedelta(days=365)
    assert survey.audiences.get().open_link
    assert lastyear.asking(first, "impact") is None


def test_the_rules_of_last_rounds_questionnaire_are_this_ones():
    rules = {
        "languages": ["en"], "most_ratings": 12, "top_three": True, "best_worst": True,
        "topic_comments": True, "last_comment": False, "open_answers_wait": True,
        "most_reminders": 1, "reminder_gap": 7,
    }  # fmt: skip
    first = make_round()
    ask(first)
    first.surveys.update(**rules)
    second = make_round(year="2021", previous=first)

    lastyear.ask_again(assessment=second, by=None)

    assert list(second.surveys.values(*rules)) == [rules] * first.surveys.count()


def not_considered(assessment):
    return Catalogue({"standard": "SZSE|2024"}, list(assessment.topics.all())).left


def test_what_a_standard_names_and_nobody_considered_is_counted():
    assessment = make_round()
    before = not_considered(assessment)
    keys = [("SZSE", "2024", "Art.30"), ("SZSE", "2024", "Art.40")]
    actions.add_topics_from_catalogue(assessment=assessment, keys=keys, by=None)
    screen_out(assessment, "szse-2024-art40")  # considered, though not asked about

    assert before == 21  # the guideline sets 21 topics
    assert not_considered(assessment) == 19


def test_every_topic_of_the_guideline_is_considered_and_what_does_not_apply_says_why():
    """美新科技 2024: of the 21 topics of SZSE 17, 科技伦理 and 平等对待中小企业 did not apply."""
    assessment = make_round()
    entries = catalogue.entries("SZSE", "2024")
    actions.add_topics_from_catalogue(
        assessment=assessment, keys=[entry.key for entry in entries], by=None
    )
    not_applicable = {"Art.43": "科技伦理", "Art.46": "平等对待中小企业"}
    for code in not_applicable:
        topic = next(t for t in assessment.topics.all() if ["SZSE", "2024", code] in t.references)
        actions.screen_out(
            assessment=assessment,
            topic=topic.code,
            kind="not_applicable",
            reason=both("本公司无此类业务", "The company has no such business"),
            by=None,
        )

    assert not_considered(assessment) == 0
    screened = assessment.topics.exclude(screened_out="")
    assert {topic.name["zh-hans"] for topic in screened} == set(not_applicable.values())
    assert assessment.topics.short_list().count() == 4 + 21 - 2


@pytest.mark.postgres
@pytest.mark.usefixtures("postgresql")
def test_an_entry_of_a_standard_that_many_add_at_once_stands_once_on_the_list():
    made, barrier = make_round(), Barrier(8)

    def add(_person):
        try:
            barrier.wait()
            keys = [("SZSE", "2024", "Art.30")]
            return actions.add_topics_from_catalogue(assessment=made, keys=keys, by=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as people:
        added = list(people.map(add, range(8)))

    assert sorted(map(len, added)) == [0] * 7 + [1]
    assert codes(made).count("szse-2024-art30") == 1
