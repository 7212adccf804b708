"""What no respondent page does: change by looking, remember, tell."""

import pytest

from surveys.actions import answer
from surveys.actions.publish import close, publish
from surveys.models import Intake, Invitation
from tests.builders import both, consent_of, make_link, make_survey
from tests.markup import page_of
from tests.surveys.conftest import page_ratings, text_of

pytestmark = pytest.mark.django_db
XSS = "<script>alert(1)</script>&amp;\u202e"


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
        assert "<script>alert" not in page_of(page)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in page_of(page)
