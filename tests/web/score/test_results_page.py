"""The results page as people without JavaScript use it: plain forms, plain links."""

import re

import pytest

from materiality import actions
from materiality.locking import snapshots
from materiality.locking.snapshots import results_for
from materiality.models import Assessment, Decision
from tests.markup import page_of
from tests.rounds import STEADY, answer, ask, make_round, make_user
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db
WEIGHTS = {"y:employees": 10, "y:customers": 20, "y:regulators": 70, "x:panel": 50}
CHOSEN = {("employees", "stakeholder"): 37.5}


def url(assessment, page="results"):
    return f"/a/{assessment.pk}/{page}/"


def text(answered) -> str:
    return page_of(answered)


def row_of(page: str, code: str) -> str:
    return re.search(rf'<tr data-code="{code}".*?</tr>', page, re.S)[0]


def effect_of(page: str) -> str:
    return re.search(r'id="effect"[^>]*>([^<]*)<', page)[1]


def fields_of(page: str, form: str) -> dict[str, str]:
    """Return what the browser would send of the form with this id."""
    sent = {}
    written = page.split(f'id="{form}"')[1].split("</form>")[0]
    for tag in re.findall(r"<(?:input|select)[^>]*>", written):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            sent[name[1]] = value[1] if value else ""
    return sent


def decisions(assessment, **changes):
    """Return the decisions form as it stands, with these changes."""
    results = results_for(Assessment.objects.get(pk=assessment.pk))
    sent = {"version": Assessment.objects.get(pk=assessment.pk).version}
    for topic in results.topics:
        sent |= {f"tier:{topic.code}": topic.tier or "", f"reason:{topic.code}": topic.reason}
        sent[f"reason:{topic.code}:en"] = topic.reasons.get("en", "")
    return sent | changes


def test_the_table_shows_the_scores_of_the_results(assessment, owner):
    results = results_for(assessment).topic("privacy")

    row = row_of(text(owner.get(url(assessment))), "privacy")

    for value in (results.x, results.y, results.overall):
        assert f"{value:.2f}" in row


def test_other_weights_are_tried_by_address_and_saved_nowhere(assessment, owner):
    tried = {"y:employees": 100, "y:customers": 0, "y:regulators": 0, "x:panel": 50}

    page = text(owner.get(url(assessment), tried | {"lang": "en"}))

    assert ">4.50<" in row_of(page, "privacy")  # by hand: the mean of 5,5,5,4,4,4
    assert effect_of(page) == "Positions move, no tier changes."
    assert results_for(assessment).topic("privacy").y == pytest.approx(4.5)
    untouched = text(owner.get(url(assessment), {"lang": "en"}))
    assert effect_of(untouched) == "Same as the saved weights."


def test_the_effect_of_weights_is_said_in_words(assessment, owner):
    """privacy: employees 4.5, customers 4, regulators 5; impact 4.5; cut 4.4."""
    actions.set_rule(assessment=assessment, by=None, cut_high=4.4, reason="Stricter")
    towards_customers = {"y:employees": 0, "y:customers": 50, "y:regulators": 0, "x:panel": 50}

    page = text(owner.get(url(assessment), towards_customers | {"lang": "en"}))

    assert effect_of(page) == "1 would change tier: Privacy"


def test_one_groups_view_leaves_the_vertical_weights_aside(assessment, owner):
    page = text(owner.get(url(assessment), {"view": "customers", "lang": "en"}))

    assert effect_of(page) == "Only: Customers. Vertical weights do not apply."
    assert ">4.00<" in row_of(page, "privacy")


def test_zero_weights_on_an_axis_are_refused_with_a_sentence(assessment, owner):
    nothing = {"y:employees": 0, "y:customers": 0, "y:regulators": 0, "x:panel": 50}

    page = text(owner.get(url(assessment), nothing | {"lang": "en"}))

    assert "At least one weight must be above 0." in page


def test_saved_weights_are_the_ones_scored_with(assessment, owner):
    sent = WEIGHTS | {"version": assessment.version, "reason": "Regulators matter most"}

    owner.post(url(assessment, "results/weights"), sent)

    weighted = results_for(Assessment.objects.get(pk=assessment.pk)).topic("privacy").y
    assert weighted == pytest.approx(0.1 * 4.5 + 0.2 * 4 + 0.7 * 5)


