"""A second person stands for the results before they are frozen."""

import re

import pytest

from materiality import actions
from materiality.archive import tables
from materiality.locking.verification import faults_of
from materiality.models import Approval, Assessment
from surveys.models import Role
from tests.alone import scored_alone
from tests.rounds import make_user
from tests.web.conftest import signed_in
from tests.web.score.test_results_page import text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched(assessment) -> Assessment:
    """A round that a second person must approve, last changed by its editor."""
    Assessment.objects.filter(pk=assessment.pk).update(four_eyes=True)
    actions.weigh(
        assessment=assessment,
        weights={("employees", "stakeholder"): 2},
        by=assessment.organisation.memberships.get(role="editor").user,
        reason="More of them answered",
    )
    return Assessment.objects.get(pk=assessment.pk)


def approval_form(page: str, **changes) -> dict[str, str]:
    form = page.split("/lock/approve/")[1].split("</form>")[0]
    hidden = dict(re.findall(r'name="(version|digest)" value="([^"]*)"', form))
    empty = {"comment:zh-hans": "", "comment:en": ""}
    return hidden | {"verdict": "approved"} | empty | changes


def test_the_lock_page_waits_for_a_second_person(watched, owner):
    page = text(owner.get(url(watched, "lock") + "?lang=en"))

    assert "Awaited" in page
    assert f'action="{url(watched, "lock")}"' not in page
    assert owner.post(url(watched, "lock")).status_code == 409
    assert not Assessment.objects.get(pk=watched.pk).is_locked


def test_a_reviewer_approves_and_the_owner_locks(watched, owner):
    reviewer = signed_in("reviewer")
    page = text(reviewer.get(url(watched, "lock")))

    assert reviewer.post(url(watched, "lock/approve"), approval_form(page)).status_code == 302

    assert "Approved" in text(owner.get(url(watched, "lock") + "?lang=en"))
    owner.post(url(watched, "lock"))
    assert Assessment.objects.get(pk=watched.pk).is_locked


def test_who_made_the_last_change_cannot_approve_it(watched):
    editor = signed_in("editor")
    page = text(editor.get(url(watched, "lock")))

    answered = editor.post(url(watched, "lock/approve") + "?lang=en", approval_form(page))

    assert answered.status_code == 409
    assert "somebody else has to approve" in text(answered)
    assert not Approval.objects.exists()


def test_an_approval_no_longer_holds_when_the_results_change(watched, owner):
    reviewer = signed_in("reviewer")
    page = text(reviewer.get(url(watched, "lock")))
    reviewer.post(url(watched, "lock/approve"), approval_form(page))
    actions.weigh(
        assessment=watched, weights={("employees", "stakeholder"): 3}, by=None, reason="Again"
    )

    page = text(owner.get(url(watched, "lock") + "?lang=en"))

    assert "for earlier results: no longer holds" in page
    assert "Awaited" in page


def test_results_that_changed_since_they_were_looked_at_are_not_approved(watched):
    reviewer = signed_in("reviewer")
    page = text(reviewer.get(url(watched, "lock")))
    actions.weigh(
        assessment=watched, weights={("employees", "stakeholder"): 3}, by=None, reason="Again"
    )

    answered = reviewer.post(url(watched, "lock/approve"), approval_form(page))

    assert answered.status_code == 409
    assert not Approval.objects.exists()


def test_asking_for_changes_needs_words(watched):
    reviewer = signed_in("reviewer")
    page = text(reviewer.get(url(watched, "lock")))
    ask = {"verdict": "changes_requested"}

    assert (
        reviewer.post(url(watched, "lock/approve"), approval_form(page, **ask)).status_code == 409
    )
    ask |= {"comment:en": "Look at energy again"}
    reviewer.post(url(watched, "lock/approve"), approval_form(page, **ask))

    assert "Look at energy again" in text(reviewer.get(url(watched, "lock")))


