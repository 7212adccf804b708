"""One door: sign-in with limits that shut nobody out, sessions that end, passwords that hold."""

import threading
import time

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from materiality.web import letters
from materiality.web.door import idle, passwords
from tests.markup import page_of
from tests.web.conftest import letters_are_sent, signed_in

PASSWORD = "correct horse battery"
LOGIN = reverse("account_login")


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


@pytest.fixture
def anna(db):
    return User.objects.create_user("anna@example.com", "anna@example.com", PASSWORD)


def sign_in(client, password=PASSWORD, address="198.51.100.7", login="anna@example.com"):
    return client.post(LOGIN, {"login": login, "password": password}, REMOTE_ADDR=address)


def guess_from_everywhere(times=110):
    for at in range(times):
        sign_in(Client(), "wrong", address=f"203.0.113.{at}")


# ---- nobody is shut out by somebody else's guesses ----


def test_guesses_from_a_hundred_networks_do_not_shut_a_person_out_of_a_known_browser(anna):
    browser = Client()
    assert sign_in(browser).status_code == 302
    browser = with_cookies_of(browser)

    guess_from_everywhere()

    assert sign_in(browser).status_code == 302
    assert sign_in(Client(), address="192.0.2.1").status_code == 200  # the control: others wait


def with_cookies_of(client):
    """Return the same browser later: it has its cookies but the session's."""
    later = Client()
    later.cookies["known"] = client.cookies["known"].value
    return later


def test_a_known_browser_may_not_guess_without_end(anna):
    browser = Client()
    sign_in(browser)
    browser = with_cookies_of(browser)
    for _guess in range(10):
        sign_in(browser, "wrong")

    assert sign_in(browser).status_code == 200
    assert sign_in(Client(), address="192.0.2.1").status_code == 302  # only this browser waits


def test_another_persons_browser_is_not_known_for_this_account(anna):
    User.objects.create_user("mallory@example.com", "mallory@example.com", PASSWORD)
    theirs = Client()
    sign_in(theirs, login="mallory@example.com")
    guess_from_everywhere()

    assert sign_in(with_cookies_of(theirs), address="192.0.2.1").status_code == 200


def test_a_forged_cookie_makes_no_browser_known(anna):
    browser = Client()
    browser.cookies["known"] = "W1syLCAiYWJjIl0:1x:forged"
    guess_from_everywhere()

    assert sign_in(browser, address="192.0.2.1").status_code == 200


# ---- sessions ----


def test_a_forgotten_browser_is_signed_out_after_half_an_hour(assessment, monkeypatch):
    client, now = signed_in("editor"), time.time()
    assert client.get("/a/").status_code == 200

    monkeypatch.setattr(idle.time, "time", lambda: now + 29 * 60)
    assert client.get("/a/").status_code == 200
    monkeypatch.setattr(idle.time, "time", lambda: now + 58 * 60)
    assert client.get("/a/").status_code == 200  # each visit begins the half hour anew
    monkeypatch.setattr(idle.time, "time", lambda: now + 89 * 60)

    sent = client.get("/a/", follow=True)
    assert sent.redirect_chain[0][0].startswith(LOGIN)
    assert "已为您退出登录" in page_of(sent)


def test_nobody_stays_signed_in_longer_than_twelve_hours(assessment, monkeypatch):
    client, now = signed_in("editor"), time.time()
    for minutes in range(0, 12 * 60, 20):
        monkeypatch.setattr(idle.time, "time", lambda at=minutes: now + at * 60)
        assert client.get("/a/").status_code == 200

    monkeypatch.setattr(idle.time, "time", lambda: now + 12 * 60 * 60 + 60)
    assert client.get("/a/").status_code == 302


def test_a_respondents_page_and_the_api_know_no_idle_time(db, client):
    client.get("/accounts/login/")

    assert idle.SEEN not in client.session


def test_a_person_sees_where_they_are_signed_in_and_ends_the_others(anna):
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        sign_in(browser)
    shown = here.get(reverse("usersessions_list"))
    assert page_of(shown).count("198.51.100.7") == 2

    here.post(reverse("usersessions_list"))

    assert elsewhere.get("/a/").status_code == 302
    assert here.get("/a/").status_code == 200


def test_a_new_password_ends_the_other_sessions(anna):
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        sign_in(browser)
    new = "a stable for lone ponies"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}

    here.post(reverse("account_change_password"), sent)

    assert elsewhere.get("/a/").status_code == 302
    assert here.get("/a/").status_code == 200


def test_signing_in_gives_another_session(anna):
    browser = Client()
    browser.get(LOGIN)
    browser.session["x"] = 1
    browser.session.save()
    before = browser.cookies.get("sessionid")
    sign_in(browser)

    assert before is None or browser.cookies["sessionid"].value != before.value
    first = browser.cookies["sessionid"].value
    browser.post(reverse("account_logout"))
    sign_in(browser)
    assert browser.cookies["sessionid"].value != first


def test_after_signing_out_the_old_cookie_opens_nothing(anna):
    browser, thief = Client(), Client()
    sign_in(browser)
    thief.cookies["sessionid"] = browser.cookies["sessionid"].value
    assert thief.get("/a/").status_code == 200  # the control

    browser.post(reverse("account_logout"))

    assert thief.get("/a/").status_code == 302


