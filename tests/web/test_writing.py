"""Every form of the workspace: what it keeps, what it refuses, what stays entered."""

import re
from datetime import timedelta

import pytest

from materiality import actions
from materiality.locking import snapshots
from materiality.models import Assessment, Succession, Topic
from surveys.models import Membership, Role
from tests.builders import both
from tests.rounds import make_round
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import text, url

pytestmark = pytest.mark.django_db


# ---- topics


def topic_form(assessment, **changes):
    return {
        "name:zh-hans": "隐私",
        "name:en": "Data privacy",
        "definition:zh-hans": "含义",
        "definition:en": "What it means",
        "example:zh-hans": "",
        "example:en": "",
        "category": "governance",
        "more": "",
        "reason": "",
        "version": assessment.version,
    } | changes


def test_an_editor_rewords_a_topic(assessment, owner):
    answered = owner.post(url(assessment, "topics/privacy"), topic_form(assessment))

    assert answered.url == url(assessment, "topics") + "#t-privacy"
    assert Topic.objects.get(code="privacy").name == both("隐私", "Data privacy")


def test_a_topic_without_a_name_is_refused(assessment, owner):
    answered = owner.post(
        url(assessment, "topics/privacy"), topic_form(assessment, **{"name:en": " "})
    )

    assert 'role="alert"' in text(answered)
    assert Topic.objects.get(code="privacy").name["en"] == "Privacy"


def test_a_second_editor_is_told_and_can_then_save_over_it(assessment, owner):
    signed_in("editor").post(
        url(assessment, "topics/privacy"), topic_form(assessment, **{"name:en": "First"})
    )
    sent = topic_form(assessment, **{"name:en": "Second"})

    answered = owner.post(url(assessment, "topics/privacy") + "?lang=en", sent)
    assert answered.status_code == 409
    assert "Somebody else saved changes" in text(answered)
    assert 'value="Second"' in text(answered)

    version = re.search(r'name="version" value="(\d+)"', text(answered))[1]
    owner.post(url(assessment, "topics/privacy"), sent | {"version": version})
    assert Topic.objects.get(code="privacy").name["en"] == "Second"


def test_a_missing_translation_is_flagged_in_the_list(assessment, owner):
    Topic.objects.filter(code="privacy").update(name={"zh-hans": "隐私", "en": ""})

    assert text(owner.get(url(assessment, "topics") + "?lang=en")).count("Translation missing") == 1


def test_references_are_shown_with_their_title_or_as_they_are(assessment, owner):
    Topic.objects.filter(code="privacy").update(
        references=[["GRI", "2016", "418"], ["OWN", "1", "x"]]
    )

    page = text(owner.get(url(assessment, "topics") + "?lang=en"))

    assert "Customer Privacy" in page
    assert "OWN x" in page


# ---- changes


@pytest.fixture
def following(assessment) -> Assessment:
    """The next round: same topics, except that ethics is gone and water is new."""
    snapshots.lock(assessment=assessment, by=None)
    made = make_round(year="2021", previous=Assessment.objects.get(pk=assessment.pk))
    Succession.objects.filter(assessment=made, before__code="ethics").delete()
    made.topics.filter(code="ethics").delete()
    actions.add_topics(
        assessment=made,
        topics=[{"code": "water", "name": both("水", "Water"), "category": "environment"}],
    )
    return Assessment.objects.get(pk=made.pk)


def changes_form(page: str, **changes) -> dict[str, str]:
    """Return what the browser would send of the changes form."""
    sent = {"version": re.search(r'name="version" value="(\d+)"', page)[1]}
    for name, inner in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inner) or re.search(
            r'value="([^"]*)"', inner
        )
        sent[name] = chosen[1]
    for name, inner in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S):
        sent[name] = inner.strip()
    return sent | changes


def test_topics_that_came_and_went_stand_as_rows_without_a_reason(following, owner):
    page = text(owner.get(url(following, "changes") + "?lang=en"))

    assert "2 changes, 0 with a reason" in page
    assert page.count("Needed before export") == 2
    assert "3 topics unchanged" in page


def test_reasons_are_kept_in_both_languages_and_printed(following, owner):
    page = text(owner.get(url(following, "changes")))
    reasons = {"0:zh-hans": "已取消", "0:en": "Dropped", "1:zh-hans": "新增", "1:en": "New"}

    owner.post(url(following, "changes"), changes_form(page, **reasons))

    printed = text(owner.get(url(following, "changes") + "?lang=en")).split('id="pvw"')[1]
    rows = re.findall(r"<tr>(?:<td>(.*?)</td><td>(.*?)</td><td>(.*?)</td>)</tr>", printed)
    assert rows == [("Ethics", "/", "Dropped"), ("/", "Water", "New")]


