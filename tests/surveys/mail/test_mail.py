"""Mail: who is asked, once each; what is refused; what a dead worker leaves behind."""

import smtplib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from surveys.actions import answer, deliver, mail
from surveys.actions.invite import invite, opt_out
from surveys.actions.publish import close
from surveys.actions.seal import seal
from surveys.errors import Conflict, RuleBroken
from surveys.fieldwork.curve import daily
from surveys.mail import delivery, recipients
from surveys.mail.emails import PLACEHOLDERS, check_text, default_text, fill
from surveys.models import Invitation, MailText, Message, Mode
from surveys.people.person import Person
from tests.builders import both, consent_of, invitation_of, make_link, make_survey, ratings_for

pytestmark = pytest.mark.django_db
KIND = Message.Kind


@pytest.fixture
def survey(db, settings):
    settings.MAIL_IS_LIVE = True
    settings.SITE_URL = "https://csr.example.com"
    return make_survey(topics=2, mode=Mode.NAMED)


@pytest.fixture
def tokens(survey):
    people = [Person(f"Person {n}", f"p{n}@example.com", "en") for n in range(6)]
    return [token for _made, token in invite(survey.audiences.get(), people)]


def send(survey, kind=KIND.INVITATION):
    """Queue, let the two minutes pass, deliver."""
    mail.queue(survey, kind, recipients.preview(survey, kind).count)
    return deliver_now(survey)


def deliver_now(survey):
    Message.objects.filter(state="waiting").update(not_before=timezone.now())
    return dict(deliver.deliver(survey))


def days_pass(days):
    for message in Message.objects.exclude(sent_at=None):
        message.sent_at -= timedelta(days=days)
        message.save()


def respond(survey, token):
    answer.submit(
        token, submission=uuid4(), ratings=ratings_for(survey), consent=consent_of(survey)
    )


def addresses():
    return [to for message in outbox.outbox for to in message.to]


class Server(EmailBackend):
    """A mail server that does to each address what the test says."""

    fate: dict = {}
    down: bool = False

    def open(self):
        if Server.down:
            raise ConnectionRefusedError
        return True

    def send_messages(self, messages):
        [message] = messages
        if error := Server.fate.get(message.to[0]):
            raise error
        return super().send_messages(messages)


@pytest.fixture
def server(monkeypatch):
    Server.fate, Server.down = {}, False
    monkeypatch.setattr(deliver, "get_connection", Server)
    return Server


# ---- who gets what ----


def test_everybody_with_an_address_gets_one_invitation_with_their_own_link(survey, tokens):
    make_link(survey)  # somebody without an address

    assert send(survey) == {"sent": 6}
    assert sorted(addresses()) == [f"p{n}@example.com" for n in range(6)]
    for message, token in zip(outbox.outbox, tokens, strict=True):
        assert f"https://csr.example.com/r/{token}/" in message.body


def test_pressing_send_twice_sends_once(survey, tokens):
    first = mail.queue(survey, KIND.INVITATION, 6)
    with pytest.raises(Conflict):
        mail.queue(survey, KIND.INVITATION, 6)
    deliver_now(survey)

    assert (first, mail.queue(survey, KIND.INVITATION, 0), deliver_now(survey)) == (6, 0, {})
    assert len(addresses()) == len(set(addresses())) == 6
    message = Message.objects.first()
    message.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():  # control: the database's last word
        message.save(force_insert=True)


def test_the_number_must_be_typed(survey, tokens):
    with pytest.raises(Conflict, match="6"):
        mail.queue(survey, KIND.INVITATION, 5)

    assert not Message.objects.exists()


def test_nothing_leaves_in_the_first_two_minutes_and_it_can_be_stopped(survey, tokens):
    mail.queue(survey, KIND.INVITATION, 6)

    assert deliver.deliver(survey) == {}
    assert mail.stop(survey, KIND.INVITATION) == 6
    assert deliver_now(survey) == {}
    assert send(survey) == {"sent": 6}  # and be started anew


def test_without_the_delay_there_would_be_nothing_left_to_stop(survey, tokens, monkeypatch):
    """Control of the test before."""
    monkeypatch.setattr(mail, "DELAY", timedelta(0))
    mail.queue(survey, KIND.INVITATION, 6)

    assert deliver.deliver(survey) == {"sent": 6}
    assert mail.stop(survey, KIND.INVITATION) == 0


def test_of_two_who_press_send_in_the_same_moment_one_is_told_so(survey, tokens, monkeypatch):
    mail.queue(survey, KIND.INVITATION, 6)
    as_both_saw_it = Invitation.objects.all()
    monkeypatch.setattr(mail, "recipients", lambda *_anything: as_both_saw_it)

    with translation.override("en"), pytest.raises(Conflict, match="sent this mail first"):
        mail.queue(survey, KIND.INVITATION, 6)

    assert Message.objects.count() == 6


