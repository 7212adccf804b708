"""How sure it is that entries and topics are material, and whether that is true: simulated."""

import copy
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, stdtr

from materiality.archive import special
from materiality.document.comparing import first_difference
from materiality.method import evaluate
from materiality.method.register import Entry, Judgement, score
from materiality.method.sureness import of_kind, sureness
from tests.document.test_register import inputs


def harm(code, values, topic="energy", consensus=None, kind="negative"):
    """Return an actual impact that experts gave these values."""
    judged = [Judgement(f"e{at}", scale=value) for at, value in enumerate(values)]
    agreed = None if consensus is None else Judgement("", scale=consensus)
    return score(Entry(code, topic, kind, True, False, judged, agreed), threshold=3.0)


def entry(code, *others, values=(3, 4, 4)):
    return sureness([harm(code, values), *others], {"negative": 3.0}).entries[code]


def test_the_more_the_experts_agree_on_more_the_surer_it_is():
    others = [harm("IRO-002", [2, 3, 2]), harm("IRO-003", [4, 3, 4])]

    torn, close, high = (
        entry("IRO-001", *others, values=values) for values in ([2, 3, 5], [3, 3, 4], [5, 5, 5])
    )

    assert 0.4 < torn < 0.7
    assert torn < high
    assert close < 0.9 < high < 1


def test_without_anything_else_an_entry_right_at_its_threshold_is_half_sure():
    assert entry("IRO-001", values=(2, 3, 4)) == pytest.approx(0.5)


def test_one_entry_alone_has_the_probability_of_students_t():
    values = [2.0, 4.0, 5.0]
    t = (np.mean(values) - 3) / (np.std(values, ddof=1) / np.sqrt(3))

    assert entry("IRO-001", values=values) == pytest.approx(stdtr(2, t), abs=0.005)


def test_among_low_entries_a_high_one_is_drawn_down_and_the_control_alone_is_not():
    low = [harm(f"IRO-{at:03d}", [1, 2, 2]) for at in range(2, 12)]

    assert entry("IRO-001", *low, values=(2, 4, 5)) < entry("IRO-001", values=(2, 4, 5)) - 0.1


@pytest.mark.parametrize(
    "withheld",
    [
        harm("IRO-002", [4, 5]),
        harm("IRO-002", []),
        harm("IRO-002", [3, 4, 5], consensus=5),
        harm("IRO-002", [3, 4, 5], kind="positive"),
    ],
    ids=["two experts", "nobody", "a consensus", "no threshold"],
)
def test_it_is_not_given_where_too_little_is_known_nor_for_the_topic(withheld):
    found = sureness([harm("IRO-001", [3, 4, 4]), withheld], {"negative": 3.0})

    assert found.entries["IRO-002"] is None
    assert found.topics == {"energy": None}
    assert found.entries["IRO-001"] is not None


def test_a_topic_is_at_least_as_sure_as_its_surest_entry_and_less_than_their_sum():
    rows = [
        harm("IRO-001", [2, 3, 4]),
        harm("IRO-002", [2, 2, 4]),
        harm("IRO-003", [1, 2, 3], "air"),
    ]

    found = sureness(rows, {"negative": 3.0})

    one, two = found.entries["IRO-001"], found.entries["IRO-002"]
    assert max(one, two) < found.topics["energy"] < one + two
    assert found.topics["air"] == pytest.approx(found.entries["IRO-003"])


MARKS = st.lists(st.integers(1, 5), min_size=3, max_size=5)
ENTRIES = st.lists(st.tuples(st.sampled_from(["energy", "air"]), MARKS), min_size=1, max_size=5)
THRESHOLDS = {"negative": 3.0, "positive": 2.0}


def harms(entries, kind="negative"):
    return [
        harm(f"{kind}-{at}", values, topic, kind=kind) for at, (topic, values) in enumerate(entries)
    ]


@settings(deadline=None)
@given(ENTRIES, st.randoms())
def test_the_order_of_entries_and_experts_does_not_matter(entries, chance):
    mixed = [
        harm(one.entry.code, chance.sample(one.known, len(one.known)), one.entry.topic)
        for one in harms(entries)
    ]
    chance.shuffle(mixed)

    assert sureness(mixed, THRESHOLDS) == sureness(harms(entries), THRESHOLDS)


@settings(deadline=None)
@given(ENTRIES, ENTRIES)
def test_a_benefit_makes_no_harm_less_sure_and_no_topic(entries, benefits):
    before = sureness(harms(entries), THRESHOLDS)

    after = sureness([*harms(entries), *harms(benefits, "positive")], THRESHOLDS)

    assert all(after.entries[code] == share for code, share in before.entries.items())
    assert all(after.topics[code] >= share for code, share in before.topics.items())


