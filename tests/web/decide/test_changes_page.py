"""Changes through the page: many to many, what is missing, the method, a list from elsewhere."""

import re

import pytest

from materiality import actions
from materiality.actions import SuccessionLine
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.models import Assessment
from materiality.report import tables
from materiality.report.edition import Edition
from tests.builders import both
from tests.rounds import STEADY, answer, ask, close_and_seal, make_round
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import text, url
from tests.web.test_writing import changes_form

pytestmark = pytest.mark.django_db

YEARS = ("2019", "2020", "2021")
WHY = both("业务变化", "The business changed")


@pytest.fixture
def following(assessment) -> Assessment:
    """The next round: privacy and energy are gone, three topics are new."""
    snapshots.lock(assessment=assessment, by=None)
    made = make_round(year="2021", previous=Assessment.objects.get(pk=assessment.pk))
    for code in ("privacy", "energy"):
        actions.remove_topic(assessment=made, topic=code, by=None)
    names = [("data", "数据"), ("secrets", "秘密"), ("climate", "气候")]
    actions.add_topics(
        assessment=made,
        topics=[
            {
                "code": code,
                "name": both(zh, code.title()),
                "category": "social",
                "sources": ["peers"],
            }
            for code, zh in names
        ],
    )
    return Assessment.objects.get(pk=made.pk)


def add(owner, round_, kind, before, after, **changes):
    page = text(owner.get(url(round_, "changes")))
    new = {
        "new:kind": kind,
        "new:before": before,
        "new:after": after,
        "new:zh-hans": WHY["zh-hans"],
        "new:en": WHY["en"],
    }
    return owner.post(url(round_, "changes") + "?lang=en", changes_form(page, **new) | changes)


def kept(round_):
    return [
        (row.kind, row.before.code if row.before else None, row.after.code if row.after else None)
        for row in round_.successions.exclude(kind="continued").order_by("position")
    ]


def test_a_split_is_ticked_on_both_sides_and_is_one_row_with_one_reason(following, owner):
    add(owner, following, "split", ["privacy"], ["data", "secrets"])

    assert ("split", "privacy", "data") in kept(following)
    assert ("split", "privacy", "secrets") in kept(following)
    assert ("added", None, "data") not in kept(following)
    assert ("removed", "privacy", None) not in kept(following)
    page = text(owner.get(url(following, "changes") + "?lang=en"))
    assert page.count("The business changed") == 2  # once to edit, once as printed
    assert "<td>Privacy</td><td>Data; Secrets</td>" in page


def test_several_topics_are_combined_as_one(following, owner):
    add(owner, following, "merged", ["privacy", "energy"], ["climate"])

    assert kept(following)[-2:] == [
        ("merged", "privacy", "climate"),
        ("merged", "energy", "climate"),
    ]
    assert "<td>Privacy; Energy</td><td>Climate</td>" in text(
        owner.get(url(following, "changes") + "?lang=en")
    )


def test_two_topics_become_three(following, owner):
    add(owner, following, "split", ["privacy", "energy"], ["data", "secrets", "climate"])

    assert len([row for row in kept(following) if row[0] == "split"]) == 6
    assert "0 changes" not in text(owner.get(url(following, "changes") + "?lang=en"))


def test_a_topic_merged_into_a_new_one_leaves_the_new_ones_own_row(following, owner):
    add(owner, following, "absorbed", ["privacy"], ["climate"])

    assert ("added", None, "climate") in kept(following)
    assert ("absorbed", "privacy", "climate") in kept(following)
    assert ("removed", "privacy", None) not in kept(following)


def test_what_stands_on_neither_side_is_named_with_a_link_to_its_row(following, owner):
    page = text(owner.get(url(following, "changes") + "?lang=en"))

    result = re.findall(r'<li><a href="#(change-\d)">(.*?)</a></li>', page)
    said = [(place, re.sub(r"\s+", " ", sentence).strip()) for place, sentence in result]
    assert ("change-0", "Not in 2021, and nobody said what became of it: Privacy") in said
    assert ("change-2", "Not in 2020, and nobody said where it came from: Data") in said
    assert all(f'id="{place}"' in page for place, _sentence in said)


def test_a_topic_that_went_into_another_and_is_still_listed_is_said_to_be_so(following, owner):
    false = "Not in 2020, and nobody said where it came from: Safety"
    before = re.sub(r"\s+", " ", text(owner.get(url(following, "changes") + "?lang=en")))
    assert "nobody said where it came from: Data" in before  # the control
    assert "It went into another topic" not in before
    add(owner, following, "absorbed", ["safety"], ["climate"])
    following.successions.filter(before__code="safety", kind="continued").delete()

    page = re.sub(r"\s+", " ", text(owner.get(url(following, "changes") + "?lang=en")))

    assert "It went into another topic, yet is still on this year’s list" in page
    assert false not in page


def test_a_new_topic_is_offered_a_sentence_from_where_it_came(following, owner):
    page = text(owner.get(url(following, "changes") + "?lang=en"))

    assert "Use: Added in view of: Peers and industry" in page


def test_a_screened_out_topic_is_on_neither_side(following, owner):
    actions.screen_out(assessment=following, topic="climate", kind="covered", reason=WHY, by=None)

    page = text(owner.get(url(following, "changes") + "?lang=en"))

    assert "Climate" not in page


