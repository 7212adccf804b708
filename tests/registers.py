"""A register for tests, made by the real actions: judged, agreed on, with thresholds and lines."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User

from materiality import actions
from materiality.models import Assessment, Iro
from materiality.models.register import ASKED
from tests.builders import both
from tests.rounds import make_user

ENTRIES: tuple[dict[str, Any], ...] = (
    {"topic": "safety", "kind": "negative", "is_actual": True, "human_rights": True},
    {"topic": "safety", "kind": "risk"},
    {"topic": "energy", "kind": "negative", "stage": "upstream", "place": "Suzhou"},
    {"topic": "energy", "kind": "positive"},
    {"topic": "privacy", "kind": "opportunity", "horizon": "medium"},
    {"topic": "privacy", "kind": "positive", "is_actual": True},
)
"""Of the topics of `tests.rounds`: IRO-001 …; ethics has none."""

MARKS: tuple[tuple[int | None, int | None], ...] = (
    (5, 4),
    (3, None),
    (4, 4),
    (2, 1),
    (4, 5),
    (None, 3),
)
"""What each of two experts gives an entry on everything it is asked by; None: cannot say."""

THRESHOLDS = {"negative": 3.0, "positive": 2.5, "risk": 2.0}
"""Opportunities have none, so that nothing is said of them."""


def add(assessment: Assessment, **facts: Any) -> Iro:
    """Add an entry with every text."""
    name = facts.get("title") or both("条目", "Entry")
    texts = {"title": name, "description": both("说明", "What it is")}
    return actions.add_iro(assessment=assessment, **{**texts, "by": None, **facts})


def fill_register(assessment: Assessment) -> list[Iro]:
    """Fill the register of a round that is open: two experts, a consensus, one entry closed.

    IRO-003 is net, IRO-004 is agreed on; IRO-007 is closed.
    """
    rows = [
        add(assessment, title=both(f"条目{at}", f"Entry {at}"), **facts)
        for at, facts in enumerate(ENTRIES, start=1)
    ]
    actions.describe_iro(
        iro=rows[2],
        by=None,
        is_net=True,
        mitigation=both("更换锅炉", "New boilers"),
        evidence="Audit 2020",
    )
    judge(assessment, rows)
    gone = add(assessment, topic="energy", kind="risk", title=both("旧", "Old"))
    actions.close_iro(iro=gone, reason=both("已出售", "Sold"), by=None)
    return rows


def judge(assessment: Assessment, rows: Sequence[Iro]) -> None:
    """Set thresholds, let erin and frank score the six entries, and agree on the fourth."""
    experts = [_expert(name, assessment) for name in ("erin", "frank")]
    codes = [row.code for row in rows]
    actions.assign_iros(assessment=assessment, codes=codes, experts=experts, by=None)
    thresholds = {kind: (value, both("惯例", "As usual")) for kind, value in THRESHOLDS.items()}
    actions.set_iro_thresholds(assessment=assessment, values=thresholds, by=None)
    for row, given in zip(rows, MARKS, strict=True):
        row.refresh_from_db()
        for expert, mark in zip(experts, given, strict=True):
            marks = dict.fromkeys(ASKED[row.sheet], mark)
            actions.score_iro(iro=row, expert=expert, marks=marks, reason=f"As {row.code}")
    agreed = dict.fromkeys(ASKED[rows[3].sheet], 5)
    actions.agree_iro(iro=rows[3], marks=agreed, reason="The fund is large", by=None)


def _expert(name: str, assessment: Assessment) -> User:
    return User.objects.filter(username=name).first() or make_user(name, assessment.organisation)
