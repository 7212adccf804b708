"""Bundles broken as a hostile tester broke them: one clear line each, never a traceback."""

import copy
import json
import re

import pytest
from django.core.management import CommandError, call_command

from materiality.document import BundleError, read
from materiality.document.border import checked_inputs
from materiality.method import evaluate
from tests.samples import sample_inputs

INPUTS = sample_inputs()


def units(inputs):
    return inputs["units"]["stakeholder"]


MUTATIONS = {
    "successions are a text": (lambda i: i.update(successions="x"), "inputs.successions"),
    "a succession without kind": (lambda i: i["successions"][0].pop("kind"), "successions[0].kind"),
    "a succession of a kind nobody knows": (
        lambda i: i["successions"][0].update(kind="vanished"),
        "successions[0].kind",
    ),
    "a succession of an unknown topic": (
        lambda i: i["successions"][0].update(after="unheard-of"),
        "successions[0].after",
    ),
    "a succession without a side": (
        lambda i: i["successions"][0].pop("before"),
        "successions[0].before",
    ),
    "a reason that is a text": (
        lambda i: i["successions"][0].update(reason="because"),
        "successions[0].reason",
    ),
    "last year without topics": (lambda i: i.update(previous={"year": "2019"}), "inputs.previous"),
    "last year's score is a text": (
        lambda i: i["previous"]["topics"][0].update(x="high"),
        "previous.topics[0].x",
    ),
    "a name that is a text": (lambda i: i["topics"][0].update(name="x"), "inputs.topics[0].name"),
    "a count beyond measure": (
        lambda i: i["counts"]["impact"]["managers"][0].__setitem__(0, 10**30),
        "inputs.counts.impact.managers[0]",
    ),
    "a count that overflows": (
        lambda i: i["counts"]["impact"]["managers"][0].__setitem__(0, 2**62),
        "inputs.counts.impact.managers[0]",
    ),
    "a scale of a half": (lambda i: i["scale"].update(points=5.0), "inputs.scale.points"),
    "no units": (lambda i: i["units"].update(stakeholder=[]), "inputs.units.stakeholder"),
    "the same unit twice": (
        lambda i: units(i).append(dict(units(i)[0])),
        "inputs.units.stakeholder",
    ),
    "a group in two units": (
        lambda i: units(i)[1].update(groups=list(units(i)[0]["groups"])),
        "each in one unit",
    ),
    "a unit of nobody": (lambda i: units(i)[0].update(groups=[]), "at least one group"),
    "an endless weight": (lambda i: units(i)[0].update(weight=1e300), "weight"),
    "certainty": (lambda i: i.update(confidence=1), "inputs.confidence"),
    "no confidence": (lambda i: i.update(confidence=None), "inputs.confidence"),
    "a minimum of minus one": (lambda i: i.update(minimum_group=-1), "inputs.minimum_group"),
    "a negative seed": (lambda i: i.update(seed=-1), "inputs.seed"),
    "a key nobody knows": (lambda i: i.update(colour="red"), "inputs.colour is not a key"),
    "a key nobody knows, deeper": (
        lambda i: i["topics"][0].update(nmae={"en": "x"}),
        "inputs.topics[0].nmae is not a key",
    ),
    "fewer people than answered a topic": (
        lambda i: units(i)[0].update(responses=1),
        "inputs.units.stakeholder.shareholders.responses: expected at least",
    ),
    "more people than gave answers": (
        lambda i: i.update(method_version="2") or units(i)[0].update(responses=999_999),
        "inputs.units.stakeholder.shareholders.responses: expected at most",
    ),
    "an axis that is a number": (lambda i: i["dimensions"][0].update(axis=1), "axis"),
    "a tier of one point nought": (
        lambda i: i["decisions"][0].update(tier=1.0),
        "inputs.decisions[0].tier",
    ),
    "weights of the axes that are nothing": (
        lambda i: i["rule"].update(weights={"x": 0, "y": 0}),
        "inputs.rule.weights: expected weights of at least 0",
    ),
    "a decision on a topic nobody knows": (
        lambda i: i["decisions"][0].update(topic="unknown"),
        "inputs.decisions[0].topic",
    ),
    "corrected means of a question nobody asked": (
        lambda i: i.update(corrected={"unknown": {}}),
        "inputs.corrected.unknown",
    ),
    "no counts of a unit": (
        lambda i: i["counts"]["impact"].pop("managers"),
        "inputs.counts.impact.managers",
    ),
    "a change from a topic of no round": (
        lambda i: i.update(
            successions=[{"kind": "renamed", "before": "unknown", "after": None, "reason": {}}]
        ),
        "inputs.successions[0]",
    ),
    "a lopsided Gram matrix": (
        lambda i: i["gram"]["impact"]["managers"][0].__setitem__(1, 999),
        "symmetric",
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutated_bundle_is_refused_with_its_place(name):
    inputs = copy.deepcopy(INPUTS)
    break_it, place = MUTATIONS[name]
    break_it(inputs)

    with pytest.raises(BundleError, match=re.escape(place)) as refusal:
        evaluate(checked_inputs(inputs))

    assert "\n" not in str(refusal.value)


def test_the_untouched_bundle_computes():
    assert len(evaluate(copy.deepcopy(INPUTS))["topics"]) == 14


@pytest.mark.parametrize(
    "text",
    [
        '{"format": "materiality-bundle", "version": true}',
        '{"format": "materiality-bundle", "version": 1, "inputs": {"a": "\\ud800"}}',
        '{"format": "materiality-bundle", "version": 1, "inputs": {"a": 1e400}}',
        '{"format": "materiality-bundle", "version": 1, "digest": "a\\nb"}',
    ],
)
def test_a_strange_document_gets_one_line(text):
    with pytest.raises(BundleError) as refusal:
        read(text)

    assert "\n" not in str(refusal.value)


def test_a_key_that_stands_twice_is_refused_by_name():
    text = '{"format": "materiality-bundle", "version": 1, "inputs": {"seed": 1, "seed": 2}}'

    with pytest.raises(BundleError, match="'seed' stands twice"):
        read(text)


def test_natural_breaks_need_no_previous_topics():
    inputs = copy.deepcopy(INPUTS) | {"previous": {"year": "2019", "topics": []}, "successions": []}
    inputs["rule"]["kind"] = "natural_breaks"

    assert evaluate(inputs)["topics"][0]["tier"]


def test_what_no_check_foresaw_still_ends_in_one_line(tmp_path, monkeypatch):
    def fail(inputs):
        raise KeyError("something\nnobody thought of")

    monkeypatch.setattr("materiality.management.commands.recompute.evaluate", fail)
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps({"format": "materiality-bundle", "version": 1, "inputs": INPUTS}))

    with pytest.raises(CommandError, match="not usable") as refusal:
        call_command("recompute", file)

    assert refusal.value.returncode == 2
    assert "\n" not in str(refusal.value)