def test_reminders_reach_only_those_who_have_not_answered_declined_or_opted_out(survey, tokens):
    send(survey)
    days_pass(4)
    outbox.outbox.clear()
    respond(survey, tokens[0])
    answer.decline(tokens[1])
    opt_out(invitation_of(tokens[2]).pk)
    answer.start(tokens[3], consent_of(survey))

    assert send(survey, KIND.REMINDER_1) == {"sent": 3}
    assert sorted(addresses()) == ["p3@example.com", "p4@example.com", "p5@example.com"]


def test_reminders_keep_a_distance_and_end_after_the_second(survey, tokens):
    send(survey)
    seen = []
    for days, kind in ((2, "reminder_1"), (2, "reminder_1"), (2, "reminder_2"), (2, "reminder_2")):
        days_pass(days)
        seen.append(recipients.preview(survey, kind).count)
        if seen[-1]:
            send(survey, kind)

    assert seen == [0, 6, 0, 6]
    with pytest.raises(RuleBroken):
        mail.queue(survey, "reminder_3", 6)


def test_who_answers_after_queueing_is_not_reminded(survey, tokens):
    send(survey)
    days_pass(4)
    mail.queue(survey, KIND.REMINDER_1, 6)
    respond(survey, tokens[0])

    assert deliver_now(survey) == {"stopped": 1, "sent": 5}


def bounce(survey, token):
    Invitation.objects.filter(pk=invitation_of(token).pk).update(reach="bounced")


def stop(survey, token):
    opt_out(invitation_of(token).pk)


@pytest.mark.parametrize("become", [bounce, stop])
@pytest.mark.parametrize("queued", [False, True])
def test_who_bounced_or_opted_out_gets_no_reminder_even_if_it_waits(survey, tokens, become, queued):
    send(survey)
    days_pass(4)
    outbox.outbox.clear()
    if queued:
        mail.queue(survey, KIND.REMINDER_1, 6)
    become(survey, tokens[2])

    outcome = deliver_now(survey) if queued else send(survey, KIND.REMINDER_1)

    assert outcome == ({"sent": 5, "stopped": 1} if queued else {"sent": 5})
    assert "p2@example.com" not in addresses()


@pytest.mark.parametrize("become", [bounce, stop])
def test_if_reach_were_not_asked_they_would_get_it(survey, tokens, become, monkeypatch):
    """Control of the test before."""
    send(survey)
    days_pass(4)
    become(survey, tokens[2])
    for room in (recipients, deliver):
        monkeypatch.setattr(room, "reachable", recipients._without_answer)

    assert send(survey, KIND.REMINDER_1) == {"sent": 6}


def test_nothing_is_sent_after_closing(survey, tokens):
    mail.queue(survey, KIND.INVITATION, 6)
    close(survey)

    assert deliver_now(survey) == {"stopped": 6}
    with pytest.raises(RuleBroken):
        mail.queue(survey, KIND.INVITATION, 0)


def test_reminding_in_an_anonymous_survey_tells_nobody_who_has_answered(settings):
    settings.MAIL_IS_LIVE = True
    survey = make_survey(topics=2)
    people = [Person(email=f"p{n}@example.com") for n in range(9)]
    tokens = [token for _made, token in invite(survey.audiences.get(), people)]
    send(survey)
    days_pass(4)
    told = []
    for token in tokens[:3]:
        respond(survey, token)
        result = recipients.preview(survey, KIND.REMINDER_1)
        told.append((result.count, result.first, result.by_audience))
    send(survey, KIND.REMINDER_1)

    assert told == [(10, [], {"customers": 10})] * 3
    assert delivery.delivery(survey)["reminder_1"] == {"sent": 10}
    close(survey)
    seal(survey)
    assert not Message.objects.exists()


@pytest.mark.parametrize("has_answered", [True, False])
def test_a_switch_of_mail_tells_nobody_whether_that_person_has_answered(settings, has_answered):
    """Of six who have not answered, one opted out: were it five now, they would be known."""
    settings.MAIL_IS_LIVE = True
    survey = make_survey(topics=2)
    people = [Person(email=f"p{n}@example.com") for n in range(7)]
    tokens = [token for _made, token in invite(survey.audiences.get(), people)]
    send(survey)
    days_pass(4)
    respond(survey, tokens[0])
    ann = invitation_of(tokens[0] if has_answered else tokens[1])
    seen = [recipients.preview(survey, KIND.REMINDER_1).count]

    opt_out(ann.pk)
    seen.append(recipients.preview(survey, KIND.REMINDER_1).count)
    seen.append(mail.queue(survey, KIND.REMINDER_1, seen[-1]))
    waiting = delivery.delivery(survey)["reminder_1"]
    outbox.outbox.clear()
    deliver_now(survey)

    assert seen == [10, 10, 10]
    assert waiting == {"waiting": 10}
    assert delivery.delivery(survey)["reminder_1"] == {"sent": 10}
    assert ann.email not in addresses()
    assert len(addresses()) == (6 if has_answered else 5)


