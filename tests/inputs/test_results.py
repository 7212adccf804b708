import numpy as np
import pytest
from django.core.cache import cache

from materiality import inputs as results
from materiality.errors import NoResultsYet
from materiality.locking.snapshots import results_for
from tests.rounds import STEADY, answer, ask, close_and_seal, make_round, sealed_round

pytestmark = pytest.mark.django_db


def test_a_score_is_the_weighted_mean_of_the_group_means():
    results = results_for(sealed_round())

    privacy = results.topic("privacy")
    # By hand: employees (15 + 12) / 6 = 4.5, customers 4, regulators 5; panel 4.5.
    assert privacy.y == pytest.approx((4.5 + 4 + 5) / 3, abs=1e-12)
    assert privacy.x == pytest.approx(4.5, abs=1e-12)


def test_cannot_judge_is_in_no_mean():
    results = results_for(sealed_round())

    ethics = results.topic("ethics")
    assert ethics.scores["impact"].n == 3  # three ratings, three "cannot judge"
    assert ethics.scores["impact"].score == 2.0
    assert ethics.scores["impact"].units[0].dont_know == 3
    assert results.topic("safety").x == pytest.approx(4.0)


def test_there_are_no_results_while_people_are_answering():
    assessment = make_round()
    surveys = ask(assessment)
    for survey in surveys:
        answer(survey, STEADY)

    with pytest.raises(NoResultsYet):
        results_for(assessment)

    for survey in surveys:
        close_and_seal(survey)
    assert results_for(assessment).responses == {"stakeholder": 17, "impact": 6}


def test_progress_of_an_open_anonymous_survey_goes_in_steps_of_five():
    assessment = make_round()
    for survey in ask(assessment):
        answer(survey, {"employees": STEADY["employees"], "panel": STEADY["panel"]})

    answered = {row.group.code: row.answered for row in results.progress(assessment)}

    # Six of each answered; the panel's survey is named, so its count is exact.
    assert answered == {"employees": 5, "customers": 0, "regulators": 0, "panel": 6}


def test_a_group_under_the_minimum_is_pooled_with_the_smallest_other_and_shown_nowhere_alone():
    few = {**STEADY, "regulators": [[1, 1, 1, 1]] * 4}

    results = results_for(sealed_round(few))

    units = {unit.code: unit for unit in results.units["stakeholder"]}
    assert set(units) == {"customers", "employees+regulators"} or set(units) == {
        "employees",
        "customers+regulators",
    }
    [pooled] = [unit for unit in units.values() if unit.is_pooled]
    assert pooled.weight == 2
    assert pooled.responses == 10
    hidden = {group.code: group.responses for group in results.groups}
    assert hidden["regulators"] is None
    assert sum(hidden[code] is None for code in pooled.groups) == 2
    assert '"regulators":[[' not in str(results.document).replace(" ", "")


def test_a_group_of_exactly_the_minimum_stands_alone():
    units = results_for(sealed_round()).units["stakeholder"]

    assert [unit.code for unit in units] == ["employees", "customers", "regulators"]


def test_a_silent_group_is_shown_as_silent_and_the_rest_carry_its_weight():
    silent = {**STEADY, "regulators": []}

    results = results_for(sealed_round(silent))

    shares = {unit.code: (unit.answered, unit.share) for unit in results.units["stakeholder"]}
    assert shares == {
        "employees": (True, 0.5),
        "customers": (True, 0.5),
        "regulators": (False, 0.0),
    }
    assert results.topic("privacy").y == pytest.approx((4.5 + 4) / 2)


def test_other_weights_can_be_tried_without_saving_them():
    assessment = sealed_round()

    tried = results.draft_with(assessment, weights={("regulators", "stakeholder"): 0.0})

    assert tried.topic("privacy").y == pytest.approx((4.5 + 4) / 2)
    assert results_for(assessment).topic("privacy").y == pytest.approx(4.5)


def test_results_are_the_same_from_a_cold_and_a_warm_cache():
    assessment = sealed_round()

    cache.clear()
    cold = results_for(assessment).document
    warm = results_for(assessment).document

    assert cold == warm


def test_the_order_of_people_does_not_matter():
    rng = np.random.default_rng(1)
    shuffled = {
        group: [rows[at] for at in rng.permutation(len(rows))] for group, rows in STEADY.items()
    }

    first, second = sealed_round(), sealed_round(shuffled, year="2021")

    assert [t.overall for t in results_for(first).topics] == [
        t.overall for t in results_for(second).topics
    ]