def test_a_post_without_its_token_is_refused(assessment):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="owner"))

    for name in ("people", "lock", "settings"):
        sent = client.post(reverse(f"materiality:{name}", args=[assessment.pk]), {"sure": "on"})
        assert sent.status_code == 403, name
    refused = client.post("/api/v1/organisations/", "{}", content_type="application/json")
    assert refused.status_code == 403


# ---- passwords ----


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "Passw0rd2026", "qwertyuiop12", "123456789012a", "iloveyou1234",
        "anna@example.com1", "aaaaaaaaaaaaaaaa", "abcdefghijklmnop", "materiality1", "short",
    ],
)  # fmt: skip
def test_a_password_others_would_guess_is_refused(password):
    person = User(username="anna@example.com", email="anna@example.com", first_name="Anna")

    with pytest.raises(ValidationError):
        validate_password(password, person)


@pytest.mark.parametrize("password", ["correct horse battery", "a stable for lone ponies", "窗外 蓝色 算盘 河马 ladder", "x" * 10 + "Q7#kzw!" + "word" * 30])  # fmt: skip  # noqa: E501
def test_one_that_holds_is_taken_however_long_and_in_whatever_script(password):
    validate_password(password, User(username="anna@example.com"))


def test_a_password_is_masked_and_may_be_pasted(db):
    page = page_of(Client().get(LOGIN))

    assert 'type="password"' in page
    assert "onpaste" not in page
    assert 'autocomplete="current-password"' in page


def test_common_passwords_are_refused_without_asking_anybody(monkeypatch):
    def asked(*_args, **_options):
        raise AssertionError("a service was asked")

    monkeypatch.setattr(passwords.api, "get_pwned_count", asked)

    with pytest.raises(ValidationError):
        validate_password("password1234")
    validate_password(PASSWORD)


def test_where_it_is_set_a_service_is_asked_by_five_signs_of_a_hash(monkeypatch):
    sent = []

    class Reply:
        text = "1E4C9B93F3F0682250B6CF8331B7EE68FD8:3\r\n"

        def raise_for_status(self):
            """Nothing went wrong."""

    def get(url, **_options):
        sent.append(url)
        return Reply()

    monkeypatch.setattr(passwords.api.requests, "get", get)
    validator = passwords.BreachedPasswordValidator()

    with pytest.raises(ValidationError):
        validator.validate("password")  # its SHA-1 is 5BAA61E4C9B93F3F06…
    validator.validate(PASSWORD)  # the control

    assert sent[0].endswith("/range/5BAA6")
    assert "password" not in sent[0].partition("/range/")[2]


def test_a_service_that_is_away_keeps_nobody_from_a_password(monkeypatch):
    def get(*_args, **_options):
        raise passwords.api.requests.ConnectionError

    monkeypatch.setattr(passwords.api.requests, "get", get)

    passwords.BreachedPasswordValidator().validate(PASSWORD)


# ---- the mail that sets a new password ----


def ask_for_a_new_password(email, language="en"):
    answer = Client().post(
        f"{reverse('account_reset_password')}?lang={language}", {"email": email}, follow=True
    )
    letters_are_sent()
    return answer


def test_a_mail_sets_a_new_password_once_and_signs_nobody_in(anna, settings):
    ask_for_a_new_password("anna@example.com")
    [letter] = mail.outbox
    [link] = [word for word in letter.body.split() if "/password/reset/key/" in word]
    client = Client()
    form = client.get(link, follow=True)
    new = "a stable for lone ponies"

    done = client.post(form.request["PATH_INFO"], {"password1": new, "password2": new}, follow=True)

    assert done.status_code == 200
    assert not done.context["user"].is_authenticated
    assert f'class="btn" href="{reverse("account_login")}"' in page_of(done)
    assert sign_in(Client(), new).status_code == 302
    again = Client().get(link, follow=True)
    assert "password1" not in page_of(again)


def test_an_address_nobody_has_gets_no_mail_and_the_page_tells_no_difference(anna):
    known, unknown = (ask_for_a_new_password(f"{name}@example.com") for name in ("anna", "nobody"))

    assert page_of(known) == page_of(unknown)
    assert [letter.to for letter in mail.outbox] == [["anna@example.com"]]


@pytest.mark.parametrize(("language", "word"), [("en", "password"), ("zh-hans", "密码")])
def test_the_mail_speaks_one_language(anna, language, word):
    ask_for_a_new_password("anna@example.com", language)
    [letter] = mail.outbox

    assert word in letter.body
    has_chinese = any("\u4e00" <= sign <= "\u9fff" for sign in letter.body + letter.subject)
    assert has_chinese == (language == "zh-hans")
    words = {word.strip(".,:") for word in letter.body.split() if "://" not in word}
    english = {"you", "the", "password", "receiving", "ignored", "click", "below"} & words
    assert bool(english) == (language == "en"), letter.body


def test_the_page_does_not_wait_for_the_mail_server(anna, monkeypatch):
    waits = threading.Event()
    monkeypatch.setattr(letters, "_send", lambda message: waits.wait(30))

    begun = time.monotonic()
    Client().post(reverse("account_reset_password"), {"email": "anna@example.com"})
    took = time.monotonic() - begun
    waits.set()

    assert took < 20
    letters_are_sent()
