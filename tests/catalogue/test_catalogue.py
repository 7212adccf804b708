"""The catalogue of published standards: complete, bilingual, and never ambiguous."""

import doctest
from collections import Counter
from datetime import date

import pytest

from materiality import catalogue
from materiality.catalogue import UnknownEntry, entries, find, find_reference, load, same_code

# Counts as the standards print them: SZSE guideline No.17 sets 21 topics (8 E, 9 S, 4 governance);
# its 2006 guideline has 8 chapters; ESRS 1 AR 16 lists 10 topics, 37 sub-topics and 73
# sub-sub-topics, its 2026 Appendix A 10 and 37; there are 17 goals; ISO 26000 has 7 core subjects
# with 36 issues and governance; GB/T 36000 has the same 7; HKEX C2 has 11 aspects and Part D.
COUNTS = {
    ("SZSE", "2024"): {"topic": 21},
    ("SZSE", "2006"): {"chapter": 8},
    ("ESRS", "2023"): {"topic": 10, "sub-topic": 37, "sub-sub-topic": 73},
    ("ESRS", "2026"): {"topic": 10, "sub-topic": 37},
    ("SDG", "2015"): {"goal": 17},
    ("ISO 26000", "2010"): {"core subject": 7, "issue": 37},
    ("GB/T 36000", "2015"): {"core subject": 7},
    ("HKEX", "2025"): {"aspect": 11, "part": 1},
}
# GRI 2:2021 has 30 disclosures, GRI 3:2021 has 3, GRI 102:2016 had 56, GRI 103:2016 had 3.
GRI_DISCLOSURES = {
    ("2021", "2"): 30,
    ("2021", "3"): 3,
    ("2024", "101"): 8,
    ("2025", "102"): 10,
    ("2025", "103"): 5,
    ("2016", "102"): 56,
    ("2016", "103"): 3,
    ("2016", "305"): 7,
    ("2016", "403"): 4,
    ("2018", "403"): 10,
    ("2018", "303"): 5,
    ("2020", "306"): 5,
}
DAY = date(2026, 11, 22)


def test_every_key_is_unique():
    repeated = [key for key, n in Counter(entry.key for entry in load()).items() if n > 1]

    assert repeated == []


def test_every_entry_has_a_name_in_both_languages():
    assert [e.reference for e in load() if not (e.name_zh.strip() and e.name_en.strip())] == []


def test_chinese_names_are_chinese_and_english_names_are_not():
    def has_han(text: str) -> bool:
        return any("\u4e00" <= character <= "\u9fff" for character in text)

    swapped = [e.reference for e in load() if not has_han(e.name_zh) or has_han(e.name_en)]

    assert swapped == []


def test_notes_and_sections_come_in_both_languages_or_not_at_all():
    for entry in load():
        assert bool(entry.note_zh) == bool(entry.note_en), entry.reference
        assert bool(entry.section_zh) == bool(entry.section_en), entry.reference


def test_every_parent_is_an_entry_of_the_same_edition():
    for entry in load():
        if entry.parent:
            assert find(entry.standard, entry.edition, entry.parent).key != entry.key


def test_every_replacement_is_a_newer_entry_of_the_same_standard():
    replaced = [entry for entry in load() if entry.replaced_by]

    assert replaced
    for entry in replaced:
        successor = find_reference(entry.replaced_by)
        assert (successor.standard, entry.withdrawn is not None) == (entry.standard, True)
        assert successor.edition > entry.edition


@pytest.mark.parametrize(("edition", "kinds"), COUNTS.items())
def test_an_edition_is_as_long_as_the_standard_prints_it(edition, kinds):
    assert Counter(entry.kind for entry in entries(*edition)) == kinds


@pytest.mark.parametrize(("standard", "count"), GRI_DISCLOSURES.items())
def test_a_gri_standard_has_all_its_disclosures(standard, count):
    edition, code = standard

    result = [e for e in entries("GRI", edition) if e.parent == code and e.kind == "disclosure"]

    assert len(result) == count


def test_szse_2024_splits_into_environment_society_and_governance():
    result = Counter(entry.category for entry in entries("SZSE", "2024"))

    assert result == {"environment": 8, "social": 9, "governance": 4}


def test_szse_2024_says_how_binding_each_topic_is():
    result = entries("SZSE", "2024")

    assert {entry.level for entry in result} == {"mandatory", "conditional", "encouraged"}
    assert all(entry.note_zh for entry in result if entry.level == "conditional")
    assert [e.code for e in result if e.level == "encouraged"] == ["Art.42", "Art.52"]