def test_weights_change_after_results_only_with_a_reason_and_what_was_entered_stays(
    assessment, owner
):
    sent = WEIGHTS | {"version": assessment.version, "reason": ""}
    answered = owner.post(url(assessment, "results/weights") + "?lang=en", sent)

    assert answered.status_code == 409
    assert "Say why" in text(answered)
    assert fields_of(text(answered), "try")["y:regulators"] == "70"
    assert results_for(Assessment.objects.get(pk=assessment.pk)).topic("privacy").y == 4.5


def test_the_form_shows_the_weights_that_were_saved(assessment, owner):
    actions.weigh(assessment=assessment, weights=CHOSEN, by=None, reason="Tried")

    assert fields_of(text(owner.get(url(assessment))), "try")["y:employees"] == "37.5"


def test_a_fresh_round_shows_equal_weights_in_the_middle_of_the_slider(assessment, owner):
    sent = fields_of(text(owner.get(url(assessment))), "try")

    assert {sent["y:employees"], sent["y:customers"], sent["y:regulators"]} == {"50"}


@pytest.mark.parametrize("number", ["-1", "1000", "nan", "inf", "many", ""])
def test_a_weight_that_is_no_weight_is_refused_and_nothing_is_saved(assessment, owner, number):
    sent = {"y:employees": number, "y:customers": 1, "y:regulators": 1, "x:panel": 1}

    answered = owner.post(url(assessment, "results/weights"), sent)

    assert answered.status_code == 200
    assert 'role="alert"' in text(answered)
    assert Assessment.objects.get(pk=assessment.pk).version == assessment.version


def test_a_tier_that_differs_needs_a_reason_and_what_was_entered_stays(assessment, owner):
    sent = decisions(assessment, **{"tier:energy": 1, "reason:privacy": "Discussed at length"})

    answered = owner.post(url(assessment) + "?lang=en", sent)

    assert answered.status_code == 200
    row = row_of(text(answered), "energy")
    assert "Differs from the suggestion: give a reason" in row
    assert 'aria-invalid="true"' in row
    assert '<option value="1" selected>' in row
    assert "Discussed at length" in text(answered)
    assert not Decision.objects.exists()


def test_a_decision_with_its_reason_is_kept(assessment, owner):
    sent = decisions(assessment, **{"tier:energy": 1, "reason:energy": "The board wants it"})

    assert owner.post(url(assessment), sent).status_code == 302

    decision = Decision.objects.get()
    assert (decision.topic.code, decision.tier, decision.reason, decision.decided_by.username) == (
        "energy",
        1,
        "The board wants it",
        "owner",
    )


def test_what_follows_the_suggestion_is_no_decision(assessment, owner):
    owner.post(url(assessment), decisions(assessment))

    assert not Decision.objects.exists()


def test_a_reviewer_decides_but_cannot_lock(assessment):
    reviewer = signed_in("reviewer")

    page = text(reviewer.get(url(assessment)))

    assert 'form="decide"' in page
    assert 'name="lock"' not in page
    assert reviewer.post(url(assessment, "lock")).status_code == 403


def test_a_viewer_sees_no_form_that_writes(assessment):
    page = text(signed_in("viewer").get(url(assessment)))

    assert "csrfmiddlewaretoken" not in page
    assert "<select name=" not in page


def test_the_second_of_two_reviewers_gets_a_conflict(assessment, owner):
    sent = decisions(assessment, **{"tier:energy": 1, "reason:energy": "First"})
    signed_in("reviewer").post(url(assessment), sent)

    answered = owner.post(url(assessment), sent | {"reason:energy": "Second"})

    assert answered.status_code == 409
    assert Decision.objects.get().reason == "First"


def test_lock_saves_the_decisions_asks_once_and_then_locks(assessment, owner):
    sent = decisions(assessment, **{"tier:energy": 1, "reason:energy": "Wanted", "lock": ""})

    asked = owner.post(url(assessment), sent)
    assert asked.url == url(assessment, "lock")
    assert not Assessment.objects.get(pk=assessment.pk).is_locked

    owner.post(asked.url)
    assert Assessment.objects.get(pk=assessment.pk).is_locked
    assert results_for(Assessment.objects.get(pk=assessment.pk)).topic("energy").tier == 1


