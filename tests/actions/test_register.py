"""The register by its actions: what it takes, what it refuses, and what the database holds."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from materiality import actions
from materiality.actions.register import IroRow, topics_after
from materiality.errors import (
    BadIro,
    BothLanguagesNeeded,
    InTheRegister,
    IroIsClosed,
    NotASuccession,
    RoundLocked,
    UnknownTopic,
)
from materiality.locking import snapshots
from materiality.models import Assessment, Iro, IroLine
from surveys.errors import Conflict
from tests.builders import both
from tests.rounds import make_round, sealed_round

pytestmark = pytest.mark.django_db
DUST = both("粉尘损害工人肺部", "Dust harms workers’ lungs")
REASON = both("工厂已出售", "The plant was sold")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def add(assessment, **facts) -> Iro:
    given = {"topic": "safety", "kind": "negative", "title": DUST, "by": None} | facts
    return actions.add_iro(assessment=assessment, **given)


def test_an_entry_has_the_next_code_and_the_log_tells_all_of_it():
    assessment = make_round()
    add(assessment)

    second = add(assessment, kind="risk", title=both("停产", "A standstill"), place="Suzhou")

    assert second.code == "IRO-002"
    event = assessment.events.get(verb="add_iro", subject="IRO-002")
    assert event.after["topic"] == "safety"
    assert event.after["title"]["en"] == "A standstill"
    assert event.after["place"] == "Suzhou"


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"kind": "risk", "is_actual": True}, "is_actual", "Only an impact can be actual"),
        ({"kind": "risk", "involvement": "caused"}, "involvement", "Only impacts"),
        ({"kind": "positive", "human_rights": True}, "human_rights", "Only a negative impact"),
        ({"is_net": True, "mitigation": both("除尘", "Filters")}, "evidence", "Net is refused"),
        ({"is_net": True, "evidence": "Audit 7"}, "mitigation", "says what is done"),
        ({"title": {"en": "Only English"}}, "title", "Write the title in"),
        ({"stage": "nowhere"}, "stage", "nowhere"),
        ({"place": "x" * 201}, "place", "200"),
        ({"description": both("说明", "x" * 1501)}, "description", "at most 1500"),
    ],
)
def test_what_contradicts_itself_is_refused_with_a_sentence(facts, field, words):
    assessment = make_round()

    with pytest.raises(BadIro) as refused:
        add(assessment, **facts)

    assert words in refused.value.faults[field]
    assert not assessment.iros.exists()


def test_the_same_is_taken_where_it_does_not_contradict_itself():
    """The control."""
    assessment = make_round()

    row = add(
        assessment,
        is_actual=True,
        human_rights=True,
        involvement="linked",
        stage="upstream",
        is_net=True,
        mitigation=both("除尘", "Filters"),
        evidence="Audit 7, page 3",
    )

    assert list(row.gaps(("zh-hans", "en"))) == ["description", "who is affected"]


FAULTY = [
    {"is_actual": True, "kind": "risk"},
    {"involvement": "caused", "kind": "opportunity"},
    {"human_rights": True, "kind": "positive"},
    {"is_net": True},
    {"is_net": True, "mitigation": {"en": "Filters"}},
    {"kind": "issue"},
    {"stage": "x"},
    {"horizon": "x"},
    {"title": {}},
    {"code": "IRO-001"},
]


@pytest.mark.parametrize("facts", FAULTY, ids=str)
def test_the_database_refuses_what_no_action_would_write(facts):
    assessment = make_round()
    add(assessment)
    topic = assessment.topics.get(code="safety")
    good = {"code": "IRO-002", "kind": "negative", "title": DUST}

    with pytest.raises(IntegrityError), transaction.atomic():
        Iro.objects.create(assessment=assessment, topic=topic, **good | facts)

    Iro.objects.create(assessment=assessment, topic=topic, **good)


def test_an_entry_stands_under_a_topic_of_the_short_list():
    assessment = make_round()
    actions.screen_out(
        assessment=assessment, topic="energy", kind="covered", reason=both("x", "x"), by=None
    )

    for topic in ("energy", "nothing"):
        with pytest.raises(UnknownTopic, match=topic):
            add(assessment, topic=topic)


def test_a_topic_or_file_that_an_entry_refers_to_is_not_removed():
    assessment = make_round()
    file = actions.attach(assessment=assessment, name="audit.pdf", content=b"x", by=None)
    mitigation = {"mitigation": both("除尘", "Filters"), "is_net": True, "evidence_file": file}
    row = add(assessment, **mitigation)

    with pytest.raises(InTheRegister, match="IRO-001"):
        actions.remove_topic(assessment=assessment, topic="safety", by=None)
    with pytest.raises(InTheRegister, match="IRO-001"):
        actions.detach(file=file, by=None, reason="x")

    actions.describe_iro(iro=row, by=None, topic="energy", is_net=False, evidence_file=None)
    actions.detach(file=file, by=None, reason="x")
    actions.remove_topic(assessment=assessment, topic="safety", by=None)


def test_a_file_of_another_round_proves_nothing_here():
    assessment, other = make_round(), make_round(year="2019")
    file = actions.attach(assessment=other, name="a.pdf", content=b"x", by=None)

    with pytest.raises(BadIro, match="another round"):
        add(assessment, evidence_file=file)


def test_a_change_is_logged_as_what_was_and_what_is():
    assessment = make_round()
    row = add(assessment)

    assert actions.describe_iro(iro=row, by=None, place="Suzhou", horizon="short")
    assert not actions.describe_iro(iro=row, by=None, place="Suzhou")

    event = assessment.events.get(verb="describe_iro")
    assert (event.before, event.after) == ({"place": ""}, {"place": "Suzhou"})


def test_two_who_edit_at_once_are_told_and_nothing_is_lost():
    assessment = make_round()
    row = add(assessment)
    seen = row.version
    actions.describe_iro(iro=row, by=None, place="Suzhou", expected_version=seen)

    with pytest.raises(Conflict, match="Somebody else saved this entry"):
        actions.describe_iro(iro=row, by=None, place="Wuxi", expected_version=seen)

    row.refresh_from_db()
    assert row.place == "Suzhou"


def test_an_entry_does_not_disturb_who_edits_another():
    assessment = make_round()
    first, second = add(assessment), add(assessment, kind="risk")

    actions.describe_iro(iro=first, by=None, place="A", expected_version=1)
    actions.describe_iro(iro=second, by=None, place="B", expected_version=1)

    assert set(assessment.iros.values_list("place", flat=True)) == {"A", "B"}


def test_a_closed_entry_says_why_and_stands_until_it_is_opened():
    assessment = make_round()
    row = add(assessment)
    with pytest.raises(BothLanguagesNeeded):
        actions.close_iro(iro=row, reason={"en": "Sold"}, by=None)

    actions.close_iro(iro=row, reason=REASON, by=None)

    assert not assessment.iros.open().exists()
    with pytest.raises(IroIsClosed):
        actions.describe_iro(iro=row, by=None, place="x")
    with pytest.raises(IroIsClosed):
        actions.close_iro(iro=row, reason=REASON, by=None)
    actions.reopen_iro(iro=row, by=None)
    actions.reopen_iro(iro=row, by=None)
    assert assessment.iros.open().get() == row
    assert assessment.events.filter(verb="reopen_iro").count() == 1
    assert assessment.events.get(verb="close_iro").reason == "工厂已出售 / The plant was sold"


def test_a_locked_round_keeps_its_register_as_it_is():
    assessment = sealed_round()
    row = add(assessment)
    snapshots.lock(assessment=assessment, by=None)

    for act in (
        lambda: add(assessment),
        lambda: actions.describe_iro(iro=row, by=None, place="x"),
        lambda: actions.close_iro(iro=row, reason=REASON, by=None),
        lambda: actions.take_in_iros(assessment=assessment, rows=[], by=None),
    ):
        with pytest.raises(RoundLocked):
            act()
    with pytest.raises(Exception, match="immutable"), transaction.atomic():
        Iro.objects.filter(pk=row.pk).update(place="x")
    assert Iro.objects.get().place == ""


def test_the_document_holds_the_register_and_no_other_result_follows_from_it():
    assessment = sealed_round()
    before = snapshots.results_for(assessment)

    add(assessment)

    after = snapshots.results_for(assessment)
    assert after.digest != before.digest
    assert (before.document["version"], after.document["version"]) == (1, 2)
    assert after.topics == before.topics


# ---- a table ----


def test_all_rows_of_a_table_are_taken_or_none():
    assessment = make_round()
    there = add(assessment)
    good = IroRow("", "energy", {"kind": "risk", "title": both("电价", "Power prices")})
    change = IroRow(there.code, None, {"description": {"en": "Grinding dust"}})
    bad = IroRow("", "energy", {"kind": "risk", "is_actual": True, "title": DUST})

    with pytest.raises(BadIro), transaction.atomic():
        actions.take_in_iros(assessment=assessment, rows=[good, bad], by=None)
    assert assessment.iros.count() == 1
    taken = actions.take_in_iros(assessment=assessment, rows=[good, change, change], by=None)

    assert (taken.added, taken.changed) == (["IRO-002"], ["IRO-001"])
    event = assessment.events.get(verb="import_iros")
    assert event.before == {"IRO-001": {"description": {}}}
    assert event.after["IRO-002"]["title"]["en"] == "Power prices"
    assert not actions.take_in_iros(assessment=assessment, rows=[change], by=None).changed
    assert assessment.events.filter(verb="import_iros").count() == 1


# ---- the next round ----


@pytest.fixture
def years():
    """Last round with two entries, and this one with the topics taken over."""
    last = make_round(year="2019")
    add(last)
    add(last, topic="energy", kind="risk", title=both("电价", "Power prices"))
    return last, make_round(year="2020", previous=last)


def codes(lines):
    return [(line.before.code, line.after.code if line.after else None) for line in lines]


def test_last_rounds_entries_go_on_under_their_topics_with_their_codes(years):
    last, this = years

    assert sorted(actions.carry_iros(assessment=this, by=None)) == ["IRO-001", "IRO-002"]
    assert actions.carry_iros(assessment=this, by=None) == []

    assert codes(this.iro_lines.all()) == [("IRO-002", "IRO-002"), ("IRO-001", "IRO-001")]
    assert this.iros.get(code="IRO-001").topic == this.topics.get(code="safety")
    assert last.iros.count() == 2
    assert add(this).code == "IRO-003"


def test_an_entry_whose_topic_does_not_go_on_is_left_for_people(years):
    _last, this = years
    actions.remove_topic(assessment=this, topic="energy", by=None)

    assert actions.carry_iros(assessment=this, by=None) == ["IRO-001"]
    assert len(topics_after(this)) == 3


def test_an_entry_is_split_and_merged_by_saying_where_entries_come_from(years):
    _last, this = years
    actions.carry_iros(assessment=this, by=None)

    add(this, before=["IRO-001"])
    both_of = this.iros.get(code="IRO-002")
    actions.describe_iro(iro=both_of, by=None, before=["IRO-001", "IRO-002"])

    assert set(codes(this.iro_lines.all())) == {
        ("IRO-001", "IRO-001"),
        ("IRO-001", "IRO-003"),
        ("IRO-001", "IRO-002"),
        ("IRO-002", "IRO-002"),
    }
    event = this.events.get(verb="describe_iro")
    assert event.after == {"before": ["IRO-001", "IRO-002"]}


def test_a_line_never_leads_in_a_circle(years):
    last, this = years
    own = add(this)

    with pytest.raises(BadIro, match="leads in a circle"):
        add(this, before=[own.code])
    with pytest.raises(BadIro, match="leads in a circle"):
        actions.describe_iro(iro=own, by=None, before=[own.code])
    with pytest.raises(BadIro, match="leads in a circle"):
        actions.describe_iro(iro=last.iros.get(code="IRO-001"), by=None, before=["IRO-001"])
    with pytest.raises(IntegrityError), transaction.atomic():
        IroLine.objects.create(assessment=this, before=own, after=own)
    assert not this.iro_lines.exists()


def test_entries_that_do_not_go_on_say_why_and_can_be_taken_back(years):
    _last, this = years
    with pytest.raises(BadIro, match="Choose the entries"):
        actions.end_iros(assessment=this, codes=[], reason=REASON, by=None)
    with pytest.raises(BadIro, match="no open entry IRO-009"):
        actions.end_iros(assessment=this, codes=["IRO-009"], reason=REASON, by=None)
    with pytest.raises(BothLanguagesNeeded):
        actions.end_iros(assessment=this, codes=["IRO-001"], reason={"en": "x"}, by=None)

    actions.end_iros(assessment=this, codes=["IRO-001"], reason=REASON, by=None)

    with pytest.raises(BadIro, match="Something is said already"):
        actions.end_iros(assessment=this, codes=["IRO-001"], reason=REASON, by=None)
    with pytest.raises(BadIro, match="was closed"):
        add(this, before=["IRO-001"])
    assert actions.carry_iros(assessment=this, by=None) == ["IRO-002"]
    with pytest.raises(BadIro, match="Something is said already"):
        actions.end_iros(assessment=this, codes=["IRO-002"], reason=REASON, by=None)

    actions.resume_iros(assessment=this, codes=["IRO-001"], by=None)
    actions.resume_iros(assessment=this, codes=["IRO-001"], by=None)
    assert actions.carry_iros(assessment=this, by=None) == ["IRO-001"]
    assert this.events.filter(verb="resume_iros").count() == 1


def test_a_round_whose_entries_come_from_another_keeps_following_it(years):
    _last, this = years
    other = make_round(year="2018")
    actions.carry_iros(assessment=this, by=None)
    this.successions.all().delete()

    with pytest.raises(NotASuccession, match="Entries of the register"):
        actions.follow(assessment=this, previous=other, by=None)


def test_a_deleted_draft_gives_last_rounds_entries_free(years):
    last, this = years
    actions.carry_iros(assessment=this, by=None)

    actions.delete_round(assessment=this, by=None)

    again = make_round(year="2021", previous=Assessment.objects.get(pk=last.pk))
    assert len(actions.carry_iros(assessment=again, by=None)) == 2
