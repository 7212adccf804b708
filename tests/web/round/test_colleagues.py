"""Colleagues are written to, have names, and are named in the log; account mails say who writes."""

import smtplib

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

from materiality import actions
from tests.web.ask.asking import last_event
from tests.web.conftest import letters_are_sent, signed_in
from tests.web.score.test_results_page import text, url

pytestmark = pytest.mark.django_db


def let_in(assessment, email="fang@example.com", name="Wang Fang"):
    sent = {"name": name, "email": email, "role": "reviewer"}
    return signed_in("owner").post(url(assessment, "people") + "?lang=en", sent)


def test_a_colleague_gets_the_way_in_by_mail_and_comes_in_by_it(assessment):
    page = text(let_in(assessment))

    assert "the way in went to fang@example.com" in page
    [sent] = mail.outbox
    assert sent.to == ["fang@example.com"]
    link = next(word for word in sent.body.split() if "/signin/" in word)
    assert 'data-copy="Copy"' in page
    path = link.removeprefix("http://127.0.0.1:8000")
    assert Client().post(path).status_code == 302


@pytest.mark.parametrize(("language", "shown"), [("en", "Sign in"), ("zh-hans", "登录")])
def test_the_way_in_opens_in_the_language_of_its_mail(assessment, language, shown):
    """Whatever the colleague's browser prefers."""
    sent = {"name": "Wang Fang", "email": "fang@example.com", "role": "reviewer"}
    signed_in("owner").post(f"{url(assessment, 'people')}?lang={language}", sent)
    link = next(word for word in mail.outbox[0].body.split() if "/signin/" in word)

    path = link.removeprefix("http://127.0.0.1:8000")
    other = "en" if language == "zh-hans" else "zh-CN"
    page = text(Client().get(path, headers={"accept-language": other}))

    assert f"<h1>{shown}</h1>" in page


def test_who_has_an_account_gets_the_invitation_by_mail(assessment, stranger):
    let_in(assessment, email="stranger@example.com")

    assert "/join/" in mail.outbox[0].body


def test_a_mail_that_cannot_be_sent_is_said_and_the_link_is_there_to_hand_over(
    assessment, monkeypatch
):
    def refuse(*_args, **_options):
        raise smtplib.SMTPConnectError(421, "busy")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)

    page = text(let_in(assessment))

    assert "the mail could not be sent" in page
    assert "/signin/" in page


def test_an_approver_is_told_that_the_results_wait(assessment):
    lock = url(assessment, "lock")
    actions.require_approval(assessment=assessment, required=True, by=None)
    reviewer = User.objects.get(username="reviewer")

    content = text(signed_in("owner").get(lock + "?lang=en"))
    assert "Ask reviewer to approve" in content
    answered = signed_in("owner").post(lock + "approve/?lang=en", {"approver": reviewer.pk})

    assert answered.status_code == 302
    [sent] = mail.outbox
    assert sent.to == ["reviewer@example.com"]
    assert lock in sent.body
    assert (last_event(assessment).verb, last_event(assessment).subject) == (
        "ask_approval",
        "reviewer",
    )


def test_who_made_the_last_change_or_only_reads_is_not_asked(assessment):
    editor, viewer = (User.objects.get(username=name) for name in ("editor", "viewer"))
    actions.require_approval(assessment=assessment, required=True, by=editor)
    path = url(assessment, "lock") + "approve/"

    for person in (editor, viewer):
        assert signed_in("owner").post(path, {"approver": person.pk}).status_code == 404
    assert mail.outbox == []


def test_everybody_names_themselves_and_the_log_names_them_so(assessment):
    path = url(assessment, "people") + "name/"

    assert signed_in("viewer").post(path, {"own_name": "李雷"}).status_code == 302
    assert signed_in("editor").post(path, {"own_name": ""}).status_code == 200

    assert User.objects.get(username="viewer").get_full_name() == "李雷"
    assert User.objects.get(username="editor").get_full_name() == "editor"


def test_the_log_names_topics_and_groups_not_their_codes(round_):
    actions.describe_groups(
        assessment=round_,
        groups={"customers": {"name": {"zh-hans": "顾客", "en": "Guests"}}},
        by=None,
    )

    page = text(signed_in("viewer").get(url(round_, "log") + "?lang=en"))

    assert '<span class="muted">Guests</span>' in page
    assert '<span class="muted">customers</span>' not in page


def test_an_account_mail_does_not_come_from_a_host_and_a_port(db, client):
    User.objects.create_user("a@example.com", "a@example.com", "a-long-password")

    client.post(reverse("account_reset_password") + "?lang=en", {"email": "a@example.com"})
    letters_are_sent()

    [sent] = mail.outbox
    assert "Hello,\n" in sent.body
    assert "the materiality assessment of your company" in sent.body
    assert "Hello from" not in sent.body
    assert not sent.subject.startswith("[")


def test_the_words_of_a_mail_are_tried_on_whoever_writes_them(anonymous, editor, round_):
    path = f"/a/{round_.pk}/ask/{anonymous.pk}/mail/invitation/?lang=en"
    form = editor.get(path).context["form"]
    sent = {field.html_name: field.value() for field in form}
    own = {name: value for name, value in sent.items() if value is not None}

    page = text(editor.post(path, own | {"test": "1", "subject:en": "Tried: {title}"}))

    assert "A test went to editor@example.com." in page
    assert {tuple(one.to) for one in mail.outbox} == {("editor@example.com",)}
    assert "[Test] Tried: Stakeholder survey" in {one.subject for one in mail.outbox}
    assert not anonymous.mail_texts.exists()
