"""Mail from the workspace: typed numbers, stopping, failures, planned reminders, own words."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.actions import mail
from surveys.mail.emails import samples
from surveys.models import Invitation, MailText, Message, ReminderPlan, Survey
from surveys.people.person import Person
from tests.markup import page_of
from tests.web.ask.asking import add_people, last_event, page, sent_form, tab

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(anonymous, settings):
    settings.MAIL_IS_LIVE = True
    return add_people(anonymous, *(Person(f"P{at}", f"p{at}@example.com") for at in range(7)))


def press(client, survey, act, kind="invitation", **told):
    sent = {"act": act, "kind": kind} | told
    return client.post(tab(survey, "mail/") + "?lang=en", sent)


def test_a_wrong_number_sends_nothing_and_the_right_one_waits_two_minutes(
    anonymous, people, editor, round_
):
    refused = press(editor, anonymous, "send", count="6")
    assert refused.status_code == 409
    assert "7 mails would be sent, not 6. Nothing was sent." in page_of(refused)
    assert 'value="6"' in page_of(refused)
    assert not Message.objects.exists()

    press(editor, anonymous, "send", count="7")

    due = Message.objects.values_list("not_before", flat=True)
    assert len(due) == 7
    assert min(due) > timezone.now() + timedelta(seconds=100)
    assert last_event(round_).after == {"kind": "invitation", "mails": 7}


def test_what_waits_can_be_stopped(anonymous, people, editor, round_):
    press(editor, anonymous, "send", count="7")
    assert "7 mails wait." in page(editor, anonymous, "mail/")

    press(editor, anonymous, "stop")

    assert not Message.objects.exists()
    assert last_event(round_).verb == "stop_mail"


def sent_out(survey, ago=5):
    Message.objects.update(state="sent", sent_at=timezone.now() - timedelta(days=ago))


def test_a_refused_address_is_listed_corrected_and_tried_again(anonymous, people, editor):
    press(editor, anonymous, "send", count="7")
    failed = Message.objects.get(invitation=people[0])
    Message.objects.filter(pk=failed.pk).update(state="failed", error="SMTPRecipientsRefused 550")
    Invitation.objects.filter(pk=people[0].pk).update(reach="bounced")
    content = page(editor, anonymous, "mail/")
    assert "SMTPRecipientsRefused 550" in content
    assert "Mail to 1 address came back." in content

    press(editor, anonymous, "retry")
    failed.refresh_from_db()
    assert failed.state == "failed"  # the address is still the one that came back
    one = tab(anonymous, f"invitations/{people[0].pk}/")
    editor.post(one, {"name": "P0", "email": "right@example.com", "subgroup": ""})
    press(editor, anonymous, "retry")

    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.error) == ("waiting", 0, "")


def test_what_was_perhaps_sent_is_never_tried_again(anonymous, people, editor):
    press(editor, anonymous, "send", count="7")
    Message.objects.update(state="uncertain")

    press(editor, anonymous, "retry")

    assert set(Message.objects.values_list("state", flat=True)) == {"uncertain"}


def test_a_planned_reminder_goes_out_by_itself_to_who_has_not_answered(anonymous, people, editor):
    press(editor, anonymous, "send", count="7")
    sent_out(anonymous)
    at = timezone.localtime() + timedelta(days=1)
    press(editor, anonymous, "plan", "reminder_1", at=f"{at:%Y-%m-%dT%H:%M}", most="10")
    assert "Planned for" in page(editor, anonymous, "mail/")
    mail.deliver_all()
    assert not Message.objects.filter(kind="reminder_1").exists()  # not due yet

    ReminderPlan.objects.update(at=timezone.now())
    Invitation.objects.filter(pk=people[0].pk).update(state="declined")
    mail.deliver_all()
    Message.objects.filter(kind="reminder_1").update(not_before=timezone.now())
    mail.deliver_all()

    reminded = Message.objects.filter(kind="reminder_1", state="sent")
    assert set(reminded.values_list("invitation", flat=True)) == {one.pk for one in people[1:]}
    assert ReminderPlan.objects.get().done_at


def test_a_plan_for_more_people_than_was_typed_is_held(anonymous, people, editor):
    press(editor, anonymous, "send", count="7")
    sent_out(anonymous)
    ReminderPlan.objects.create(survey=anonymous, kind="reminder_1", at=timezone.now(), most=5)

    mail.deliver_all()

    assert not Message.objects.filter(kind="reminder_1").exists()
    assert ReminderPlan.objects.get().held
    content = page(editor, anonymous, "mail/")
    told = "10 people have not answered and can be reached, and 5 were allowed"
    assert told in " ".join(content.split())
    overview = f"/a/{anonymous.assessments.get().pk}/?lang=en"
    assert "was held and has not gone out" in editor.get(overview).content.decode()


def test_a_plan_counts_only_whom_it_would_reach(anonymous, people, editor):
    """Seven were asked and three may still answer: a limit of five lets the plan go."""
    press(editor, anonymous, "send", count="7")
    sent_out(anonymous)
    gone = [one.pk for one in people[:4]]
    Invitation.objects.filter(pk__in=gone).update(state="declined")
    ReminderPlan.objects.create(survey=anonymous, kind="reminder_1", at=timezone.now(), most=5)

    mail.deliver_all()

    assert not ReminderPlan.objects.get().held
    assert Message.objects.filter(kind="reminder_1").exists()


def test_a_plan_that_came_too_late_says_so(anonymous, people, editor):
    press(editor, anonymous, "send", count="7")
    sent_out(anonymous)
    ReminderPlan.objects.create(survey=anonymous, kind="reminder_1", at=timezone.now(), most=50)
    Survey.objects.update(closes_at=timezone.now() + timedelta(seconds=30))

    mail.deliver_all()

    shown = " ".join(page(editor, anonymous, "mail/").split())
    assert "or the survey was closed by then" in shown


def test_the_usual_words_say_how_long_it_takes_until_when_and_what_becomes_of_the_answers(
    anonymous, named, people
):
    _subject, body = samples(anonymous, "invitation")["en"]
    assert "It takes about 2 minutes." in body
    assert "Your answers are anonymous once the survey closes" in body
    assert f"by {timezone.localtime(anonymous.closes_at).day} " in body
    _subject, other = samples(named, "reminder")["en"]
    assert "kept with your name" in other


SENSE = "Choose a day from the year 2000 to 2199."
MILLION = "That is more than a million people. Check it."


@pytest.mark.parametrize(
    ("act", "field", "typed", "sentence"),
    [
        ("plan", "most", "1000001", MILLION),
        ("plan", "most", "9" * 30, MILLION),
        ("plan", "at", "0001-01-01T00:00", SENSE),
        ("plan", "at", "9999-12-31T23:59", SENSE),
        ("send", "count", "1000001", MILLION),
        ("send", "not_before", "0001-01-01T00:00", SENSE),
        ("send", "not_before", "2200-01-02T00:00", SENSE),
    ],
)
def test_what_nobody_can_have_meant_is_refused_in_a_sentence_and_stays_typed(
    anonymous, people, editor, act, field, typed, sentence
):
    soon = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    right = {"plan": {"at": soon, "most": "1000000"}, "send": {"count": "7", "not_before": soon}}
    kind = "reminder_1" if act == "plan" else "invitation"

    refused = press(editor, anonymous, act, kind, **right[act] | {field: typed})

    content = page_of(refused)
    assert refused.status_code == 409
    assert sentence in content
    assert f'value="{typed}"' in content
    assert not ReminderPlan.objects.exists()
    assert not Message.objects.exists()
    assert press(editor, anonymous, act, kind, **right[act]).status_code == 302  # control


@pytest.mark.parametrize(
    ("field", "typed"),
    [("closes_at", "0001-01-01T00:00"), ("opens_at", "9999-12-31T23:59"),
     ("keep_until", "0001-01-01"), ("keep_until", "9999-12-31")],
)  # fmt: skip
def test_the_days_of_a_draft_lie_in_a_calendar_too(anonymous, editor, field, typed):
    Survey.objects.filter(pk=anonymous.pk).update(published_at=None)
    right = sent_form(editor, anonymous, "questionnaire/")
    url = tab(anonymous, "questionnaire/") + "?lang=en"

    refused = page_of(editor.post(url, right | {field: typed}))

    assert SENSE in refused
    assert f'value="{typed}"' in refused
    assert editor.post(url, right).status_code == 302  # control


def test_gap_and_number_of_reminders_are_rules_of_the_survey(anonymous, people, editor):
    press(editor, anonymous, "send", count="7")
    sent_out(anonymous, ago=5)
    assert "At most 10 people get it." in page(editor, anonymous, "mail/")

    press(editor, anonymous, "rules", most_reminders="1", reminder_gap="7")

    content = page(editor, anonymous, "mail/")
    assert "At most 10 people" not in content
    assert "Second reminder" not in content


def test_a_rounded_number_of_reminders_is_told_as_the_most_it_can_be(
    anonymous, people, editor, round_
):
    press(editor, anonymous, "send", count="7")
    assert last_event(round_).after == {"kind": "invitation", "mails": 7}  # control
    sent_out(anonymous)
    assert "This sends at most 10 mails" in page(editor, anonymous, "mail/")

    press(editor, anonymous, "send", "reminder_1", count="10")

    content = page(editor, anonymous, "mail/")
    assert "At most 10 mails are on their way." in content
    assert "At most 10 mails wait." in content
    assert '<td class="r">at most 10</td>' in content
    assert '<td class="r">7</td>' in content  # control: invitations are counted
    assert last_event(round_).after == {"kind": "reminder_1", "at_most": 10}


def test_reminders_of_an_anonymous_survey_tell_no_address(anonymous, named, people, editor):
    press(editor, anonymous, "send", count="7")
    add_people(named, Person("Q", "q@example.com"))
    press(editor, named, "send", count="1")
    sent_out(anonymous)

    assert "p1@" not in page(editor, anonymous, "mail/")
    assert "q@" in page(editor, named, "mail/")  # control


def test_a_refused_reminder_of_an_anonymous_survey_names_nobody(anonymous, named, people, editor):
    add_people(named, Person("Q", "q@example.com"))
    for survey in (anonymous, named):
        person = Invitation.objects.filter(audience__survey=survey).first()
        Message.objects.create(
            survey=survey,
            invitation=person,
            kind="reminder_1",
            state="failed",
            error="SMTPRecipientsRefused 550",
            not_before=timezone.now(),
        )

    assert "SMTPRecipientsRefused 550" not in page(editor, anonymous, "mail/")
    assert "SMTPRecipientsRefused 550" in page(editor, named, "mail/")  # control


def test_own_words_are_previewed_kept_and_refused_with_what_was_typed(anonymous, editor, round_):
    words = tab(anonymous, "mail/invitation/") + "?lang=en"
    sent = sent_form(editor, anonymous, "mail/invitation/")
    sent |= {"subject:en": "Hello from {organisation}"}

    looked = page_of(editor.post(words, sent | {"look": "1"}))
    assert "Hello from Example Tech" in looked
    assert not MailText.objects.exists()

    refused = editor.post(words, sent | {"body:en": "Hi {frist_name} {link}"})
    assert refused.status_code == 409
    assert "There is no placeholder {frist_name}." in page_of(refused)
    assert "Hi {frist_name} {link}" in page_of(refused)
    assert not MailText.objects.exists()

    editor.post(words, sent)
    assert MailText.objects.get().subject["en"] == "Hello from {organisation}"
    assert last_event(round_).verb == "write_mail"


def test_test_mode_says_so_and_holds_back(anonymous, people, editor, settings):
    settings.MAIL_IS_LIVE, settings.MAIL_TEST_ADDRESSES = False, ["p1@example.com"]

    content = page(editor, anonymous, "mail/")

    assert "Test mode" in content
    assert "1 person gets it." in content
    assert "6 more are held back by test mode." in content
    settings.MAIL_IS_LIVE = True
    assert "Test mode" not in page(editor, anonymous, "mail/")  # control


def test_sending_shows_its_progress_also_after_reload(anonymous, people, editor):
    press(editor, anonymous, "send", count="7")
    Message.objects.filter(invitation=people[0]).update(state="sent", sent_at=timezone.now())

    content = page(editor, anonymous, "mail/")

    assert re.search(r"Sent</td><td class=\"r\">1<", content)
    assert re.search(r"Waiting</td><td class=\"r\">6<", content)
    assert "data-refresh" in content
    sent_out(anonymous)
    assert "data-refresh" not in page(editor, anonymous, "mail/")


def test_the_overview_names_refused_mails_first(anonymous, people, editor, round_):
    overview = f"/a/{round_.pk}/?lang=en"
    assert "could not be delivered" not in page_of(editor.get(overview))
    press(editor, anonymous, "send", count="7")
    Message.objects.filter(invitation=people[0]).update(state="failed")

    content = page_of(editor.get(overview))

    assert "1 mail could not be delivered." in content
    assert tab(anonymous, "mail/") in content
