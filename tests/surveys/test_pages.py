"""The respondent pages, by their addresses."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from surveys.actions import answer
from surveys.actions.invite import revoke
from surveys.actions.publish import close, publish
from surveys.actions.seal import seal
from surveys.bots import read_form
from surveys.models import Intake, Invitation, Mode
from tests.builders import both, consent_of, invitation_of, make_link, make_survey

pytestmark = pytest.mark.django_db
ZH = {"accept-language": "zh-CN"}
XSS = "<script>alert(1)</script>&amp;\u202e"


def text_of(response) -> str:
    return unescape(response.content.decode())


@pytest.fixture
def begun(survey, token):
    answer.start(token, consent_of(survey))
    return token


def chosen(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(q\d+)" id="[^"]+" value="(\w+)" checked', page))


def page_ratings(visitor, token, number=1, rating="4"):
    form = read_form(visitor.get(f"/r/{token}/{number}/").content.decode())
    return dict.fromkeys(form.asked, rating)


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


# ---- questions ----


def test_nothing_is_chosen_before_somebody_chooses(visitor, begun):
    assert chosen(text_of(visitor.get(f"/r/{begun}/1/"))) == {}


def test_pages_are_equally_long(visitor):
    survey = make_survey(topics=15)
    token = make_link(survey)
    answer.start(token, consent_of(survey))

    lengths = [len(page_ratings(visitor, token, number)) for number in (1, 2, 3)]

    assert lengths == [5, 5, 5]


def test_the_order_is_a_persons_own_and_stays(survey, visitor):
    tokens = [make_link(survey) for _person in range(5)]
    for token in tokens:
        answer.start(token, consent_of(survey))

    orders = {token: list(page_ratings(visitor, token)) for token in tokens}

    assert len({tuple(order) for order in orders.values()}) > 1
    assert all(list(page_ratings(visitor, token)) == orders[token] for token in tokens)


def test_items_of_a_block_stay_together(survey, visitor, begun):
    asked = [name for number in (1, 2) for name in page_ratings(visitor, begun, number)]
    blocks = dict(survey.questions.values_list("pk", "block"))

    run = [blocks[int(name[1:])] for name in asked]

    assert len([at for at in range(1, 14) if run[at] != run[at - 1]]) == 2  # three blocks


def test_what_was_chosen_is_kept_and_shown_again(visitor, begun):
    ratings = page_ratings(visitor, begun) | {}
    name = next(iter(ratings))
    visitor.post(f"/r/{begun}/1/", ratings | {name: "cannot_judge"})

    page = text_of(visitor.get(f"/r/{begun}/1/"))

    assert chosen(page) == ratings | {name: "cannot_judge"}
    assert '<span id="done">7</span> / 14 answered' in page


def test_blanks_are_pointed_out_once_a_page(visitor, begun):
    ratings = page_ratings(visitor, begun)
    blank = [ratings.popitem()[0], ratings.popitem()[0]]

    first = visitor.post(f"/r/{begun}/1/", ratings)
    page = text_of(visitor.get(first["Location"]))
    second = visitor.post(first["Location"], ratings | {"warned": "1"})

    assert first["Location"] == f"/r/{begun}/1/?unanswered=1"
    assert "2 topics are not answered" in page
    assert all(f'href="#{name}"' in page and f'id="{name}"' in page for name in blank)
    assert page.count("Not answered yet") == 2
    assert '<input type="hidden" name="warned"' in page
    assert second["Location"] == f"/r/{begun}/2/"


@pytest.mark.parametrize(
    ("number", "button", "leads_to"),
    [(1, {}, "2/"), (2, {}, "end/"), (2, {"go": "back"}, "1/"), (1, {"go": "back"}, ""),
     (1, {"lang": "zh-hans"}, "1/?lang=zh-hans")],
)  # fmt: skip
def test_every_button_keeps_the_answers_and_leads_on(visitor, begun, number, button, leads_to):
    ratings = page_ratings(visitor, begun, number)

    response = visitor.post(f"/r/{begun}/{number}/", ratings | button)

    assert response["Location"] == f"/r/{begun}/{leads_to}"
    assert len(Intake.objects.get().ratings) == 7


def test_the_switch_changes_the_language_and_loses_nothing(visitor, begun):
    ratings = page_ratings(visitor, begun)

    response = visitor.post(f"/r/{begun}/1/", ratings | {"lang": "zh-hans"})
    page = text_of(visitor.get(response["Location"]))

    assert "这些议题对您有多重要？" in page
    assert chosen(page) == ratings


def test_the_language_goes_along_without_a_cookie(visitor, begun):
    response = visitor.post(f"/r/{begun}/1/?lang=zh-hans", page_ratings(visitor, begun))

    assert response["Location"] == f"/r/{begun}/2/?lang=zh-hans"


@pytest.mark.parametrize("bad", ["6", "0", "five", "", "4 ", "１"])
def test_a_forged_rating_is_refused_and_what_was_entered_stays(visitor, begun, bad):
    ratings = page_ratings(visitor, begun)
    forged = next(iter(ratings))

    response = visitor.post(f"/r/{begun}/1/", ratings | {forged: bad})

    assert response.status_code == 400
    assert "is not a rating of" in text_of(response)
    assert chosen(text_of(response)) == {n: v for n, v in ratings.items() if n != forged}
    assert Intake.objects.get().ratings == {}


def test_a_question_of_another_survey_is_refused(visitor, begun):
    foreign = make_survey().questions.first()

    response = visitor.post(f"/r/{begun}/1/", {f"q{foreign.pk}": "4"})

    assert response.status_code == 400
    assert Intake.objects.get().ratings == {}


def test_the_audience_is_the_invitations_whatever_is_posted(db, visitor):
    survey = make_survey(audiences=("customers", "regulators"))
    token = make_link(survey, "customers")

    visitor.post(f"/r/{token}/", {"consent": consent_of(survey), "audience": "regulators"})

    assert Intake.objects.get().invitation.audience.code == "customers"


def test_saving_by_script_answers_without_a_page(visitor, begun):
    [name, *_others] = page_ratings(visitor, begun)

    response = visitor.post(f"/r/{begun}/1/", {name: "5", "autosave": "1"})

    assert (response.status_code, response.content) == (204, b"")
    assert list(Intake.objects.get().ratings.values()) == [5]


def test_two_tabs_keep_each_others_answers(visitor, begun):
    one, two, *_rest = page_ratings(visitor, begun)

    visitor.post(f"/r/{begun}/1/", {one: "1", "autosave": "1"})
    visitor.post(f"/r/{begun}/1/", {two: "2", "autosave": "1"})

    assert sorted(Intake.objects.get().ratings.values()) == [1, 2]


@pytest.mark.parametrize("path", ["1/", "2/", "end/", "done/", "withdraw/"])
def test_nobody_answers_before_agreeing(visitor, token, path):
    assert visitor.get(f"/r/{token}/{path}")["Location"] == f"/r/{token}/"


@pytest.mark.parametrize("path", ["1/", "end/"])
def test_nothing_posted_before_agreeing_is_kept(survey, visitor, token, path):
    question = survey.questions.first()

    response = visitor.post(f"/r/{token}/{path}", {f"q{question.pk}": "4"})

    assert response["Location"] == f"/r/{token}/"
    assert not Intake.objects.exists()


@pytest.mark.parametrize("number", [0, 3, 99])
def test_a_page_that_is_not_there_leads_to_the_first(visitor, begun, number):
    assert visitor.get(f"/r/{begun}/{number}/")["Location"] == f"/r/{begun}/1/"


def test_several_questions_on_a_topic_stand_together_four_topics_a_page(visitor):
    survey = make_survey(prompts=("importance", "impact"))
    token = make_link(survey)
    answer.start(token, consent_of(survey))

    page = text_of(visitor.get(f"/r/{token}/1/"))

    assert page.count("<section") == 4
    assert page.count("<fieldset") == 8
    assert "There are 2 questions on each topic." in page
    assert "/ 28 answered" in page


def test_a_hint_on_one_of_several_questions_stands_beside_it(visitor):
    survey = make_survey(prompts=("scale", "scope", "likelihood"), publish_it=False)
    survey.prompts.filter(code="scope").update(hint=both("想想范围。", "Think of how many people."))
    publish(survey)
    token = make_link(survey)
    answer.start(token, consent_of(survey))

    page = text_of(visitor.get(f"/r/{token}/1/"))

    assert page.count("Think of how many people.") == page.count("<section") == 3
    assert "There are no right answers." not in page  # said of all of them, it helps with none


# ---- last words, thanks, withdrawal ----


def test_handing_in_ends_with_a_receipt_and_what_comes_next(visitor, begun):
    visitor.post(f"/r/{begun}/1/", page_ratings(visitor, begun))

    response = visitor.post(f"/r/{begun}/end/", {"comment": "Good work"})
    page = text_of(visitor.get(response["Location"]))

    intake = Intake.objects.get()
    assert (intake.submitted, intake.comment) == (True, "Good work")
    assert intake.receipt in page
    assert "You rated 7 topics." in page
    assert "April" in page
    assert "Change my answers" in page


def test_pressing_submit_twice_hands_in_once(visitor, begun):
    form = read_form(visitor.get(f"/r/{begun}/end/").content.decode())
    words = form.values | {"comment": "Good"}

    visitor.post(f"/r/{begun}/end/", words)
    receipt = Intake.objects.get().receipt
    again = visitor.post(f"/r/{begun}/end/", words)

    assert again["Location"] == f"/r/{begun}/done/"
    assert Intake.objects.get().receipt == receipt


def test_the_same_form_with_other_words_is_a_conflict_and_the_words_stay(visitor, begun):
    form = read_form(visitor.get(f"/r/{begun}/end/").content.decode())
    visitor.post(f"/r/{begun}/end/", form.values | {"comment": "Good"})

    response = visitor.post(f"/r/{begun}/end/", form.values | {"comment": "Bad"})

    assert response.status_code == 409
    assert "The first one is kept" in text_of(response)
    assert ">\nBad</textarea>" in text_of(response)
    assert Intake.objects.get().comment == "Good"


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
    assert Intake.objects.get().ratings == {}


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


# ---- the open link ----


@pytest.fixture
def open_survey(db):
    survey = make_survey(audiences=("customers", "employees"), publish_it=False, slug="for-all")
    survey.audiences.update(open_link=True)
    publish(survey)
    return survey


def test_an_open_link_asks_who_you_are_and_gives_a_link_of_your_own(open_survey, visitor):
    page = text_of(visitor.get("/s/for-all/"))

    response = visitor.post(
        "/s/for-all/", {"consent": consent_of(open_survey), "audience": "employees"}
    )

    assert page.count('name="audience"') == 2
    assert re.fullmatch(r"/r/[\w-]{24}/1/", response["Location"])
    made = Invitation.objects.get()
    assert (made.audience.code, made.source) == ("employees", Invitation.Source.OPEN)


@pytest.mark.parametrize("fields", [{}, {"audience": "regulators"}, {"audience": ""}])
def test_an_open_link_needs_to_know_who_you_are(open_survey, visitor, fields):
    response = visitor.post("/s/for-all/", {"consent": consent_of(open_survey)} | fields)

    assert response.status_code == 400
    assert "Choose who you are." in text_of(response)
    assert not Invitation.objects.exists()


def test_an_open_link_needs_consent(open_survey, visitor):
    response = visitor.post("/s/for-all/", {"audience": "employees"})

    assert response.status_code == 400
    assert not Invitation.objects.exists()


def test_a_link_for_one_audience_does_not_ask(open_survey, visitor):
    page = text_of(visitor.get("/s/for-all/employees/"))

    response = visitor.post("/s/for-all/employees/", {"consent": consent_of(open_survey)})

    assert 'name="audience"' not in page
    assert response.status_code == 302


@pytest.mark.parametrize("path", ["/s/nowhere/", "/s/for-all/regulators/", "/s/nowhere/privacy/"])
def test_an_open_link_that_is_not_there_is_unknown(open_survey, visitor, path):
    assert visitor.get(path).status_code == 404


def test_audiences_that_are_only_invited_have_no_open_link(open_survey, visitor):
    open_survey.audiences.filter(code="employees").update(open_link=False)

    assert visitor.get("/s/for-all/employees/").status_code == 404


def test_an_open_link_closes_with_the_survey(open_survey, visitor):
    close(open_survey)

    assert "This survey has closed" in text_of(visitor.get("/s/for-all/"))
    assert "This survey has closed" in text_of(
        visitor.post("/s/for-all/", {"consent": consent_of(open_survey), "audience": "employees"})
    )
    assert not Invitation.objects.exists()


def test_the_privacy_notice_holds_the_consent_word_for_word(open_survey, visitor):
    page = text_of(visitor.get("/s/for-all/privacy/"))

    assert all(line in page for line in open_survey.consent["en"].splitlines())
    assert consent_of(open_survey) in page


# ---- what no page does ----

ADDRESSES = ["", "1/", "2/", "2/?unanswered=1", "end/", "done/", "withdraw/", "?lang=en"]


def everything() -> list[dict]:
    return [*Invitation.objects.values(), *Intake.objects.values()]


@pytest.mark.parametrize("state", ["invited", "begun", "submitted", "declined"])
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_never_changes_anything(survey, visitor, token, state, method):
    if state != "invited":
        answer.start(token, consent_of(survey))
    if state == "submitted":
        visitor.post(f"/r/{token}/end/", {})
    if state == "declined":
        answer.decline(token)
    before = everything()

    for path in ADDRESSES * 2:
        getattr(visitor, method)(f"/r/{token}/{path}")

    assert everything() == before


def test_the_control_a_button_does_change_something(survey, visitor, token):
    before = everything()

    visitor.post(f"/r/{token}/", {"consent": consent_of(survey)})

    assert everything() != before


def test_pages_are_not_cached_and_name_the_link_to_nobody(survey, visitor, begun):
    for path in ADDRESSES:
        headers = visitor.get(f"/r/{begun}/{path}").headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Frame-Options"] == "DENY"
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_pages_need_no_cookie_and_set_none(survey, visitor, token):
    visitor.get(f"/r/{token}/")
    visitor.post(f"/r/{token}/", {"consent": consent_of(survey)})
    visitor.post(f"/r/{token}/1/", page_ratings(visitor, token))
    visitor.post(f"/r/{token}/end/", {})
    visitor.get(f"/r/{token}/done/")

    assert not visitor.cookies


def test_the_language_is_the_only_thing_a_cookie_remembers(visitor, token):
    visitor.get(f"/r/{token}/?lang=zh-hans")

    assert [cookie.value for cookie in visitor.cookies.values()] == ["zh-hans"]
    assert "同意并开始" in text_of(visitor.get(f"/r/{token}/"))


def test_pages_do_not_print_the_token(survey, visitor, begun):
    for path in ("1/", "2/", "end/", "withdraw/"):
        assert begun not in text_of(visitor.get(f"/r/{begun}/{path}"))


@pytest.mark.parametrize("simulated", [True, False])
def test_every_page_of_a_simulation_says_so(visitor, simulated):
    survey = make_survey(simulated=simulated)
    token = make_link(survey)
    pages = [visitor.get(f"/r/{token}/")]
    answer.start(token, consent_of(survey))
    pages += [visitor.get(f"/r/{token}/{path}") for path in ("", "1/", "end/", "withdraw/")]
    visitor.post(f"/r/{token}/end/", {})
    pages += [visitor.get(f"/r/{token}/done/"), visitor.get(f"/s/{survey.slug}/privacy/")]
    close(survey)
    pages += [visitor.get(f"/r/{token}/1/")]

    assert all(("Simulated answers" in text_of(page)) is simulated for page in pages)


def test_texts_with_markup_are_shown_as_text(visitor):
    evil = both(XSS, XSS)
    survey = make_survey(publish_it=False, title=evil, headline=evil, lead=evil, after=evil)
    survey.questions.update(title=evil, help=evil)
    survey.prompts.update(text=evil, hint=evil, cannot_judge=evil)
    survey.audiences.update(you_are=evil, name=evil)
    publish(survey)
    token = make_link(survey)
    pages = [visitor.get(f"/r/{token}/")]
    answer.start(token, consent_of(survey))
    pages += [visitor.get(f"/r/{token}/{path}") for path in ("1/", "1/?unanswered=1", "end/")]
    visitor.post(f"/r/{token}/end/", {"comment": XSS})
    pages += [visitor.get(f"/r/{token}/{path}") for path in ("done/", "end/")]

    for page in pages:
        assert "<script>alert" not in page.content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in page.content.decode()


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
