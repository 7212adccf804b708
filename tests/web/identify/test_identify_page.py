"""Identify: both panes, own topics, order, screening, and what it says when it refuses."""

import re

import pytest

from materiality import actions
from materiality.locking import snapshots
from materiality.models import Assessment, Event, Topic
from tests.builders import both
from tests.rounds import make_round, make_user
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def young(db) -> Assessment:
    """A round whose list is still open, with its owner."""
    assessment = make_round()
    make_user("owner", assessment.organisation)
    return assessment


@pytest.fixture
def owner(young):
    return signed_in("owner")


def page_of(owner, young, query="?lang=en"):
    return text(owner.get(url(young, "topics") + query))


def version(young) -> int:
    return Assessment.objects.get(pk=young.pk).version


def new_topic(young, **changes):
    return {
        "version": version(young),
        "name:zh-hans": "碳市场",
        "name:en": "Carbon market",
        "definition:zh-hans": "",
        "definition:en": "",
        "example:zh-hans": "",
        "example:en": "",
        "category": "environment",
        "sources": ["peers", "media"],
        "more": "",
    } | changes


def test_a_standard_is_offered_by_section_and_what_is_on_the_list_is_marked(young, owner):
    keys = [("SZSE", "2024", "Art.30")]
    actions.add_topics_from_catalogue(assessment=young, keys=keys, by=None)

    page = page_of(owner, young)

    assert "Ch.3 Sec.2 Pollution prevention and ecosystem protection" in page
    assert 'value="SZSE|2024|Art.31"' in page
    assert 'value="SZSE|2024|Art.30"' not in page
    assert "20 of the 21 topics of this standard are not considered yet" in page


def test_ticked_topics_come_onto_the_list_and_the_catalogue_stays_where_it_was(young, owner):
    sent = {"version": young.version, "keys": ["GRI|2016|302", "GRI|2016|305"]}

    answered = owner.post(url(young, "identify/add") + "?standard=GRI%7C&q=e", sent)

    assert answered.url.endswith("?standard=GRI%7C&q=e#catalogue")
    kept = young.topics.order_by("-position")[:2]
    assert [topic.references for topic in kept] == [
        [["GRI", "2016", "305"]],
        [["GRI", "2016", "302"]],
    ]


def test_nothing_ticked_gets_a_sentence(young, owner):
    answered = owner.post(url(young, "identify/add") + "?lang=en", {"version": young.version})

    assert "Tick the topics you want to add." in text(answered)


@pytest.mark.parametrize("words", ["biodiversity", "生物多样性", "art.32"])
def test_a_search_goes_through_every_standard_in_both_languages(young, owner, words):
    page = page_of(owner, young, f"?lang=en&q={words}")

    assert 'value="SZSE|2024|Art.32"' in page
    assert "Anti-corruption" not in page


def test_a_search_that_finds_nothing_says_what_to_do(young, owner):
    assert "Nothing in the catalogue is called “zzz”" in page_of(owner, young, "?lang=en&q=zzz")


def test_a_standard_that_does_not_exist_shows_the_usual_one(young, owner):
    assert 'value="SZSE|2024" selected' in page_of(owner, young, "?standard=XX%7C1")


def test_no_disclosure_is_offered_as_a_topic(young, owner):
    page = page_of(owner, young, "?lang=en&standard=GRI%7C")

    assert 'value="GRI|2016|302"' in page
    assert "302-1" not in page


def test_a_topic_of_ones_own_is_added_with_its_sources_and_codes(young, owner):
    sent = new_topic(young, more="GRI 305-1 (2016); SASB TC-SI-130a.1 (2018)")

    assert owner.post(url(young, "identify/own"), sent).url == url(young, "topics")

    made = young.topics.get(code="carbon-market")
    assert made.sources == ["peers", "media"]
    assert made.references == [["GRI", "2016", "305-1"], ["SASB", "2018", "TC-SI-130a.1"]]
    assert made.position == 4


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("GRI 403-2", "needs its edition, since codes change meaning: GRI 403-2 (2016)"),
        ("GRI 403-2 (1999)", "needs its edition"),
        ("GRI 999-9", "GRI has no code “999-9”"),
        ("403-2", "names no standard"),
    ],
)
def test_a_code_that_says_too_little_gets_a_sentence_and_stays_entered(young, owner, code, said):
    answered = owner.post(url(young, "identify/own") + "?lang=en", new_topic(young, more=code))

    assert said in text(answered)
    assert f'value="{code}"' in text(answered)
    assert not young.topics.filter(code="carbon-market").exists()


def test_a_name_that_is_taken_is_refused(young, owner):
    sent = new_topic(young, **{"name:en": "Energy"})

    answered = owner.post(url(young, "identify/own") + "?lang=en", sent)

    assert "Another topic of this round is called “Energy”." in text(answered)


def test_a_topic_is_moved_up_and_the_page_returns_to_it(young, owner):
    sent = {"version": young.version, "move": "energy:-1"}

    answered = owner.post(url(young, "identify/order"), sent)

    assert answered.url.endswith("#t-energy")
    assert list(young.topics.values_list("code", flat=True))[:2] == ["energy", "privacy"]


@pytest.mark.parametrize("move", ["energy:-9", "energy", "nothing:1", ""])
def test_a_move_that_is_none_changes_nothing(young, owner, move):
    before = list(young.topics.values_list("code", flat=True))

    owner.post(url(young, "identify/order"), {"version": young.version, "move": move})

    assert list(young.topics.values_list("code", flat=True)) == before


def screening(young, **changes):
    values = {"kind": "not_applicable", "why:zh-hans": "没有此类业务", "why:en": "No such business"}
    return values | {"version": version(young)} | changes


