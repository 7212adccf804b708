"""Two hundred registers drawn at random, judged by the product and by the second reader."""

from random import Random

import pytest

from materiality.method.register import HORIZONS, KINDS, Entry, Judgement, outcomes, score
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


def of_the_product(rows, thresholds, top, rule):
    entries = [
        Entry(
            row["code"], row["topic"], row["kind"], row["actual"], row["human"],
            [as_judgement(said, str(at)) for at, said in enumerate(row["said"])],
            as_judgement(row["consensus"], "=") if row["consensus"] else None,
        )
        for row in rows
    ]  # fmt: skip
    scored = [
        score(entry, threshold=thresholds.get(entry.kind), top=float(top), likelihood_rule=rule)
        for entry in entries
    ]
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
