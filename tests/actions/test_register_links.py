"""Links of the register: an impact and the risks and opportunities that come from it."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import translation

from materiality import actions
from materiality.actions import register_sheets
from materiality.actions.register import IroRow
from materiality.actions.register_links import linked
from materiality.errors import BadIro
from materiality.locking import snapshots
from materiality.models import IroLink
from surveys.errors import Conflict
from surveys.tables.upload import Table
from tests.builders import both
from tests.rounds import make_round, sealed_round

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def add(assessment, kind, title="x", **facts):
    given = {"topic": "safety", "kind": kind, "title": both(title, title), "by": None} | facts
    return actions.add_iro(assessment=assessment, **given)


@pytest.fixture
def pair():
    """An impact and a risk that it gives rise to."""
    assessment = make_round()
    impact = add(assessment, "negative", "Dust")
    risk = add(assessment, "risk", "Claims", links={"impact": ["IRO-001"]})
    return impact, risk


def test_a_link_reads_the_same_from_both_ends_and_stands_in_the_log(pair):
    impact, risk = pair

    assert linked(impact) == {"impact": ["IRO-002"], "dependency": []}
    assert linked(risk) == {"impact": ["IRO-001"], "dependency": []}
    assert risk.assessment.events.latest("number").after["links"]["impact"] == ["IRO-001"]


def test_it_is_made_another_kind_or_taken_away_from_the_other_end(pair):
    impact, risk = pair
    actions.describe_iro(iro=impact, by=None, links={"impact": [], "dependency": ["IRO-002"]})
    assert linked(risk) == {"impact": [], "dependency": ["IRO-001"]}

    actions.describe_iro(iro=impact, by=None, links={"dependency": []})

    assert linked(risk) == {"impact": [], "dependency": []}


def test_who_edits_the_other_end_meanwhile_is_told(pair):
    impact, risk = pair
    impact.refresh_from_db()
    seen = impact.version
    actions.describe_iro(iro=risk, by=None, links={"impact": []})

    with pytest.raises(Conflict):
        actions.describe_iro(iro=impact, by=None, place="Wuxi", expected_version=seen)


@pytest.mark.parametrize(
    ("links", "field", "words"),
    [
        ({"impact": ["IRO-009"]}, "links_impact", "no entry IRO-009"),
        ({"impact": ["IRO-003"]}, "links_impact", "not to impacts"),
        ({"impact": ["IRO-001"]}, "links_impact", "not to impacts"),
        (
            {"impact": ["IRO-002"], "dependency": ["IRO-002"]},
            "links_dependency",
            "under both kinds",
        ),
    ],
)
def test_what_cannot_be_linked_is_refused_with_a_sentence(pair, links, field, words):
    impact, _risk = pair
    add(impact.assessment, "positive", "Jobs")

    with pytest.raises(BadIro) as refused:
        actions.describe_iro(iro=impact, by=None, links=links)

    assert words in refused.value.faults[field]
    assert linked(impact)["impact"] == ["IRO-002"]


def test_a_linked_entry_does_not_change_sides(pair):
    impact, risk = pair
    with pytest.raises(BadIro) as refused:
        actions.describe_iro(iro=risk, by=None, kind="positive")
    assert "linked to IRO-001" in refused.value.faults["kind"]

    actions.describe_iro(iro=risk, by=None, kind="opportunity")  # the control: the same side

    assert linked(impact)["impact"] == ["IRO-002"]


def test_the_database_refuses_two_links_of_a_pair_and_a_kind_nobody_knows(pair):
    impact, risk = pair
    round_ = {"assessment": impact.assessment, "impact": impact}
    for wrong in ({"effect": risk}, {"effect": impact}, {"effect": impact, "kind": "love"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            IroLink.objects.create(**round_ | wrong)


def test_a_locked_round_keeps_its_links():
    assessment = sealed_round()
    add(assessment, "negative")
    add(assessment, "risk", links={"impact": ["IRO-001"]})
    snapshots.lock(assessment=assessment, by=None)

    for change in (
        lambda: IroLink.objects.update(kind="dependency"),
        lambda: IroLink.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_links_go_on_with_the_entries_that_are_taken_over():
    before = sealed_round(year="2019")
    add(before, "negative")
    add(before, "risk", links={"dependency": ["IRO-001"]})
    snapshots.lock(assessment=before, by=None)
    after = make_round(year="2020", previous=before)

    actions.carry_iros(assessment=after, by=None)

    assert linked(after.iros.get(code="IRO-001")) == {"impact": [], "dependency": ["IRO-002"]}
    assert after.iro_links.get().kind == "dependency"


def test_who_edits_an_entry_that_a_later_take_over_links_is_told():
    """Otherwise the form would send no link, and take away what it never showed."""
    before = sealed_round(year="2019")
    add(before, "negative")
    add(before, "risk", topic="energy", links={"impact": ["IRO-001"]})
    snapshots.lock(assessment=before, by=None)
    after = make_round(year="2020", previous=before)
    first = add(after, "negative", before=["IRO-001"])
    alone = add(after, "negative")

    actions.carry_iros(assessment=after, by=None)

    assert linked(first)["impact"] != []
    with pytest.raises(Conflict):
        actions.describe_iro(
            iro=first, by=None, links={"impact": []}, expected_version=first.version
        )
    actions.describe_iro(iro=alone, by=None, place="Wuxi", expected_version=alone.version)
    assert after.iros.exclude(pk__in=[first.pk, alone.pk]).get(kind="risk").version == 1


def test_a_table_says_links_from_either_end_or_from_both(pair):
    impact, _risk = pair
    assessment = impact.assessment
    add(assessment, "opportunity", "Filters to sell")
    row = lambda code, other: IroRow(code, None, {}, links={"impact": [other]})  # noqa: E731

    taken = actions.take_in_iros(
        assessment=assessment, rows=[row("IRO-001", "IRO-003"), row("IRO-003", "IRO-001")], by=None
    )

    assert taken.changed == ["IRO-001"]
    assert linked(impact) == {"impact": ["IRO-003"], "dependency": []}


def test_an_exported_table_says_the_links_and_changes_nothing_when_it_comes_back(pair):
    impact, _risk = pair
    header = ["Code", "Title · English", "Gives rise to or arises from", "Linked by dependency"]
    table = Table(header, [["IRO-001", "Dust", "IRO-002", ""], ["IRO-002", "Claims", "", ""]], 2)
    wrong = Table(header, [["IRO-001", "Dust", "IRO-001", ""]], 2)

    plan = register_sheets.read_register(table, impact.assessment)

    assert (plan.rows, plan.unchanged) == ([], 2)
    [fault] = register_sheets.read_register(wrong, impact.assessment).faults
    assert "not to impacts" in fault.why


LINK_COLUMNS = ["Code", "Kind", "Gives rise to or arises from", "Linked by dependency", "Place"]


def take_in(assessment, *rows):
    table = Table(LINK_COLUMNS, [list(row) for row in rows], 2)
    return register_sheets.take_in_table(assessment=assessment, table=table, by=None)


def test_a_code_that_moves_to_the_other_column_changes_the_kind_of_the_link(pair):
    """Though the row of the other end, which has another change, shows it as it was."""
    impact, risk = pair

    plan, taken = take_in(
        impact.assessment,
        ["IRO-001", "", "", "IRO-002", ""],
        ["IRO-002", "", "IRO-001", "", "Wuxi"],
    )

    assert (plan.faults, taken.changed) == ([], ["IRO-001", "IRO-002"])
    assert linked(risk) == {"impact": [], "dependency": ["IRO-001"]}


def test_a_link_that_one_row_takes_away_is_not_set_again_by_the_other(pair):
    impact, risk = pair
    other = add(impact.assessment, "risk", "Fines", links={"impact": ["IRO-001"]})

    take_in(
        impact.assessment,
        ["IRO-001", "", "IRO-003", "", ""],
        ["IRO-002", "", "IRO-001", "", "Wuxi"],
    )

    assert linked(impact)["impact"] == [other.code]
    risk.refresh_from_db()
    assert risk.place == "Wuxi"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["IRO-001", "", "IRO-002", "IRO-002", ""], "IRO-002 is named under both kinds"),
        (["IRO-002", "Positive impact", "", "", ""], "It is linked to IRO-001"),
    ],
)
def test_a_row_whose_links_cannot_be_is_named_and_the_others_are_taken(pair, row, words):
    impact, _risk = pair
    add(impact.assessment, "risk", "Fines")

    plan, taken = take_in(impact.assessment, row, ["IRO-003", "Opportunity", "", "", ""])

    assert [(fault.row, words in fault.why) for fault in plan.faults] == [(2, True)]
    assert taken.changed == ["IRO-003"]


def test_what_only_two_rows_together_make_impossible_names_the_entry(pair):
    impact, _risk = pair
    add(impact.assessment, "risk", "Fines")
    rows = [["IRO-001", "", "IRO-002; IRO-003", "", ""], ["IRO-003", "Positive impact", "", "", ""]]

    with pytest.raises(BadIro, match="IRO-003 Fines: It is linked to IRO-001"):
        take_in(impact.assessment, *rows)

    assert linked(impact)["impact"] == ["IRO-002"]
