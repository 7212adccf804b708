"""Where the register feeds the axes beside a survey, results wait for each expert's own scores."""

import pytest

from materiality import actions
from materiality.locking.snapshots import results_for
from materiality.models import Assessment, Decision, Iro, StakeholderGroup
from materiality.models.register import ASKED
from surveys.actions.publish import publish
from surveys.models import Role
from tests.actions.test_feeding import fed_round
from tests.alone import scored_alone
from tests.api.test_assessments import client_of
from tests.builders import both
from tests.markup import page_of
from tests.rounds import answer, close_and_seal, make_user, plan_for
from tests.web.conftest import signed_in
from tests.web.test_tiers import sent_rule

pytestmark = pytest.mark.django_db
CODES = ["IRO-001", "IRO-002"]
OF_RESULTS = (
    "results/",
    "results/?topic=safety",
    "results/matrix/",
    "results/explore/",
    "topics/safety/dossier/",
    "export/",
    "export/matrix.svg",
    "results/review/",
    "changes/",
    "evidence/",
    "lock/",
    "",
)
IN_THE_API = ("results/", "matrix/", "changes/")


def late_expert(assessment: Assessment, role: Role = Role.VIEWER):
    """Ask somebody who has scored nothing yet."""
    late = make_user("late", assessment.organisation, role)
    actions.assign_iros(assessment=assessment, codes=CODES, experts=[late], by=None)
    return late


def pages(assessment: Assessment, language: str = "en") -> dict[str, str]:
    """Return by address what the late expert gets to see."""
    client = signed_in("late")
    texts = {}
    for path in OF_RESULTS:
        mark = "&" if "?" in path else "?"
        texts[path] = page_of(client.get(f"/a/{assessment.pk}/{path}{mark}lang={language}"))
    return texts


@pytest.mark.parametrize("feeds", ["register", "worst"])
def test_no_page_tells_the_registers_values_to_who_has_still_to_score(feeds):
    assessment = fed_round(feeds)
    late_expert(assessment)

    texts = pages(assessment)

    assert [path for path, text in texts.items() if "4.5" in text] == []
    assert "once you have scored your 2 entries" in texts["results/"]
    for path in ("results/", "topics/safety/dossier/", "export/", "lock/", ""):
        assert f"/a/{assessment.pk}/register/assess/" in texts[path]


@pytest.mark.parametrize("feeds", ["register", "worst"])
def test_the_api_refuses_them_too(feeds):
    assessment = fed_round(feeds)
    client = client_of(late_expert(assessment))

    for path in IN_THE_API:
        response = client.get(f"/api/v1/assessments/{assessment.pk}/{path}")
        assert (response.status_code, response.json()["code"]) == (409, "scores_first")


def test_results_are_there_once_they_have_scored_and_all_the_time_for_others():
    assessment = fed_round("worst")
    late = late_expert(assessment)
    make_user("other", assessment.organisation, Role.VIEWER)

    page = f"/a/{assessment.pk}/results/?topic=safety&lang=en"
    assert "4.50 by the register" in page_of(signed_in("other").get(page))
    assert results_for(assessment).topic("safety").x == 4.5
    for iro in Iro.objects.filter(code__in=CODES):
        marks = dict.fromkeys(ASKED[iro.sheet], 5)
        actions.score_iro(iro=iro, expert=late, marks=marks, reason="Seen myself")

    assert "5.00 by the register" not in page_of(signed_in("other").get(f"/a/{assessment.pk}/"))
    assert "by the register" in page_of(signed_in("late").get(page))


def test_who_edits_the_round_and_scores_too_sees_everything_as_before():
    assessment = fed_round("worst")
    late_expert(assessment, Role.EDITOR)

    page = f"/a/{assessment.pk}/results/?topic=safety&lang=en"

    assert "4.50 by the register" in page_of(signed_in("late").get(page))


def test_where_the_register_stands_beside_the_results_stay_open():
    assessment = fed_round("beside")
    late_expert(assessment)

    page = page_of(signed_in("late").get(f"/a/{assessment.pk}/results/?topic=safety&lang=en"))

    assert "by the register" not in page
    assert "once you have scored" not in page


def test_a_survey_published_later_opens_a_round_of_experts_to_none_of_them():
    assessment = scored_alone()
    panel = {"code": "panel", "name": both("专家组", "Panel")}
    kind = StakeholderGroup.Kind.PANEL
    actions.add_groups(assessment=assessment, groups=[panel], dimension="impact", kind=kind)
    plan = plan_for("impact", assessment)
    survey = actions.ask(assessment=assessment, dimension="impact", plan=plan, by=None)
    publish(survey)
    answer(survey, {"panel": [[5, 4, 4] * 4] * 6})
    close_and_seal(survey)
    late_expert(assessment)

    assert not Assessment.objects.get(pk=assessment.pk).is_without_survey
    assert [path for path, text in pages(assessment).items() if "4.5" in text] == []


def test_the_sentence_is_in_chinese_too():
    assessment = fed_round("register")
    late_expert(assessment)

    assert "待您评分" in pages(assessment, "zh-hans")["results/"]


def test_a_rule_that_is_tried_tells_them_no_more_than_a_saved_one():
    assessment = fed_round("beside")
    late_expert(assessment, Role.REVIEWER)
    make_user("other", assessment.organisation, Role.REVIEWER)
    sent = sent_rule(assessment, register_feeds="register")
    page = f"/a/{assessment.pk}/method/rule/tried/?lang=en"

    late, other = (page_of(signed_in(name).post(page, sent)) for name in ("late", "other"))

    assert "another suggestion" in other
    assert "another suggestion" not in late
    assert "What this would do; it is not saved" in late


def test_who_is_refused_the_results_decides_nothing():
    assessment = fed_round("worst")
    client = client_of(late_expert(assessment, Role.REVIEWER))
    sent = {"decisions": {"safety": {"tier": 3, "reason": "Agreed"}}}

    response = client.patch(f"/api/v1/assessments/{assessment.pk}/decisions/", sent, format="json")

    assert (response.status_code, response.json()["code"]) == (409, "scores_first")
    assert not Decision.objects.exists()