@pytest.mark.parametrize("become", [respond, lambda _survey, token: answer.decline(token)])
def test_reminding_tells_of_nobody_who_is_alone_in_a_group(settings, become):
    """Were only who has not answered counted, a group of one would be told until they answer."""
    settings.MAIL_IS_LIVE = True
    survey = make_survey(topics=2, audiences=("customers", "regulators"))
    people = [Person(email=f"p{n}@example.com") for n in range(6)]
    invite(survey.audiences.get(code="customers"), people)
    [(_made, alone)] = invite(
        survey.audiences.get(code="regulators"), [Person(email="alone@example.com")]
    )
    send(survey)
    become(survey, alone)
    outbox.outbox.clear()

    for kind in (KIND.REMINDER_1, KIND.REMINDER_2):
        days_pass(4)
        result = recipients.preview(survey, kind)
        assert (result.count, result.by_audience) == (10, {"customers": 10, "regulators": 5})
        send(survey, kind)
        assert delivery.delivery(survey)[kind] == {"sent": 10}

    assert "alone@example.com" not in addresses()
    assert len(addresses()) == 12  # control


def test_reminding_tells_nothing_of_who_was_invited_last(settings):
    settings.MAIL_IS_LIVE = True
    survey = make_survey(topics=2)
    [(_made, late)] = invite(survey.audiences.get(), [Person(email="late@example.com")])
    send(survey)
    respond(survey, late)
    days_pass(4)
    outbox.outbox.clear()

    assert recipients.preview(survey, KIND.REMINDER_1).count == 5
    assert send(survey, KIND.REMINDER_1) == {"stopped": 1}
    assert [day.reminded for day in daily(survey)][-1]
    assert addresses() == []


# ---- test mode ----


def test_a_new_installation_writes_to_nobody(db, settings):
    survey = make_survey(topics=2, mode=Mode.NAMED)
    invite(survey.audiences.get(), [Person("", "p0@example.com")])

    assert (recipients.preview(survey, KIND.INVITATION).count, send(survey)) == (0, {})
    settings.MAIL_IS_LIVE = True
    assert send(survey) == {"sent": 1}  # control


def test_until_switched_on_only_listed_addresses_get_mail(survey, tokens, settings):
    settings.MAIL_IS_LIVE, settings.MAIL_TEST_ADDRESSES = False, ["p1@example.com"]

    assert recipients.preview(survey, KIND.INVITATION).held == 5
    assert send(survey) == {"sent": 1}
    assert addresses() == ["p1@example.com"]


def test_switching_off_holds_back_what_is_queued(survey, tokens, settings):
    mail.queue(survey, KIND.INVITATION, 6)
    settings.MAIL_IS_LIVE = False

    assert deliver_now(survey) == {"stopped": 6}
    assert addresses() == []


# ---- what goes wrong ----


def test_a_worker_killed_while_sending_leaves_it_uncertain_and_it_is_never_repeated(
    survey, tokens, server
):
    server.fate = {"p2@example.com": SystemExit()}
    mail.queue(survey, KIND.INVITATION, 6)
    with pytest.raises(SystemExit):
        deliver_now(survey)
    server.fate = {}
    assert deliver_now(survey) == {"sent": 3}  # its lease still runs
    Message.objects.filter(state="sending").update(lease_until=timezone.now())

    assert deliver_now(survey) == {}
    assert Message.objects.get(invitation__email="p2@example.com").state == "uncertain"
    assert "p2@example.com" not in addresses()


def test_the_command_finds_what_the_queue_lost(survey, tokens, capsys):
    mail.queue(survey, KIND.INVITATION, 6)
    Message.objects.update(not_before=timezone.now())

    call_command("send_due_mail")

    assert capsys.readouterr().out == "sent 6\n"


def test_a_row_taken_by_another_worker_is_left_alone(survey, tokens, monkeypatch):
    mail.queue(survey, KIND.INVITATION, 6)
    Message.objects.update(not_before=timezone.now())
    mine = deliver._take(survey)

    assert deliver._take(survey).pk != mine.pk
    assert deliver.deliver(survey) == {"sent": 4}


