"""Groups and panels of a round, chosen on their page: no builder makes them here."""

import pytest

from materiality import actions
from materiality.actions.drafting import draft_survey
from materiality.models import Assessment
from surveys.actions.publish import publish
from surveys.models import Role
from tests.builders import both
from tests.rounds import make_user
from tests.web.ask.asking import last_event
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import text, url

pytestmark = pytest.mark.django_db
NAMES = {"name:zh-hans": "学校", "name:en": "Schools"}


@pytest.fixture
def empty(db) -> Assessment:
    """A round with topics and nobody to ask."""
    from tests.builders import make_organisation

    organisation = make_organisation()
    assessment = actions.start_round(organisation=organisation, year="2026", by=None)
    for name in ("Energy", "Safety"):
        actions.add_topic(assessment=assessment, by=None, name=both(name, name), category="social")
    make_user("editor", organisation, Role.EDITOR)
    return assessment


def page(round_, code="", lang="en") -> str:
    return url(round_, "groups") + (f"{code}/" if code else "") + f"?lang={lang}"


def send(round_, act, code="", **fields):
    version = Assessment.objects.get(pk=round_.pk).version
    sent = {"act": act, "version": version, **fields}
    return signed_in("editor").post(page(round_, code), sent)


def codes(round_) -> list[str]:
    return list(round_.groups.order_by("position").values_list("code", flat=True))


def test_an_empty_round_offers_the_usual_groups_ticked_and_one_click_adds_them(empty):
    content = text(signed_in("editor").get(page(empty)))

    assert content.count(" checked>") == 8
    ticked = ["shareholders", "customers", "employees", "regulators", "suppliers", "communities"]
    panels = ["managers", "experts"]
    assert send(empty, "suggest", codes=[*ticked, *panels]).status_code == 302

    assert codes(empty) == [*ticked, *panels]
    rated = empty.groups.get(code="experts").weights.values_list("dimension__code", flat=True)
    assert list(rated) == ["impact"]
    employees = empty.groups.get(code="employees")
    lines = employees.engagements.filter(kind="expectation").values_list("text", flat=True)
    assert both("职业健康与安全", "Occupational health and safety") in lines
    assert last_event(empty).verb == "add_groups"


def test_the_overview_leads_to_the_groups_as_long_as_there_are_none(empty):
    assert page(empty).split("?")[0] in text(signed_in("editor").get(f"/a/{empty.pk}/"))


def test_without_a_panel_the_page_says_that_an_axis_would_stay_empty(empty):
    send(empty, "suggest", codes=["customers"])
    assert "the horizontal axis would stay empty" in text(signed_in("editor").get(page(empty)))

    send(empty, "suggest", codes=["experts"])
    assert "the horizontal axis would stay empty" not in text(signed_in("editor").get(page(empty)))


def test_a_group_of_ones_own_gets_a_code_of_its_name(empty):
    send(empty, "own", dimension="stakeholder", **NAMES)
    send(empty, "own", dimension="impact", **NAMES)

    assert codes(empty) == ["schools", "schools-2"]
    assert empty.groups.get(code="schools-2").kind == "panel"


def test_a_group_without_a_name_is_refused_and_what_was_typed_stays(empty):
    refused = send(empty, "own", dimension="impact", **NAMES | {"name:en": ""})

    assert refused.status_code == 200
    assert 'value="学校"' in text(refused)
    assert codes(empty) == []


def test_names_are_changed_and_groups_moved_with_one_button(empty):
    send(empty, "suggest", codes=["customers", "employees"])
    names = {
        "customers:zh-hans": "顾客",
        "customers:en": "Guests",
        "employees:zh-hans": "员工",
        "employees:en": "Employees",
    }

    assert send(empty, "list", move="up:employees", **names).status_code == 302

    assert codes(empty) == ["employees", "customers"]
    assert empty.groups.get(code="customers").name == both("顾客", "Guests")
    said = [event.verb for event in empty.events.order_by("number")][-2:]
    assert said == ["describe_group", "reorder_groups"]


def test_two_groups_become_one_with_a_code_of_its_own_and_their_weights_together(empty):
    send(empty, "suggest", codes=["customers", "employees", "suppliers"])
    about = empty.dimensions.get(code="stakeholder")
    draft_survey(assessment=empty, dimension=about, by=None)

    answered = send(
        empty,
        "merge",
        groups=["customers", "suppliers"],
        **{"name:zh-hans": "商业伙伴", "name:en": "Business partners"},
    )

    assert answered.status_code == 302
    assert codes(empty) == ["business-partners", "employees"]
    merged = empty.groups.get(code="business-partners")
    assert [weight.value for weight in merged.weights.all()] == [2.0]
    lines = {line.text["en"] for line in merged.engagements.all()}
    assert {"Satisfaction surveys", "Payment on time"} <= lines
    survey = empty.surveys.get()
    assert set(survey.audiences.values_list("code", flat=True)) == {
        "business-partners",
        "employees",
    }
    assert merged.audience.questions.count() == 2


