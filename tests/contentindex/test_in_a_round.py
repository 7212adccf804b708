from datetime import date

import pytest

from materiality import actions
from materiality.actions import HeadingLine
from materiality.contentindex import Kind
from materiality.contentindex.reading import findings
from materiality.errors import UnknownTopic
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.locking.verification import faults_of
from materiality.selectors.contentindex import IndexLine, index_lines, suggested_lines
from tests.builders import both
from tests.rounds import make_round, sealed_round

pytestmark = pytest.mark.django_db
DAY = date(2021, 4, 10)
GOVERNANCE = both("公司治理", "Governance")
ENERGY = both("能源管理", "Energy management")


@pytest.fixture
def indexed():
    assessment = make_round()
    for code, key in (("energy", "302"), ("ethics", "205"), ("safety", "403"), ("privacy", "418")):
        actions.describe_topic(
            topic=assessment.topics.get(code=code), references=[["GRI", "2016", key]], by=None
        )
    headings = [HeadingLine(GOVERNANCE), HeadingLine(ENERGY, "61", [("GRI", "2016", "302")])]
    actions.set_headings(assessment=assessment, headings=headings, by=None)
    lines = [
        IndexLine(("GRI", "2016", "302-1"), ENERGY, "energy"),
        IndexLine(("GRI", "2016", "205-2"), GOVERNANCE, "ethics"),
        IndexLine(("GRI", "2016", "418-1"), GOVERNANCE),
    ]
    actions.set_index(assessment=assessment, lines=lines, by=None)
    return assessment


def kinds(assessment, language="en"):
    return [(one.kind, one.about) for one in findings(assessment, language, published=DAY)]


def test_the_checks_run_on_the_rounds_own_index(indexed):
    assert kinds(indexed) == [(Kind.TOPIC_NOT_INDEXED, "Safety")]


def test_a_heading_that_is_renamed_leaves_its_lines_pointing_at_nothing(indexed):
    headings = [HeadingLine(GOVERNANCE), HeadingLine(both("能源", "Energy"))]

    actions.set_headings(assessment=indexed, headings=headings, by=None)

    [missing] = [one for one in findings(indexed, "zh-hans") if one.kind == Kind.MISSING_HEADING]
    assert "“能源管理”" in missing.sentence("zh-hans")
    actions.set_headings(
        assessment=indexed, headings=[HeadingLine(GOVERNANCE), HeadingLine(ENERGY)], by=None
    )
    assert indexed.index_rows.get(code="302-1").heading.title == ENERGY  # found again


def test_lines_can_be_suggested_from_what_the_topics_refer_to(indexed):
    headings = [HeadingLine(topic.name) for topic in indexed.topics.filter(code="energy")]
    actions.set_headings(assessment=indexed, headings=headings, by=None)

    lines = suggested_lines(indexed)

    assert [(line.topic, line.key[2]) for line in lines] == [
        ("privacy", "418"),
        ("energy", "302"),
        ("safety", "403"),
        ("ethics", "205"),
    ]
    assert lines[1].heading == indexed.topics.get(code="energy").name
    assert lines[0].heading == {}


def test_a_line_about_an_unknown_topic_is_refused(indexed):
    lines = [IndexLine(("GRI", "2016", "302-1"), ENERGY, "nothing")]

    with pytest.raises(UnknownTopic):
        actions.set_index(assessment=indexed, lines=lines, by=None)

    assert indexed.index_rows.count() == 3


def test_what_changed_in_the_index_is_logged(indexed):
    lines = index_lines(indexed)[:-1]
    actions.set_index(assessment=indexed, lines=lines, by=None)

    event = indexed.events.last()
    assert (event.verb, len(event.before), event.after) == ("index", 1, [])
    count = indexed.events.count()
    actions.set_index(assessment=indexed, lines=lines, by=None)
    assert indexed.events.count() == count


def test_the_index_is_written_after_the_lock_and_nothing_else_is():
    assessment = sealed_round()
    snapshots.lock(assessment=assessment, by=None)
    before = results_for(type(assessment).objects.get(pk=assessment.pk)).digest

    actions.set_headings(assessment=assessment, headings=[HeadingLine(ENERGY)], by=None)
    line = IndexLine(("GRI", "2016", "302-1"), ENERGY, "energy")
    actions.set_index(assessment=assessment, lines=[line], by=None)

    assessment = type(assessment).objects.get(pk=assessment.pk)
    assert list(faults_of(assessment)) == []
    assert results_for(assessment).digest == before


def test_the_responses_add_up():
    assessment = sealed_round()

    results = findings(assessment, "en", results=results_for(assessment), published=DAY)

    assert Kind.SUM_DIFFERS not in {one.kind for one in results}
