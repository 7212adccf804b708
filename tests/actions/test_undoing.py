"""The last saved decision can be taken back, and the log tells of both."""

import pytest

from materiality import actions
from materiality.errors import NothingToUndo
from materiality.selectors.decisions import last_decision
from tests.rounds import sealed_round

pytestmark = pytest.mark.django_db


def decide(assessment, code, tier, reason="Board"):
    actions.decide(assessment=assessment, decisions={code: (tier, reason)}, by=None)


def undo(assessment, by=None):
    last = last_decision(assessment)
    actions.undo_decision(assessment=assessment, number=last.number, by=by)


def tier_of(assessment, code):
    decision = getattr(assessment.topics.get(code=code), "decision", None)
    return decision and (decision.tier, decision.reason)


def test_what_stood_before_stands_again():
    assessment = sealed_round()
    decide(assessment, "energy", 1, "First")
    decide(assessment, "energy", 2, "Second")

    undo(assessment)
    assert tier_of(assessment, "energy") == (1, "First")
    undo(assessment)
    assert tier_of(assessment, "energy") is None
    assert last_decision(assessment) is None


def test_only_the_last_decision_is_touched():
    assessment = sealed_round()
    decide(assessment, "energy", 1, "Energy")
    decide(assessment, "privacy", 3, "Privacy")

    undo(assessment)

    assert tier_of(assessment, "energy") == (1, "Energy")
    assert tier_of(assessment, "privacy") is None


def test_the_log_keeps_the_decision_and_its_undoing():
    assessment = sealed_round()
    decide(assessment, "energy", 1, "Board")
    undo(assessment)

    told = [(e.verb, e.subject, e.before, e.after) for e in assessment.events.all()][-2:]
    decision = {"tier": 1, "reason": "Board", "reasons": {"zh-hans": "Board"}}
    assert told == [
        ("decide", "energy", None, decision),
        ("undo_decision", "energy", decision, None),
    ]


def test_who_looks_at_an_older_page_undoes_nothing():
    assessment = sealed_round()
    decide(assessment, "energy", 1, "Board")
    shown = last_decision(assessment).number
    decide(assessment, "privacy", 3, "Later")

    with pytest.raises(NothingToUndo):
        actions.undo_decision(assessment=assessment, number=shown, by=None)
    assert tier_of(assessment, "privacy") == (3, "Later")


def test_a_decision_after_an_undoing_is_the_last_one():
    assessment = sealed_round()
    decide(assessment, "energy", 1, "First")
    undo(assessment)
    decide(assessment, "energy", 3, "Anew")

    assert last_decision(assessment).tier == 3
