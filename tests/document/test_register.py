"""The register in a bundle: which version holds it, and what of it is refused with its place."""

import copy
import json
import re
from pathlib import Path

import pytest

from materiality.document import BundleError, assemble, read
from materiality.document.border import checked_inputs
from materiality.document.envelope import document_version
from materiality.method import evaluate
from tests.samples import sample_inputs

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
SAID = {"expert": "e1", "scale": 4, "scope": 2, "irremediability": 3, "reason": "Audit 7"}
EFFECTS = {"short": {"magnitude": 5, "likelihood": 3}}


def register():
    """Return three entries of two experts: an actual harm, a net potential one, a risk."""
    return {
        "feeds": "survey",
        "likelihood_rule": "scaled",
        "experts": [{"code": "e1", "name": "Erin"}, {"code": "e2", "name": "Frank"}],
        "thresholds": [{"kind": "negative", "value": 3, "reason": {"en": "As usual"}}],
        "entries": [
            {
                "code": "IRO-001",
                "topic": "privacy",
                "kind": "negative",
                "is_actual": True,
                "human_rights": True,
                "judgements": [SAID, {**SAID, "expert": "e2"}],
                "consensus": {"scale": 5, "reason": "After the incident"},
            },
            {
                "code": "IRO-002",
                "topic": "energy",
                "kind": "negative",
                "is_net": True,
                "mitigation": {"en": "New boilers"},
                "evidence": "Audit 2020",
                "judgements": [{**SAID, "likelihood": 2}],
            },
            {
                "code": "IRO-003",
                "topic": "energy",
                "kind": "risk",
                "judgements": [{"expert": "e2", "effects": EFFECTS, "reason": "Prices"}],
            },
        ],
        "closed": [
            {
                "code": "IRO-004",
                "topic": "ip",
                "kind": "risk",
                "title": {},
                "reason": {"en": "Sold"},
            }
        ],
        "lines": [
            {"before": "IRO-001", "before_title": {"en": "Leak"}, "after": "IRO-001"},
            {"before": "IRO-009", "after": None, "reason": {"en": "Sold"}},
        ],
    }


def inputs(**others):
    return copy.deepcopy({**sample_inputs(), "register": register(), **others})


def document(version, inputs):
    return json.dumps({"format": "materiality-bundle", "version": version, "inputs": inputs})


def entry(at):
    return lambda i: i["register"]["entries"][at]


def first(i):
    return i["register"]["entries"][0]


def said(i):
    return i["register"]["entries"][0]["judgements"][0]


def effect(i):
    return i["register"]["entries"][2]["judgements"][0]["effects"]


