"""A round that rests on the register alone: topics, entries, experts, and no survey."""

from typing import Any

from materiality import actions
from materiality.models import Assessment, Iro
from surveys.models import Organisation
from tests.builders import both, make_organisation
from tests.registers import add, fill_register

TOPICS = ("privacy", "energy", "safety", "ethics")


def empty_alone(**settings: Any) -> Assessment:
    """Return such a round without any entry; ethics never gets one."""
    how = {"year": "2026", "four_eyes": False, "previous": None} | settings
    assessment = actions.start_round(
        organisation=Organisation.objects.first() or make_organisation(),
        preset="double",
        by=None,
        **how,
    )
    actions.add_topics(
        assessment=assessment,
        topics=[
            {
                "code": code,
                "name": both(f"议题{code}", code.title()),
                "definition": both(f"{code}的含义", f"What {code} means"),
                "category": "social",
            }
            for code in TOPICS
        ],
    )
    actions.set_rule(assessment=assessment, by=None, register_feeds="register")
    return Assessment.objects.get(pk=assessment.pk)


def scored_alone(**settings: Any) -> Assessment:
    """Return such a round with the register of `tests.registers`, which two experts scored."""
    assessment = empty_alone(**settings)
    fill_register(assessment)
    return Assessment.objects.get(pk=assessment.pk)


def unscored_entry(assessment: Assessment) -> Iro:
    """Add an entry that nobody is asked to score."""
    return add(assessment, topic="energy", kind="negative", title=both("新", "New one"))
