"""The respondent pages around the questions, by their addresses."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from surveys.actions.invite import revoke
from surveys.actions.publish import close
from surveys.actions.seal import seal
from surveys.models import Intake, Invitation, Mode
from surveys.visit.bots import read_form
from tests.builders import consent_of, invitation_of, make_link, make_survey
from tests.markup import page_of
from tests.surveys.conftest import page_ratings, text_of

pytestmark = pytest.mark.django_db
ZH = {"accept-language": "zh-CN"}


# ---- facts and consent ----


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        (ZH, ["约 3 分钟，14 个议题", "自动保存，可用同一链接继续", "同意并开始", "谢绝参加"]),
        ({"accept-language": "en"}, ["About 3 minutes, 14 topics", "Agree and start", "Decline",
                                     "Automatic. Use the same link to come back"]),
    ],
)  # fmt: skip
def test_the_landing_page_says_what_it_takes(token, headers, words):
    page = text_of(Client(headers=headers).get(f"/r/{token}/"))

    assert all(word in page for word in words)


def test_the_landing_page_shows_the_consent_and_contact_of_this_survey(survey, visitor, token):
    page = text_of(visitor.get(f"/r/{token}/"))

    assert all(line in page for line in survey.consent["en"].splitlines())
    assert consent_of(survey, "en") in page
    assert "CSR office, csr@example.com" in page


def test_minutes_are_left_out_when_they_would_be_many(visitor):
    survey = make_survey(topics=80, most_ratings=80)  # 80 × 8 s + 30 s is more than ten minutes

    page = text_of(visitor.get(f"/r/{make_link(survey)}/"))

    assert "minute" not in page
    assert "80 topics" in page


def test_a_named_survey_asks_for_consent_by_an_unticked_box(visitor):
    survey = make_survey(mode=Mode.NAMED)
    token = make_link(survey)

    page = text_of(visitor.get(f"/r/{token}/"))
    refused = visitor.post(f"/r/{token}/", {})

    assert re.search(r'<input type="checkbox" name="consent"[^>]*required', page)
    assert "checked" not in page
    assert refused.status_code == 400
    assert "Agree to how your answers are used" in text_of(refused)


def test_agreeing_leads_to_the_first_page(survey, visitor, token):
    response = visitor.post(f"/r/{token}/", {"consent": consent_of(survey)})

    assert response["Location"] == f"/r/{token}/1/"
    assert Intake.objects.get().consent == consent_of(survey)


def test_who_comes_back_goes_on_where_they_stopped(survey, visitor, begun):
    visitor.post(f"/r/{begun}/1/", page_ratings(visitor, begun))

    page = text_of(visitor.get(f"/r/{begun}/"))

    assert "Continue, 7 of 14 answered" in page
    assert f'href="/r/{begun}/2/"' in page


def test_who_has_submitted_comes_back_to_the_thanks(visitor, begun):
    visitor.post(f"/r/{begun}/end/", {"comment": ""})

    assert visitor.get(f"/r/{begun}/")["Location"] == f"/r/{begun}/done/"


def test_declining_is_noted_and_can_be_undone(survey, visitor, token):
    page = text_of(visitor.post(f"/r/{token}/", {"go": "decline"}))

    assert "Noted. We will not remind you again." in page
    assert invitation_of(token).state == Invitation.State.DECLINED
    assert visitor.post(f"/r/{token}/", {"consent": consent_of(survey)}).status_code == 302


# ---- last words, thanks, withdrawal ----


def test_handing_in_ends_with_a_receipt_and_what_comes_next(visitor, begun):
    visitor.post(f"/r/{begun}/1/", page_ratings(visitor, begun))

    page = text_of(visitor.post(f"/r/{begun}/end/", {"comment": "Good work"}))

    intake = Intake.objects.get()
    assert (intake.submitted, intake.contents.comment) == (True, "Good work")
    assert intake.receipt in page
    assert "You rated 7 topics." in page
    assert "April" in page
    assert "Change my answers" in page


def test_pressing_submit_twice_hands_in_once(visitor, begun):
    form = read_form(page_of(visitor.get(f"/r/{begun}/end/")))
    words = form.values | {"comment": "Good"}

    visitor.post(f"/r/{begun}/end/", words)
    receipt = Intake.objects.get().receipt
    again = visitor.post(f"/r/{begun}/end/", words)

    assert receipt in text_of(again)
    assert Intake.objects.get().receipt == receipt


def last_page(visitor, token):
    """Return the last page's form, answered."""
    visitor.post(f"/r/{token}/1/", page_ratings(visitor, token))
    form = read_form(visitor.get(f"/r/{token}/2/").content.decode())
    return form.values | dict.fromkeys(form.questions, "3") | {"comment": "Good"}


