"""The first page comes with the consent in its address; nothing is stored before its answers."""

import re
from datetime import datetime
from urllib.parse import urlencode

import pytest
from django.test import Client

from surveys.actions import answer, drafts
from surveys.actions.publish import close
from surveys.models import Intake, Invitation, Mode
from surveys.views import questions
from surveys.visit.bots import read_form
from tests.builders import consent_of, invitation_of, make_link, make_survey
from tests.markup import page_of

pytestmark = pytest.mark.django_db


def first_page(visitor: Client, token: str, number: int = 1) -> tuple[str, dict[str, str]]:
    """Press “Agree and start”; return the address of the first page, and its form filled in."""
    landing = read_form(page_of(visitor.get(f"/r/{token}/")))
    assert landing.method == "get"
    address = f"/r/{token}/{landing.action}?" + urlencode({"consent": landing.consent})
    form = read_form(page_of(visitor.get(address)))
    return address, form.values | dict.fromkeys(form.questions, "4")


def test_agreeing_shows_the_questions_and_stores_nothing(visitor, token):
    _address, form = first_page(visitor, token)

    assert sum(name[0] == "q" for name in form) == 7
    assert not Intake.objects.exists()


def test_the_first_answers_begin_with_the_consent_they_came_with(survey, visitor, token):
    address, form = first_page(visitor, token)

    response = visitor.post(address, form)

    intake = Intake.objects.get()
    assert response["Location"] == f"/r/{token}/2/"
    assert list(intake.contents.ratings.values()) == [4] * 7
    assert intake.consent == consent_of(survey, "en")
    assert intake.survey_version == 1


def test_a_save_in_between_begins_too(visitor, token):
    address, form = first_page(visitor, token)
    name = next(name for name in form if name[0] == "q")

    saved = visitor.post(address, {name: "2", "seen": form["seen"], "autosave": "1"})
    visitor.post(address, form)

    assert saved.status_code == 204
    assert list(Intake.objects.get().contents.ratings.values()) == [4] * 7


def test_the_control_answers_without_what_was_seen_begin_nothing(visitor, token):
    address, form = first_page(visitor, token)

    for sent in (form | {"seen": ""}, form | {"seen": "x-1"}):
        assert visitor.post(address, sent)["Location"] == f"/r/{token}/"
    assert visitor.post(f"/r/{token}/1/?consent=other", form)["Location"] == f"/r/{token}/"
    assert not Intake.objects.exists()


def test_two_tabs_that_begin_at_once_lose_no_answer(visitor, token, monkeypatch):
    address, form = first_page(visitor, token)
    first, second = [name for name in form if name[0] == "q"][:2]
    begin = drafts.begin

    def begin_later(*facts):
        monkeypatch.setattr(answer, "begin", begin)
        visitor.post(address, {second: "2", "seen": form["seen"], "autosave": "1"})
        return begin(*facts)

    monkeypatch.setattr(answer, "begin", begin_later)
    visitor.post(address, {first: "1", "seen": form["seen"], "autosave": "1"})

    assert sorted(Intake.objects.get().contents.ratings.values()) == [1, 2]


def test_the_clock_runs_since_the_page_was_shown(visitor, token, monkeypatch):
    address, form = first_page(visitor, token)
    shown = int(form["seen"].split("-")[1])
    monkeypatch.setattr(questions.time, "time", lambda: shown + 95.0)

    visitor.post(address, form)

    assert Intake.objects.get().begun == shown
    assert abs(datetime.now().timestamp() - shown) < 60


@pytest.mark.parametrize("seen", ["1-0", "1-999999999999", "9999-1"])
def test_nobody_began_in_the_future_or_long_ago_nor_with_unwritten_words(visitor, token, seen):
    address, form = first_page(visitor, token)
    now = datetime.now().timestamp()

    visitor.post(address, form | {"seen": seen})

    intake = Intake.objects.get()
    assert now - questions.LONGEST_SEEN - 60 < intake.begun < now + 60
    assert intake.survey_version == 1


def test_who_had_declined_and_begins_is_invited_again(visitor, token):
    answer.decline(token)
    address, form = first_page(visitor, token)

    visitor.post(address, form)

    assert invitation_of(token).state == Invitation.State.INVITED
    assert Intake.objects.exists()


def test_answers_after_the_closing_begin_nothing(survey, visitor, token):
    address, form = first_page(visitor, token)
    close(survey)

    assert visitor.post(address, form).status_code == 409
    assert not Intake.objects.exists()


def test_a_refused_first_page_keeps_what_was_chosen_and_can_be_sent_again(visitor, token):
    address, form = first_page(visitor, token)
    name = next(name for name in form if name[0] == "q")

    refused = visitor.post(address, form | {name: "9"})

    assert refused.status_code == 400
    again = read_form(page_of(refused))
    assert again.values["seen"] == form["seen"]
    assert sum(value == "4" for value in again.values.values()) == 6
    assert visitor.post(address, again.values).status_code == 302
    assert len(Intake.objects.get().contents.ratings) == 6


def test_the_language_of_the_link_goes_along(visitor, token):
    landing = read_form(page_of(visitor.get(f"/r/{token}/?lang=zh-hans")))

    assert landing.values["lang"] == "zh-hans"


@pytest.mark.parametrize(
    "options", [{"mode": Mode.NAMED}, {"topics": 40, "most_ratings": 20}], ids=["named", "part"]
)
def test_a_box_to_tick_or_a_part_to_draw_is_stored_by_the_button(visitor, options):
    survey = make_survey(**options)
    token = make_link(survey)

    page = page_of(visitor.get(f"/r/{token}/"))
    beside = visitor.get(f"/r/{token}/1/?consent={consent_of(survey)}")

    assert read_form(page).method == "post"
    assert beside["Location"] == f"/r/{token}/"
    assert re.search('<button[^>]*value="decline"', page)


def test_only_the_first_page_is_shown_before_anything_is_stored(survey, visitor, token):
    for path in ("1/", "2/", f"2/?consent={consent_of(survey)}", "1/?consent=other"):
        assert visitor.get(f"/r/{token}/{path}")["Location"] == f"/r/{token}/"
