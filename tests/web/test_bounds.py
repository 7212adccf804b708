"""What no form sends but anybody can: digits that are no numbers."""

import pytest

from tests.web.test_results_page import url


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["²", "x", "", "0"])
def test_publishing_what_is_no_number_finds_nothing(assessment, owner, key):
    assert owner.post(url(assessment, "ask"), {"publish": key}).status_code == 404
