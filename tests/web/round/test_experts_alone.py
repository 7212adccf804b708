"""The pages of a round that experts judge alone, and what the overview names of a new round."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from materiality import actions
from materiality.errors import RoundStands
from materiality.models import Assessment
from materiality.models.register import ASKED
from surveys.models import Role
from tests.alone import empty_alone, scored_alone, unscored_entry
from tests.markup import page_of
from tests.registers import add
from tests.rounds import make_round, make_user, sealed_round
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


def read(assessment, name: str, *, language: str = "en", user: str = "owner") -> str:
    path = reverse(f"materiality:{name}", args=[assessment.pk])
    return page_of(signed_in(user).get(f"{path}?lang={language}"))


@pytest.fixture
def scored():
    assessment = scored_alone()
    make_user("owner", assessment.organisation)
    return assessment


def test_a_new_double_round_names_context_sources_and_register_with_their_pages():
    assessment = make_round(preset="double")
    make_user("owner", assessment.organisation)
    path = reverse("materiality:overview", args=[assessment.pk])

    html = signed_in("owner").get(f"{path}?lang=en").content.decode()

    page = read(assessment, "overview")
    for words in ("things that standards ask for are missing", "No source yet", "No open entry"):
        assert words in page
    for name in ("context", "sources", "register"):
        assert f'<a href="{reverse(f"materiality:{name}", args=[assessment.pk])}">' in html


def test_a_classic_round_names_none_of_them_before_it_has_any():
    assessment = make_round()
    make_user("owner", assessment.organisation)
    before = read(assessment, "overview")
    add(assessment, topic="energy", kind="risk")

    after = read(assessment, "overview")

    for words in ("standards ask for", "source yet", "open entr"):
        assert words not in before
    assert "1 open entry" in after
    assert "source yet" not in after


def test_a_new_double_round_says_how_to_do_without_a_survey():
    assessment = make_round(preset="double")
    assessment.groups.all().delete()
    make_user("owner", assessment.organisation)

    assert "No survey is to be held?" in read(assessment, "overview")


def test_the_overview_leads_from_the_register_to_the_experts():
    assessment = empty_alone()
    make_user("owner", assessment.organisation)
    empty = read(assessment, "overview")
    iro = unscored_entry(assessment)
    waiting = read(assessment, "overview")

    assert "Write the register" in empty
    assert "Let experts score every entry" in waiting
    assert iro.code in waiting
    assert "Publish the questionnaire" not in empty + waiting


@pytest.fixture
def awaited():
    """A round that rests on the register, and a viewer who is asked to score its one entry."""
    assessment = empty_alone()
    iro = unscored_entry(assessment)
    viewer = make_user("viewer", assessment.organisation, Role.VIEWER)
    make_user("owner", assessment.organisation)
    actions.assign_iros(assessment=assessment, codes=[iro.code], experts=[viewer], by=None)
    return assessment


def next_of(assessment, user: str) -> tuple[str, str]:
    """Return where the overview and the list of rounds lead this person."""
    client = signed_in(user)
    page = client.get(reverse("materiality:overview", args=[assessment.pk]))
    section = client.get("/a/").context["sections"][0]
    return page.context["next_action"].url, section.lines[0].next.url


def test_what_waits_for_an_expert_is_their_own_sheet(awaited):
    sheet = reverse("materiality:register_assess", args=[awaited.pk])
    experts = reverse("materiality:register_experts", args=[awaited.pk])

    assert next_of(awaited, "viewer") == (sheet, sheet)
    assert next_of(awaited, "owner") == (experts, experts)


def test_an_expert_who_is_done_is_told_so(awaited):
    iro, other = awaited.iros.get(), unscored_entry(awaited)
    viewer = awaited.organisation.memberships.get(user__username="viewer").user
    marks = dict.fromkeys(ASKED[iro.sheet], 4)
    begun = read(awaited, "register_assess", user="viewer")
    actions.score_iro(iro=iro, expert=viewer, marks=marks, reason="Seen")

    assert "Begin scoring" in begun
    assert "thank you" not in begun
    assert "You have scored all your entries" in read(awaited, "overview", user="viewer")
    assert "thank you" in read(awaited, "register_assess", user="viewer")
    assert other.code in read(awaited, "overview", user="owner")


@pytest.mark.parametrize("page", ["overview", "results", "review", "lock", "dossier", "export"])
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("0 response", "Weights", "rated by")), ("zh-hans", ("份问卷", "份有效"))],
)
def test_no_page_counts_answers(scored, page, language, words):
    if page == "dossier":
        path = reverse("materiality:dossier", args=[scored.pk, "safety"])
        text = page_of(signed_in("owner").get(f"{path}?lang={language}"))
    else:
        text = read(scored, page, language=language)

    for word in words:
        assert word not in text


def test_results_name_the_experts_in_the_place_of_weights(scored):
    page = read(scored, "results")

    assert "No survey was held" in page
    assert "Experts who scored" in page
    assert "frank" in page


def test_the_lock_names_an_entry_that_nobody_scored(scored):
    iro = unscored_entry(scored)

    page = read(scored, "lock")

    assert f"Nobody has scored an entry of the register: {iro.code}" in page
    assert "Lock tiers" not in page


def test_the_lock_names_topics_without_a_tier_and_entries_without_a_value(scored):
    expert = scored.organisation.memberships.get(user__username="erin").user
    iro = unscored_entry(scored)
    actions.assign_iros(assessment=scored, codes=[iro.code], experts=[expert], by=None)
    marks = dict.fromkeys(("scale", "scope", "irremediability", "likelihood"))
    actions.score_iro(iro=iro, expert=expert, marks=marks, reason="Cannot tell")

    page = read(scored, "lock")

    assert f"no value follows: {iro.code}" in page
    assert "so in no tier: Ethics" in page


def test_a_round_with_a_survey_is_warned_of_neither():
    assessment = sealed_round()
    make_user("owner", assessment.organisation)

    assert "in no tier" not in read(assessment, "lock")


def test_an_expert_reads_no_value_of_a_topic_before_all_have_scored(scored):
    late = make_user("late", scored.organisation, "reviewer")
    actions.assign_iros(assessment=scored, codes=["IRO-001"], experts=[late], by=None)

    for page in ("results", "overview", "lock", "review"):
        text = read(scored, page, user="late")
        assert "4.50" not in text
        assert "Highly material" not in text
    assert "IRO-001" in read(scored, "results", user="late")


def test_the_list_of_rounds_says_whose_turn_it_is(scored):
    ready = page_of(signed_in("owner").get("/a/?lang=en"))
    unscored_entry(scored)

    waiting = page_of(signed_in("owner").get("/a/?lang=en"))

    assert "Score and decide" in ready
    assert "Experts who score" in waiting


def test_the_program_gets_the_same_sentence_and_then_the_same_numbers(scored):
    owner = signed_in("owner")
    path = f"/api/v1/assessments/{scored.pk}/results/"
    there = owner.get(path)
    iro = unscored_entry(scored)

    missing = owner.get(path, headers={"accept-language": "en"})

    assert there.status_code == 200
    assert missing.status_code == 409
    assert iro.code in missing.content.decode()


def test_the_list_of_rounds_needs_no_more_queries_for_more_rounds_of_experts(
    scored, django_assert_max_num_queries
):
    owner = signed_in("owner")
    with CaptureQueriesContext(connection) as queries:
        owner.get("/a/")
    scored_alone(year="2027")
    scored_alone(year="2028")

    with django_assert_max_num_queries(len(queries)):
        page = page_of(owner.get("/a/?lang=en"))

    assert page.count("Score and decide") >= 3


def test_an_expert_who_left_holds_no_result_back(scored):
    late = make_user("late", scored.organisation)
    actions.assign_iros(assessment=scored, codes=["IRO-001"], experts=[late], by=None)
    waiting = read(scored, "results")
    scored.organisation.memberships.filter(user=late).delete()

    there = read(scored, "results")

    assert "waits for a score of who was asked: IRO-001" in waiting
    assert "Experts who scored" in there


def test_a_round_that_experts_scored_is_not_deleted(scored):
    owner, path = signed_in("owner"), reverse("materiality:settings", args=[scored.pk])

    page = read(scored, "settings")
    answered = owner.post(f"{path}?lang=en", {"act": "delete", "sure": "1"})

    assert "Delete the draft" not in page
    with pytest.raises(RoundStands, match=r"An expert has scored|已有专家"):
        actions.delete_round(assessment=scored, by=None)
    assert answered.status_code == 409
    assert Assessment.objects.get(pk=scored.pk).deleted_at is None


def test_a_round_that_nobody_scored_yet_can_still_be_deleted():
    assessment = empty_alone()
    make_user("owner", assessment.organisation)
    unscored_entry(assessment)

    page = read(assessment, "settings")
    actions.delete_round(assessment=assessment, by=None)

    assert "No questionnaire is published and no expert has scored" in page