MUTATIONS = {
    "a topic nobody knows": (lambda i: first(i).update(topic="x"), "entries[0].topic"),
    "no topic": (lambda i: first(i).pop("topic"), "entries[0].topic is missing"),
    "a kind nobody knows": (lambda i: first(i).update(kind="issue"), "entries[0].kind"),
    "a code twice": (lambda i: first(i).update(code="IRO-003"), "entries[2].code"),
    "a code of a closed one": (lambda i: first(i).update(code="IRO-004"), "closed[0].code"),
    "no code": (lambda i: first(i).update(code=""), "entries[0].code"),
    "no entries": (
        lambda i: i["register"].update(entries=[], closed=[], lines=[], links=[]),
        "register.entries",
    ),
    "an expert nobody knows": (lambda i: said(i).update(expert="e9"), "judgements[0].expert"),
    "an expert twice": (lambda i: said(i).update(expert="e2"), "judgements[1].expert"),
    "two experts of one code": (
        lambda i: i["register"]["experts"][1].update(code="e1"),
        "experts[1].code",
    ),
    "a mark above the scale": (lambda i: said(i).update(scale=6), "judgements[0].scale"),
    "a mark below the scale": (lambda i: said(i).update(scope=0), "a mark from 1 to 5, found '0'"),
    "a mark that is a text": (lambda i: said(i).update(scope="4"), "judgements[0].scope"),
    "a mark that is not asked": (
        lambda i: said(i).update(likelihood=4),
        "judgements[0].likelihood",
    ),
    "effects of an impact": (lambda i: said(i).update(effects=EFFECTS), "judgements[0].effects"),
    "a horizon nobody knows": (
        lambda i: effect(i).update(later=EFFECTS["short"]),
        "effects.later: expected one of the horizons",
    ),
    "a magnitude above the scale": (
        lambda i: effect(i)["short"].update(magnitude=5.5),
        "effects.short.magnitude",
    ),
    "half an effect": (
        lambda i: effect(i)["short"].pop("likelihood"),
        "short.likelihood is missing",
    ),
    "a judgement without a reason": (
        lambda i: said(i).update(reason=" "),
        "judgements[0].reason: expected a reason",
    ),
    "a judgement without the key": (lambda i: said(i).pop("reason"), "reason is missing"),
    "a consensus without a reason": (
        lambda i: first(i)["consensus"].update(reason=""),
        "entries[0].consensus.reason",
    ),
    "a consensus off the scale": (
        lambda i: first(i)["consensus"].update(scale=9),
        "entries[0].consensus.scale",
    ),
    "net without what is done": (lambda i: entry(1)(i).pop("mitigation"), "entries[1].mitigation"),
    "net without evidence": (
        lambda i: entry(1)(i).pop("evidence"),
        "entries[1].evidence: expected what shows that it works",
    ),
    "a risk that has happened": (lambda i: entry(2)(i).update(is_actual=True), "[2].is_actual"),
    "a risk to human rights": (lambda i: entry(2)(i).update(human_rights=True), "[2].human_rights"),
    "a risk that was caused": (lambda i: entry(2)(i).update(involvement="caused"), "involvement"),
    "a threshold off the scale": (
        lambda i: i["register"]["thresholds"][0].update(value=5.1),
        "thresholds[0].value",
    ),
    "a threshold of nothing": (
        lambda i: i["register"]["thresholds"][0].update(value=0),
        "thresholds[0].value",
    ),
    "two thresholds of a kind": (
        lambda i: i["register"]["thresholds"].append(i["register"]["thresholds"][0]),
        "thresholds[1].kind",
    ),
    "closed without a reason": (
        lambda i: i["register"]["closed"][0].update(reason={"en": ""}),
        "closed[0].reason",
    ),
    "a line to nowhere": (lambda i: i["register"]["lines"][0].update(after="x"), "lines[0].after"),
    "a line from nowhere": (
        lambda i: i["register"]["lines"][0].update(before=""),
        "lines[0].before",
    ),
    "a line twice": (
        lambda i: i["register"]["lines"].append(i["register"]["lines"][0]),
        "lines[2]: expected a line that stands there once",
    ),
    "an end without a reason": (
        lambda i: i["register"]["lines"][1].pop("reason"),
        "lines[1].reason",
    ),
    "an entry that ends and goes on": (
        lambda i: i["register"]["lines"][1].update(before="IRO-001"),
        "lines[0].before: expected an entry of last round that either ends or goes on",
    ),
    "another way to feed": (lambda i: i["register"].update(feeds="mean"), "register.feeds"),
    "a key nobody knows": (lambda i: first(i).update(colour="red"), "colour is not a key"),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_register_that_does_not_fit_is_refused_with_its_place(name):
    broken = inputs()
    break_it, place = MUTATIONS[name]
    break_it(broken)

    with pytest.raises(BundleError, match=re.escape(place)) as refusal:
        evaluate(checked_inputs(broken))

    assert "\n" not in str(refusal.value)


def with_both_readings():
    """Return the inputs with gross beside the net entry, a link, and what numbers mean."""
    made = inputs()
    gross = {**SAID, "scale": 5, "likelihood": 4}
    made["register"]["entries"][1]["beside"] = {"judgements": [gross]}
    link = {"impact": "IRO-002", "effect": "IRO-003", "kind": "dependency"}
    made["register"]["links"] = [link]
    words = [{"en": f"Degree {at}"} for at in range(1, 6)]
    made["register"]["scales"] = [
        {"criterion": "scope", "words": words},
        {"criterion": "magnitude", "currency": "CNY", "limits": [1, 2, 3, 4]},
    ]
    return made


def test_a_reading_beside_has_its_value_and_changes_none():
    alone = evaluate(checked_inputs(inputs()))["register"]["entries"][1]

    entry = evaluate(checked_inputs(with_both_readings()))["register"]["entries"][1]

    assert entry.pop("beside") == pytest.approx(4.0)
    assert entry == alone


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda r: r["entries"][0].update(beside={"judgements": [SAID]}), "entries[0].mitigation"),
        (lambda r: r["entries"][1]["beside"]["judgements"].append(SAID), "beside.judgements[1]"),
        (lambda r: r["entries"][1]["beside"].update(consensus={"reason": " "}), "beside.consensus"),
        (lambda r: r["links"][0].update(effect="IRO-001"), "links[0].effect"),
        (lambda r: r["links"][0].update(impact="IRO-003"), "links[0].impact"),
        (lambda r: r["links"][0].update(impact="IRO-099"), "links[0].impact"),
        (lambda r: r["links"].append(dict(r["links"][0])), "links[1]"),
        (lambda r: r["links"][0].update(kind="love"), "links[0].kind"),
        (lambda r: r["scales"][0]["words"].pop(), "scales[0].words"),
        (lambda r: r["scales"].append(dict(r["scales"][0])), "scales[2]"),
        (lambda r: r["scales"][1].update(limits=[1, 2, 2, 3]), "scales[1].limits"),
        (lambda r: r["scales"][1].update(limits=[1, 2]), "scales[1].limits"),
        (lambda r: r["scales"][1].pop("currency"), "scales[1].currency"),
        (lambda r: r["scales"][1].update(criterion="scale"), "scales[1].limits"),
    ],
)
def test_readings_and_links_that_do_not_fit_are_refused_with_their_place(spoil, place):
    broken = with_both_readings()
    spoil(broken["register"])

    with pytest.raises(BundleError, match=re.escape(place)):
        evaluate(checked_inputs(broken))


def test_the_untouched_register_computes_and_goes_round():
    made = assemble(inputs(), evaluate(checked_inputs(inputs())))

    assert made["version"] == 2
    assert read(json.dumps(made))["results"]["register"] == made["results"]["register"]


def test_a_bundle_without_a_register_keeps_its_bytes():
    assert document_version(sample_inputs()) == 1
    for name in ("bundle-2019.json", "bundle-2020.json"):
        kept = json.loads((GOLDEN / name).read_text(encoding="utf-8"))
        again = assemble(kept["inputs"], evaluate(kept["inputs"]))
        assert again["version"] == kept["version"] == 1
        assert "register" not in again["results"]


def test_both_versions_are_read_and_others_refused():
    assert read(document(1, sample_inputs()))["version"] == 1
    assert read(document(2, inputs()))["version"] == 2
    assert read(document(2, sample_inputs()))["version"] == 2
    for other in (0, 3, "2", 2.0, True):
        with pytest.raises(BundleError, match="which reads versions 1 and 2"):
            read(document(other, sample_inputs()))


def test_the_first_version_holds_no_register():
    with pytest.raises(BundleError, match="register is not a key of a bundle of version 1"):
        read(document(1, inputs()))