def test_a_screened_out_topic_stays_on_the_long_list_with_reason_and_day(young, owner):
    owner.post(url(young, "topics/energy/screen"), screening(young))

    page = page_of(owner, young)
    assert "3 topics to ask about" in page
    assert "1 considered and screened out" in page
    assert "No such business" in page
    assert "Not applicable to the company" in page


def test_screening_out_needs_both_languages_and_keeps_what_was_written(young, owner):
    sent = screening(young, **{"why:en": ""})

    answered = owner.post(url(young, "topics/energy/screen"), sent)

    assert "没有此类业务" in text(answered)
    assert not Topic.objects.get(code="energy").screened_out


def test_a_screened_out_topic_is_put_back(young, owner):
    owner.post(url(young, "topics/energy/screen"), screening(young))

    owner.post(url(young, "topics/energy/back"), {"version": version(young)})

    assert not Topic.objects.get(code="energy").screened_out


def with_a_remark(topic):
    actions.remark(assessment=topic.assessment, topic=topic, text="Ask the plant.", by=None)


def with_a_file(topic):
    actions.attach(
        assessment=topic.assessment,
        topic=topic,
        name="audit.txt",
        content=b"Audit",
        about="",
        by=None,
    )


def in_a_next_round(topic):
    following = make_round(year="2099", previous=topic.assessment)
    assert following.successions.filter(before=topic).exists()


@pytest.mark.parametrize(
    ("used", "by"),
    [
        (with_a_remark, "remarks"),
        (with_a_file, "its files"),
        (in_a_next_round, "the next round’s changes"),
    ],
)
def test_a_topic_that_something_refers_to_is_not_removed_and_the_page_says_by_what(
    young, owner, used, by
):
    used(young.topics.get(code="energy"))

    answer = owner.post(
        url(young, "topics/energy/remove") + "?lang=en", {"version": version(young)}
    )

    assert answer.status_code == 409
    assert f"{by} refer to it" in text(answer)
    assert young.topics.filter(code="energy").exists()


def test_a_topic_entered_by_mistake_is_removed_and_the_log_knows(young, owner):
    owner.post(url(young, "topics/energy/remove"), {"version": version(young)})

    assert not young.topics.filter(code="energy").exists()
    assert Event.objects.filter(verb="remove_topic", subject="energy", by__isnull=False).exists()


def test_a_topic_is_not_removed_by_a_form_without_its_version(young, owner):
    assert owner.post(url(young, "topics/energy/remove"), {"x": "1"}).status_code == 409
    assert young.topics.filter(code="energy").exists()


def test_few_topics_and_many_get_a_note(young, owner):
    assert "Fewer than 8 topics" in page_of(owner, young)

    rows = [
        {"code": f"t{at}", "name": both(f"题{at}", f"T{at}"), "category": "social"}
        for at in range(40)
    ]
    actions.add_topics(assessment=young, topics=rows)

    assert "More than 40 topics" in page_of(owner, young)


def test_once_people_are_asked_the_list_stands_and_says_so(assessment):
    owner = signed_in("owner")
    page = text(owner.get(url(assessment, "topics") + "?lang=en"))
    sent = {"version": assessment.version, "keys": ["GRI|2016|302"]}

    answered = owner.post(url(assessment, "identify/add") + "?lang=en", sent)

    assert "so its list of topics stands. Wording can be fixed." in page
    assert 'name="keys"' not in page
    assert answered.status_code == 409
    assert "so its list of topics stands" in text(answered)


def test_a_wording_fixed_after_the_first_answer_is_logged_with_its_reason(assessment):
    from tests.web.test_writing import topic_form

    owner = signed_in("owner")
    assert "Why the wording is fixed" in text(
        owner.get(url(assessment, "topics/energy") + "?lang=en")
    )
    sent = topic_form(assessment, **{"name:en": "Energy use", "reason": "A slip of the pen"})

    owner.post(url(assessment, "topics/energy"), sent)

    event = Event.objects.get(verb="fix_wording")
    assert (event.subject, event.reason) == ("energy", "A slip of the pen")
    assert event.before["name"]["en"] == "Energy"


def test_a_topic_is_matched_with_last_years_and_the_list_shows_it(assessment):
    owner = signed_in("owner")
    second = make_round(year="2021", previous=assessment)
    actions.remove_topic(assessment=second, topic="energy", by=None)
    second = Assessment.objects.get(pk=second.pk)
    [new] = actions.add_topics_from_catalogue(
        assessment=second, keys=[("GRI", "2016", "302")], by=None
    )
    from tests.web.test_writing import topic_form

    sent = topic_form(second, kept=["GRI 302 (2016)"], before="energy")
    owner.post(url(second, f"topics/{new.code}"), sent)

    line = second.successions.get(after=new)
    assert (line.before.code, line.kind) == ("energy", "renamed")
    assert "2020: Energy" in text(owner.get(url(second, "topics") + "?lang=en"))


def test_an_empty_round_takes_over_last_years_list(assessment):
    owner = signed_in("owner")
    snapshots.lock(assessment=assessment, by=None)
    first = Assessment.objects.get(pk=assessment.pk)
    second = actions.start_round(
        organisation=first.organisation, year="2021", by=None, previous=first
    )
    assert "Take over the list of 2020" in text(owner.get(url(second, "topics") + "?lang=en"))

    owner.post(url(second, "identify/carry"))

    assert second.topics.count() == 4
    assert second.groups.count() == 4


def test_a_viewer_is_offered_nothing_to_change(assessment):
    young = make_round(year="2030", organisation=assessment.organisation)

    page = text(signed_in("viewer").get(url(young, "topics")))

    assert re.findall(r"<button[^>]*>", page) == []
    assert "csrfmiddlewaretoken" not in page
