"""Two hundred registers drawn at random, judged by the product and by the second reader."""

from random import Random

import numpy as np
import pytest

from materiality.method import evaluate
from materiality.method import sureness as sureness_module
from materiality.method.iros import asked_marks
from materiality.method.register import HORIZONS, KINDS, Entry, Judgement, outcomes, score
from materiality.method.sureness import sureness
from tests.method.test_feeding import double_inputs
from tests.second import register as second

MARKS = ("scale", "scope", "irremediability", "likelihood")


def draw(chance: Random, top: int) -> dict[str, int | None]:
    marks = (*MARKS, *(f"{what}_{at}" for at in HORIZONS for what in ("magnitude", "likelihood")))
    return {mark: chance.choice([None, *range(1, top + 1)]) for mark in marks}


def as_judgement(said, expert: str) -> Judgement:
    effects = {at: (said[f"magnitude_{at}"], said[f"likelihood_{at}"]) for at in HORIZONS}
    return Judgement(expert, **{mark: said[mark] for mark in MARKS}, effects=effects)


def a_register(seed: int):
    chance = Random(seed)
    top = chance.choice([3, 5, 7, 10, 11])
    rows = [
        {
            "code": f"IRO-{at:03d}",
            "topic": f"topic-{chance.randrange(5)}",
            "kind": chance.choice(KINDS),
            "actual": chance.random() < 0.3,
            "human": chance.random() < 0.2,
            "said": [draw(chance, top) for _expert in range(chance.randrange(5))],
            "consensus": draw(chance, top) if chance.random() < 0.2 else None,
        }
        for at in range(chance.randrange(1, 25))
    ]
    kinds = [kind for kind in KINDS if chance.random() < 0.8]
    thresholds = {kind: round(chance.uniform(0.5, top), 1) for kind in kinds}
    return rows, thresholds, top, chance.choice(["scaled", "capped"])


def scored_of(rows, thresholds, top, rule):
    entries = [
        Entry(
            row["code"], row["topic"], row["kind"], row["actual"], row["human"],
            [as_judgement(said, str(at)) for at, said in enumerate(row["said"])],
            as_judgement(row["consensus"], "=") if row["consensus"] else None,
        )
        for row in rows
    ]  # fmt: skip
    return [
        score(entry, threshold=thresholds.get(entry.kind), top=float(top), likelihood_rule=rule)
        for entry in entries
    ]


def of_the_product(rows, thresholds, top, rule):
    scored = scored_of(rows, thresholds, top, rule)
    return {
        one.topic: ({kind: row.value for kind, row in one.worst.items()}, one.is_material)
        for one in outcomes(scored)
    }


def differences(seeds) -> list[int]:
    found = []
    for seed in seeds:
        rows, thresholds, top, rule = a_register(seed)
        ours = of_the_product(rows, thresholds, top, rule)
        theirs = second.topics_of(rows, thresholds, top, rule)
        same = ours.keys() == theirs.keys() and all(
            ours[topic][0] == pytest.approx(theirs[topic][0]) and ours[topic][1] is theirs[topic][1]
            for topic in ours
        )
        found += [] if same else [seed]
    return found


def test_two_hundred_random_registers_are_judged_alike():
    assert differences(range(200)) == []


def test_the_control_a_mean_instead_of_the_worst_is_noticed(monkeypatch):
    monkeypatch.setattr(second, "max", lambda values: sum(values) / len(values), raising=False)

    assert len(differences(range(200))) > 150


def probability_differences(seeds) -> tuple[int, list[int]]:
    """Return how many probabilities were given, and the registers where any is another."""
    compared, found = 0, []
    for seed in seeds:
        rows, thresholds, top, rule = a_register(seed)
        scored = scored_of(rows, thresholds, top, rule)
        ours = sureness(scored, thresholds, top=float(top), likelihood_rule=rule)
        theirs = second.probabilities_of(rows, thresholds, top, rule)
        for one, other in zip((ours.entries, ours.topics), theirs, strict=True):
            compared += sum(value is not None for value in one.values())
            if one != pytest.approx(other, abs=1e-9):
                found.append(seed)
    return compared, found


def test_random_registers_are_given_the_same_probabilities():
    compared, found = probability_differences(range(200))

    assert found == []
    assert compared > 300


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("_ANGLES", np.full(32, 1.57)),
        ("_ANGLES", np.arctan((np.arange(32) + 0.5) / (31.5 - np.arange(32)))),
        ("ROUNDING", 1 / 12),
        ("_mark", lambda entry, value, **rule: value),
    ],
    ids=["drawn to no mean", "another prior", "more rounding", "products as they are"],
)
def test_the_control_probabilities_by_another_rule_are_noticed(name, other, monkeypatch):
    monkeypatch.setattr(sureness_module, name, other)

    assert probability_differences(range(40))[1]


