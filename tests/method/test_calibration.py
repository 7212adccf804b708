"""Are claims of whole rounds true as often as they say? Simulated, with known truth, printed."""

import numpy as np
import pytest
from scipy.special import ndtr

from materiality.method import evaluate
from tests.method.test_true_words import after, panel_round

STEPS = np.arange(1.5, 5)
BANDS = ((0.0, 0.8), (0.8, 0.95), (0.95, 1.01))


def panel(rng, people, topics=12, person=0.4, noise=0.6):
    """Return ratings [topics][people] and the true means of the people they were drawn from."""
    liking = rng.normal(3.9, 0.7, topics)
    spread = rng.normal(0, person, (1, people)) + rng.normal(0, noise, (topics, people))
    ratings = np.clip(np.rint(liking[:, None] + spread), 1, 5).astype(int)
    total = np.hypot(person, noise)
    truth = 1 + ndtr((liking[:, None] - STEPS) / total).sum(axis=1)
    return ratings.tolist(), truth


def true_tier(score):
    return 1 if score >= 4 else 2 if score >= 3.5 else 3


def claims(version, rounds, people=5):
    """Return (probability claimed, whether that tier is true) of the unanimous topics."""
    rng, result = np.random.default_rng(4), []
    for _ in range(rounds):
        ratings, truth = panel(rng, people)
        topics = evaluate(panel_round(ratings, version=version))["topics"]
        for row, given, score in zip(topics, ratings, truth, strict=True):
            if len(set(given)) == 1 and row["tier_probabilities"]:
                shares = enumerate(row["tier_probabilities"], 1)
                result += [(share, tier == true_tier(score)) for tier, share in shares]
    return np.array(result, dtype=float).reshape(-1, 2)


def worst_gap(found):
    """Return how far claims are from the truth in the worst band, and print each band."""
    gaps = [0.0]
    for low, high in BANDS:
        band = found[(found[:, 0] >= low) & (found[:, 0] < high)]
        if len(band) > 30:
            claimed, true = band.mean(axis=0)
            print(f"{low:.2f}-{high:.2f}: claimed {claimed:.3f}, true {true:.3f}, n {len(band)}")
            gaps.append(abs(claimed - true))
    return max(gaps)


@pytest.mark.drill
def test_no_claim_about_unanimous_panels_is_off_by_more_than_3_points():
    """Method 2 claims nothing of them; method 1, the control, claimed certainty."""
    assert worst_gap(claims("2", 150)) <= 0.03
    assert worst_gap(claims("1", 150)) > 0.03


DESIGNS = {
    "a panel of ten": {"people": 10, "moved": 0},
    "a panel of thirty": {"people": 30, "moved": 0},
    "thirty, a third of the topics really moved": {"people": 30, "moved": 4},
}


def false_moves(people, moved, rounds, version="2"):
    """Return the share of rounds that call a topic moved which did not."""
    rng, wrong = np.random.default_rng(7), 0
    for _ in range(rounds):
        liking = rng.normal(3.4, 0.5, (12, 1))
        shift = np.zeros((12, 1))
        shift[:moved] = 1.0
        years = [
            np.clip(np.rint(place + rng.normal(0, 0.9, (12, people))), 1, 5).astype(int).tolist()
            for place in (liking, liking + shift)
        ]
        results = evaluate(after(panel_round(years[0], version=version), years[1]))["year_on_year"]
        still = results["topics"][moved:]
        verdicts = {
            change["verdict"]
            for row in still
            for change in (*row["dimensions"].values(), *([row["overall"]] * ("overall" in row)))
        }
        wrong += "moved" in verdicts
    return wrong / rounds


@pytest.mark.drill
@pytest.mark.parametrize("name", DESIGNS)
def test_hardly_a_round_calls_a_topic_moved_that_stayed(name):
    share = false_moves(**DESIGNS[name], rounds=400)
    print(f"{name}: {share:.3f} of rounds call a topic moved that stayed")

    assert share <= 0.05 + 2 * (0.05 * 0.95 / 400) ** 0.5
