"""The page that holds a standard against the report."""

import pytest

from materiality.catalogue.clauses import profiles
from tests.web.report.exporting import at, text

pytestmark = pytest.mark.django_db


def test_the_export_leads_to_every_standard_and_each_lists_its_clauses(locked, owner):
    export = text(owner.get(at(locked), {"lang": "en"}))

    for each in profiles():
        path = at(locked, "standard", each.code)
        assert f'href="{path}"' in export
        page = text(owner.get(path, {"lang": "en"}))
        assert all(clause.code in page for clause in each.clauses)
        assert "clauses lack something" in page


def test_a_standard_nobody_knows_is_not_found(locked, owner):
    assert owner.get(at(locked, "standard", "sasb")).status_code == 404


def test_before_there_are_results_the_page_says_so(round_, editor):
    assert "Results appear when the survey closes" in text(
        editor.get(at(round_, "standard", "gri"), {"lang": "en"})
    )