def test_a_merger_is_added_and_its_suggested_reason_taken(following, owner):
    page = text(owner.get(url(following, "changes")))
    merger = {"new:before": "ethics", "new:kind": "absorbed", "new:after": "privacy"}
    owner.post(url(following, "changes"), changes_form(page, **merger))

    page = text(owner.get(url(following, "changes") + "?lang=en"))
    assert "Use: Merged into “Privacy”" in page
    line = re.search(r'name="use" value="(\d+)"', page)[1]
    owner.post(url(following, "changes"), changes_form(page, use=line))

    kept = Succession.objects.get(assessment=following, kind="absorbed")
    assert kept.reason == {"en": "Merged into “Privacy”", "zh-hans": "已融入“议题privacy”"}
    assert Succession.objects.get(assessment=following, after__code="privacy", kind="continued")


def test_an_unchanged_topic_that_was_renamed_is_no_longer_unchanged(following, owner):
    page = text(owner.get(url(following, "changes")))
    renamed = {"new:before": "safety", "new:kind": "renamed", "new:after": "safety"}

    owner.post(url(following, "changes"), changes_form(page, **renamed))

    kinds = following.successions.filter(before__code="safety").values_list("kind", flat=True)
    assert list(kinds) == ["renamed"]


@pytest.mark.parametrize(
    "line",
    [
        {"new:before": "ethics", "new:kind": "added", "new:after": "water"},
        {"new:kind": "removed", "new:after": "water"},
        {"new:before": "ethics", "new:kind": "absorbed"},
        {"new:before": "ethics", "new:kind": "split", "new:after": "water"},
        {"new:before": "ethics", "new:kind": "merged", "new:after": "water"},
        {"new:before": "nothing", "new:kind": "absorbed", "new:after": "water"},
    ],
)
def test_a_change_with_the_wrong_sides_is_refused(following, owner, line):
    page = text(owner.get(url(following, "changes")))
    before = following.successions.count()

    answered = owner.post(url(following, "changes"), changes_form(page, **line))

    assert 'role="alert"' in text(answered)
    assert following.successions.count() == before


def test_a_row_can_be_taken_out(following, owner):
    page = text(owner.get(url(following, "changes")))
    owner.post(url(following, "changes"), changes_form(page, **{"0:en": "Dropped"}))
    assert following.successions.filter(kind="removed").exists()

    page = text(owner.get(url(following, "changes")))
    owner.post(url(following, "changes"), changes_form(page, **{"remove:0": "on"}))

    assert not following.successions.filter(kind="removed").exists()


def test_a_first_round_has_nothing_to_compare_with(assessment, owner):
    assert "succeeds no other" in text(owner.get(url(assessment, "changes") + "?lang=en"))


# ---- engagement


def engagement_form(page: str, **changes) -> dict[str, str]:
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    areas = re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S)
    return {"version": version} | {name: inner.strip() for name, inner in areas} | changes


def test_lines_of_engagement_are_kept_pairwise_in_both_languages(assessment, owner):
    page = text(owner.get(url(assessment, "engagement")))
    lines = {
        "employees:expectation:zh-hans": "薪酬\n\n培训",
        "employees:expectation:en": "Pay\nTraining",
        "customers:channel:zh-hans": "热线",
        "customers:channel:en": "Hotline",
    }

    assert (
        owner.post(url(assessment, "engagement"), engagement_form(page, **lines)).status_code == 302
    )

    employees = assessment.groups.get(code="employees").engagements.filter(kind="expectation")
    assert [line.text for line in employees] == [both("薪酬", "Pay"), both("培训", "Training")]
    assert assessment.groups.get(code="customers").engagements.get(kind="channel").text == both(
        "热线", "Hotline"
    )
    assert assessment.groups.get(code="regulators").engagements.count() == 2


def test_languages_with_different_numbers_of_lines_are_refused(assessment, owner):
    page = text(owner.get(url(assessment, "engagement")))
    lines = {"employees:expectation:en": "Pay\nTraining"}

    answered = owner.post(
        url(assessment, "engagement") + "?lang=en", engagement_form(page, **lines)
    )

    assert "中文 has 1 lines and English 2" in text(answered)
    assert "Pay\nTraining" in answered.content.decode()
    assert assessment.groups.get(code="employees").engagements.count() == 2


def test_the_topics_a_group_rated_highest_are_named_beside_its_lines(assessment, owner):
    page = text(owner.get(url(assessment, "engagement") + "?lang=en"))

    assert "6 responses this year" in page
    assert "Rated highest:" in page