# ---- the same through a bundle: what the document holds, and the axes that follow ----

FEEDS = ("survey", "beside", "register", "worst")
SIDES = {"x": ("negative", "positive"), "y": ("risk", "opportunity")}


def as_marks(said, row, expert: str | None):
    """Return a judgement as a bundle holds it: what its sheet asks, and no blanks."""
    told = {"reason": "As judged"} | ({"expert": expert} if expert else {})
    if row["kind"] in ("risk", "opportunity"):
        pairs = {at: (said[f"magnitude_{at}"], said[f"likelihood_{at}"]) for at in HORIZONS}
        effects = {
            at: {"magnitude": size, "likelihood": likely}
            for at, (size, likely) in pairs.items()
            if size is not None and likely is not None
        }
        return told | ({"effects": effects} if effects else {})
    asked = asked_marks(row["kind"], row["actual"])
    return told | {mark: said[mark] for mark in asked if said[mark] is not None}


def a_bundle(seed: int):
    """Return inputs with a random register on five topics of the sample, and what follows from it:
    of topics, and how likely entries and topics are material."""
    rows, thresholds, _top, rule = a_register(seed)
    inputs = double_inputs(FEEDS[seed % 4])
    del inputs["gram"]
    codes = [topic["code"] for topic in inputs["topics"]][:5]
    for row in rows:
        row["topic"] = codes[int(row["topic"].removeprefix("topic-"))]
        row["actual"] = row["actual"] and row["kind"] in ("negative", "positive")
        row["human"] = row["human"] and row["kind"] == "negative"
        for said in [*row["said"], *filter(None, [row["consensus"]])]:
            said |= {mark: value and min(value, 5) for mark, value in said.items()}
    thresholds = {kind: min(value, 5.0) for kind, value in thresholds.items()}
    inputs["register"] |= {
        "likelihood_rule": rule,
        "experts": [{"code": f"e{at}"} for at in range(5)],
        "thresholds": [{"kind": kind, "value": value} for kind, value in thresholds.items()],
        "entries": [
            {
                "code": row["code"],
                "topic": row["topic"],
                "kind": row["kind"],
                "is_actual": row["actual"],
                "human_rights": row["human"],
                "judgements": [as_marks(one, row, f"e{at}") for at, one in enumerate(row["said"])],
                **(
                    {"consensus": as_marks(row["consensus"], row, None)} if row["consensus"] else {}
                ),
            }
            for row in rows
        ],
    }
    judged = (rows, thresholds, 5, rule)
    return inputs, second.topics_of(*judged), second.probabilities_of(*judged)


def bundle_differences(seeds) -> list[tuple[int, str]]:
    found = []
    for seed in seeds:
        inputs, theirs, probabilities = a_bundle(seed)
        results = evaluate(inputs)
        alone = evaluate({key: value for key, value in inputs.items() if key != "register"})
        ours = {row["code"]: row for row in results["register"]["topics"]}
        values = {row["code"]: row["value"] for row in results["register"]["entries"]}
        if ours.keys() != theirs.keys():
            found.append((seed, "topics"))
        for part, wanted in zip(("entries", "topics"), probabilities, strict=True):
            given = {row["code"]: row["probability"] for row in results["register"][part]}
            if given != pytest.approx(wanted, abs=1e-9):
                found.append((seed, f"probabilities of {part}"))
        for topic, (worst, material) in theirs.items():
            told = {kind: values[code] for kind, code in ours[topic]["worst"].items()}
            if told != pytest.approx(worst) or ours[topic]["is_material"] is not material:
                found.append((seed, topic))
        for now, before in zip(results["topics"], alone["topics"], strict=True):
            worst = theirs.get(now["code"], ({}, None))[0]
            for axis, kinds in SIDES.items():
                known = [worst[kind] for kind in kinds if kind in worst]
                register = max(known) if known else None
                wanted = second.fed(before[axis], register, inputs["register"]["feeds"])
                if now[axis] != (wanted if wanted is None else pytest.approx(wanted)):
                    found.append((seed, f"{now['code']}.{axis}"))
    return found


def test_two_hundred_random_registers_come_out_alike_in_a_bundle_and_on_its_axes():
    assert bundle_differences(range(200)) == []


def test_the_control_another_way_of_feeding_is_noticed(monkeypatch):
    monkeypatch.setattr(second, "fed", lambda survey, register, feeds: survey)

    assert bundle_differences(range(8))
