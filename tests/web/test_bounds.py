"""What no form sends but anybody can: digits that are no numbers, numbers beyond all sense."""

import pytest

from materiality.actions.settings import RULE
from materiality.models import Assessment
from tests.web.score.test_results_page import text, url


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["²", "x", "", "0"])
def test_publishing_what_is_no_number_finds_nothing(assessment, owner, key):
    assert owner.post(url(assessment, "ask"), {"publish": key}).status_code == 404


def rule(assessment, **changes):
    now = {name: getattr(assessment, name) for name in RULE}
    return now | {"reason": "Agreed", "version": assessment.version} | changes


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["axis_weight_y", "axis_weight_x", "cut_high", "cut_low"])
def test_a_rule_beyond_a_million_is_refused(assessment, owner, name):
    sent = rule(assessment, **{name: "1e300"})

    answered = owner.post(url(assessment, "method/rule"), sent)

    assert answered.status_code == 200
    assert 'role="alert"' in text(answered)
    assert Assessment.objects.get(pk=assessment.pk).version == assessment.version


@pytest.mark.django_db
def test_a_rule_within_bounds_is_saved(assessment, owner):
    sent = rule(assessment, axis_weight_y=2)

    assert owner.post(url(assessment, "method/rule"), sent).status_code == 302
    assert Assessment.objects.get(pk=assessment.pk).axis_weight_y == 2