@pytest.mark.parametrize(
    ("error", "state", "reach"),
    [
        (smtplib.SMTPRecipientsRefused({"p2@example.com": (550, b"no")}), "failed", "bounced"),
        (smtplib.SMTPRecipientsRefused({"p2@example.com": (450, b"later")}), "waiting", "open"),
        (smtplib.SMTPDataError(554, b"spam"), "failed", "open"),
        (smtplib.SMTPServerDisconnected("gone"), "uncertain", "open"),
        (TimeoutError(), "uncertain", "open"),
    ],
)
def test_one_bad_address_does_not_hold_up_the_others(survey, tokens, server, error, state, reach):
    server.fate = {"p2@example.com": error}

    assert send(survey) == {"sent": 5, state: 1}
    assert Invitation.objects.get(email="p2@example.com").reach == reach


def test_a_server_that_is_down_is_tried_again_and_given_up_after_five_times(survey, tokens, server):
    server.down = True
    assert send(survey) == {"waiting": 6}
    server.down = False
    assert deliver_now(survey) == {"sent": 6}

    server.down = True
    days_pass(4)
    outcomes = [send(survey, KIND.REMINDER_1), *(deliver_now(survey) for _again in range(4))]
    assert outcomes == [{"waiting": 6}] * 4 + [{"failed": 6}]


def test_without_the_key_that_made_the_link_nothing_is_sent(survey, tokens, settings):
    mail.queue(survey, KIND.INVITATION, 6)
    settings.SECRET_KEY = "another"

    assert deliver_now(survey) == {"failed": 6}


# ---- texts ----


def test_a_mail_is_in_the_persons_language_with_a_one_click_way_out(survey):
    invite(survey.audiences.get(), [Person("李雷", "li@example.com", "zh-hans")])
    send(survey)
    [message] = outbox.outbox

    assert "您好" in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = message.extra_headers["List-Unsubscribe"]
    assert link.startswith("<https://csr.example.com/r/")
    assert link.endswith("/opt-out/>")
    assert link[1:-1] in message.body


def test_own_words_are_filled_with_facts_and_facts_are_not_read_again(survey):
    mail.write_text(
        survey, "invitation", both("{title}", "{title}"), both("{link}", "{name}: {link}")
    )
    invite(survey.audiences.get(), [Person("{link}{contact}", "a@example.com", "en")])
    send(survey)

    assert outbox.outbox[0].body.startswith("{link}{contact}: https://csr.example.com/r/")


@pytest.mark.parametrize(
    "text",
    ["{user.password}", "{{ settings.SECRET_KEY }}", "%(link)s", "%s", "$link", "{0}", "{}",
     "{link.__class__}", "{link!r}", "{% debug %}", "${link}"],
)  # fmt: skip
def test_only_listed_placeholders_are_filled(text):
    facts = dict.fromkeys(PLACEHOLDERS, "FACT")
    filled = fill(text, facts)

    assert filled == text.replace("{link}", "FACT")
    assert fill("{link} {name}", facts) == "FACT FACT"  # control


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        (both("a", ""), both("{link}", "{link}")),
        (both("a", "b"), both("{link}", "no way in")),
        (both("a", "{password}"), both("{link}", "{link}")),
        (both("a", "b\r\nBcc: all@example.com"), both("{link}", "{link}")),
        (both("a", "b\u2028c"), both("{link}", "{link}")),
        (both("a", "b"), both("{link}", "{link}\x00")),
        (both("a" * 201, "b"), both("{link}", "{link}")),
        (both("a", "b"), both("{link}", "{link}" + "x" * 5000)),
    ],
)
def test_a_text_that_could_not_be_sent_as_meant_is_refused(survey, subject, body):
    with pytest.raises(RuleBroken):
        mail.write_text(survey, "invitation", subject, body)
    assert not MailText.objects.exists()


@pytest.mark.parametrize("occasion", MailText.Occasion.values)
def test_the_texts_that_come_along_pass_their_own_check(survey, occasion):
    check_text(survey, *default_text(occasion))


def test_a_line_break_in_a_fact_adds_no_recipient(survey, tokens):
    survey.title = both("标题\r\nBcc: all@example.com", "Title\r\nBcc: all@example.com")
    survey.save()
    send(survey)

    for message in outbox.outbox:
        assert "\n" not in message.subject
        assert message.recipients() == message.to
        assert message.message()["Bcc"] is None


def test_the_preview_shows_both_languages_and_the_first_five(survey, tokens):
    result = recipients.preview(survey, KIND.INVITATION)

    assert (result.count, result.by_audience, len(result.first)) == (6, {"customers": 6}, 5)
    assert result.mails["zh-hans"][1].startswith("您好")
    assert result.mails["en"][1].startswith("Hello")
    assert not Message.objects.exists()