def test_a_comment_is_read_in_each_language_and_marked_where_it_has_only_one(watched):
    reviewer = signed_in("reviewer")
    page = text(reviewer.get(url(watched, "lock")))
    said = {"comment:zh-hans": "已核对", "comment:en": "Checked"}
    reviewer.post(url(watched, "lock/approve"), approval_form(page, **said))

    dossier = f"/a/{watched.pk}/topics/privacy/dossier/"
    for address in (url(watched, "lock"), dossier):
        assert "Checked" in text(reviewer.get(address + "?lang=en"))
        assert "已核对" not in text(reviewer.get(address + "?lang=en"))
        assert "已核对" in text(reviewer.get(address + "?lang=zh-hans"))
    [row] = tables.approvals(watched)
    assert (row["comment_zh"], row["comment_en"]) == ("已核对", "Checked")
    assert not list(faults_of(Assessment.objects.get(pk=watched.pk)))

    page = text(reviewer.get(url(watched, "lock")))
    only = {"verdict": "changes_requested", "comment:zh-hans": "请再看能源"}
    reviewer.post(url(watched, "lock/approve"), approval_form(page, **only))

    shown = text(reviewer.get(url(watched, "lock") + "?lang=en"))
    assert '<span lang="zh-hans">[中文] 请再看能源</span>' in shown
    assert "[中文]" not in text(reviewer.get(url(watched, "lock") + "?lang=zh-hans"))


def test_the_overview_says_decide_then_approve_then_lock(watched, owner):
    shown = text(owner.get(f"/a/{watched.pk}/?lang=en"))

    assert "Then a second person approves them, and the round is locked." in shown
    assert "decide the tiers, then lock" not in shown
    Assessment.objects.filter(pk=watched.pk).update(four_eyes=False)
    assert "decide the tiers, then lock" in text(owner.get(f"/a/{watched.pk}/?lang=en"))


def test_who_was_asked_to_approve_is_led_to_it_and_others_see_for_whom_it_waits(watched, owner):
    members = watched.organisation.memberships
    asked_for = members.get(role="reviewer").user
    actions.ask_approval(assessment=watched, approver=asked_for, by=members.get(role="owner").user)
    path = f"/a/{watched.pk}/?lang=en"

    there, here = text(signed_in("reviewer").get(path)), text(owner.get(path))

    assert "You were asked to approve the results." in there
    assert "The results wait for approval by reviewer." in here
    assert "decide the tiers" not in there + here
    assert "Ready to lock" not in there + here

    reviewer = signed_in("reviewer")
    page = text(reviewer.get(url(watched, "lock")))
    reviewer.post(url(watched, "lock/approve"), approval_form(page))
    approved = text(owner.get(path))
    assert "approved the results: they can be locked" in approved
    assert "Ready to lock" in approved


def test_no_mail_is_promised_where_nobody_else_can_be_written_to(watched, owner):
    page, words = url(watched, "lock") + "?lang=en", "They get a mail"
    before = text(owner.get(page))
    watched.organisation.memberships.filter(role="reviewer").delete()

    after = text(owner.get(page))

    assert words in before
    assert words not in after
    assert "Nobody else of the organisation can approve yet." in after


def test_a_round_with_a_topic_in_no_tier_is_not_called_ready(owner):
    assessment = scored_alone(four_eyes=True)
    reviewer = make_user("checker", assessment.organisation, Role.REVIEWER)
    actions.approve(assessment=assessment, by=reviewer)

    page = text(signed_in("checker").get(f"/a/{assessment.pk}/?lang=en"))

    assert "approved the results." in page
    assert "in no tier" in page
    assert "can be locked" not in page
    assert "Ready to lock" not in page


def test_an_owner_lifts_the_rule_only_with_a_reason(watched, owner):
    sent = {"version": watched.version, "reason": ""}

    assert owner.post(url(watched, "lock/second-person"), sent).status_code == 409
    assert Assessment.objects.get(pk=watched.pk).four_eyes

    owner.post(url(watched, "lock/second-person"), sent | {"reason": "A team of one"})
    assert not Assessment.objects.get(pk=watched.pk).four_eyes


def test_saved_weights_are_listed_with_author_and_reason_and_can_be_tried_again(watched, owner):
    page = text(owner.get(url(watched)))

    saved = page.split('class="sets"')[1]
    assert "editor" in saved
    assert "More of them answered" in saved
    assert "y%3Aemployees=2" in saved
