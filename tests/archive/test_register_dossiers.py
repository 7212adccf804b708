"""A dossier for each entry of the register, in the archive, from writing to verdict."""

import io
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User

from materiality import actions
from materiality.actions.register import IroRow
from materiality.archive.making import archive
from materiality.archive.register import dossiers
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.models.register import ASKED
from tests.builders import both
from tests.registers import fill_register
from tests.rounds import sealed_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    """A locked round with the register of `tests.registers`."""
    assessment = sealed_round()
    fill_register(assessment)
    snapshots.lock(assessment=assessment, by=None)
    return assessment


def content(assessment):
    package = ZipFile(io.BytesIO(archive(assessment)))
    return {name: package.read(name).decode() for name in package.namelist() if "register/" in name}


def test_each_entry_has_a_dossier_in_each_language_also_a_closed_one(made):
    names = set(content(made))

    assert names == {
        f"register/IRO-00{at}-{language}.txt"
        for at in range(1, 8)
        for language in ("zh-hans", "en")
    }


def test_a_dossier_tells_who_said_what_and_what_came_of_it(made):
    told = content(made)["register/IRO-004-en.txt"].splitlines()

    assert told[0] == "IRO-004 Entry 4"
    assert "erin: Scale 2, Scope 2, Likelihood 2 → 0.80. As IRO-004" in told
    assert "frank: Scale 1, Scope 1, Likelihood 1 → 0.20. As IRO-004" in told
    assert "Consensus: Scale 5, Scope 5, Likelihood 5 → 5.00. The fund is large" in told
    assert "Threshold: 2.50; As usual; before any score of the kind was known" in told
    assert "Verdict: material" in told
    assert "Probability of being material: the experts agreed on a value" in told
    assert any(line.startswith("Log: #") and "add_iro" in line for line in told)


def test_a_dossier_holds_what_was_said_in_the_reading_that_does_not_count():
    assessment = sealed_round()
    row = fill_register(assessment)[2]
    row.refresh_from_db()
    marks = dict.fromkeys(ASKED[row.sheet], 5)
    erin = User.objects.get(username="erin")
    actions.score_iro(iro=row, expert=erin, marks=marks, reason="No filter yet", is_net=False)

    told = content(assessment)["register/IRO-003-en.txt"].splitlines()

    at = told.index("Judged beside it, not counting: gross: before mitigation")
    assert told[at + 1].startswith("erin: Scale 5")
    assert told[at + 1].endswith(". No filter yet")
    assert not any("No filter yet" in text for name, text in content(assessment).items()
                   if "IRO-003" not in name)  # fmt: skip


def test_the_log_of_a_dossier_names_what_was_done_to_many_entries_at_once(made):
    def log(code):
        found = content(made)[f"register/{code}-en.txt"].splitlines()
        return next(line for line in found if line.startswith("Log: "))

    assert "assign_iros" in log("IRO-001")
    assert "set_iro_thresholds" in log("IRO-001")
    assert "set_iro_thresholds" not in log("IRO-005")  # an opportunity has none
    assert "assign_iros" not in log("IRO-007")  # nobody was asked


def test_the_log_of_a_dossier_says_that_an_entry_was_imported():
    assessment = sealed_round()
    fields = {"kind": "risk", "title": both("罚款", "A fine")}
    actions.take_in_iros(
        assessment=assessment, rows=[IroRow("", "safety", fields, None, None)], by=None
    )

    told = content(assessment)["register/IRO-001-en.txt"]

    assert "import_iros" in told


def test_a_dossier_names_mitigation_with_its_evidence_and_what_is_empty(made):
    told = content(made)["register/IRO-003-en.txt"].splitlines()

    assert "Mitigation: New boilers" in told
    assert "Gross or net: net: after mitigation shown to work" in told
    assert "Evidence of mitigation: Audit 2020" in told
    assert "Who is affected: –" in told


def test_a_closed_entry_says_why_and_nothing_of_scores(made):
    told = content(made)["register/IRO-007-en.txt"]

    assert "closed in this round: Sold" in told
    assert "Significance" not in told


def test_the_readme_tells_of_the_folder_and_a_round_without_a_register_has_none(made):
    readme = ZipFile(io.BytesIO(archive(made))).read("README.txt").decode()
    plain = sealed_round(year="2031")

    assert "a dossier for each impact, risk and opportunity" in readme
    assert list(dossiers(plain, results_for(plain))) == []


def test_all_dossiers_take_one_query(made, django_assert_num_queries):
    results = results_for(made)
    with django_assert_num_queries(1):
        list(dossiers(made, results))