@settings(deadline=None)
@given(ENTRIES)
def test_no_entry_of_a_topic_is_surer_than_the_topic(entries):
    rows = harms(entries)

    sure = sureness(rows, THRESHOLDS)

    for one in rows:
        share = sure.entries[one.entry.code]
        assert 0 <= share <= sure.topics[one.entry.topic] + 1e-12 <= 1 + 1e-12


def test_experts_who_all_agree_are_not_taken_for_certain():
    assert 0.5 < entry("IRO-001", values=(4, 4, 4)) < 1


def scored_by_three():
    made = inputs()
    register = made["register"]
    register["experts"] = [{"code": f"e{at}"} for at in (1, 2, 3)]
    for row in register["entries"]:
        row.pop("consensus", None)
        first = row["judgements"][0]
        row["judgements"] = [{**first, "expert": f"e{at}"} for at in (1, 2, 3)]
    return made


def test_results_hold_it_and_a_document_from_before_still_holds():
    made = scored_by_three()
    now = evaluate(made)
    before = copy.deepcopy(now)
    for row in (*before["register"]["entries"], *before["register"]["topics"]):
        del row["probability"]

    impact, _net, risk = now["register"]["entries"]
    assert 0.5 < impact["probability"] < 1
    assert risk["probability"] is None  # no threshold
    assert first_difference(before, evaluate(made)) is None
    changed = copy.deepcopy(now)
    changed["register"]["entries"][0]["probability"] += 0.01
    assert first_difference(changed, evaluate(made)) == "results.register.entries[0].probability"


def test_without_scipy_as_in_an_archive_it_comes_out_the_same(monkeypatch):
    made = scored_by_three()
    stored = evaluate(made)
    used = []

    def counted(x):
        used.append(x.size)
        return special.ndtr(x)

    alone = SimpleNamespace(**{**vars(special), "ndtr": counted})
    monkeypatch.setitem(sys.modules, "scipy.special", alone)

    assert first_difference(stored["register"], evaluate(made)["register"]) is None
    assert used


# ---- does it hold? With known truth, printed ----

NOISE = 0.8
COUNTS = (1, 2, 3, 5, 10, 20)
SPREADS = (0.2, 0.4, 0.8, 1.6)


def draw(rng, entries, experts, spread):
    """Return true values of entries and what experts say of them."""
    true = 3 + spread * rng.standard_normal(entries)
    return true, true[:, None] + NOISE * rng.standard_normal((entries, experts))


def whole(rng, entries, experts, spread):
    """Marks as on a sheet: rounded, from 1 to 5; the truth is the mean of very many such marks."""
    level, said = draw(rng, entries, experts, spread)
    limits = np.array([1.5, 2.5, 3.5, 4.5])
    true = 1 + (1 - ndtr((limits - level[:, None]) / NOISE)).sum(axis=1)
    return true, np.clip(np.round(said), 1, 5)


def products(rng, entries, experts, spread):
    """Magnitude times likelihood, both in whole marks, as the register works them out."""
    (size, sizes), (likely, likelies) = (whole(rng, entries, experts, spread) for _ in range(2))
    return np.sqrt(size * likely), np.sqrt(sizes * likelies)


def mixed(rng, entries, experts, spread):
    """Actual and potential impacts, either with the same chance."""
    true, said = whole(rng, entries, experts, spread)
    true_product, product = products(rng, entries, experts, spread)
    is_actual = rng.random(entries) < 0.5
    return (
        np.where(is_actual, true, true_product),
        np.where(is_actual[:, None], said, product),
    )


def lenient(share):
    """Return draws in which this share of the noise is each expert's own over all entries."""

    def drawn(rng, entries, experts, spread):
        true = 3 + spread * rng.standard_normal(entries)
        own = np.sqrt(share) * rng.standard_normal(experts)
        by_chance = np.sqrt(1 - share) * rng.standard_normal((entries, experts))
        return true, true[:, None] + NOISE * (own + by_chance)

    return drawn


def unequal(rng, entries, experts, spread):
    """From three experts an entry to twice as many as said."""
    true, said = draw(rng, entries, 2 * experts, spread)
    counts = rng.integers(3, 2 * experts + 1, entries)
    return true, [row[:count] for row, count in zip(said, counts, strict=True)]


def plain_below(said, threshold):
    """Return the probability that an entry is below by its own judgements alone."""
    error = said.std(axis=-1, ddof=1) / np.sqrt(said.shape[-1])
    return stdtr(said.shape[-1] - 1, (threshold - said.mean(axis=-1)) / error)