def test_the_last_page_asks_for_last_words_and_is_handed_in(visitor, begun):
    page = visitor.post(f"/r/{begun}/2/", last_page(visitor, begun))

    intake = Intake.objects.get()
    assert page.status_code == 200
    assert intake.receipt in text_of(page)
    assert (intake.submitted, intake.contents.comment) == (True, "Good")
    assert len(intake.contents.ratings) == 14


def test_the_last_page_sent_twice_hands_in_once(visitor, begun):
    form = last_page(visitor, begun)
    visitor.post(f"/r/{begun}/2/", form)
    before = Intake.objects.values().get()

    again = visitor.post(f"/r/{begun}/2/", form)

    assert before["receipt"] in text_of(again)
    assert Intake.objects.get().contents.comment == "Good"
    other = visitor.post(f"/r/{begun}/2/", form | {"comment": "Bad"})  # control: not the same
    assert other.status_code == 409
    assert ">Bad</textarea>" in text_of(other)


def test_what_is_left_blank_on_the_last_page_is_pointed_out_once_and_nothing_is_lost(
    visitor, begun
):
    form = last_page(visitor, begun)
    blank = next(name for name in form if name.startswith("q"))
    del form[blank]

    asked = visitor.post(f"/r/{begun}/2/", form)
    page = text_of(visitor.get(asked["Location"]))

    assert not Intake.objects.get().submitted
    assert asked["Location"] == f"/r/{begun}/2/?unanswered=1"
    assert ">Good</textarea>" in page
    again = read_form(page)
    done = visitor.post(f"/r/{begun}/2/", again.values | {"comment": "Good"})
    assert Intake.objects.get().receipt in text_of(done)


@pytest.mark.parametrize(
    ("button", "leads_to"), [({"go": "back"}, "1/"), ({"lang": "zh-hans"}, "2/?lang=zh-hans")]
)
def test_another_button_of_the_last_page_saves_and_does_not_hand_in(
    visitor, begun, button, leads_to
):
    response = visitor.post(f"/r/{begun}/2/", last_page(visitor, begun) | button)

    assert response["Location"] == f"/r/{begun}/{leads_to}"
    intake = Intake.objects.get()
    assert (intake.submitted, intake.contents.comment) == (False, "Good")


def test_a_last_page_with_too_long_a_comment_comes_back_whole(visitor, begun):
    page = visitor.post(f"/r/{begun}/2/", last_page(visitor, begun) | {"comment": "x" * 501})

    assert page.status_code == 400
    assert "x" * 501 in text_of(page)
    assert text_of(page).count("checked") == 7


def test_a_script_is_given_the_next_page_once_its_answers_have_arrived(visitor, begun):
    reply = visitor.post(f"/r/{begun}/1/", page_ratings(visitor, begun) | {"script": "1"})

    assert (reply.status_code, reply["Content-Location"]) == (200, f"/r/{begun}/2/")
    assert (
        read_form(page_of(reply)).questions
        == read_form(page_of(visitor.get(f"/r/{begun}/2/"))).questions
    )
    last = visitor.post(f"/r/{begun}/2/", last_page(visitor, begun) | {"script": "1"})
    assert last["Content-Location"] == f"/r/{begun}/done/"
    assert Intake.objects.get().receipt in text_of(last)


def test_a_script_goes_itself_to_what_is_not_the_next_page(visitor, begun):
    form = page_ratings(visitor, begun) | {"script": "1"}

    switched = visitor.post(f"/r/{begun}/1/", form | {"lang": "zh-hans"})
    blank = visitor.post(f"/r/{begun}/2/", {"script": "1"})

    assert switched["Content-Type"] == blank["Content-Type"] == "text/plain"
    assert text_of(switched) == f"/r/{begun}/1/?lang=zh-hans"
    assert text_of(blank) == f"/r/{begun}/2/?unanswered=1"


