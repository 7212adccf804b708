"""Equal inputs are computed once for pages; anything that differs is computed anew."""

import copy

import pytest

from materiality import actions, inputs
from materiality.document import digest
from materiality.inputs import computing
from materiality.locking import snapshots
from materiality.models import TierRule
from tests.rounds import make_user, sealed_round

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    computing._kept.clear()


@pytest.fixture
def counted(monkeypatch):
    """Count how often the method is asked."""
    asked = []

    def evaluate(given):
        asked.append(given)
        return computing_evaluate(given)

    computing_evaluate = computing.evaluate
    monkeypatch.setattr(computing, "evaluate", evaluate)
    return asked


def test_a_round_looked_at_twice_is_computed_once(counted):
    assessment = sealed_round()

    first, second = (snapshots.results_for(assessment) for _ in range(2))

    assert len(counted) == 1
    assert first.digest == second.digest == inputs.live(assessment).digest


def test_what_is_decided_or_locked_is_computed_anew(counted):
    assessment = sealed_round()
    snapshots.results_for(assessment)

    inputs.live(assessment)

    assert len(counted) == 2


def test_another_weight_is_seen_at_once(counted):
    assessment = sealed_round()
    before = snapshots.results_for(assessment)

    actions.weigh(
        assessment=assessment,
        weights={("employees", "stakeholder"): 9},
        reason="Employees know best",
        by=make_user("alice", assessment.organisation),
        expected_version=assessment.version,
    )
    assessment.refresh_from_db()
    counted.clear()
    after = snapshots.results_for(assessment)

    assert len(counted) == 1
    assert after.digest != before.digest
    assert after.digest == inputs.live(assessment).digest


def test_pages_leave_what_is_kept_as_it_was(client):
    assessment = sealed_round()
    client.force_login(make_user("alice", assessment.organisation))
    kept = snapshots.results_for(assessment)
    as_it_was = copy.deepcopy(kept.document)

    for page in (
        "",
        "results/",
        "results/?view=employees",
        "results/review/",
        "method/",
        "export/",
    ):
        assert client.get(f"/a/{assessment.pk}/{page}").status_code == 200, page

    assert kept.document == as_it_was
    assert digest(kept.document) == kept.digest


def test_only_some_rounds_are_kept():
    made = inputs.inputs_of(sealed_round())

    for seed in range(computing.MOST_KEPT + 3):
        computing.results_seen({**made, "seed": seed})

    assert len(computing._kept) == computing.MOST_KEPT


def test_inputs_are_told_by_their_values_to_one_number_of_a_group():
    """Made a second time, or copied, no object is the same, and all values are."""
    assessment = sealed_round()
    made = inputs.inputs_of(assessment)
    changed = copy.deepcopy(made)
    group = next(iter(changed["counts"]["stakeholder"]))
    changed["counts"]["stakeholder"][group][0][0] += 1

    assert computing._key(inputs.inputs_of(assessment)) == computing._key(made)
    assert computing._key(copy.deepcopy(made)) == computing._key(made)
    assert computing._key(changed) != computing._key(made)


def test_a_choice_that_was_set_and_not_read_back_is_computed_too(counted):
    made = inputs.inputs_of(sealed_round())
    choice = {**made, "rule": {**made["rule"], "kind": TierRule.WEIGHTED_SUM}}

    computing.results_seen(choice)
    computing.results_seen(choice)

    assert len(counted) == 1
