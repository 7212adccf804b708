"""The second matrix of a round that asked for both sides: impact × financial effect.

It is drawn by the same pens from the same kind of results, its signs telling on how many sides a
topic is material: both, one, none.
"""

from dataclasses import replace
from typing import Any

from materiality.bundle.schema import (
    AXES,
    XY,
    Axis,
    Evaluation,
    Inputs,
    TopicResult,
    View,
    ViewPlace,
)
from materiality.report import note
from materiality.report.tables import Column, Table
from materiality.report.words import say
from materiality.results import Results

VIEW = "double"


def is_asked(results: Results) -> bool:
    return VIEW in results.views


def seen_double(results: Results) -> Results:
    """Return the results as the second matrix shows them; the digest stays the round's."""
    view = results.views[VIEW]
    settings, rows = view.settings, view.topics
    cuts = cuts_of(settings)
    axes: dict[str, Axis] = {settings["x"]: "x", settings["y"]: "y"}
    inputs: Inputs = {
        **results.inputs,
        "previous": None,
        "decisions": [],
        "dimensions": [
            {**row, "axis": axes.get(row["code"], "")} for row in results.inputs["dimensions"]
        ],
        "rule": {"kind": "quadrants", "weights": {"x": 0.5, "y": 0.5}, "axis_cuts": cuts},
    }
    found = results.document["results"]
    topics = [_seen(row, rows[about["code"]]) for about, row in _paired(results)]
    shown: Evaluation = {
        **found,
        "tier_moves": [],
        "changes": [],
        "open_questions": [],
        "topics": topics,
    }
    return replace(
        results, document={**results.document, "inputs": inputs, "results": shown}, view=VIEW
    )


def cuts_of(settings: View) -> XY:
    """Return from which score each axis of the view holds."""
    cuts = settings.get("cuts")
    if not cuts:
        raise LookupError(f"The view {settings['code']!r} has no cuts.")
    return cuts


def _paired(results: Results) -> Any:
    return zip(results.inputs["topics"], results.document["results"]["topics"], strict=True)


def _seen(row: TopicResult, found: ViewPlace) -> TopicResult:
    sides = {"both": 1, "impact": 2, "financial": 2, "none": 3}
    tier = sides.get(found["basis"] or "")
    return {
        **row,
        "x": found["x"],
        "y": found["y"],
        "overall": found["overall"],
        "rank": found["rank"],
        "tier": tier,
        "suggested_tier": tier,
        "overridden": False,
        "ellipse": None,
        "stability": None,
    }


def table(results: Results, language: str) -> Table:
    """Both scores of each topic, and on which side it is material."""
    seen, rows = seen_double(results), results.views[VIEW].topics
    axes = (note.axis_title(seen, language, axis) for axis in "xy")
    columns = [
        Column(say(language, "number"), 0.65, "whole"),
        Column(say(language, "topic"), 2.8),
        *(Column(name, 2.0, "score") for name in axes),
        Column(say(language, "double_basis"), 1.8),
        Column(note.wording(seen, language, "double_material"), 1.2),
    ]
    said = {True: say(language, "yes"), False: say(language, "no"), None: "–"}
    return Table("double", say(language, "sheet_double"), columns, [
        [
            at if note.is_drawn(topic) else None,
            note.topic_name(topic, language),
            topic.x,
            topic.y,
            say(language, f"basis_{rows[topic.code]['basis']}"),
            said[rows[topic.code]["material"]],
        ]
        for at, topic in enumerate(seen.topics, 1)
    ])  # fmt: skip


def sentence(results: Results, language: str) -> str:
    """Return from which scores a topic is material, and whether one side is enough."""
    settings = results.views[VIEW].settings
    key = f"double_{settings.get('combine', 'either')}"
    cuts = cuts_of(settings)
    return say(language, key, **{axis: f"{cuts[axis]:.2f}" for axis in AXES})