def test_the_same_form_with_other_words_is_a_conflict_and_the_words_stay(visitor, begun):
    form = read_form(page_of(visitor.get(f"/r/{begun}/end/")))
    visitor.post(f"/r/{begun}/end/", form.values | {"comment": "Good"})

    response = visitor.post(f"/r/{begun}/end/", form.values | {"comment": "Bad"})

    assert response.status_code == 409
    assert "The first one is kept" in text_of(response)
    assert ">Bad</textarea>" in text_of(response)
    assert Intake.objects.get().contents.comment == "Good"


def test_a_comment_too_long_comes_back_whole(visitor, begun):
    response = visitor.post(f"/r/{begun}/end/", {"comment": "x" * 501})

    assert response.status_code == 400
    assert "x" * 501 in text_of(response)
    assert "501 characters" in text_of(response)


@pytest.mark.parametrize(
    ("button", "leads_to"), [({"go": "back"}, "2/"), ({"lang": "zh-hans"}, "end/?lang=zh-hans")]
)
def test_leaving_the_last_page_keeps_the_comment(visitor, begun, button, leads_to):
    response = visitor.post(f"/r/{begun}/end/", {"comment": "Half a"} | button)

    assert response["Location"] == f"/r/{begun}/{leads_to}"
    assert "Half a" in text_of(visitor.get(f"/r/{begun}/end/"))
    assert not Intake.objects.get().submitted


def test_withdrawing_asks_first_and_then_erases(visitor, begun):
    asked = text_of(visitor.get(f"/r/{begun}/withdraw/"))
    assert Intake.objects.exists()

    page = text_of(visitor.post(f"/r/{begun}/withdraw/", {"go": "withdraw"}))

    assert "Withdraw my answers?" in asked
    assert "Your answers are deleted" in page
    assert not Intake.objects.exists()


# ---- closed, unknown, not yet ----


def test_an_unknown_and_a_revoked_link_get_the_same_page(visitor, token):
    revoke(invitation_of(token))
    unknown = "A" * 24

    for path in ("", "1/", "end/", "done/", "withdraw/"):
        revoked_page = visitor.get(f"/r/{token}/{path}")
        unknown_page = visitor.get(f"/r/{unknown}/{path}")
        assert revoked_page.status_code == unknown_page.status_code == 404
        assert revoked_page.content == unknown_page.content
        assert dict(revoked_page.headers) == dict(unknown_page.headers)


def test_the_closed_page_says_how_much_counted(survey, visitor, begun):
    visitor.post(f"/r/{begun}/1/", page_ratings(visitor, begun))
    close(survey)

    page = text_of(visitor.get(f"/r/{begun}/1/"))

    assert "This survey has closed" in page
    assert "The 7 ratings you saved have been counted" in page


def test_what_is_posted_after_closing_is_refused_and_what_was_saved_stays(survey, visitor, begun):
    ratings = page_ratings(visitor, begun)
    close(survey)

    response = visitor.post(f"/r/{begun}/1/", ratings)

    assert response.status_code == 409
    assert "This survey has closed" in text_of(response)
    assert Intake.objects.get().contents.ratings == {}


def test_after_the_seal_every_page_of_a_link_says_closed(survey, visitor, begun):
    close(survey)
    seal(survey)

    for path in ("", "1/", "end/", "done/"):
        assert "This survey has closed" in text_of(visitor.get(f"/r/{begun}/{path}"))


def test_before_opening_the_page_names_the_day(visitor):
    survey = make_survey(opens_at=timezone.now() + timedelta(days=3))
    day = timezone.localtime(survey.opens_at)

    page = text_of(visitor.get(f"/r/{make_link(survey)}/"))

    assert f"This survey opens on {day.day} {day:%B %Y}. The same link opens it then." in page


# ---- receipts ----


def test_a_receipt_can_be_looked_up_once_the_answers_are_sealed(survey, visitor, begun):
    visitor.post(f"/r/{begun}/end/", {"comment": ""})
    receipt, address = Intake.objects.get().receipt, f"/s/{survey.slug}/receipt/"
    open_page = text_of(visitor.post(address, {"code": receipt}))
    close(survey)
    seal(survey)

    closed_page = text_of(visitor.get(f"/r/{begun}/"))
    counted = text_of(visitor.post(address, {"code": receipt.lower()}))
    unknown = text_of(visitor.post(address, {"code": "AAAA-AAAA"}))

    assert "Receipts can be checked once the survey has closed" in open_page
    assert address in closed_page
    assert "was counted." in counted
    assert "AAAA-AAAA is not among the receipts" in unknown