def test_a_locked_round_is_shown_but_takes_nothing(locked, owner):
    page = text(owner.get(url(locked) + "?lang=en"))

    assert "This page only shows what was decided." in page
    assert "<select name=" not in page
    assert owner.post(url(locked), decisions(locked)).status_code == 409
    weights = {"y:employees": 1, "y:customers": 1, "y:regulators": 1, "x:panel": 1}
    assert owner.post(url(locked, "results/weights"), weights).status_code == 409
    assert owner.post(url(locked, "lock")).status_code == 409


def test_a_locked_round_can_still_be_looked_at_under_other_weights(locked, owner):
    tried = {"y:employees": 0, "y:customers": 50, "y:regulators": 0, "x:panel": 50}

    assert ">4.00<" in row_of(text(owner.get(url(locked), tried)), "privacy")


def test_the_page_says_what_is_awaited_while_answers_are_not_sealed(db):
    assessment = make_round()
    for survey in ask(assessment):
        answer(survey, STEADY)
    make_user("owner", assessment.organisation)

    answered = signed_in("owner").get(url(assessment), {"lang": "en"})

    assert answered.status_code == 200
    assert "not sealed yet" in text(answered)
    assert "4.50" not in text(answered)


def test_a_topic_is_selected_by_its_link(assessment, owner):
    page = text(owner.get(url(assessment), {"topic": "safety", "lang": "en"}))

    detail = page.split('id="detail"')[1].split("</section>")[0]
    assert "Safety" in detail
    assert 'class="sel"' in row_of(page, "safety")[:60]


def test_an_unknown_topic_or_view_in_the_address_shows_the_usual_page(assessment, owner):
    answered = owner.get(url(assessment), {"topic": "nothing", "view": "nobody"})

    assert answered.status_code == 200


def test_the_matrix_alone_is_what_the_page_shows(assessment, owner):
    tried = {"y:employees": 0, "y:customers": 50, "y:regulators": 0, "x:panel": 50}

    alone = text(owner.get(url(assessment, "results/matrix"), tried))

    assert alone.startswith("<svg")
    assert alone in text(owner.get(url(assessment), tried))


def test_pooled_groups_are_named_and_their_own_means_appear_nowhere(db):
    """regulators: 2 people, so pooled with the smallest other group, customers, of 6."""
    from tests.rounds import sealed_round

    ratings = STEADY | {"regulators": [[1, 1, 2, 1]] * 2}
    assessment = sealed_round(ratings)
    make_user("owner", assessment.organisation)

    page = text(signed_in("owner").get(url(assessment), {"lang": "en"}))

    assert "pooled with the smallest other" in page
    assert "y:regulators" not in page
    assert '"code": "regulators"' not in page


def test_the_lock_page_will_not_lock_what_lacks_a_reason(assessment, owner):
    snapshots.lock(assessment=assessment, by=None)
    following = make_round(year="2021", previous=Assessment.objects.get(pk=assessment.pk))
    for survey in ask(following):
        answer(survey, STEADY)
    from tests.rounds import close_and_seal

    for survey in following.surveys.all():
        close_and_seal(survey)
    gone = following.successions.get(before__code="ethics")
    gone.delete()

    page = text(owner.get(url(following, "lock") + "?lang=en"))

    assert "need a reason" in page
    assert owner.post(url(following, "lock")).status_code == 409


def test_the_heat_map_shows_every_units_mean_on_every_topic(assessment, owner):
    page = text(owner.get(url(assessment), {"lang": "en"})).split('class="t heat"')[1]

    cells = re.search(r"Privacy</th>(.*?)</tr>", page)[1]
    # Employees, customers, regulators; then the panel: by hand from the ratings.
    assert re.findall(r">([\d.]+)<", cells) == ["4.50", "4.00", "5.00", "4.50"]


def test_a_region_is_drawn_for_every_topic_and_hidden_by_the_sheet(assessment, owner):
    page = text(owner.get(url(assessment)))
    content = text(owner.get(url(assessment), {"shown": 1, "ellipses": "on"}))

    drawn = len([topic for topic in results_for(assessment).topics if topic.ellipse])
    assert drawn
    assert page.count("data-of=") == 2 * drawn  # for the screen and for the phone
    assert 'class="fig screen"' in page
    assert 'class="fig screen ells"' in content