def coverage(drawn, entries, experts, spread, rounds):
    """Return how often 95% intervals of the worst hold the truth: ours, and uncorrected."""
    rng = np.random.default_rng([entries, experts, round(spread * 100)])
    held = np.zeros(2)
    for _ in range(rounds):
        true, said = drawn(rng, entries, experts, spread)
        worst = int(np.argmax([np.median(values) for values in said]))
        model = of_kind([list(values) for values in said])
        ours = model.share(model.below(list(said[worst]), true[worst]))
        known_error = NOISE / np.sqrt(len(said[worst]))
        plain = ndtr((true[worst] - np.mean(said[worst])) / known_error)
        held += [0.025 <= ours <= 0.975, 0.025 <= plain <= 0.975]
    return held / rounds


def table(drawn, experts, rounds):
    """Return how often the worst is held, [spread and experts, number of entries, ours or not]."""
    rows = []
    for spread in SPREADS:
        for number in experts:
            row = [coverage(drawn, count, number, spread, rounds) for count in COUNTS]
            told = " | ".join(f"{100 * ours:.1f} ({100 * plain:.1f})" for ours, plain in row)
            print(f"| {spread}, {number} | {told} |", flush=True)
            rows.append(row)
    of_count = np.array(rows)[:, :, 0].mean(axis=0)
    print(f"| mean | {' | '.join(f'{100 * share:.1f}' for share in of_count)} |")
    return np.array(rows)


@pytest.mark.drill
def test_the_worst_of_many_lies_in_its_interval_as_often_as_said():
    """The control does not correct, though it even knows how noisy a judgement is."""
    print("\nworst of 1, 2, 3, 5, 10, 20 (in brackets: uncorrected)")
    ours, plain = np.moveaxis(table(draw, (3, 4, 5, 8), 3000), 2, 0)
    chance = 2.5 * np.sqrt(0.95 * 0.05 / 3000)

    assert (abs(ours.mean(axis=0) - 0.95) < 0.02).all()
    assert (abs(ours - 0.95) < 0.02 + chance).all()
    assert plain.min() < 0.85


@pytest.mark.drill
@pytest.mark.parametrize(
    ("drawn", "lowest", "highest"),
    [
        (whole, 0.93, 0.985),
        (products, 0.90, 0.985),
        (mixed, 0.92, 0.985),
        (unequal, 0.93, 0.97),
        (lenient(0.1), 0.91, 0.97),
        (lenient(0.3), 0.82, 0.97),
    ],
    ids=["whole marks", "products", "both", "unequal", "a tenth lenient", "three tenths lenient"],
)
def test_how_it_holds_where_the_model_does_not(drawn, lowest, highest, request):
    """Nobody judges by a normal law; what that costs stands in `docs/method.md`."""
    print(f"\n{request.node.callspec.id}: worst of 1, 2, 3, 5, 10, 20 (uncorrected)")

    ours = table(drawn, (3, 5), 1500)[:, :, 0]

    assert lowest - 0.015 < ours.min()
    assert ours.max() < highest + 0.015


BANDS = ((0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01))


def claims(rounds, experts):
    """Return (claimed, claimed uncorrected, whether true) of topics with one to twelve entries."""
    rng, found = np.random.default_rng(experts), []
    sizes = (1, 2, 5, 12)
    for _ in range(rounds):
        spread, threshold = rng.choice(SPREADS), rng.uniform(2.5, 4.5)
        true, said = draw(rng, sum(sizes), experts, spread)
        model = of_kind(said.tolist())
        start = 0
        for size in sizes:
            rows = range(start, start + size)
            start += size
            below = np.prod([model.below(said[at].tolist(), threshold) for at in rows], axis=0)
            plain = np.prod([plain_below(said[at], threshold) for at in rows])
            reaches = true[list(rows)].max() >= threshold
            found.append((1 - model.share(below), 1 - plain, reaches))
    return np.array(found, dtype=float)


def by_band(claimed, true):
    """Return per band: mean claim, share that was true, number."""
    rows = []
    for low, high in BANDS:
        inside = (claimed >= low) & (claimed < high)
        rows.append((claimed[inside].mean(), true[inside].mean(), int(inside.sum())))
    return rows


@pytest.mark.drill
@pytest.mark.parametrize("experts", [3, 5])
def test_what_is_claimed_of_topics_is_true_as_often_as_claimed(experts):
    """The control multiplies what each entry says alone: the worst of many is then overrated."""
    ours, plain, true = claims(3000, experts).T
    corrected, control = by_band(ours, true), by_band(plain, true)
    print(f"\n{experts} experts: claimed → true (number); uncorrected claimed → true")
    for (a, b, n), (c, d, m) in zip(corrected, control, strict=True):
        print(f"{a:6.1%} → {b:6.1%} ({n});  {c:6.1%} → {d:6.1%} ({m})")
    print(f"in the mean {ours.mean():.1%} → {true.mean():.1%}; uncorrected {plain.mean():.1%}")

    assert all(abs(claimed - share) < 0.07 for claimed, share, _n in corrected)
    assert abs(ours.mean() - true.mean()) < 0.015
    assert any(abs(claimed - share) > 0.1 for claimed, share, _n in control)
