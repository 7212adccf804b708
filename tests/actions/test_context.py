"""The context of a round by its verbs: kept, refused, taken over, frozen by the lock."""

import json
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import translation

from materiality import actions
from materiality.actions import StepRow
from materiality.errors import BadContext, BadIro, NotASuccession, RoundLocked
from materiality.inputs import context as inputs_context
from materiality.inputs.context import context_of
from materiality.locking import snapshots
from materiality.locking.verification import faults_of
from materiality.models import Assessment, ChainStep, RoundContext
from materiality.models.closing import close_locked_rounds, open_locked_rounds
from surveys.errors import Conflict
from tests.builders import both
from tests.rounds import make_round, sealed_round

pytestmark = pytest.mark.django_db
MINES = StepRow("upstream", both("矿山", "Mines"), "Chile", both("签约供应商", "Contracts"))
PLANT = StepRow("own", both("苏州工厂", "The Suzhou plant"))


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def say(assessment, **fields) -> None:
    actions.set_context(assessment=assessment, by=None, **fields)


def chain(assessment, *steps, **options) -> None:
    actions.set_chain(assessment=assessment, steps=steps, by=None, **options)


def refused(assessment, **fields) -> dict[str, str]:
    with pytest.raises(BadContext) as refusal:
        say(assessment, **fields)
    return refusal.value.faults


def test_what_is_said_is_kept_and_the_log_tells_what_changed():
    assessment = make_round()
    say(assessment, entity=both("甲公司", "Company A"), standards=["gri:2021", "szse:2024"])

    say(assessment, next_revision=date(2031, 3, 1))

    row = assessment.context
    assert row.standards == ["szse:2024", "gri:2021"]
    assert row.version == 2
    event = assessment.events.filter(verb="set_context").last()
    assert event.before == {"next_revision": None}
    assert event.after == {"next_revision": "2031-03-01"}


