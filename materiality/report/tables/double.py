"""The second matrix of a round that asked for both sides: impact × financial effect.

It is drawn by the same pens from the same kind of results. Its signs tell for which side a topic is
material: both, impact alone, financial effect alone, none.
"""

from dataclasses import replace
from typing import Any

from materiality.document.schema import (
    AXES,
    XY,
    Axis,
    Evaluation,
    Inputs,
    TopicResult,
    View,
    ViewPlace,
)
from materiality.report.edition import Edition
from materiality.report.sentences import note
from materiality.report.tables import Column, Table
from materiality.results import Results
from materiality.results import TopicResult as Topic
from materiality.results.onesided import has_no_entry

VIEW = "double"
SIDES = ("both", "impact", "financial", "none")  # the highest sign first


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
        "rule": {
            "kind": "quadrants",
            "tiers": len(SIDES),
            "weights": {"x": 0.5, "y": 0.5},
            "axis_cuts": cuts,
        },
        "tier_names": [],
    }
    document = results.document["results"]
    topics = [_as_result(row, rows[about["code"]]) for about, row in _pairs(results)]
    shown: Evaluation = {
        **document,
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


def _pairs(results: Results) -> Any:
    return zip(results.inputs["topics"], results.document["results"]["topics"], strict=True)


def _as_result(row: TopicResult, place: ViewPlace) -> TopicResult:
    basis = place["basis"] or ""
    tier = SIDES.index(basis) + 1 if basis in SIDES else None
    return {
        **row,
        "x": place["x"],
        "y": place["y"],
        "overall": place["overall"],
        "rank": place["rank"],
        "tier": tier,
        "suggested_tier": tier,
        "overridden": False,
        "ellipse": None,
        "stability": None,
    }


def table(edition: Edition) -> Table:
    """Both scores of each topic, and on which side it is material."""
    view, rows = seen_double(edition.results), edition.results.views[VIEW].topics
    axes = (note.axis_title(edition.of(view), axis) for axis in "xy")
    columns = [
        Column(edition.say("number"), 0.65, "whole"),
        Column(edition.say("topic"), 2.8),
        *(Column(name, 2.0, "score") for name in axes),
        Column(edition.say("double_basis"), 1.8),
        Column(edition.of(view).wording("double_material"), 1.2),
    ]
    words = {True: edition.say("yes"), False: edition.say("no"), None: "–"}
    return Table("double", edition.say("sheet_double"), columns, [
        [
            at if _is_numbered(view, topic) else None,
            note.topic_name(topic, edition.language),
            _score(edition, topic, "x"),
            _score(edition, topic, "y"),
            _basis(edition, rows[topic.code]),
            words[rows[topic.code]["material"]],
        ]
        for at, topic in enumerate(view.topics, 1)
    ])  # fmt: skip


def _is_numbered(results: Results, topic: Topic) -> bool:
    """Return whether the topic has a number, as in the list: there a tier without a dot has one."""
    is_ranked = results.is_without_survey and topic.rank is not None
    return is_ranked or note.is_drawn(topic)


def _score(edition: Edition, topic: Topic, axis: Axis) -> float | str | None:
    """Return the score of a side; or that the register, which alone feeds it, has no entry."""
    score = topic.x if axis == "x" else topic.y
    if score is None and _has_no_entry(edition, topic.code, axis):
        return edition.say("no_entry")
    return score


def _basis(edition: Edition, place: ViewPlace) -> str:
    if all(_has_no_entry(edition, place["code"], axis) for axis in AXES):
        return edition.say("basis_no_entry")
    return edition.say(f"basis_{place['basis']}")


def _has_no_entry(edition: Edition, code: str, axis: Axis) -> bool:
    results = edition.results
    return has_no_entry(results.inputs, results.views[VIEW].settings, code, axis)


def sentence(edition: Edition) -> str:
    """Return from which scores a topic is material, and whether one side is enough.

    Where the register feeds the axes, the topics of which its own thresholds say otherwise.
    """
    settings = edition.results.views[VIEW].settings
    key = f"double_{settings.get('combine', 'either')}"
    cuts = cuts_of(settings)
    rule = edition.say(key, **{axis: f"{cuts[axis]:.2f}" for axis in AXES})
    names = _otherwise_by_register(edition)
    if not names:
        return rule
    listed = note.enumeration(names, edition.language)
    return edition.say("semicolon").join([rule, edition.say("double_register", names=listed)])


def _otherwise_by_register(edition: Edition) -> list[str]:
    results, register = edition.results, edition.results.register
    if register is None or not register.is_fed:
        return []
    verdicts = {row.code: row.is_material for row in register.topics}
    places = results.views[VIEW].topics
    names = []
    for topic in results.topics:
        material, verdict = places[topic.code]["material"], verdicts.get(topic.code)
        if material is not None and verdict is not None and material != verdict:
            names.append(note.topic_name(topic, edition.language))
    return names