def test_people_of_merged_groups_stay_on_the_list_once_each(empty):
    from surveys.actions.invite import Person, invite

    send(empty, "suggest", codes=["customers", "suppliers"])
    draft_survey(assessment=empty, dimension=empty.dimensions.get(code="stakeholder"), by=None)
    for code, email in (("customers", "li@example.com"), ("suppliers", "LI@example.com")):
        audience = empty.groups.get(code=code).audience
        invite(audience, [Person(email=email), Person()])

    send(empty, "merge", groups=["customers", "suppliers"], **NAMES)

    people = empty.groups.get(code="schools").audience.invitations
    assert people.count() == 3
    assert people.exclude(email="").count() == 1


def test_a_group_and_a_panel_are_not_merged(empty):
    send(empty, "suggest", codes=["customers", "experts"])

    refused = send(empty, "merge", groups=["customers", "experts"], **NAMES)

    assert refused.status_code == 409
    assert "rate different things" in text(refused)
    assert codes(empty) == ["customers", "experts"]


def test_one_group_becomes_two_that_share_its_weight(empty):
    send(empty, "suggest", codes=["customers", "employees"])
    parts = {
        "part0:zh-hans": "一线员工",
        "part0:en": "Workers",
        "part1:zh-hans": "管理人员",
        "part1:en": "Office staff",
        "part2:zh-hans": "",
        "part2:en": "",
    }

    assert send(empty, "split", code="employees", **parts).status_code == 302

    assert codes(empty) == ["customers", "workers", "office-staff"]
    shares = [empty.groups.get(code=code).weights.get().value for code in codes(empty)]
    assert shares == [1.0, 0.5, 0.5]


def test_a_group_is_asked_chosen_topics_in_the_draft_too(empty):
    send(empty, "suggest", codes=["customers", "employees"])
    survey = draft_survey(
        assessment=empty, dimension=empty.dimensions.get(code="stakeholder"), by=None
    )

    assert send(empty, "topics", code="customers", topics=["energy"]).status_code == 302

    asked = {
        row.code: list(row.questions.values_list("item", flat=True))
        for row in survey.audiences.all()
    }
    assert asked == {"customers": ["energy"], "employees": ["energy", "safety"]}
    assert "1 topic" in text(signed_in("editor").get(page(empty)))


def test_a_group_added_later_is_asked_by_the_draft_and_a_removed_one_no_more(empty):
    send(empty, "suggest", codes=["customers", "employees"])
    survey = draft_survey(
        assessment=empty, dimension=empty.dimensions.get(code="stakeholder"), by=None
    )
    send(empty, "suggest", codes=["media"])
    assert survey.audiences.get(code="media").questions.count() == 2

    assert send(empty, "remove", code="customers").status_code == 302

    assert set(survey.audiences.values_list("code", flat=True)) == {"employees", "media"}


def test_a_group_with_people_on_its_list_is_not_removed(empty):
    from surveys.actions.invite import Person, invite

    send(empty, "suggest", codes=["customers"])
    draft_survey(assessment=empty, dimension=empty.dimensions.get(code="stakeholder"), by=None)
    invite(empty.groups.get(code="customers").audience, [Person(email="li@example.com")])

    refused = send(empty, "remove", code="customers")

    assert refused.status_code == 409
    assert "1 person is on the list of “Customers and consumers”" in text(refused)
    assert codes(empty) == ["customers"]


def test_once_published_a_group_stands(empty):
    send(empty, "suggest", codes=["customers", "employees"])
    survey = draft_survey(
        assessment=empty, dimension=empty.dimensions.get(code="stakeholder"), by=None
    )
    publish(survey)

    for act, fields in {
        "remove": {},
        "topics": {"topics": ["energy"]},
        "split": {
            "part0:zh-hans": "甲",
            "part0:en": "A",
            "part1:zh-hans": "乙",
            "part1:en": "B",
            "part2:zh-hans": "",
            "part2:en": "",
        },
    }.items():
        refused = send(empty, act, code="customers", **fields)
        assert refused.status_code == 409, act
        assert "so the group stands" in text(refused)
    assert codes(empty) == ["customers", "employees"]


def test_of_double_materiality_the_page_says_that_a_panel_judges_both_sides(empty):
    said = "judges the company’s impact and the effect on its finances"
    choice = "Panel: the impact, and the effect on the company’s finances"
    send(empty, "suggest", codes=["finance"])
    before = text(signed_in("editor").get(page(empty)))
    assert said not in before
    assert choice not in before
    assert "Impact panel" in before

    actions.set_preset(assessment=empty, preset="double", by=None)

    after = text(signed_in("editor").get(page(empty)))
    assert said in after
    assert choice in after
    assert "Impact panel" not in after + text(signed_in("editor").get(page(empty, "finance")))