def test_only_szse_2024_carries_levels():
    assert {(e.standard, e.edition) for e in load() if e.level} == {("SZSE", "2024")}


def test_sasb_is_not_shipped():
    assert "SASB" not in {entry.standard for entry in load()}


def test_every_standard_names_its_owner_and_rights_in_both_languages():
    described = {standard.standard for standard in catalogue.standards()}

    assert described == {entry.standard for entry in load()}
    for standard in catalogue.standards():
        assert all((standard.owner_zh, standard.owner_en))
        assert all((standard.rights_zh, standard.rights_en))


def test_the_notice_names_the_owner_beside_each_standard(pytestconfig):
    notice = (pytestconfig.rootpath / "NOTICE").read_text(encoding="utf-8")
    named = {tuple(line.strip().split("  ", 1)) for line in notice.splitlines() if "  " in line}
    owners = {(first, rest.strip()) for first, *others in named for rest in others}

    assert {(s.standard, s.owner_en) for s in catalogue.standards()} <= owners


def test_our_translations_say_so():
    assert find("ESRS", "2023", "E1").translated == "zh"
    assert find("SZSE", "2024", "Art.48").translated == "en"
    assert find("GRI", "2025", "102-4").translated == "zh"
    assert find("GRI", "2018", "403-2").translated == ""


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("403-2", ("2016", "injury"), ("2018", "Hazard identification")),
        ("102-4", ("2016", "Location of operations"), ("2025", "GHG emissions reduction")),
        ("103-1", ("2016", "Explanation of the material topic"), ("2025", "Energy policies")),
        ("306-3", ("2016", "Significant spills"), ("2020", "Waste generated")),
        ("101", ("2016", "Foundation"), ("2024", "Biodiversity")),
    ],
)
def test_one_code_in_two_editions_is_two_entries(code, old, new):
    for edition, words in (old, new):
        assert words in find("GRI", edition, code).name_en

    assert [entry.edition for entry in same_code("GRI", code)] == [old[0], new[0]]


@pytest.mark.parametrize(
    "reference",
    [
        "GRI|2016|102-47",
        "GRI|2016|103-1",
        "GRI|2016|304-1",
        "GRI|2016|307",
        "GRI|2016|403-2",
        "SZSE|2006|Ch.3",
    ],
)
def test_a_withdrawn_text_is_flagged(reference):
    assert find_reference(reference).is_withdrawn(DAY)
    assert not find_reference(reference).is_in_force(DAY)


@pytest.mark.parametrize("reference", ["GRI|2021|3-2", "GRI|2018|403-2", "GRI|2016|306-3"])
def test_a_text_in_force_is_not_flagged(reference):
    assert find_reference(reference).is_in_force(DAY)


def test_withdrawal_and_effect_depend_on_the_day():
    energy = find("GRI", "2016", "302-1")
    successor = find("GRI", "2025", "103-2")

    days = (date(2026, 12, 31), date(2027, 1, 1))

    assert [energy.is_in_force(day) for day in days] == [True, False]
    assert [successor.is_in_force(day) for day in days] == [False, True]


def test_a_reference_finds_its_entry_again():
    assert all(find_reference(entry.reference) is entry for entry in load())


def test_loading_twice_reads_the_files_once():
    assert load() is load()


def test_an_unknown_standard_is_answered_with_the_known_ones():
    with pytest.raises(UnknownEntry, match=r"no standard 'SASB'; it holds SZSE, GRI, .*Choose"):
        entries("SASB")


def test_an_unknown_edition_is_answered_with_the_known_ones():
    with pytest.raises(UnknownEntry, match=r"no edition '1999'.*2024, 2006\. Choose"):
        entries("SZSE", "1999")


def test_a_code_of_another_edition_is_answered_with_its_editions():
    with pytest.raises(UnknownEntry, match=r"'403-2' has no edition '2021'; it is in 2016, 2018"):
        find("GRI", "2021", "403-2")


def test_an_unknown_code_is_answered_with_advice():
    with pytest.raises(UnknownEntry, match=r"SZSE 2024 has no code 'Art\.99'\. Look the code up"):
        find("SZSE", "2024", "Art.99")


def test_a_malformed_reference_is_answered_with_an_example():
    with pytest.raises(UnknownEntry, match=r"got 'GRI 403-2'\. Write it like GRI\|2018\|403-2"):
        find_reference("GRI 403-2")


def test_an_edition_without_its_standard_is_refused():
    with pytest.raises(ValueError, match="An edition needs its standard"):
        entries(edition="2024")


def test_the_examples_in_the_docstrings_hold():
    result = doctest.testmod(catalogue)

    assert (result.failed, result.attempted) == (0, 7)