def explained(following) -> list[SuccessionLine]:
    told = [("privacy", None), ("energy", None), (None, "data"), (None, "secrets")]
    changes = [SuccessionLine("removed" if b else "added", b, a, WHY) for b, a in told]
    stay = [SuccessionLine("continued", code, code, {}) for code in ("safety", "ethics")]
    return [*changes, SuccessionLine("added", None, "climate", WHY), *stay]


@pytest.fixture
def scored(following):
    """The next round, sealed, under other boundaries than the last."""
    actions.set_rule(assessment=following, cut_high=4.3, by=None)
    actions.succeed(assessment=following, changes=explained(following), by=None)
    five = {group: [[*row, 4] for row in rows] for group, rows in STEADY.items()}
    for survey in ask(following):
        answer(survey, five)
        close_and_seal(survey)
    return Assessment.objects.get(pk=following.pk)


def test_a_changed_method_is_shown_with_both_values_and_explained(scored, owner):
    page = text(owner.get(url(scored, "changes") + "?lang=en"))
    assert "The method changed, and nobody said why" in page
    assert "Boundaries between tiers" in page
    assert "4.3" in page.split('id="method"')[1]

    sent = {"version": scored.version, "why:zh-hans": "董事会提高门槛", "why:en": "A higher bar"}
    owner.post(url(scored, "changes/method"), sent)

    assert Assessment.objects.get(pk=scored.pk).method_reason["en"] == "A higher bar"
    page = text(owner.get(url(scored, "changes") + "?lang=en"))
    assert "nobody said why" not in page
    snapshots.lock(assessment=scored, by=None)


def test_the_table_on_the_page_is_the_one_that_is_exported(scored, owner):
    for language in ("en", "zh-hans"):
        page = text(owner.get(url(scored, "changes") + f"?lang={language}")).split('id="pvw"')[1]
        rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>", page)

        exported = tables.changes(Edition(results_for(scored), language))

        assert [list(row) for row in rows] == exported.rows
        for column in exported.columns:
            assert f">{column.heading}<" in page


def test_the_longer_form_has_kinds_tiers_and_the_method(scored, owner):
    page = text(owner.get(url(scored, "changes") + "?lang=en")).split('id="lng"')[1]

    for word in ("Removed", "Added", "Method changed", "Highly material"):
        assert word in page


def test_a_first_round_can_name_the_one_before(assessment, owner):
    young = make_round(year="2021", organisation=assessment.organisation)

    page = text(owner.get(url(young, "changes") + "?lang=en"))
    assert "Name last year’s assessment" in page
    owner.post(url(young, "changes/follow"), {"version": young.version, "previous": assessment.pk})

    assert Assessment.objects.get(pk=young.pk).previous == assessment


def test_a_cycle_is_refused_with_a_sentence(assessment, owner):
    second = make_round(year=assessment.year, organisation=assessment.organisation)
    actions.follow(assessment=second, previous=assessment, by=None)
    first = Assessment.objects.get(pk=assessment.pk)

    answered = owner.post(
        url(first, "changes/follow") + "?lang=en",
        {"version": first.version, "previous": second.pk},
    )

    assert answered.status_code == 409
    assert "A round cannot come after itself." in text(answered)


def test_only_rounds_of_earlier_years_are_offered_as_the_one_before(assessment, owner):
    """And of the same year, whose report may be corrected by another version."""
    company = assessment.organisation
    earlier, alike, later = (make_round(year=year, organisation=company) for year in YEARS)

    page = text(owner.get(url(assessment, "changes")))

    for offered in (earlier, alike):
        assert f'<option value="{offered.pk}"' in page
    assert f'<option value="{later.pk}"' not in page


def test_a_round_is_not_offered_as_its_own_predecessor(assessment, owner):
    make_round(year="2021", organisation=assessment.organisation)

    page = text(owner.get(url(assessment, "changes")))

    assert f'<option value="{assessment.pk}"' not in page
    answered = owner.post(
        url(assessment, "changes/follow"),
        {"version": assessment.version, "previous": assessment.pk},
    )
    assert 'role="alert"' in text(answered)


def test_a_list_from_elsewhere_is_entered_and_matched_by_name(assessment, owner):
    lines = "议题energy | Energy\n旧议题\tGone topic"
    sent = {"version": assessment.version, "year": "2019", "lines": lines}

    owner.post(url(assessment, "changes/last-list"), sent)

    first = Assessment.objects.get(pk=assessment.pk)
    assert first.previous.year == "2019"
    page = text(owner.get(url(first, "changes") + "?lang=en"))
    assert "1 topic unchanged" in page
    assert "Gone topic" in page


def test_a_line_in_one_language_is_named_and_the_list_stays_entered(assessment, owner):
    sent = {"version": assessment.version, "year": "2019", "lines": "能源 | Energy\n只有中文"}

    answered = owner.post(url(assessment, "changes/last-list") + "?lang=en", sent)

    assert "Line 2: write the topic as 中文 | English" in text(answered)
    assert "只有中文" in text(answered)
    assert Assessment.objects.count() == 1


def test_a_viewer_reads_the_changes_and_changes_nothing(following):
    page = text(signed_in("viewer").get(url(following, "changes")))

    assert "<select" not in page
    assert "<textarea" not in page
