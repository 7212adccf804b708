"""Two to five tiers by page, API and files: number, names, cuts, preview, decisions."""

import json
import re
import zipfile
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from materiality import actions
from materiality.actions.settings import RULE
from materiality.errors import BadWeights, NoSuchTier, TiersDecided
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.models import Assessment, Decision
from materiality.report.edition import Edition
from materiality.report.files import package
from materiality.report.sentences import naming
from materiality.report.tables import long_tables
from tests.builders import both
from tests.rounds import STEADY, make_round, make_user, sealed_round
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

FOUR = {"tier_count": 4, "cut_high": 4.2, "cut_low": 3.8, "cut_lower": 3.2}
FIVE = FOUR | {"tier_count": 5, "cut_lowest": 2.9}
TWO = {"tier_count": 2, "cut_high": 3.6}


def owner_of(assessment):
    make_user("owner", assessment.organisation)
    return signed_in("owner")


def sent_rule(assessment, **changes):
    now = Assessment.objects.get(pk=assessment.pk)
    told = {name: getattr(now, name) for name in RULE}
    return {"version": now.version, "reason": "For the board"} | told | changes


def page_of(client, assessment, name):
    return client.get(f"/a/{assessment.pk}/{name}/?lang=en").content.decode()


@pytest.mark.parametrize(("rule", "signs"), [(TWO, "circle square"), (FIVE, "ring")])
def test_a_manager_sets_number_and_cuts_and_sees_every_tier_with_its_sign(rule, signs):
    assessment = sealed_round()
    owner = owner_of(assessment)

    saved = owner.post(f"/a/{assessment.pk}/method/rule/", sent_rule(assessment, **rule))

    assert saved.status_code == 302
    page = page_of(owner, assessment, "results")
    number = rule["tier_count"]
    for sign in signs.split():
        assert f'class="m {sign}"' in page
    choices = re.search(r'<select[^>]*name="tier:energy".*?</select>', page, re.S)[0]
    assert re.findall(r'value="(\d)"', choices) == [str(tier) for tier in range(1, number + 1)]
    shown = re.findall(r'data-chance="(\d)"', page)
    assert shown == [str(tier) for tier in range(1, number + 1)]


def test_a_preview_says_what_would_be_and_saves_nothing():
    assessment = sealed_round()
    owner = owner_of(assessment)
    before = results_for(assessment).digest

    page = owner.post(
        f"/a/{assessment.pk}/method/rule/tried/?lang=en", sent_rule(assessment, **FOUR)
    ).content.decode()

    preview = re.search(r'id="preview".*?</section>', page, re.S)[0]
    assert "it is not saved" in preview
    assert re.findall(r'<td class="r num">([\d.]+)</td>\s*<td', preview) == ["4.20", "3.80", "3.20"]
    assert "Less material" in preview
    assert sum(int(n) for n in re.findall(r'num">(\d+)</td>\s*</tr>', preview)) == 4
    assert results_for(Assessment.objects.get(pk=assessment.pk)).digest == before
    assert Assessment.objects.get(pk=assessment.pk).tier_count == 3


def test_before_anybody_answers_the_preview_draws_the_boundaries_alone():
    assessment = make_round()
    page = page_of(owner_of(assessment), assessment, "method")

    assert 'class="mx plan"' in page
    assert page.count('class="cut"') == 2


def test_only_the_fields_of_the_chosen_rule_are_shown_and_all_are_sent():
    assessment = make_round()
    owner = owner_of(assessment)

    page = owner.post(
        f"/a/{assessment.pk}/method/rule/tried/?lang=en",
        sent_rule(assessment, tier_rule="quadrants", tier_count=5),
    ).content.decode()

    shown = {
        name: "hidden" not in wrapper
        for wrapper, name in re.findall(
            r'<div\s+data-rules="[^"]*"\s+data-tiers="\d"([^>]*)>.*?name="(\w+)"', page, re.S
        )
    }
    assert {name for name, is_shown in shown.items() if is_shown} >= {
        "axis_cut_x",
        "axis_cut_x_low",
    }
    assert not shown["cut_high"]
    assert not shown["share_high"]
    assert set(shown) == set(RULE)


def test_tiers_have_names_of_their_own_in_number_and_in_every_file():
    assessment = sealed_round(**FOUR)
    names = [both(f"第{tier}层", f"Rung {tier}") for tier in (1, 2, 3, 4)]

    actions.set_tier_names(assessment=assessment, names=names, by=None)
    results = results_for(assessment)

    for language, word in (("en", "Rung"), ("zh-hans", "层")):
        edition = Edition(results, language)
        assert all(word in naming.tier_name(edition, tier) for tier in results.tiers)
        workbook = CalamineWorkbook.from_filelike(BytesIO(package.file(edition, "tables.xlsx")))
        sheets = [workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names]
        cells = {str(cell) for sheet in sheets for row in sheet for cell in row}
        assert any(word in cell for cell in cells)
    with pytest.raises(BadWeights, match=r"4 tiers and 3 names|有 4 个，名称有 3 个"):
        actions.set_tier_names(assessment=assessment, names=names[:3], by=None)


