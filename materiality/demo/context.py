"""The context of the demo's double round and the value chain that its entries lie in: invented."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.models import User

from materiality import actions
from materiality.demo.case import rows, text_of
from materiality.models import Assessment, ChainStep

STANDARDS = ["szse:2024", "gri:2021", "esrs:2026"]
SHORT_YEARS, MEDIUM_YEARS = 1, 5


def describe(assessment: Assessment, year: int, manager: User) -> None:
    """Say who reports on what, by which standards, who approves it and when it is revised."""
    texts: dict[str, Any] = {
        row["part"]: text_of(row, "text").by_language() for row in rows("context.csv")
    }
    actions.set_context(
        assessment=assessment,
        by=manager,
        as_annual_report=True,
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
        standards=STANDARDS,
        approach="both",
        short_years=SHORT_YEARS,
        medium_years=MEDIUM_YEARS,
        approved_on=date(year + 1, 3, 10),
        last_revision=date(year - 1, 3, 12),
        next_revision=date(year + 2, 3, 12),
        **texts,
    )


def draw_chain(assessment: Assessment, manager: User) -> Mapping[str, ChainStep]:
    """Describe the value chain; return its stages by the key that `register.csv` names them by."""
    lines = list(rows("chain.csv"))
    steps = [
        actions.StepRow(
            side=row["side"],
            name=text_of(row, "name").by_language(),
            places=row["places"],
            relation=text_of(row, "relation").by_language(),
        )
        for row in lines
    ]
    actions.set_chain(assessment=assessment, steps=steps, by=manager)
    keys = [row["key"] for row in lines]
    return dict(zip(keys, assessment.chain_steps.all(), strict=True))
