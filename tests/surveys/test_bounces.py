"""Mail that came back: who says so, who is marked, and that nobody writes there again."""

import io
import json
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils import timezone

from surveys.actions.invite import Person, invite
from surveys.bounces import Unreadable, bounced
from surveys.models import Invitation, Message
from surveys.progress import progress

SECRET = "a-secret-of-forty-letters-or-so"
GONE = {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "li@example.com"}]}
SES = {
    "notificationType": "Bounce",
    "bounce": {
        "bounceType": "Permanent",
        "bouncedRecipients": [{"emailAddress": "li@example.com"}],
    },
}
HARD = {
    "postmark": {"RecordType": "Bounce", "Type": "HardBounce", "Email": "Li@example.com"},
    "sendgrid": [{"event": "bounce", "type": "bounce", "email": "li@example.com"}],
    "mailgun": {
        "event-data": {"event": "failed", "severity": "permanent", "recipient": "li@example.com"}
    },
    "ses": {"Type": "Notification", "Message": json.dumps(SES)},
}
SOFT = {
    "postmark": {"RecordType": "Bounce", "Type": "SoftBounce", "Email": "li@example.com"},
    "sendgrid": [
        {"event": "bounce", "type": "blocked", "email": "li@example.com"},
        {"event": "delivered", "email": "li@example.com"},
    ],
    "mailgun": {
        "event-data": {"event": "failed", "severity": "temporary", "recipient": "li@example.com"}
    },
    "ses": {"Message": json.dumps(SES | {"bounce": GONE | {"bounceType": "Transient"}})},
}
# After the example of RFC 3464, appendix E.
REPORT = b"""\
From: MAILER-DAEMON@example.org
To: csr@example.com
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

Your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: RFC822; Li@example.com
Action: failed
Status: 5.1.1

Final-Recipient: rfc822; wang@example.com
Action: delayed
Status: 4.2.2

--B--
"""


def body_of(event) -> bytes:
    return json.dumps(event).encode()


@pytest.fixture
def li(survey, settings):
    """Somebody who was written to."""
    settings.BOUNCE_SECRET = SECRET
    [(made, _token)] = invite(survey.audiences.get(), [Person("Li", "li@example.com")])
    Message.objects.create(
        survey=survey, invitation=made, kind="invitation", state="sent", not_before=timezone.now()
    )
    return made


def post(visitor, service, event, secret=SECRET):
    content = event if isinstance(event, bytes) else body_of(event)
    return visitor.post(f"/bounces/{service}/{secret}/", content, content_type="application/json")


def reach_of(person):
    return Invitation.objects.get(pk=person.pk).reach


@pytest.mark.parametrize("service", HARD)
def test_each_service_tells_of_an_address_that_is_gone(visitor, li, service):
    answered = post(visitor, service, HARD[service])

    assert answered.status_code == 204
    assert reach_of(li) == "bounced"


@pytest.mark.parametrize("service", SOFT)
def test_a_passing_trouble_marks_nobody(visitor, li, service):
    assert post(visitor, service, SOFT[service]).status_code == 204
    assert reach_of(li) == "open"


def test_a_bounce_mail_tells_the_same(visitor, li):
    assert bounced("message", REPORT) == ["li@example.com"]
    assert post(visitor, "message", REPORT).status_code == 204
    assert reach_of(li) == "bounced"


def test_a_mail_server_can_pipe_it_in(li, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(REPORT)))

    call_command("read_bounce", stdout=(said := io.StringIO()))

    assert said.getvalue() == "1 people marked\n"
    assert reach_of(li) == "bounced"


def test_who_bounced_is_counted_and_not_written_to_again(visitor, survey, li):
    from surveys.actions.mail import _reachable

    assert _reachable(survey).count() == 1  # control
    post(visitor, "postmark", HARD["postmark"])

    assert progress(survey)[0].bounced == 1
    assert not _reachable(survey).exists()


def test_told_twice_or_after_opting_out_nothing_changes(visitor, li):
    Invitation.objects.update(reach="opted_out")

    for _time in range(2):
        post(visitor, "postmark", HARD["postmark"])

    assert reach_of(li) == "opted_out"


def test_nobody_is_marked_whom_no_mail_went_to(visitor, survey, li):
    Message.objects.all().delete()

    post(visitor, "postmark", HARD["postmark"])

    assert reach_of(li) == "open"


@pytest.mark.parametrize(("service", "secret"), [("postmark", "guess"), ("other", SECRET)])
def test_without_the_secret_the_address_does_not_exist(visitor, li, service, secret):
    assert post(visitor, service, HARD["postmark"], secret).status_code == 404
    assert reach_of(li) == "open"


def test_without_a_secret_in_the_settings_no_secret_fits(visitor, li, settings):
    settings.BOUNCE_SECRET = ""

    assert post(visitor, "postmark", HARD["postmark"], "x").status_code == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]x", b"1", b"[1]", b"{}", b"\xff", b"[" * 100_000, b'{"event-data": 1}'],
)
@pytest.mark.parametrize("service", [*HARD, "message"])
def test_what_is_no_notification_is_refused(service, body):
    with pytest.raises(Unreadable):
        bounced(service, body)


def test_an_address_that_is_none_is_refused(visitor, li):
    nobody = HARD["postmark"] | {"Email": None}

    assert post(visitor, "postmark", nobody).status_code == 400