def test_another_number_of_tiers_drops_the_names_of_the_old_ones():
    assessment = sealed_round()
    names = [both("甲", "A"), both("乙", "B"), both("丙", "C")]
    actions.set_tier_names(assessment=assessment, names=names, by=None)

    actions.set_rule(assessment=assessment, by=None, reason="Finer", **FOUR)

    assessment.refresh_from_db()
    assert assessment.tier_names == []
    assert assessment.tier_name(4) in ("Less material", "重要性较低")
    assert assessment.events.order_by("-number").first().before["set"]["tier_names"] == names


def test_a_decision_is_for_a_tier_there_is_and_holds_the_number():
    assessment = sealed_round(**FOUR)
    code = results_for(assessment).topics[0].code

    with pytest.raises(NoSuchTier, match=r"1 to 4|1 至 4"):
        actions.decide(assessment=assessment, decisions={code: (5, "Why")}, by=None)
    actions.decide(assessment=assessment, decisions={code: (4, "Settled")}, by=None)
    with pytest.raises(TiersDecided):
        actions.set_rule(assessment=assessment, by=None, reason="Coarser", **TWO)

    assert results_for(assessment).topic(code).tier == 4
    actions.decide(assessment=assessment, decisions={code: (None, "")}, by=None)
    actions.set_rule(assessment=assessment, by=None, reason="Coarser", **TWO)
    assert Decision.objects.count() == 0


def test_the_api_sets_number_names_and_cuts(client):
    assessment = sealed_round()
    owner = owner_of(assessment)
    told = FIVE | {"reason": "Finer", "tier_names": [{"en": f"Rung {n}"} for n in range(1, 6)]}

    answered = owner.patch(
        f"/api/v1/assessments/{assessment.pk}/rule/", json.dumps(told), "application/json"
    )
    matrix = owner.get(f"/api/v1/assessments/{assessment.pk}/matrix/").json()
    wrong = owner.patch(
        f"/api/v1/assessments/{assessment.pk}/rule/", '{"tier_count": 6}', "application/json"
    )

    assert answered.status_code == 200
    assert answered.json()["tier_count"] == 5
    assert matrix["rule"]["tiers"] == 5
    assert matrix["rule"]["cuts"] == [4.2, 3.8, 3.2, 2.9]
    assert wrong.status_code == 400


def test_a_year_with_another_number_says_that_tiers_are_not_comparable():
    before = sealed_round(cut_high=4.0, cut_low=3.0)
    snapshots.lock(assessment=before, by=None)
    before = Assessment.objects.get(pk=before.pk)
    after = sealed_round(year="2021", previous=before, **FOUR)
    reason = both("按董事会要求细分", "The board asked for more tiers")
    actions.explain_method(assessment=after, reason=reason, by=None)

    results = results_for(after)

    assert results.tier_moves == ()
    aspects = {row.aspect: row for row in results.change_report if row.aspect}
    assert (aspects["tiers"].value_before, aspects["tiers"].value_after) == (3, 4)
    for language, word in (("en", "cannot be compared"), ("zh-hans", "不可比")):
        edition = Edition(results, language)
        assert word in naming.tiers_apart(edition)
        document = zipfile.ZipFile(BytesIO(package.file(edition, "section.docx")))
        assert word in document.read("word/document.xml").decode()
        deck = zipfile.ZipFile(BytesIO(package.file(edition, "slides.pptx")))
        slides = "".join(deck.read(n).decode() for n in deck.namelist() if "slides/slide" in n)
        assert word in slides
    table = long_tables.change_report(Edition(results, "en"))
    assert any("Number of tiers" in str(cell) for row in table.rows for cell in row)


def test_last_years_tiers_keep_the_names_they_had():
    before = sealed_round(cut_high=4.0, cut_low=3.0)
    names = [both("甲", "Alpha"), both("乙", "Beta"), both("丙", "Gamma")]
    actions.set_tier_names(assessment=before, names=names, by=None)
    snapshots.lock(assessment=before, by=None)
    before = Assessment.objects.get(pk=before.pk)
    after = sealed_round(STEADY, year="2021", previous=before, cut_high=4.45)
    actions.set_tier_names(
        assessment=after, names=[both("一", "One"), both("二", "Two"), both("三", "Three")], by=None
    )

    edition = Edition(results_for(after), "en")

    assert naming.tier_name_before(edition, 1) == "Alpha"
    assert naming.tier_name(edition, 1) == "One"
    rows = [row for row in long_tables.change_report(edition).rows if "Alpha" in map(str, row)]
    assert rows, "a topic that was in tier 1 fell below the higher cut"


def test_two_tiers_of_double_materiality_are_material_and_not_material():
    assessment = make_round(preset="double", **TWO)

    assert [assessment.tier_name(tier) for tier in assessment.tiers] in (
        ["Material", "Not material"],
        ["具有重要性", "不具重要性"],
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (FOUR | {"cut_lower": 3.8}, "upper cut must lie above|上分界"),
        ({"tier_count": 6}, "two to five|二至五"),
        (
            {"tier_rule": "quantiles", "tier_count": 4, "share_high": 0.5, "share_lower": 0.5},
            "1 or less|不得超过 1",
        ),
    ],
)
def test_settings_that_do_not_go_together_are_refused(fields, said):
    with pytest.raises(BadWeights, match=said):
        actions.set_rule(assessment=make_round(), by=None, **fields)