def test_saying_the_same_again_changes_nothing():
    assessment = make_round()
    say(assessment, entity=both("甲公司", "Company A"))

    say(assessment, entity={"zh-hans": "甲公司 ", "en": "Company A"})

    assert assessment.context.version == 1
    assert assessment.events.filter(verb="set_context").count() == 1


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"period_start": date(2026, 1, 1)}, "period_end", "enter both"),
        (
            {"period_start": date(2026, 1, 2), "period_end": date(2026, 1, 1)},
            "period_end",
            "ends before it begins",
        ),
        ({"short_years": 1}, "medium_years", "both short and medium"),
        ({"short_years": 3, "medium_years": 3}, "medium_years", "after short term"),
        ({"short_years": 2, "medium_years": 5}, "horizons_reason", "give the reason in 中文"),
        ({"standards": ["sasb:2023"]}, "standards", "“sasb:2023” is no standard"),
        ({"approach": "sideways"}, "approach", "sideways"),
        ({"approved_on": date(2026, 3, 1)}, "approver", "Say who approved"),
        (
            {"last_revision": date(2026, 3, 1), "next_revision": date(2026, 2, 1)},
            "next_revision",
            "after the last one",
        ),
        ({"scope": {"en": "x" * 1501}}, "scope", "1501 characters; at most 1500"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_saved(fields, field, words):
    assessment = make_round()

    faults = refused(assessment, **fields)

    assert words in faults[field]
    assert not RoundContext.objects.exists()


def test_the_horizons_of_esrs_need_no_reason_and_others_do_in_each_language():
    assessment = make_round()
    say(assessment, short_years=1, medium_years=5)

    refused(assessment, medium_years=10, horizons_reason={"en": "Mines are planned so"})
    say(assessment, medium_years=10, horizons_reason=both("按矿山规划", "Mines are planned so"))

    assert context_of(assessment)["horizons"]["medium"] == 10


@pytest.mark.parametrize(
    "values",
    [
        {"period_start": date(2026, 1, 1)},
        {"short_years": 2, "medium_years": 9},
        {"short_years": 1},
        {"approach": "sideways"},
        {"last_revision": date(2026, 3, 1), "next_revision": date(2026, 3, 1)},
    ],
)
def test_the_database_refuses_what_the_verb_refuses(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundContext.objects.create(assessment=make_round(), **values)


def test_two_editors_at_once_are_told_and_nothing_is_lost():
    assessment = make_round()
    say(assessment, entity=both("甲公司", "Company A"), expected_version=0)

    with pytest.raises(Conflict):
        say(assessment, entity=both("乙公司", "Company B"), expected_version=0)
    with pytest.raises(Conflict):
        chain(assessment, MINES, expected_version=0)

    assert assessment.context.entity["en"] == "Company A"


def test_stages_have_codes_of_their_own_and_keep_the_order_they_were_given_in():
    assessment = make_round()
    chain(assessment, MINES, PLANT)

    chain(
        assessment,
        StepRow("own", both("工厂", "The plant"), code="VC-02"),
        StepRow("downstream", both("客户", "Customers")),
    )

    assert [(s.code, s.side) for s in assessment.chain_steps.all()] == [
        ("VC-02", "own"),
        ("VC-03", "downstream"),
    ]
    assert assessment.events.filter(verb="set_chain").count() == 2


def test_a_stage_needs_a_name_in_each_language_a_known_side_and_one_row():
    assessment = make_round()
    bad = [
        StepRow("own", {"en": "Plant"}),
        StepRow("sideways", both("厂", "Plant")),
        StepRow("own", both("厂", "Plant"), code="VC-09"),
    ]

    with pytest.raises(BadContext) as refusal:
        chain(assessment, *bad)

    assert "中文" in refusal.value.faults["0"]
    assert "sideways" in refusal.value.faults["1"]
    assert "no stage VC-09" in refusal.value.faults["2"]


def add_entry(assessment, **facts):
    given = {"topic": "safety", "kind": "risk", "title": both("停产", "A standstill"), "by": None}
    return actions.add_iro(assessment=assessment, **given | facts)


def test_an_entry_lies_in_a_stage_of_its_own_side_and_holds_it_there():
    assessment = make_round()
    chain(assessment, MINES, PLANT)
    mines = assessment.chain_steps.get(code="VC-01")

    with pytest.raises(BadIro) as refusal:
        add_entry(assessment, stage="own", step=mines)
    assert "is a stage under “Upstream”" in refusal.value.faults["step"]
    add_entry(assessment, stage="upstream", step=mines)

    with pytest.raises(BadContext, match="taken out: IRO-001"):
        chain(assessment, StepRow("own", PLANT.name, code="VC-02"))
    with pytest.raises(BadContext, match="IRO-001"):
        chain(
            assessment,
            StepRow("downstream", MINES.name, code="VC-01"),
            StepRow("own", PLANT.name, code="VC-02"),
        )


def test_a_stage_of_another_round_is_refused():
    mine, other = make_round(), make_round(year="2031")
    chain(other, MINES)

    with pytest.raises(BadIro, match="another round"):
        add_entry(mine, stage="upstream", step=other.chain_steps.get())


def test_the_next_round_begins_with_it_all_but_the_days_and_entries_keep_their_stage():
    last = sealed_round()
    say(
        last,
        entity=both("甲公司", "Company A"),
        standards=["gri:2021"],
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
    )
    chain(last, MINES)
    add_entry(last, stage="upstream", step=last.chain_steps.get())
    following = make_round(previous=last, year="2032")

    actions.carry_context(assessment=following, by=None)
    actions.carry_iros(assessment=following, by=None)

    assert following.context.standards == ["gri:2021"]
    assert following.context.period_start is None
    assert following.iros.get().step == following.chain_steps.get(code="VC-01")
    assert actions.carry_context(assessment=following, by=None) is False


def test_a_first_round_has_nothing_to_take_over():
    with pytest.raises(NotASuccession):
        actions.carry_context(assessment=make_round(), by=None)


def test_a_round_without_a_context_has_no_such_key_and_one_with_it_locks_and_recomputes():
    bare, told = sealed_round(), sealed_round(year="2031")
    say(told, entity=both("甲公司", "Company A"), short_years=1, medium_years=5)
    chain(told, MINES)

    assert "context" not in json.loads(snapshots.lock(assessment=bare, by=None).document)["inputs"]
    snapshot = snapshots.lock(assessment=told, by=None)

    context = json.loads(snapshot.document)["inputs"]["context"]
    assert context["entity"]["en"] == "Company A"
    assert context["horizons"] == {"short": 1, "medium": 5}
    assert context["chain"][0]["places"] == "Chile"


def test_a_locked_round_keeps_its_context_by_the_verbs_and_by_the_database():
    assessment = sealed_round()
    say(assessment, entity=both("甲公司", "Company A"))
    chain(assessment, MINES)
    snapshots.lock(assessment=assessment, by=None)
    locked = Assessment.objects.get(pk=assessment.pk)

    with pytest.raises(RoundLocked):
        say(locked, entity=both("乙公司", "Company B"))
    with pytest.raises(RoundLocked):
        chain(locked)
    for statement in (
        "UPDATE materiality_roundcontext SET approach = 'both'",
        "DELETE FROM materiality_roundcontext",
        "UPDATE materiality_chainstep SET places = ''",
        "DELETE FROM materiality_chainstep",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)
    with pytest.raises(DatabaseError), transaction.atomic():
        ChainStep.objects.create(assessment=locked, code="VC-02", side="own", name={"en": "x"})


def test_what_was_changed_of_a_locked_context_is_named():
    assessment = sealed_round()
    say(assessment, entity=both("甲公司", "Company A"), short_years=1, medium_years=5)
    chain(assessment, MINES, PLANT)
    snapshots.lock(assessment=assessment, by=None)
    locked = Assessment.objects.get(pk=assessment.pk)
    assert list(faults_of(locked)) == []

    open_locked_rounds(connection)
    try:
        RoundContext.objects.filter(assessment=locked).update(
            medium_years=9, horizons_reason=both("矿", "Mines")
        )
        locked.chain_steps.filter(code="VC-01").update(places="Peru")
        locked.chain_steps.filter(code="VC-02").delete()
        told = "\n".join(faults_of(locked))
    finally:
        close_locked_rounds(connection)

    assert "the context: horizons, medium: locked as “5”, now “9”" in told
    assert "the context: chain VC-01, places: locked as “Chile”, now “Peru”" in told
    assert "the context: chain VC-02: locked, and not there now" in told


def test_a_standard_that_is_worded_otherwise_by_a_later_catalogue_is_no_tampering(monkeypatch):
    assessment = sealed_round()
    say(assessment, entity=both("甲公司", "Company A"), standards=["gri:2021"])
    snapshots.lock(assessment=assessment, by=None)
    locked = Assessment.objects.get(pk=assessment.pk)
    words = {"code": "gri", "edition": "2021", "title": both("改名", "Another title")}

    monkeypatch.setattr(inputs_context, "_standard", lambda _key: words)
    assert list(faults_of(locked)) == []

    monkeypatch.setattr(inputs_context, "_standard", lambda _key: words | {"edition": "2016"})
    assert any("the context" in fault for fault in faults_of(locked))


def test_a_standard_that_the_catalogue_no_longer_lists_is_printed_by_its_key():
    assessment = sealed_round()
    say(assessment, entity=both("甲公司", "Company A"))
    RoundContext.objects.filter(assessment=assessment).update(standards=["esrs:2023", "gone:2019"])

    [known, gone] = context_of(assessment)["standards"]

    assert known["title"]["en"] != "esrs:2023"  # the control
    assert gone == {
        "code": "gone",
        "edition": "2019",
        "title": {"zh-hans": "gone:2019", "en": "gone:2019"},
    }
    assert snapshots.results_for(assessment).topics
