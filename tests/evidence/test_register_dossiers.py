"""A dossier for each entry of the register, in the archive, from writing to verdict."""

import io
from zipfile import ZipFile

import pytest

from materiality.evidence.archive import archive
from materiality.evidence.register import dossiers
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
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
    assert any(line.startswith("Log: #") and "add_iro" in line for line in told)


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