def test_how_often_a_group_is_heard_is_kept_and_printed_where_it_is_said(assessment, owner):
    page = text(owner.get(url(assessment, "engagement") + "?lang=en"))
    assert "How often</th>" not in page
    said = {
        "employees:frequency:zh-hans": "每季度",
        "employees:frequency:en": "Every quarter",
        "employees:how_chosen:zh-hans": "受影响最大",
        "employees:how_chosen:en": "Most affected",
    }

    owner.post(url(assessment, "engagement"), engagement_form(page, **said))

    assert assessment.groups.get(code="employees").how_chosen["en"] == "Most affected"
    printed = text(owner.get(url(assessment, "engagement") + "?lang=en")).split('id="pvw"')[1]
    assert "How often</th>" in printed
    assert "<td>Every quarter</td>" in printed


def test_a_topic_that_a_group_raised_is_added_to_its_expectations(assessment, owner):
    page = text(owner.get(url(assessment, "engagement") + "?lang=en"))
    use = re.search(r'name="use" value="(employees:[^"]+)"', page)[1]

    owner.post(url(assessment, "engagement"), engagement_form(page, use=use))

    topic = assessment.topics.get(code=use.partition(":")[2])
    lines = assessment.groups.get(code="employees").engagements.filter(kind="expectation")
    assert [line.text for line in lines] == [both("合规", "Compliance"), topic.name]
    after = text(owner.get(url(assessment, "engagement") + "?lang=en"))
    assert f'value="{use}"' not in after


def test_what_differs_from_last_year_is_shown_group_by_group(following, owner):
    page = text(owner.get(url(following, "engagement") + "?lang=en"))
    assert "What differs from 2020" not in page
    lines = {
        "employees:expectation:zh-hans": "薪酬",
        "employees:expectation:en": "Pay",
        "customers:frequency:zh-hans": "每月",
        "customers:frequency:en": "Monthly",
    }

    owner.post(url(following, "engagement"), engagement_form(page, **lines))

    page = text(owner.get(url(following, "engagement") + "?lang=en"))
    assert page.count("What differs from 2020") == 2
    assert "<ins>Pay</ins>" in page
    assert "<del>Compliance</del>" in page
    assert "<ins>Monthly</ins>" in page


# ---- rounds, surveys


def test_a_new_round_takes_over_what_the_last_one_had(assessment, owner):
    snapshots.lock(assessment=assessment, by=None)
    values = {
        "organisation": assessment.organisation.pk,
        "year": "2021",
        "previous": assessment.pk,
        "copy": "on",
    }

    answered = owner.post("/a/new/", values)

    new = Assessment.objects.get(year="2021")
    assert answered.url == url(new, "")[:-1]
    assert new.topics.count() == assessment.topics.count()
    assert new.successions.filter(kind="continued").count() == 4
    assert new.events.get(verb="carry_over").by.username == "owner"


def test_a_new_round_has_last_years_groups_weights_engagement_and_questionnaires(assessment, owner):
    weights = {("employees", "stakeholder"): 3.0}
    actions.weigh(assessment=assessment, weights=weights, reason="Agreed", by=None)
    actions.describe_engagement(
        group=assessment.groups.get(code="employees"),
        expectations=[both("薪酬", "Pay")],
        channels=[],
        frequency=both("每月", "Monthly"),
        by=None,
    )
    last = Assessment.objects.get(pk=assessment.pk)
    values = {"organisation": last.organisation.pk, "year": "2021", "previous": last.pk}

    owner.post("/a/new/", values | {"copy": "on", "preset": ""})

    new = Assessment.objects.get(year="2021")
    employees = new.groups.get(code="employees")
    assert employees.weights.get().value == 3.0
    assert employees.frequency["en"] == "Monthly"
    assert [line.text["en"] for line in employees.engagements.all()] == ["Pay"]
    drafts = new.surveys.all()
    assert len(drafts) == 2
    for draft in drafts:
        assert draft.published_at is None
        assert draft.questions.count() == 4
    stakeholders = drafts.get(mode="anonymous")
    assert stakeholders.audiences.count() == 3
    assert stakeholders.closes_at - last.surveys.get(mode="anonymous").closes_at >= timedelta(364)


def test_a_new_round_is_offered_the_year_after_the_last(assessment, owner):
    assert re.search(r'name="year" value="2021"', text(owner.get("/a/new/")))


def test_a_new_round_without_copying_has_neither_topics_nor_questionnaires(assessment, owner):
    values = {"organisation": assessment.organisation.pk, "year": "2021"}

    owner.post("/a/new/", values | {"previous": assessment.pk, "preset": ""})

    new = Assessment.objects.get(year="2021")
    assert (new.previous, new.topics.count(), new.surveys.count()) == (assessment, 0, 0)


