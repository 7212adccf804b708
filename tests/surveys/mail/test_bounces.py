"""Mail that came back: who says so, who is marked, and that nobody writes there again."""

import io
import json
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils import timezone

from surveys.actions.invite import invite
from surveys.fieldwork.progress import progress
from surveys.mail.bounces import SERVICES, Unreadable, notices
from surveys.models import Invitation, Message
from surveys.people.person import Person
from tests.surveys.mail.notices import NOTICES, POSTMARK, WHO

SECRET = "a-secret-of-forty-letters-or-so"
HARD = POSTMARK
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


@pytest.fixture
def li(survey, settings):
    """Somebody who was written to."""
    settings.BOUNCE_SECRET = SECRET
    [(made, _token)] = invite(survey.audiences.get(), [Person("Li", "li@example.com")])
    was_written_to(survey, made)
    return made


def was_written_to(survey, person):
    Message.objects.create(
        survey=survey, invitation=person, kind="invitation", state="sent", not_before=timezone.now()
    )


def post(visitor, service, event, secret=SECRET):
    content = event if isinstance(event, bytes) else json.dumps(event).encode()
    return visitor.post(f"/bounces/{service}/{secret}/", content, content_type="application/json")


def reach_of(person):
    return Invitation.objects.get(pk=person.pk).reach


@pytest.mark.parametrize("name", NOTICES)
def test_what_each_service_tells_is_done(visitor, li, name):
    service, event, reach = NOTICES[name]

    assert post(visitor, service, event).status_code == 204
    assert reach_of(li) == reach


@pytest.mark.parametrize("name", NOTICES)
def test_an_address_that_nobody_here_has_changes_nothing(visitor, li, name):
    service, event, _reach = NOTICES[name]
    other = json.loads(json.dumps(event).replace(WHO, "somebody@else.example"))

    assert post(visitor, service, other).status_code == 204
    assert reach_of(li) == "open"


@pytest.mark.parametrize("service", SERVICES)
def test_a_wrong_secret_changes_nothing(visitor, li, service):
    events = [event for of, event, _reach in NOTICES.values() if of == service]
    for event in events:
        assert post(visitor, service, event, SECRET[:-1]).status_code == 404
        assert post(visitor, service, event, SECRET + "x").status_code == 404

    assert reach_of(li) == "open"
    post(visitor, service, events[0])
    assert reach_of(li) == "bounced"  # control: with the secret the same notice counts


def test_who_complained_gets_no_more_mail_and_a_later_bounce_does_not_change_that(visitor, li):
    for name in ("postmark hard", "postmark complaint", "postmark hard"):
        service, event, _reach = NOTICES[name]
        post(visitor, service, event)

    assert reach_of(li) == "opted_out"


def test_several_notices_come_in_one_post(visitor, survey, li):
    [(wang, _token)] = invite(survey.audiences.get(), [Person("Wang", "wang@example.com")])
    was_written_to(survey, wang)
    [left], [gone] = NOTICES["sendgrid complaint"][1], NOTICES["sendgrid hard"][1]

    post(visitor, "sendgrid", [left | {"email": "wang@example.com"}, gone])

    assert (reach_of(li), reach_of(wang)) == ("bounced", "opted_out")


def test_a_bounce_mail_tells_the_same(visitor, li):
    assert notices("message", REPORT) == [("li@example.com", "bounced")]
    assert post(visitor, "message", REPORT).status_code == 204
    assert reach_of(li) == "bounced"


def test_a_mail_server_can_pipe_it_in(li, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(REPORT)))

    call_command("read_bounce", stdout=(said := io.StringIO()))

    assert said.getvalue() == "1 people marked\n"
    assert reach_of(li) == "bounced"


def test_who_bounced_is_counted_and_not_written_to_again(visitor, survey, li):
    from surveys.mail.recipients import reachable

    assert reachable(survey).count() == 1  # control
    post(visitor, "postmark", HARD)

    assert progress(survey)[0].bounced == 1
    assert not reachable(survey).exists()


def test_told_twice_or_after_opting_out_nothing_changes(visitor, li):
    Invitation.objects.update(reach="opted_out")

    for _time in range(2):
        post(visitor, "postmark", HARD)

    assert reach_of(li) == "opted_out"


def test_nobody_is_marked_whom_no_mail_went_to(visitor, survey, li):
    Message.objects.all().delete()

    post(visitor, "postmark", HARD)

    assert reach_of(li) == "open"


@pytest.mark.parametrize(("service", "secret"), [("postmark", "guess"), ("other", SECRET)])
def test_without_the_secret_the_address_does_not_exist(visitor, li, service, secret):
    assert post(visitor, service, HARD, secret).status_code == 404
    assert reach_of(li) == "open"


def test_without_a_secret_in_the_settings_no_secret_fits(visitor, li, settings):
    settings.BOUNCE_SECRET = ""

    assert post(visitor, "postmark", HARD, "x").status_code == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]x", b"1", b"[1]", b"{}", b"\xff", b"[" * 100_000, b'{"event-data": 1}'],
)
@pytest.mark.parametrize("service", [*SERVICES, "message"])
def test_what_is_no_notification_is_refused(service, body):
    with pytest.raises(Unreadable):
        notices(service, body)


def test_an_address_that_is_none_is_refused(visitor, li):
    nobody = HARD | {"Email": None}

    assert post(visitor, "postmark", nobody).status_code == 400
