"""Why a tier was decided is written in each language; each report prints its own."""

import pytest

from materiality import actions
from materiality.locking.snapshots import results_for
from materiality.models import Decision
from materiality.report import tables
from materiality.report.edition import Edition
from materiality.report.sentences import problems
from materiality.selectors.decisions import last_decision
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


def sent(owner, made, **changes):
    form = owner.get(f"/a/{made.pk}/results/").context["form"]
    values = {field.html_name: field.value() or "" for field in form}
    return values | changes


def printed(made, language):
    rows = tables.decisions(Edition(results_for(made), language)).rows
    return [row[4] for row in rows if row[4]]


def test_each_report_prints_the_reason_in_its_own_language(assessment, owner):
    reasons = {"reason:energy": "董事会要求", "reason:energy:en": "The board wants it"}

    answered = owner.post(
        f"/a/{assessment.pk}/results/", sent(owner, assessment, **{"tier:energy": 1}, **reasons)
    )

    assert answered.status_code == 302
    assert printed(assessment, "zh-hans") == ["董事会要求"]
    assert printed(assessment, "en") == ["The board wants it"]
    page = owner.get(f"/a/{assessment.pk}/results/", {"lang": "en"}).content.decode()
    assert "董事会要求" in page
    assert "The board wants it" in page


def test_a_reason_that_lacks_a_language_is_not_printed_in_the_other_and_is_named(assessment):
    actions.decide(assessment=assessment, decisions={"energy": (1, "董事会要求")}, by=None)

    assert printed(assessment, "zh-hans") == ["董事会要求"]
    assert printed(assessment, "en") == []
    edition = Edition(results_for(assessment), "en")
    assert problems.missing_reasons(edition) == [
        "The decision on “Energy” has no reason in this language"
    ]


def test_a_reason_of_before_there_were_languages_is_printed_as_it_stands(assessment):
    actions.decide(assessment=assessment, decisions={"energy": (1, "The board")}, by=None)
    Decision.objects.update(reasons={})

    assert printed(assessment, "en") == printed(assessment, "zh-hans") == ["The board"]


def test_a_reader_of_the_company_may_undo_a_decision_with_both_reasons(assessment, owner):
    both = {"zh-hans": "甲", "en": "A"}
    actions.decide(assessment=assessment, decisions={"energy": (1, both)}, by=None)
    last = last_decision(assessment)

    actions.undo_decision(assessment=assessment, number=last.number, by=None)

    assert not Decision.objects.exists()
    assert signed_in("owner").get(f"/a/{assessment.pk}/results/").status_code == 200