def test_a_round_of_another_company_is_never_the_one_before(assessment, owner):
    from surveys.models import Organisation

    other = Organisation.objects.create(name=both("二公司", "Second Ltd"))
    Membership.objects.create(
        organisation=other, user=Membership.objects.get(user__username="owner").user, role="owner"
    )
    values = {"organisation": other.pk, "year": "2021", "previous": assessment.pk, "preset": ""}

    offered = text(owner.get(f"/a/new/?lang=en&organisation={other.pk}"))
    owner.post("/a/new/?lang=en", values)

    started = Assessment.objects.get(organisation=other)
    assert started.previous is None
    assert f'value="{assessment.pk}"' not in offered


def test_closing_a_survey_asks_once_and_then_seals(owner, assessment):
    from tests.rounds import STEADY, answer, ask

    following = make_round(year="2022", organisation=assessment.organisation)
    survey = ask(following)[0]
    answer(survey, STEADY)

    asked = owner.get(url(following, f"ask/{survey.pk}/end") + "?lang=en")
    assert "Neither can be undone" in text(asked)
    owner.post(url(following, f"ask/{survey.pk}/end"))

    survey.refresh_from_db()
    assert survey.is_sealed


def test_a_survey_of_another_round_cannot_be_closed_from_this_one(owner, assessment):
    from tests.rounds import ask

    other = ask(make_round(year="2022", organisation=assessment.organisation))[0]

    assert owner.post(url(assessment, f"ask/{other.pk}/end")).status_code == 404
    other.refresh_from_db()
    assert other.sealed_at is None


def test_counts_are_rounded_down_while_an_anonymous_survey_is_open(owner, assessment):
    from tests.rounds import STEADY, answer, ask

    following = make_round(year="2022", organisation=assessment.organisation)
    for survey in ask(following):
        answer(survey, STEADY)

    page = text(owner.get(url(following, "")[:-1] + "?lang=en"))

    assert ">5+ / 6<" in page
    assert ">6 / 6<" not in page.split("Panel")[0]


# ---- people and log


def test_an_owner_lets_somebody_in_who_then_signs_in_by_the_link(assessment, owner, client):
    person = {"name": "Wang Fang", "email": "Wang@Example.com", "role": "reviewer"}

    page = text(owner.post(url(assessment, "people"), person))

    link = re.search(r"http://127.0.0.1:8000(/signin/[^<]+)", page)[1]
    client.post(link)
    assert client.get(url(assessment)).status_code == 200
    assert Membership.objects.get(user__email="wang@example.com").role == Role.REVIEWER


def test_roles_change_and_members_leave_but_the_last_owner_stays(assessment, owner):
    members = {str(member.role): member for member in assessment.organisation.memberships.all()}

    def set_role(who, role):
        sent = {"member": members[who].pk, "role": role}
        return owner.post(url(assessment, "people"), sent).status_code

    assert set_role("viewer", "editor") == 302
    assert Membership.objects.get(pk=members["viewer"].pk).role == "editor"
    assert set_role("reviewer", "") == 302
    assert not Membership.objects.filter(pk=members["reviewer"].pk).exists()
    assert set_role("owner", "viewer") == 409
    assert set_role("owner", "") == 409
    assert Membership.objects.get(pk=members["owner"].pk).role == "owner"


def test_a_member_of_another_organisation_cannot_be_changed_from_here(assessment, owner, stranger):
    foreign = stranger.memberships.get()

    answered = owner.post(url(assessment, "people"), {"member": foreign.pk, "role": "viewer"})

    assert answered.status_code == 404
    assert stranger.memberships.get().role == "owner"


def test_the_log_shows_who_did_what_and_why(assessment, owner):
    actions.weigh(
        assessment=assessment,
        weights={("employees", "stakeholder"): 3},
        by=assessment.organisation.memberships.get(role="editor").user,
        reason="Half the staff was on leave",
    )

    page = text(owner.get(url(assessment, "log") + "?lang=en"))

    assert "Saved weights" in page
    assert "Half the staff was on leave" in page
    assert "editor" in page
    only = text(owner.get(url(assessment, "log") + "?lang=en&verb=start_round"))
    assert "Half the staff" not in only


def test_the_log_as_csv_holds_no_formula(assessment, owner):
    actions.weigh(
        assessment=assessment,
        weights={("employees", "stakeholder"): 3},
        by=None,
        reason='=HYPERLINK("http://example.com")',
    )

    rows = text(owner.get(f"/a/{assessment.pk}/log.csv"))

    assert "'=HYPERLINK" in rows
    assert not re.search(r'(^|,)"?=', rows, re.M)
